//! The content hash of a series.

use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// Values whose bytes are hashed at once.
const BLOCK: usize = 512;

/// Hash of a label, of times and of columns of numbers, by the bits of each: SipHash-1-3 with 128 bits and the key zero.
///
/// Equal content gives an equal hash in every process and on every machine, also of the other byte order. `0.0` and `-0.0`
/// are different content. The length of each part is hashed before it, so that no value can move from one part to the
/// next unseen.
pub fn digest(label: &str, ts: &[i64], columns: &[&[f64]]) -> u128 {
    let mut hasher = SipHasher13::new();
    part(&mut hasher, label.as_bytes(), |byte| [*byte]);
    part(&mut hasher, ts, |t| t.to_le_bytes());
    for column in columns {
        part(&mut hasher, column, |v| v.to_bits().to_le_bytes());
    }
    hasher.finish128().as_u128()
}

fn part<T, const N: usize>(hasher: &mut SipHasher13, values: &[T], bytes_of: impl Fn(&T) -> [u8; N]) {
    hasher.write(&(values.len() as u64).to_le_bytes());
    let mut bytes = [[0; N]; BLOCK];
    for block in values.chunks(BLOCK) {
        let filled = &mut bytes[..block.len()];
        filled.iter_mut().zip(block).for_each(|(to, value)| *to = bytes_of(value));
        hasher.write(filled.as_flattened());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_every_part_counts() {
        let (ts, column) = ((0..2000).collect::<Vec<i64>>(), vec![0.5; 2000]);
        let plain = digest("1h", &ts, &[&column, &column]);
        assert_eq!(plain, digest("1h", &ts, &[&column, &column]));
        let mut others = vec![
            digest("1d", &ts, &[&column, &column]),
            digest("1h", &ts, &[&column]),
            digest("1h", &ts, &[&column[..1999], &column]),
            digest("1h", &ts[..1999], &[&column, &column]),
            digest("1h", &[], &[]),
            digest("", &[], &[]),
        ];
        for at in [0, 511, 512, 1999] {
            let mut changed = column.clone();
            changed[at] = f64::from_bits(0.5_f64.to_bits() ^ 1);
            others.push(digest("1h", &ts, &[&changed, &column]));
            others.push(digest("1h", &ts, &[&column, &changed]));
        }
        others.push(plain);
        let count = others.len();
        others.sort_unstable();
        others.dedup();
        assert_eq!(others.len(), count);
        assert_ne!(digest("", &[], &[&[0.0]]), digest("", &[], &[&[-0.0]]));
    }

    #[test]
    fn the_hash_is_that_of_the_bytes_in_one_piece() {
        let (ts, column) = ((0..1000).map(|i| i * 7 - 3).collect::<Vec<i64>>(), vec![1.25; 1000]);
        let mut bytes = vec![];
        bytes.extend(2_u64.to_le_bytes());
        bytes.extend(b"1h");
        bytes.extend(1000_u64.to_le_bytes());
        ts.iter().for_each(|t| bytes.extend(t.to_le_bytes()));
        bytes.extend(1000_u64.to_le_bytes());
        column.iter().for_each(|v: &f64| bytes.extend(v.to_le_bytes()));
        assert_eq!(digest("1h", &ts, &[&column]), SipHasher13::new().hash(&bytes).as_u128());
    }
}
