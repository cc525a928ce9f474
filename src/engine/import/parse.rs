//! Rows of cells into bars, one group per series, every refused row with its reason.

use std::collections::BTreeMap;

use super::columns::Layout;
use super::number::{self, Decimal, DecimalEvidence, NumberFault};
use super::options::Checked;
use super::report::{Reason, Rejected};
use super::table::{Cell, Row, Table};
use super::when::{Clock, TimeEvidence};
use crate::engine::series::{Bar, Bars, Symbol};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Bars of one series as they stand in the file.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Symbol from a column.
    pub(super) symbol: Option<String>,
    /// Timeframe from a column, or from the length of a bar.
    pub(super) timeframe: Option<Timeframe>,
    pub(super) bars: Bars,
    /// Where each bar stands in the file.
    pub(super) rows: Vec<u64>,
    pub(super) rows_read: u64,
    pub(super) rejects: Rejects,
    pub(super) notes: Vec<String>,
}

/// Refused rows. Only counts and the first row are kept unless all are wanted.
#[derive(Debug, Default)]
pub(super) struct Rejects {
    pub(super) counts: BTreeMap<Reason, u64>,
    pub(super) first: Option<Rejected>,
    pub(super) all: Vec<Rejected>,
    pub(super) keep_all: bool,
    /// The rows come from a query, where bad rows cannot be left out.
    pub(super) from_query: bool,
}

impl Rejects {
    /// Adds one row.
    pub(super) fn add(&mut self, rejected: Rejected) {
        *self.counts.entry(rejected.reason).or_default() += 1;
        if self.first.as_ref().is_none_or(|first| rejected.row < first.row) {
            self.first = Some(rejected.clone());
        }
        if self.keep_all {
            self.all.push(rejected);
        }
    }

    /// Number of refused rows.
    pub(super) fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The error that stops an import at the first refused row.
    pub(super) fn error(&self) -> Option<Error> {
        let first = self.first.as_ref()?;
        let total = self.total();
        let more = match total {
            1 => String::new(),
            _ => {
                let counts: Vec<String> = self.counts.iter().map(|(reason, n)| format!("{n} {reason}")).collect();
                format!(" ({total} bad rows in all: {})", counts.join(", "))
            }
        };
        let advice = if self.from_query { "" } else { "; `--on-error skip` leaves bad rows out" };
        Some(Error::data(&first.file, format!("{first}{more}{advice}")))
    }
}

/// The notation of a table, settled over all its rows.
struct Notation {
    decimal: Decimal,
    clock: Clock,
    has_volume: bool,
    notes: Vec<String>,
}

/// Makes bars of a table.
///
/// # Errors
/// A notation that the cells do not settle, or text that cannot be read at all.
pub(super) fn parse(table: &Table, layout: &Layout, options: &Checked, label: &str) -> Result<Vec<Group>> {
    let notation = settle(table, layout, options, label)?;
    let mut parser =
        Parser { table, layout, options, label, notation, groups: Vec::new(), current: 0, newest_unfinished: None };
    let mut unfinished = 0u64;
    table.for_each(|row| {
        unfinished += u64::from(!parser.row(&row));
        Ok(())
    })?;
    unfinished += u64::from(parser.drop_newest_unfinished());
    if let Some(group) = parser.groups.first_mut() {
        group.notes.extend(parser.notation.notes);
        group.notes.extend(table.hints.notes.iter().cloned());
        if unfinished > 0 {
            group.notes.push(format!("{unfinished} bar left out that the exchange marks as not finished"));
        }
    }
    Ok(parser.groups)
}

/// First pass: what notation the cells agree on.
fn settle(table: &Table, layout: &Layout, options: &Checked, label: &str) -> Result<Notation> {
    let mut decimals = DecimalEvidence::default();
    let mut times = TimeEvidence::default();
    let (mut rows, mut volumes) = (0u64, 0u64);
    let mut joined = String::new();
    table.for_each(|row| {
        let Some(ts) = time_cell(&row, layout, &mut joined) else { return Ok(()) };
        times.see(ts);
        let numbers = layout.prices.iter().chain(&layout.volume).filter_map(|&i| row.cells.get(i));
        for cell in numbers {
            if let Cell::Text(text) = cell {
                decimals.see(text);
            }
        }
        rows += 1;
        let volume = layout.volume.and_then(|i| row.cells.get(i)).copied().unwrap_or(Cell::Missing);
        let read = number::parse(volume, Decimal::Point);
        let absent = matches!(read, Err(NumberFault::Missing | NumberFault::NotFinite));
        volumes += u64::from(!absent);
        Ok(())
    })?;
    let decimal = decimals.decide().map_err(|e| Error::data(label, e))?;
    let clock = times.decide(options.date_order, options.day, options.zone).map_err(|e| Error::data(label, e))?;
    let mut notes = Vec::new();
    let has_volume = volumes > 0 || options.from_query;
    if !has_volume && rows > 0 {
        let why =
            if layout.volume.is_some() { "the volume is empty or NaN in every row" } else { "there is no volume" };
        notes.push(format!("{why}: volume is 0"));
    }
    if let Some(order) = super::columns::unusual_order(layout)
        && table.header.is_none()
        && table.hints.layout.is_none()
    {
        notes.push(format!("the columns are time, {order}, volume, as their numbers show"));
    }
    Ok(Notation { decimal, clock, has_volume, notes })
}

/// The cell with the time; date and time of two columns are joined in `joined`.
fn time_cell<'a>(row: &Row<'a>, layout: &Layout, joined: &'a mut String) -> Option<Cell<'a>> {
    let date = *row.cells.get(layout.ts)?;
    let Some(time) = layout.time else { return Some(date) };
    *joined = format!("{} {}", date.show(), row.cells.get(time)?.show());
    Some(Cell::text(joined))
}

struct Parser<'a> {
    table: &'a Table,
    layout: &'a Layout,
    options: &'a Checked,
    label: &'a str,
    notation: Notation,
    groups: Vec<Group>,
    current: usize,
    /// Group and time of the newest bar, and whether the file marks it as not finished.
    newest_unfinished: Option<(usize, i64, bool)>,
}

impl Parser<'_> {
    /// Takes one row; false if the bar is not finished yet.
    fn row(&mut self, row: &Row<'_>) -> bool {
        let key = self.key_of(row);
        let group = &mut self.groups[self.current];
        group.rows_read += 1;
        let read = match key {
            Ok(()) => self.bar(row),
            Err(detail) => Err((Reason::BadKey, detail)),
        };
        match read {
            Ok(bar) => {
                if self.is_unfinished_kraken(row) {
                    return false;
                }
                self.watch_newest(row, bar.ts);
                let length = if self.groups[self.current].bars.is_empty() { self.length_of(row, bar.ts) } else { None };
                let group = &mut self.groups[self.current];
                group.timeframe = group.timeframe.or(length);
                group.bars.push(bar);
                group.rows.push(row.number);
            }
            Err((reason, detail)) => self.groups[self.current].rejects.add(Rejected {
                file: self.label.to_string(),
                row_word: self.table.row_word,
                row: row.number,
                reason,
                detail,
                raw: row.cells.iter().map(Cell::show).collect(),
            }),
        }
        true
    }

    /// Makes the group of the row the current one. A row that cannot be split belongs to the group before it.
    fn key_of(&mut self, row: &Row<'_>) -> Result<(), String> {
        let column = |i: Option<usize>| i.and_then(|i| row.cells.get(i)).map(Cell::show);
        let (mut symbol, mut timeframe, mut fault) = (None, None, None);
        if row.broken.is_none() && row.cells.len() == self.table.width {
            symbol = column(self.layout.symbol).filter(|s| !s.is_empty());
            if let Some(name) = column(self.layout.timeframe).filter(|s| !s.is_empty()) {
                timeframe = Timeframe::parse(&name).ok().or_else(|| Timeframe::meant_by(&name));
                if timeframe.is_none() {
                    fault = Some(format!("`{name}` is not a timeframe"));
                }
            }
            if self.layout.symbol.is_some() && symbol.is_none() {
                fault = Some("the symbol is missing".into());
            }
        } else if !self.groups.is_empty() {
            return Ok(());
        }
        let same = |g: &Group| g.symbol == symbol && (self.layout.timeframe.is_none() || g.timeframe == timeframe);
        self.current = match self.groups.get(self.current).is_some_and(same) {
            true => self.current,
            false => self.groups.iter().position(same).unwrap_or_else(|| {
                let (keep_all, from_query) = (self.options.keep_rejects, self.options.from_query);
                let rejects = Rejects { keep_all, from_query, ..Rejects::default() };
                self.groups.push(Group { symbol, timeframe, rejects, ..Group::default() });
                self.groups.len() - 1
            }),
        };
        fault.map_or(Ok(()), Err)
    }

    fn bar(&self, row: &Row<'_>) -> Result<Bar, (Reason, String)> {
        if let Some(broken) = row.broken {
            return Err((Reason::Unreadable, broken.to_string()));
        }
        let (width, found) = (self.table.width, row.cells.len());
        if found != width && row.unterminated {
            return Err((
                Reason::Truncated,
                format!("the file is cut off here: {found} of {width} fields and no end of line"),
            ));
        }
        if found != width {
            return Err((Reason::WrongFieldCount, format!("{found} fields, the other rows have {width}")));
        }
        let mut joined = String::new();
        let cell = time_cell(row, self.layout, &mut joined).unwrap_or(Cell::Missing);
        let ts = self.notation.clock.parse(cell).map_err(|detail| match cell {
            Cell::Missing => (Reason::MissingValue, detail),
            _ => (Reason::BadTime, detail),
        })?;
        let number = |name: &str, column: usize| {
            let cell = row.cells[column];
            number::parse(cell, self.notation.decimal).map_err(|fault| match fault {
                NumberFault::Missing => (Reason::MissingValue, format!("{name} is missing")),
                NumberFault::NotANumber => (Reason::NotANumber, format!("{name} `{}` is not a number", cell.show())),
                NumberFault::NotFinite => (Reason::NotFinite, format!("{name} is {}", cell.show())),
            })
        };
        let scale = self.options.scale.unwrap_or(1.0);
        let [open, high, low, close] = self.layout.prices;
        let price = |name, column| number(name, column).map(|p| if scale == 1.0 { p } else { p / scale });
        let bar = Bar {
            ts,
            open: price("open", open)?,
            high: price("high", high)?,
            low: price("low", low)?,
            close: price("close", close)?,
            volume: match self.layout.volume {
                Some(column) if self.notation.has_volume => number("volume", column)?,
                _ => 0.0,
            },
        };
        match bar.fault() {
            Some(fault) => Err((fault.into(), fault.describe(&bar))),
            None => Ok(bar),
        }
    }

    /// Kraken gives the candle that is still open as the last one.
    fn is_unfinished_kraken(&self, row: &Row<'_>) -> bool {
        let time = row.cells.get(self.layout.ts).and_then(|c| c.show().parse::<i64>().ok());
        self.table.hints.last_finished.zip(time).is_some_and(|(last, time)| time > last)
    }

    fn watch_newest(&mut self, row: &Row<'_>, ts: i64) {
        let Some(confirm) = self.table.hints.confirm else { return };
        let open = row.cells.get(confirm).is_some_and(|c| c.show() == "0");
        if self.newest_unfinished.is_none_or(|(_, newest, _)| ts > newest) {
            self.newest_unfinished = Some((self.current, ts, open));
        }
    }

    /// Only the newest bar of an answer can be unfinished, whatever the flags of the others say.
    fn drop_newest_unfinished(&mut self) -> bool {
        let Some((group, ts, true)) = self.newest_unfinished else { return false };
        let group = &mut self.groups[group];
        // The step to the bar that goes may be the only one that tells the timeframe.
        let mut times = group.bars.ts.clone();
        times.sort_unstable();
        group.timeframe = group.timeframe.or_else(|| super::grid::infer(&times).ok());
        let keep: Vec<usize> = (0..group.bars.len()).filter(|&i| group.bars.ts[i] != ts).collect();
        group.bars = group.bars.take(&keep);
        group.rows = keep.iter().map(|&i| group.rows[i]).collect();
        true
    }

    /// The timeframe of a bar whose end is in the file.
    fn length_of(&self, row: &Row<'_>, ts: i64) -> Option<Timeframe> {
        let end = self.notation.clock.parse(*row.cells.get(self.layout.close_time?)?).ok()?;
        // The last millisecond or microsecond of the bar, or its end.
        let found = [0, 1_000, 1, 1_000_000].into_iter().find_map(|tail| Timeframe::from_duration_us(end - ts + tail));
        found.or_else(|| (Timeframe::Month1.next(ts) - end <= 1_000_000).then_some(Timeframe::Month1))
    }
}

/// The symbol of a group, checked.
pub(super) fn symbol_of(group: &Group) -> Result<Option<Symbol>> {
    group.symbol.as_deref().map(Symbol::parse).transpose()
}
