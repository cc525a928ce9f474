//! What the terminal allows: its size and whether it shows colours.

use std::io::IsTerminal;

use crate::chart::terminal::Look;

/// Columns where there is no terminal.
const WIDTH: usize = 100;

/// Rows of a chart where there is no terminal, and at most where there is.
const HEIGHT: usize = 24;

/// Rows that headline, axis, legend, notes and the prompt take beside a chart.
const BESIDE: usize = 8;

/// Whether the user wants colours: NO_COLOR is not set, and the terminal is not a dumb one.
pub fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// How a chart looks on the standard output.
pub fn look() -> Look {
    if !std::io::stdout().is_terminal() {
        return plain();
    }
    let size = console::Term::stdout().size_checked();
    let (rows, width) = size.map_or((HEIGHT, WIDTH), |(rows, columns)| (usize::from(rows), usize::from(columns)));
    Look { width, height: rows.saturating_sub(BESIDE).min(HEIGHT), color: wants_colour() }
}

/// How a chart looks in a text file.
pub fn plain() -> Look {
    Look { width: WIDTH, height: HEIGHT * 3 / 4, color: false }
}
