//! From a path to checked bars.

use std::path::Path;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use super::container::{self, Content, Entry};
use super::options::{Checked, ImportOptions};
use super::report::{Rejected, SeriesReport};
use super::{arrow, columns, grid, json, lean, names, parse, text};
use crate::engine::series::{Bars, SeriesKey, Symbol};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// One series as read from one file: checked, in time order, one bar per time.
#[derive(Debug)]
pub struct ReadSeries {
    /// Symbol and timeframe.
    pub key: SeriesKey,
    /// The bars.
    pub bars: Bars,
    /// Counts and notes; what the store did is not filled in.
    pub report: SeriesReport,
    /// Refused rows, kept only where a file for them is asked for.
    pub rejects: Vec<Rejected>,
}

/// Reads all files of `options` without writing anything. A file with several series gives several entries, and so do
/// several files of one series.
///
/// # Errors
/// A file that cannot be read or holds no bars, a symbol or timeframe that cannot be told, and the first bad row unless
/// bad rows are skipped.
pub fn read(options: &ImportOptions) -> Result<Vec<ReadSeries>> {
    if options.files.is_empty() {
        return Err(Error::argument("no files to import"));
    }
    let checked = options.checked()?;
    let mut all = Vec::new();
    for path in &options.files {
        for entry in container::open(path)? {
            all.extend(read_entry(path, entry, checked.clone())?);
        }
    }
    Ok(all)
}

/// Reads a flat file of a store, which must be free of faults and name its symbol and timeframe.
pub(crate) fn read_stored(path: &Path) -> Result<Bars> {
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let (symbol, timeframe) = stem.rsplit_once('_').unwrap_or((stem, ""));
    let mut options = ImportOptions::new([path]);
    options.symbol = Some(symbol.to_string());
    options.timeframe = Some(Timeframe::parse(timeframe)?);
    let mut series = read(&options)?;
    match series.len() {
        1 => Ok(series.remove(0).bars),
        n => Err(Error::data(path, format!("holds {n} series, and a flat file holds one"))),
    }
}

/// Checks rows that a query has made: columns `symbol, timeframe, ts, open, high, low, close, volume`.
///
/// # Errors
/// A missing column, and the first bad row.
pub fn read_batches(schema: &SchemaRef, batches: Vec<RecordBatch>, label: &str) -> Result<Vec<ReadSeries>> {
    let options = Checked { from_query: true, ..ImportOptions::default().checked()? };
    let table = arrow::table(schema, batches);
    let layout = columns::layout(&table, None, label)?;
    let groups = parse::parse(&table, &layout, &options, label)?;
    groups.into_iter().map(|group| read_group(group, None, None, &options, table.row_word, label, label)).collect()
}

fn read_entry(path: &Path, entry: Entry, mut options: Checked) -> Result<Vec<ReadSeries>> {
    let label = entry.label.as_str();
    let table = match entry.content {
        Content::Parquet(file) => arrow::parquet(file, label)?,
        Content::Arrow(bytes) => arrow::ipc(bytes, label)?,
        Content::Json(text) => json::table(&text, label)?,
        Content::Text(bytes) => text::table(bytes, label)?,
    };
    let layout = columns::layout(&table, options.columns.as_deref(), label)?;
    let mut named = names::read(&entry.name);
    if let Some(archive) = &entry.archive {
        let outer = names::read(archive);
        named =
            names::NameHints { symbol: named.symbol.or(outer.symbol), timeframe: named.timeframe.or(outer.timeframe) };
    }
    if let Some(hints) = lean::recognise(path, &entry.name, &table, &options)? {
        named.symbol = hints.symbol.or(named.symbol);
        named.timeframe = hints.timeframe.or(named.timeframe);
        options.day = options.day.or(hints.day);
        options.scale = hints.scale;
        options.zone = hints.zone;
    }
    let named_symbol = match &table.hints.symbol {
        Some(text) => Symbol::parse(text).ok(),
        None => named.symbol,
    };
    let named_timeframe = table.hints.timeframe.or(named.timeframe);
    let mut groups = parse::parse(&table, &layout, &options, label)?;
    if groups.is_empty() {
        return Err(Error::data(label, "holds no bars: there are no rows of data"));
    }
    let dropped = choose_symbol(&mut groups, &options, label)?;
    if let (Some(group), true) = (groups.first_mut(), dropped > 0) {
        group.notes.push(format!("{dropped} rows of other symbols left out"));
    }
    let mut out = Vec::with_capacity(groups.len());
    for group in groups {
        out.push(read_group(
            group,
            named_symbol.clone(),
            named_timeframe,
            &options,
            table.row_word,
            &entry.name,
            label,
        )?);
    }
    Ok(out)
}

/// Applies the caller's symbol to the groups of a file: it renames a single one and picks one out of several.
fn choose_symbol(groups: &mut Vec<parse::Group>, options: &Checked, label: &str) -> Result<u64> {
    let Some(symbol) = &options.symbol else { return Ok(0) };
    let mut symbols: Vec<&str> = groups.iter().filter_map(|g| g.symbol.as_deref()).collect();
    symbols.sort_unstable();
    symbols.dedup();
    if symbols.len() > 1 {
        let is_wanted = |g: &parse::Group| g.symbol.as_deref().is_some_and(|s| s.eq_ignore_ascii_case(symbol.as_str()));
        if !groups.iter().any(is_wanted) {
            let within = format!("{label}, which holds several");
            return Err(Error::unknown("symbol", symbol.as_str(), within, symbols));
        }
        let dropped = groups.iter().filter(|g| !is_wanted(g)).map(|g| g.rows_read).sum();
        groups.retain(is_wanted);
        return Ok(dropped);
    }
    groups.iter_mut().for_each(|g| g.symbol = Some(symbol.to_string()));
    Ok(0)
}

fn read_group(
    group: parse::Group,
    named: Option<Symbol>,
    timeframe: Option<Timeframe>,
    options: &Checked,
    row_word: &'static str,
    name: &str,
    label: &str,
) -> Result<ReadSeries> {
    let is_funding = !group.rejects.counts.is_empty() && group.bars.is_empty() && name.contains("funding");
    if is_funding {
        return Err(Error::data(
            label,
            "holds funding rates stored in the columns of bars, not bars; there is nothing to import",
        ));
    }
    let symbol = match parse::symbol_of(&group)?.or_else(|| options.symbol.clone()).or(named) {
        Some(symbol) => symbol,
        None => {
            let text = format!(
                "the symbol is not in the file, and the name `{name}` does not tell it; give it with `--symbol BTCUSDT`"
            );
            return Err(Error::data(label, text));
        }
    };
    let rows_read = group.rows_read;
    let settled = grid::settle(group, timeframe, options, row_word, label)?;
    let grid::Settled { timeframe, bars, duplicates, unsorted, rejects, notes } = settled;
    if bars.is_empty() {
        let why = rejects.first.map(|f| format!("; the first bad one is {f}")).unwrap_or_default();
        return Err(Error::data(label, format!("holds no bars: none of {rows_read} rows can be taken{why}")));
    }
    let key = SeriesKey { symbol, timeframe };
    let report = SeriesReport {
        key: key.clone(),
        files: vec![label.to_string()],
        rows_read,
        inserted: 0,
        replaced: 0,
        unchanged: 0,
        skipped: rejects.counts,
        duplicates,
        unsorted,
        span: bars.ts.first().copied().zip(bars.ts.last().copied()),
        notes,
    };
    Ok(ReadSeries { key, bars, report, rejects: rejects.all })
}
