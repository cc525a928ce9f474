//! Between columns of conditions in Arrow and in the kernels: both are bitmaps with the lowest bit first.

use datafusion::arrow::array::{Array, BooleanArray};
use datafusion::arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use threadx_kernels::bits::Bits;
use threadx_kernels::indicator::FlagColumn;

/// A column of conditions as the kernels see it; a missing condition is not true.
pub fn flags_from_array(array: &BooleanArray) -> FlagColumn {
    let known = array.nulls().filter(|nulls| nulls.null_count() > 0).map(|nulls| bits(nulls.inner()));
    let holds = match array.nulls().filter(|nulls| nulls.null_count() > 0) {
        Some(nulls) => bits(&(array.values() & nulls.inner())),
        None => bits(array.values()),
    };
    FlagColumn { holds, known }
}

/// A column of conditions for SQL: missing becomes `NULL`.
pub fn array_from_flags(flags: FlagColumn) -> BooleanArray {
    BooleanArray::new(buffer(&flags.holds), flags.known.as_ref().map(|known| NullBuffer::new(buffer(known))))
}

fn bits(buffer: &BooleanBuffer) -> Bits {
    let chunks = buffer.bit_chunks();
    let words = chunks.iter_padded().take(buffer.len().div_ceil(64)).collect();
    Bits::from_words(words, buffer.len())
}

fn buffer(bits: &Bits) -> BooleanBuffer {
    BooleanBuffer::new(Buffer::from_vec(bits.words().to_vec()), 0, bits.len())
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
