//! Memory for results.

/// Gives a column `len` places; what they hold is to be overwritten. New memory comes cleared from the system, which is less
/// work than clearing it again.
pub fn make_room(out: &mut Vec<f64>, len: usize) {
    if out.capacity() < len {
        *out = vec![0.0; len];
    } else {
        out.resize(len, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_all() {
        let mut column = vec![1.0; 3];
        for len in [5, 2, 4, 0, 9] {
            make_room(&mut column, len);
            assert_eq!(column.len(), len);
        }
    }
}
