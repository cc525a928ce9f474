//! Which columns of a table fit into a terminal, and how wide they are.

/// Narrowest form of a text column before whole columns are left out.
const NARROW: usize = 12;

/// A place in the row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A column and its width.
    Column {
        /// Position in the result.
        index: usize,
        /// Width of its text.
        width: usize,
    },
    /// The columns that are left out.
    Gap,
}

impl Slot {
    /// Width of the text in it.
    pub fn width(self) -> usize {
        match self {
            Slot::Column { width, .. } => width,
            Slot::Gap => 1,
        }
    }
}

/// A column that wants a place.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Width of its longest text.
    pub width: usize,
    /// Whether its texts may be cut; numbers never are.
    pub may_shrink: bool,
    /// Whether it is what the reader came for, such as the column of `ORDER BY`: it is left out last.
    pub pinned: bool,
}

/// Fits columns into a terminal: long texts are cut first, then columns in the middle are left out, pinned ones last.
/// Without a terminal everything is shown.
pub fn fit(wishes: &[Wish], terminal: Option<usize>) -> Vec<Slot> {
    let all: Vec<usize> = (0..wishes.len()).collect();
    let Some(terminal) = terminal else { return slots(wishes, &all, usize::MAX) };
    let mut kept = all;
    while kept.len() > 1 && total(wishes.len(), &slots(wishes, &kept, NARROW)) > terminal {
        kept.remove(dispensable(wishes, &kept));
    }
    let widest = wishes.iter().map(|wish| wish.width).max().unwrap_or(0).max(NARROW);
    let cap = (NARROW..=widest).rev().find(|cap| total(wishes.len(), &slots(wishes, &kept, *cap)) <= terminal);
    let mut fitted = with_gaps(wishes.len(), slots(wishes, &kept, cap.unwrap_or(NARROW)));
    if let [Slot::Column { width, index }] = fitted.as_mut_slice()
        && wishes[*index].may_shrink
    {
        *width = (*width).min(terminal.saturating_sub(4)).max(1);
    }
    fitted
}

/// Place in `kept` of the column that is missed least: one that is not pinned, from the middle, rather to the right, because
/// results begin with what names their rows.
fn dispensable(wishes: &[Wish], kept: &[usize]) -> usize {
    let middle = kept.len() * 2 / 3;
    let distance = |place: &usize| place.abs_diff(middle) * 2 + usize::from(*place < middle);
    let free =
        |places: std::ops::Range<usize>| places.filter(|place| !wishes[kept[*place]].pinned).min_by_key(distance);
    free(1..kept.len() - 1).or_else(|| free(0..kept.len())).unwrap_or(middle)
}

/// Puts a gap wherever columns are left out.
fn with_gaps(columns: usize, slots: Vec<Slot>) -> Vec<Slot> {
    let mut fitted = Vec::with_capacity(slots.len() + 2);
    let mut next = 0;
    for slot in slots {
        if let Slot::Column { index, .. } = slot {
            if index > next {
                fitted.push(Slot::Gap);
            }
            next = index + 1;
        }
        fitted.push(slot);
    }
    if next < columns {
        fitted.push(Slot::Gap);
    }
    fitted
}

fn slots(wishes: &[Wish], kept: &[usize], cap: usize) -> Vec<Slot> {
    kept.iter()
        .map(|&index| {
            let Wish { width, may_shrink, .. } = wishes[index];
            Slot::Column { index, width: if may_shrink { width.min(cap) } else { width } }
        })
        .collect()
}

/// Width of the table: every column has a blank at both sides and a border.
fn total(columns: usize, slots: &[Slot]) -> usize {
    1 + with_gaps(columns, slots.to_vec()).iter().map(|slot| slot.width() + 3).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(width: usize) -> Wish {
        Wish { width, may_shrink: false, pinned: false }
    }

    fn text(width: usize) -> Wish {
        Wish { width, may_shrink: true, pinned: false }
    }

    fn shown(slots: &[Slot]) -> Vec<String> {
        slots
            .iter()
            .map(|slot| match slot {
                Slot::Column { index, width } => format!("{index}:{width}"),
                Slot::Gap => "…".into(),
            })
            .collect()
    }

    #[test]
    fn without_a_terminal_everything_is_shown() {
        assert_eq!(shown(&fit(&[number(10), text(500)], None)), ["0:10", "1:500"]);
    }

    #[test]
    fn long_texts_are_cut_to_what_is_left() {
        assert_eq!(shown(&fit(&[number(10), text(500)], Some(40))), ["0:10", "1:23"]);
    }

    #[test]
    fn columns_in_the_middle_are_left_out() {
        let wishes = [number(10); 8];
        assert_eq!(shown(&fit(&wishes, Some(60))), ["0:10", "1:10", "2:10", "…", "7:10"]);
        assert_eq!(shown(&fit(&wishes, Some(17))), ["0:10", "…"]);
    }

    #[test]
    fn pinned_columns_stay() {
        let mut wishes = [number(10); 8];
        wishes[3].pinned = true;
        assert_eq!(shown(&fit(&wishes, Some(60))), ["0:10", "…", "3:10", "…", "7:10"]);
        wishes[4].pinned = true;
        assert_eq!(shown(&fit(&wishes, Some(40))), ["…", "3:10", "4:10", "…"]);
    }

    #[test]
    fn a_single_text_is_cut_to_the_terminal() {
        assert_eq!(shown(&fit(&[text(500)], Some(10))), ["0:6"]);
        assert!(fit(&[], Some(10)).is_empty());
    }
}
