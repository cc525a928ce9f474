//! Files of QuantConnect Lean: prices of equities are stored times 10,000, and minute files count milliseconds since
//! midnight of a day that only the name tells. They are read only where path and name leave no doubt about both.

use std::path::Path;

use datafusion::arrow::array::timezone::Tz;

use super::options::{Checked, day_number};
use super::table::Table;
use crate::engine::series::Symbol;
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// What the name of a Lean file tells.
#[derive(Debug, Default, Clone)]
pub(super) struct LeanHints {
    pub(super) symbol: Option<Symbol>,
    pub(super) timeframe: Option<Timeframe>,
    pub(super) day: Option<i64>,
    pub(super) scale: Option<f64>,
    pub(super) zone: Option<Tz>,
}

/// Kinds of security that change how numbers are stored.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    UsEquity,
    Crypto,
}

/// Recognises a Lean file by its name (or that of the archive member) and its path.
///
/// # Errors
/// A Lean file that cannot be read with certainty; the text says which options settle it.
pub(super) fn recognise(path: &Path, name: &str, table: &Table, options: &Checked) -> Result<Option<LeanHints>> {
    let words: Vec<String> = path
        .to_string_lossy()
        .to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(str::to_string)
        .collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    let class = match () {
        () if has("equity") && has("usa") => Some(Class::UsEquity),
        () if has("crypto") || has("cryptofuture") => Some(Class::Crypto),
        () => None,
    };
    let refuse = |message: &str| Err(Error::data(path, message));
    let scale = options.scale.or(class.map(|c| if c == Class::UsEquity { 10_000.0 } else { 1.0 }));
    let new_york = "America/New_York".parse::<Tz>().ok();
    let zone = options.zone.or(if class == Some(Class::UsEquity) { new_york } else { None });
    if let Some(intraday) = IntradayName::read(name) {
        if intraday.kind != "trade" {
            return refuse(
                "is a Lean file of quotes or open interest, which are no bars; take the `_trade` file beside it",
            );
        }
        if intraday.resolution != "minute" {
            return refuse("holds bars of a second, and the shortest timeframe is 1m");
        }
        let Some(scale) = scale else {
            return refuse(
                "is a Lean minute file, but its path does not say of what: prices of equities are stored times 10000 in New York \
                 time; say it with `--scale 10000 --timezone America/New_York`, or `--scale 1` for crypto",
            );
        };
        return Ok(Some(LeanHints {
            symbol: Symbol::parse(intraday.symbol).ok(),
            timeframe: Some(Timeframe::M1),
            day: Some(intraday.day),
            scale: Some(scale),
            zone,
        }));
    }
    if table.header.is_some() || table.width != 6 || !stamped_like_lean(table)? {
        return Ok(None);
    }
    let resolution = if has("daily") {
        Some(Timeframe::D1)
    } else if has("hour") {
        Some(Timeframe::H1)
    } else {
        None
    };
    match (class, resolution) {
        (Some(class), Some(timeframe)) => {
            // Daily bars are stamped with the date of their session.
            let zone = if timeframe == Timeframe::D1 { options.zone } else { zone };
            let stem = name.split('.').next().unwrap_or_default();
            let scale = options.scale.unwrap_or(if class == Class::UsEquity { 10_000.0 } else { 1.0 });
            Ok(Some(LeanHints {
                symbol: Symbol::parse(stem).ok(),
                timeframe: Some(timeframe),
                day: None,
                scale: Some(scale),
                zone,
            }))
        }
        _ if options.scale.is_none() && whole_prices(table)? => refuse(
            "looks like a Lean file (`YYYYMMDD HH:MM` and whole prices): those of equities are stored times 10000, and the path \
             does not tell; say it with `--scale 10000` or `--scale 1`",
        ),
        _ => Ok(None),
    }
}

/// `20131007_spy_minute_trade.csv`.
struct IntradayName<'a> {
    day: i64,
    symbol: &'a str,
    resolution: &'a str,
    kind: &'a str,
}

impl<'a> IntradayName<'a> {
    fn read(name: &'a str) -> Option<Self> {
        let stem = name.strip_suffix(".csv")?;
        let mut parts = stem.split('_');
        let (day, symbol, resolution, kind) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let known =
            ["second", "minute", "tick"].contains(&resolution) && ["trade", "quote", "openinterest"].contains(&kind);
        if !known || day.len() != 8 || !day.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let day = day_number(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]))?;
        Some(Self { day, symbol, resolution, kind })
    }
}

fn stamped_like_lean(table: &Table) -> Result<bool> {
    let rows = table.sample(8)?;
    Ok(!rows.is_empty()
        && rows.iter().all(|r| {
            let t = r[0].as_bytes();
            t.len() == 14 && t[8] == b' ' && t[11] == b':' && t[..8].iter().all(u8::is_ascii_digit)
        }))
}

fn whole_prices(table: &Table) -> Result<bool> {
    let rows = table.sample(64)?;
    Ok(rows.iter().all(|r| r[1..5].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()) && p.len() >= 5)))
}
