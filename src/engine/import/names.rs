//! Symbol and timeframe out of a file name, where the name leaves no doubt.

use crate::engine::series::Symbol;
use crate::engine::timeframe::Timeframe;

/// What a name tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct NameHints {
    pub(super) symbol: Option<Symbol>,
    pub(super) timeframe: Option<Timeframe>,
}

/// Reads names such as `BTCUSDT-1h-2023-01.csv`, `BTCUSD_15m.parquet`, `ETH_BTC-5m.feather` and `GOOGL.csv`.
///
/// The part before the timeframe is the symbol if it is one word, or several in capitals. A lone word is a symbol only in
/// capitals: `GOOGL.csv` is, `data.csv` is not.
pub(super) fn read(name: &str) -> NameHints {
    let mut stem = name;
    for extension in
        [".csv", ".json", ".parquet", ".feather", ".arrow", ".txt", ".gz", ".zip", ".jsonl", ".ndjson", ".tsv"]
    {
        let cut = stem.len().saturating_sub(extension.len());
        if stem.get(cut..).is_some_and(|end| end.eq_ignore_ascii_case(extension)) {
            stem = &stem[..cut];
        }
    }
    let is_capital = |s: &str| !s.chars().any(|c| c.is_ascii_lowercase()) && s.chars().any(|c| c.is_ascii_uppercase());
    let mut from = 0;
    for word in stem.split(['-', '_']) {
        let end = from + word.len();
        if from > 0
            && let Ok(timeframe) = Timeframe::parse(word)
        {
            let before = &stem[..from - 1];
            let sure = !before.contains(['-', '_']) || is_capital(before);
            let symbol = if sure { Symbol::parse(before).ok() } else { None };
            return NameHints { symbol, timeframe: Some(timeframe) };
        }
        from = end + 1;
    }
    let lone = !stem.contains(['-', '_', ' ']) && is_capital(stem);
    NameHints { symbol: if lone { Symbol::parse(stem).ok() } else { None }, timeframe: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tell_and_names_that_do_not() {
        let hints = |name: &str| {
            let NameHints { symbol, timeframe } = read(name);
            format!("{} {}", symbol.map_or("?".into(), |s| s.to_string()), timeframe.map_or("?", Timeframe::name))
        };
        for (name, expected) in [
            ("BTCUSDT-1h-2023-01.csv", "BTCUSDT 1h"),
            ("ADABTC-1m-2021-11-27.csv", "ADABTC 1m"),
            ("btcusdt_1h.csv", "BTCUSDT 1h"),
            ("UNITTEST_BTC-1m.json", "UNITTEST_BTC 1m"),
            ("BTCUSD-COINBASE_1d.parquet", "BTCUSD-COINBASE 1d"),
            ("BTCUSD-BTPY_1mo.parquet", "BTCUSD-BTPY 1M"),
            ("6EH4_1m_202401.csv.gz", "6EH4 1m"),
            ("dukascopy_EURUSD_1H_ASK.csv", "? 1h"),
            ("ADABTC_pipe_separated-1m-2021-11-27.csv", "? 1m"),
            ("GOOGL.csv", "GOOGL ?"),
            ("bitcoin.csv", "? ?"),
            ("gbpusd-m1-ask-2012.csv.gz", "? ?"),
            ("../../x_1h.csv", "? 1h"),
            ("1h.csv", "? ?"),
            ("", "? ?"),
        ] {
            assert_eq!(hints(name), expected, "{name}");
        }
    }
}
