//! Between columns of conditions in Arrow and in the kernels: both are bitmaps with the lowest bit first.

use std::borrow::Cow;

use datafusion::arrow::array::{Array, BooleanArray};
use datafusion::arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use threadx_kernels::bits::Bits;
use threadx_kernels::indicator::FlagColumn;

/// A column of conditions as the kernels see it; a missing condition is not true.
pub fn flags_from_array(array: &BooleanArray) -> FlagColumn {
    let known = array.nulls().filter(|nulls| nulls.null_count() > 0).map(|nulls| bits(words(nulls.inner()), array));
    FlagColumn { holds: true_in(array), known }
}

/// Where a condition is true.
pub fn true_in(array: &BooleanArray) -> Bits {
    let holds = words(array.values());
    match array.nulls().filter(|nulls| nulls.null_count() > 0) {
        Some(nulls) => {
            let both = holds.iter().zip(words(nulls.inner()).iter()).map(|(holds, known)| holds & known).collect();
            bits(Cow::Owned(both), array)
        }
        None => bits(holds, array),
    }
}

/// A column of conditions for SQL: missing becomes `NULL`.
pub fn array_from_flags(flags: FlagColumn) -> BooleanArray {
    BooleanArray::new(buffer(flags.holds), flags.known.map(nulls_from_bits))
}

/// What is not missing, for SQL.
pub fn nulls_from_bits(known: Bits) -> NullBuffer {
    NullBuffer::new(buffer(known))
}

/// The words of a bitmap, one per 64 places; bits beyond its length mean nothing. They are only copied where they do not
/// begin at a word in memory.
pub fn words(bitmap: &BooleanBuffer) -> Cow<'_, [u64]> {
    let (bytes, count) = (bitmap.inner(), bitmap.len().div_ceil(64));
    let is_aligned = bytes.as_ptr().align_offset(align_of::<u64>()) == 0 && bytes.len().is_multiple_of(8);
    if bitmap.offset() == 0 && is_aligned && cfg!(target_endian = "little") {
        return Cow::Borrowed(&bytes.typed_data::<u64>()[..count]);
    }
    Cow::Owned(bitmap.bit_chunks().iter_padded().take(count).collect())
}

fn bits(words: Cow<[u64]>, array: &BooleanArray) -> Bits {
    Bits::from_words(words.into_owned(), array.len())
}

fn buffer(bits: Bits) -> BooleanBuffer {
    let len = bits.len();
    BooleanBuffer::new(Buffer::from_vec(bits.into_words()), 0, len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_come_back_as_they_went_in() {
        for len in [0, 1, 63, 64, 65, 200] {
            let values: Vec<Option<bool>> = (0..len).map(|i| (i % 7 != 3).then_some(i % 3 == 0)).collect();
            let array = BooleanArray::from(values.clone());
            assert_eq!(array_from_flags(flags_from_array(&array)), array);
            for start in [0, 1, 8, 64].into_iter().filter(|start| *start <= len) {
                let part = array.slice(start, len - start);
                let flags = flags_from_array(&part);
                for (i, value) in values[start..].iter().enumerate() {
                    assert_eq!(flags.holds.as_slice().at(i), *value == Some(true));
                    assert_eq!(flags.known.as_ref().is_none_or(|k| k.as_slice().at(i)), value.is_some());
                }
            }
        }
    }
}
