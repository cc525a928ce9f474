//! A grid of characters with Braille dots and colours.

use unicode_width::UnicodeWidthChar;

/// Dots of a Braille character, by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Dots beside each other in a character.
pub(super) const ACROSS: usize = 2;

/// Dots above each other in a character.
pub(super) const DOWN: usize = 4;

/// The colour of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ink {
    #[default]
    Plain,
    Faint,
    Up,
    Down,
    Series(usize),
    /// A background of the 256 colours, and whether the text on it is dark.
    On(u8, bool),
}

/// Foregrounds of series: cyan, yellow, magenta, blue, green, red and two bright ones.
const SERIES: [&str; 8] = ["36", "33", "35", "34", "32", "31", "96", "93"];

impl Ink {
    fn code(self) -> String {
        match self {
            Ink::Plain => String::new(),
            Ink::Faint => "2".into(),
            Ink::Up => "32".into(),
            Ink::Down => "31".into(),
            Ink::Series(number) => SERIES[number % SERIES.len()].into(),
            Ink::On(back, is_dark) => format!("38;5;{};48;5;{back}", if is_dark { 16 } else { 231 }),
        }
    }
}

/// How dots follow each other along a line, so that lines differ without colours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern(pub(super) usize);

impl Pattern {
    fn shows(self, step: usize) -> bool {
        match self.0 % 4 {
            0 => true,
            1 => step % 8 < 4,
            2 => step.is_multiple_of(3),
            _ => step % 10 < 6 || step % 10 == 8,
        }
    }

    /// How the legend shows it.
    pub(super) fn sample(self) -> &'static str {
        ["──", "╌╌", "┈┈", "─·"][self.0 % 4]
    }
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Blank,
    Dots(u8),
    Char(char),
}

/// The grid. The origin is at the top left.
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    cells: Vec<(Cell, Ink)>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Canvas { width, height, cells: vec![(Cell::Blank, Ink::Plain); width * height] }
    }

    /// Sets a dot; a character that stands there stays.
    pub(super) fn dot(&mut self, column: usize, row: usize, ink: Ink) {
        let (x, y) = (column / ACROSS, row / DOWN);
        if x >= self.width || y >= self.height {
            return;
        }
        let bit = DOTS[row % DOWN][column % ACROSS];
        let cell = &mut self.cells[y * self.width + x];
        *cell = match cell.0 {
            Cell::Blank => (Cell::Dots(bit), ink),
            Cell::Dots(bits) => (Cell::Dots(bits | bit), ink),
            Cell::Char(_) => return,
        };
    }

    /// Sets a character of one column.
    pub(super) fn put(&mut self, column: usize, row: usize, character: char, ink: Ink) {
        if column < self.width && row < self.height {
            self.cells[row * self.width + column] = (Cell::Char(character), ink);
        }
    }

    /// Sets a text from a column on; wide characters are left out, as nothing can stand behind them.
    pub(super) fn text(&mut self, column: usize, row: usize, text: &str, ink: Ink) {
        for (at, character) in text.chars().filter(|c| c.width() == Some(1)).enumerate() {
            self.put(column + at, row, character, ink);
        }
    }

    /// A straight line of dots between two places, which may lie outside. `steps` counts the dots of the whole curve.
    pub(super) fn segment(
        &mut self,
        from: (i64, i64),
        to: (i64, i64),
        (ink, pattern): (Ink, Pattern),
        steps: &mut usize,
    ) {
        let (across, down) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        let count = across.max(down).max(1);
        for step in 0..=count {
            let along = |from: i64, to: i64| from + ((to - from) * step + (to - from).signum() * count / 2) / count;
            let (x, y) = (along(from.0, to.0), along(from.1, to.1));
            if x >= 0 && y >= 0 && pattern.shows(*steps) {
                self.dot(x as usize, y as usize, ink);
            }
            *steps += 1;
        }
    }

    /// The rows as text, without blanks at the end; with escape sequences if `color`.
    pub(super) fn rows(&self, color: bool) -> Vec<String> {
        self.cells.chunks(self.width.max(1)).map(|cells| row(cells, color)).collect()
    }
}

fn row(cells: &[(Cell, Ink)], color: bool) -> String {
    let is_blank =
        |(cell, ink): &(Cell, Ink)| matches!(cell, Cell::Blank | Cell::Char(' ')) && !matches!(ink, Ink::On(..));
    let end = cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
    let mut text = String::new();
    let mut present = Ink::Plain;
    for (cell, ink) in &cells[..end] {
        let character = match cell {
            Cell::Blank => ' ',
            Cell::Dots(bits) => char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' '),
            Cell::Char(character) => *character,
        };
        if color && *ink != present {
            text += &change(*ink);
            present = *ink;
        }
        text.push(character);
    }
    if present != Ink::Plain {
        text += "\x1b[0m";
    }
    text
}

fn change(ink: Ink) -> String {
    if ink == Ink::Plain { "\x1b[0m".into() } else { format!("\x1b[0;{}m", ink.code()) }
}

/// A text in a colour, for lines outside of a canvas.
pub(super) fn inked(text: &str, ink: Ink, color: bool) -> String {
    if color && ink != Ink::Plain { format!("{}{text}\x1b[0m", change(ink)) } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_share_a_character_and_lines_have_patterns() {
        let mut canvas = Canvas::new(3, 1);
        canvas.segment((0, 0), (5, 3), (Ink::Plain, Pattern(0)), &mut 0);
        assert_eq!(canvas.rows(false), ["⠑⠢⢄"].map(String::from));
        let mut canvas = Canvas::new(6, 1);
        canvas.segment((0, 0), (11, 0), (Ink::Plain, Pattern(1)), &mut 0);
        assert_eq!(canvas.rows(false), ["⠉⠉  ⠉⠉"].map(String::from));
        canvas.segment((-9, -9), (100, 50), (Ink::Plain, Pattern(0)), &mut 0);
    }

    #[test]
    fn colours_change_only_where_they_must() {
        let mut canvas = Canvas::new(4, 1);
        canvas.text(0, 0, "ab", Ink::Up);
        canvas.put(2, 0, 'c', Ink::Plain);
        assert_eq!(canvas.rows(true), ["\u{1b}[0;32mab\u{1b}[0mc"].map(String::from));
        assert_eq!(canvas.rows(false), ["abc"].map(String::from));
    }
}
