//! A line chart in text.

/// Dots of a Braille character, by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Size of a chart in characters, labels not counted.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// The values as a line, with their range at the left and the two ends of the x axis below. Nothing without two finite
/// values.
pub fn line(values: &[f64], ends: (&str, &str), size: Size) -> String {
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    if finite().count() < 2 || size.width < 2 || size.height < 1 {
        return String::new();
    }
    let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let (columns, rows) = (size.width * 2, size.height * 4);
    let mut cells = vec![vec![0u8; size.width]; size.height];
    let mut last: Option<usize> = None;
    for column in 0..columns {
        let at = column * (values.len() - 1) / (columns - 1);
        let value = values[at];
        if !value.is_finite() {
            last = None;
            continue;
        }
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        let row = rows - 1 - ((share * (rows - 1) as f64).round() as usize).min(rows - 1);
        let from = last.unwrap_or(row);
        for y in from.min(row)..=from.max(row) {
            cells[y / 4][column / 2] |= DOTS[y % 4][column % 2];
        }
        last = Some(row);
    }
    framed(&cells, (low, high), ends, size)
}

fn framed(cells: &[Vec<u8>], (low, high): (f64, f64), ends: (&str, &str), size: Size) -> String {
    let decimals = if high - low >= 20.0 { 0 } else { 2 };
    let labels = [format!("{high:.decimals$}"), format!("{low:.decimals$}")];
    let width = labels.iter().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for (row, cells) in cells.iter().enumerate() {
        let label = match row {
            0 => labels[0].as_str(),
            row if row == size.height - 1 => labels[1].as_str(),
            _ => "",
        };
        let tick = if label.is_empty() { '│' } else { '┤' };
        let dots: String = cells.iter().map(|bits| char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' ')).collect();
        text += &format!("{label:>width$} {tick}{}\n", dots.replace('\u{2800}', " ").trim_end());
    }
    let blanks = size.width.saturating_sub(ends.0.chars().count() + ends.1.chars().count()).max(1);
    text += &format!("{:width$} └{}\n", "", "─".repeat(size.width));
    text + &format!("{:width$}  {}{}{}\n", "", ends.0, " ".repeat(blanks), ends.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_line() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        let text = line(&values, ("2020", "2021"), Size { width: 12, height: 3 });
        assert_eq!(
            text,
            "\
100 ┤        ⣀⡤⠴⠚
    │    ⣀⡤⠖⠋⠁
  0 ┤⣀⡤⠖⠋⠁
    └────────────
     2020    2021
"
        );
    }

    #[test]
    fn a_flat_line_and_gaps_are_no_fault() {
        let flat = line(&[5.0; 10], ("a", "b"), Size { width: 4, height: 1 });
        assert_eq!(flat.lines().count(), 3);
        assert!(line(&[1.0, f64::NAN], ("", ""), Size { width: 4, height: 1 }).is_empty());
        assert!(line(&[], ("", ""), Size { width: 4, height: 1 }).is_empty());
    }
}
