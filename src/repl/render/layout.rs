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
}

/// Fits columns into a terminal: long texts are cut first, then columns in the middle are left out. Without a terminal
/// everything is shown.
pub fn fit(wishes: &[Wish], terminal: Option<usize>) -> Vec<Slot> {
    let all: Vec<usize> = (0..wishes.len()).collect();
    let Some(terminal) = terminal else { return slots(wishes, &all, usize::MAX) };
    let mut kept = all;
    while kept.len() > 1 && total(&slots(wishes, &kept, NARROW), kept.len() < wishes.len()) > terminal {
        kept.remove(kept.len() / 2);
    }
    let is_cut = kept.len() < wishes.len();
    let widest = wishes.iter().map(|wish| wish.width).max().unwrap_or(0).max(NARROW);
    let cap = (NARROW..=widest).rev().find(|cap| total(&slots(wishes, &kept, *cap), is_cut) <= terminal);
    let mut fitted = slots(wishes, &kept, cap.unwrap_or(NARROW));
    if is_cut {
        // The columns before the gap keep their positions, those after it are the last ones.
        let before = kept.iter().enumerate().take_while(|(place, index)| place == *index).count();
        fitted.insert(before, Slot::Gap);
    }
    if let [Slot::Column { width, index }] = fitted.as_mut_slice()
        && wishes[*index].may_shrink
    {
        *width = (*width).min(terminal.saturating_sub(4)).max(1);
    }
    fitted
}

fn slots(wishes: &[Wish], kept: &[usize], cap: usize) -> Vec<Slot> {
    kept.iter()
        .map(|&index| {
            let Wish { width, may_shrink } = wishes[index];
            Slot::Column { index, width: if may_shrink { width.min(cap) } else { width } }
        })
        .collect()
}

/// Width of the table: every column has a blank at both sides and a border.
fn total(slots: &[Slot], with_gap: bool) -> usize {
    let columns: usize = slots.iter().map(|slot| slot.width() + 3).sum();
    1 + columns + if with_gap { 4 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(width: usize) -> Wish {
        Wish { width, may_shrink: false }
    }

    fn text(width: usize) -> Wish {
        Wish { width, may_shrink: true }
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
        assert_eq!(shown(&fit(&wishes, Some(60))), ["0:10", "1:10", "…", "6:10", "7:10"]);
        assert_eq!(shown(&fit(&wishes, Some(17))), ["0:10", "…"]);
    }

    #[test]
    fn a_single_text_is_cut_to_the_terminal() {
        assert_eq!(shown(&fit(&[text(500)], Some(10))), ["0:6"]);
        assert!(fit(&[], Some(10)).is_empty());
    }
}
