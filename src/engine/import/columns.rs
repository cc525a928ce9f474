//! What the columns of a table are: by name, or by their numbers where there are no names.

use super::number::{self, Decimal, DecimalEvidence};
use super::table::{Cell, Table};
use crate::error::{Error, Result};

/// Where the parts of a bar stand in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The time, or the date where [`Self::time`] is set.
    pub(super) ts: usize,
    /// The time of day, in a column of its own.
    pub(super) time: Option<usize>,
    /// Open, high, low, close.
    pub(super) prices: [usize; 4],
    /// Volume, if there is one.
    pub(super) volume: Option<usize>,
    /// Symbol.
    pub(super) symbol: Option<usize>,
    /// Timeframe.
    pub(super) timeframe: Option<usize>,
    /// The last instant of the bar, in the files of Binance.
    pub(super) close_time: Option<usize>,
}

impl Layout {
    /// A layout by positions.
    pub(super) fn positions(ts: usize, prices: [usize; 4], volume: Option<usize>) -> Self {
        Self { ts, time: None, prices, volume, symbol: None, timeframe: None, close_time: None }
    }
}

/// Names of the time column, best first; compared without case, spaces and punctuation.
const TS: [&str; 27] = [
    "ts",
    "opentime",
    "timestamp",
    "timestamputc",
    "opentimestamp",
    "datetime",
    "datetimeutc",
    "tsevent",
    "gmttime",
    "utctime",
    "utc",
    "start",
    "startedat",
    "starttime",
    "startdate",
    "begin",
    "candlebegintime",
    "periodstart",
    "time",
    "date",
    "unix",
    "unixtime",
    "unixtimestamp",
    "epoch",
    "day",
    "indexlevel0",
    "t",
];
const OPEN: [&str; 3] = ["open", "o", "openprice"];
const HIGH: [&str; 4] = ["high", "h", "highprice", "max"];
const LOW: [&str; 4] = ["low", "l", "lowprice", "min"];
const CLOSE: [&str; 4] = ["close", "c", "closeprice", "closelast"];
const VOLUME: [&str; 8] =
    ["volume", "vol", "basevolume", "basetokenvolume", "volumebase", "tickvolume", "tickvol", "v"];
const SYMBOL: [&str; 6] = ["symbol", "ticker", "instrument", "pair", "productid", "sym"];
const TIMEFRAME: [&str; 4] = ["timeframe", "interval", "resolution", "tf"];

/// A name without case, spaces and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Whether the fields of a first line are names rather than a bar.
pub(super) fn looks_like_header(fields: &[String]) -> bool {
    let has_digit_start = |f: &String| f.trim_start_matches(['-', '+', '"']).starts_with(|c: char| c.is_ascii_digit());
    let numbers = fields.iter().filter(|f| has_digit_start(f)).count();
    let known = fields
        .iter()
        .filter(|f| [&TS[..], &OPEN, &HIGH, &LOW, &CLOSE].iter().any(|set| set.contains(&&*plain(f))))
        .count();
    known >= 3 || numbers == 0
}

/// Finds the columns of a table.
///
/// # Errors
/// Columns that are missing or cannot be told apart; the text says what the table seems to be.
pub(super) fn layout(table: &Table, given: Option<&[String]>, label: &str) -> Result<Layout> {
    if let Some(names) = given {
        return from_names(names, table, label);
    }
    if let Some(layout) = &table.hints.layout {
        return Ok(layout.clone());
    }
    match &table.header {
        Some(header) => by_name(header, table, label),
        None => by_values(table, label),
    }
}

/// The column of the best name that `header` has; two columns of that name cannot be told apart.
fn find(header: &[String], names: &[&str]) -> Result<Option<usize>, String> {
    for name in names {
        let mut found = header.iter().enumerate().filter(|(_, h)| plain(h) == *name).map(|(i, _)| i);
        if let Some(first) = found.next() {
            return match found.next() {
                Some(_) => Err(format!("two columns are called `{}`", header[first])),
                None => Ok(Some(first)),
            };
        }
    }
    Ok(None)
}

fn by_name(header: &[String], table: &Table, label: &str) -> Result<Layout> {
    let refuse = |message: String| Error::data(label, message);
    let shown = || header.iter().map(|h| if h.is_empty() { "(no name)" } else { h }).collect::<Vec<_>>().join(", ");
    let one = |names: &[&str]| find(header, names).map_err(|e| refuse(format!("{e}; rename one of them")));
    let mut prices = [0; 4];
    for (slot, names) in prices.iter_mut().zip([&OPEN[..], &HIGH, &LOW, &CLOSE]) {
        *slot = one(names)?.ok_or_else(|| {
            let kind = kind_of_names(header).map(|k| format!("; it looks like {k}, not bars")).unwrap_or_default();
            refuse(format!("no column `{}` among {}{kind}", names[0], shown()))
        })?;
    }
    // The index that pandas writes has no name.
    let unnamed = header.iter().position(|h| h.is_empty() || plain(h) == "unnamed0");
    let ts = one(&TS)?.or(unnamed).ok_or_else(|| refuse(format!("no column for the time among {}", shown())))?;
    let (ts, time) = match (one(&["date"])?, one(&["time"])?) {
        (Some(date), Some(time)) if (ts == date || ts == time) && is_time_of_day(table, time)? => (date, Some(time)),
        _ => (ts, None),
    };
    // CryptoDataDownload: `Volume BTC`, `Volume USDT`, the base first.
    let volume = one(&VOLUME)?.or_else(|| header.iter().position(|h| plain(h).starts_with("volume")));
    let (symbol, timeframe, close_time) = (one(&SYMBOL)?, one(&TIMEFRAME)?, one(&["closetime"])?);
    Ok(Layout { ts, time, prices, volume, symbol, timeframe, close_time })
}

/// Whether a column holds times such as `15:30` or `153000` without a date.
fn is_time_of_day(table: &Table, column: usize) -> Result<bool> {
    let rows = table.sample(16)?;
    Ok(rows.iter().filter_map(|r| r.get(column)).all(|t| {
        let digits = t.chars().filter(char::is_ascii_digit).count();
        (t.contains(':') || digits == t.len()) && digits <= 9 && !t.contains(['-', '/', 'T'])
    }))
}

/// What a table without prices of bars may be.
fn kind_of_names(header: &[String]) -> Option<&'static str> {
    let has = |names: &[&str]| header.iter().any(|h| names.contains(&&*plain(h)));
    if has(&["fundingrate", "funding", "lastfundingrate"]) {
        Some("funding rates")
    } else if has(&["bid", "ask", "bidprice", "askprice"]) {
        Some("quotes")
    } else if has(&["price", "amount", "qty", "side"]) {
        Some("trades; make bars of them first")
    } else {
        None
    }
}

/// The layout of names that the caller gave.
fn from_names(names: &[String], table: &Table, label: &str) -> Result<Layout> {
    if names.len() > table.width {
        let text = format!("{} column names are given but the file has {} columns", names.len(), table.width);
        return Err(Error::data(label, text));
    }
    by_name(names, table, label)
}

/// Orders of prices that exchanges use after the time: ours, Bitfinex and KuCoin, Coinbase Exchange.
const ORDERS: [(&str, [usize; 4]); 3] = [
    ("open, high, low, close", [1, 2, 3, 4]),
    ("open, close, high, low", [1, 3, 4, 2]),
    ("low, high, open, close", [3, 2, 1, 4]),
];

/// The layout of rows without names: the time comes first, and the order of prices is the one that all rows agree with.
fn by_values(table: &Table, label: &str) -> Result<Layout> {
    let refuse = |message: String| Error::data(label, message);
    let rows = table.sample(4096)?;
    if rows.is_empty() {
        return Err(refuse("holds no rows".into()));
    }
    let unsure = "name the columns with `--columns ts,open,high,low,close,volume`";
    if !matches!(table.width, 5 | 6 | 7 | 9 | 12) {
        let kind = kind_of_rows(&rows).map(|k| format!("; it looks like {k}")).unwrap_or_default();
        return Err(refuse(match table.width {
            0..5 => format!("has {} columns without names, a bar needs at least 5{kind}", table.width),
            n => format!("has {n} columns without names, which is no known layout{kind}; {unsure}"),
        }));
    }
    let mut evidence = DecimalEvidence::default();
    rows.iter().flat_map(|r| &r[1..5]).for_each(|text| evidence.see(text));
    let decimal = evidence.decide().unwrap_or(Decimal::Point);
    let mut fits = [0usize; 3];
    let mut readable = 0;
    for row in &rows {
        let values: Vec<f64> = row[1..5].iter().filter_map(|t| number::parse(Cell::text(t), decimal).ok()).collect();
        let [a, b, c, d] = values[..] else { continue };
        readable += 1;
        let at = [0.0, a, b, c, d];
        for (fit, (_, order)) in fits.iter_mut().zip(&ORDERS) {
            let [open, high, low, close] = order.map(|i| at[i]);
            *fit += usize::from(high >= open.max(close).max(low) && low <= open.min(close));
        }
    }
    if readable * 2 < rows.len() {
        let kind = kind_of_rows(&rows).map(|k| format!("; it looks like {k}")).unwrap_or_default();
        return Err(refuse(format!("columns 2 to 5 are not four prices{kind}; {unsure}")));
    }
    // Where another order fits every row as well, the rows have the same numbers in both, so ours comes first.
    let best = (0..3).max_by_key(|&i| (fits[i], std::cmp::Reverse(i))).unwrap_or(0);
    if fits[best] * 10 < readable * 9 || (best > 0 && fits[0] * 10 > readable * 7) {
        return Err(refuse(format!(
            "the order of open, high, low and close cannot be told from the numbers; {unsure}"
        )));
    }
    let layout = Layout::positions(0, ORDERS[best].1, (table.width > 5).then_some(5));
    Ok(Layout { close_time: (table.width == 12).then_some(6), ..layout })
}

/// The name of an order of prices, if it is not ours.
pub(super) fn unusual_order(layout: &Layout) -> Option<&'static str> {
    ORDERS[1..].iter().find(|(_, order)| *order == layout.prices).map(|(name, _)| *name)
}

/// What rows without names may be, where they are no bars.
fn kind_of_rows(rows: &[Vec<String>]) -> Option<&'static str> {
    let width = rows.first()?.len();
    let numeric = |column: usize| {
        let cells = rows.iter().filter_map(|r| r.get(column));
        cells.map(|t| number::parse(Cell::text(t), Decimal::Point)).collect::<Result<Vec<f64>, _>>().ok()
    };
    match width {
        2 => Some("a rate over time, such as funding or interest rates"),
        3 if numeric(1).is_none() || numeric(2).is_none() => Some("a list of ticker changes (a Lean map file)"),
        3 => Some("trades (time, price, amount); make bars of them first"),
        4 => {
            let (a, b) = (numeric(1)?, numeric(2)?);
            let is_date = rows.iter().all(|r| r[0].len() == 8);
            if is_date {
                Some("price and split factors (a Lean factor file)")
            } else if a.iter().zip(&b).all(|(bid, ask)| bid <= ask) {
                Some("quotes (time, bid, ask, volume); make bars of them first")
            } else {
                None
            }
        }
        _ => None,
    }
}
