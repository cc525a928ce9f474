//! Summaries as bytes, to the last bit.
//!
//! A unit is written column by column: one column per field, each with the fewest bytes that its largest value needs, and
//! none at all for the values after the first where all are alike. Everything is little-endian.

use threadx_kernels::sim::{Needs, Summary};

/// Raised when the words of a summary change; bytes of another version are never read as this one.
const VERSION: u8 = 3;

/// Words of 64 bits that a summary has.
const WORDS: usize = 35;

/// Bit of each sum that can be left out.
const MOMENTS: u8 = 1;
const DOWNSIDE: u8 = 2;
const DRAWDOWN: u8 = 4;
const MEAN_EQUITY: u8 = 8;
const MONEY: u8 = 1 << 4;
const MARKET: u8 = 1 << 5;

/// Every set of bits that [`bits_of`] can give.
pub(super) const ALL_BITS: std::ops::RangeInclusive<u8> =
    0..=(MOMENTS | DOWNSIDE | DRAWDOWN | MEAN_EQUITY | MONEY | MARKET);

/// What a run has kept, one bit each.
pub(super) fn bits_of(needs: Needs) -> u8 {
    let Needs { moments, downside, drawdown, mean_equity, market, money } = needs;
    let set = [
        (moments, MOMENTS),
        (downside, DOWNSIDE),
        (drawdown, DRAWDOWN),
        (mean_equity, MEAN_EQUITY),
        (money, MONEY),
        (market, MARKET),
    ];
    set.into_iter().fold(0, |bits, (is_set, bit)| if is_set { bits | bit } else { bits })
}

fn needs_of(bits: u8) -> Option<Needs> {
    let has = |bit: u8| bits & bit != 0;
    ALL_BITS.contains(&bits).then(|| Needs {
        moments: has(MOMENTS),
        downside: has(DOWNSIDE),
        drawdown: has(DRAWDOWN),
        mean_equity: has(MEAN_EQUITY),
        money: has(MONEY),
        market: has(MARKET),
    })
}

/// The words of a summary. A field that is added to [`Summary`] does not compile here until it has a word.
fn words(summary: &Summary) -> [u64; WORDS] {
    let Summary {
        kept,
        bars,
        elapsed,
        periods_per_year,
        risk_free,
        initial_capital,
        final_equity,
        market_return,
        returns,
        sum_returns,
        sum_squares,
        sum_downside,
        sum_market,
        sum_market_squares,
        sum_products,
        max_drawdown,
        max_drawdown_bars,
        mean_equity,
        trades,
        wins,
        gross_profit,
        gross_loss,
        sum_pnl,
        sum_pnl_squares,
        best_pnl,
        worst_pnl,
        sum_bars_held,
        bars_in_market,
        traded_notional,
        fees,
        funding,
        borrow,
        ambiguous_bars,
        undetailed_bars,
        rejected_orders,
        ruined,
    } = *summary;
    // Whether there is a value stands beside the bits that say whether the run was ruined and what it kept.
    let flags = u64::from(bits_of(kept)) | u64::from(ruined) << 8 | u64::from(periods_per_year.is_some()) << 9;
    [
        flags,
        bars as u64,
        elapsed as u64,
        periods_per_year.map_or(0, f64::to_bits),
        risk_free.to_bits(),
        initial_capital.to_bits(),
        final_equity.to_bits(),
        market_return.to_bits(),
        returns as u64,
        sum_returns.to_bits(),
        sum_squares.to_bits(),
        sum_downside.to_bits(),
        sum_market.to_bits(),
        sum_market_squares.to_bits(),
        sum_products.to_bits(),
        max_drawdown.to_bits(),
        max_drawdown_bars as u64,
        mean_equity.to_bits(),
        trades as u64,
        wins as u64,
        gross_profit.to_bits(),
        gross_loss.to_bits(),
        sum_pnl.to_bits(),
        sum_pnl_squares.to_bits(),
        best_pnl.to_bits(),
        worst_pnl.to_bits(),
        sum_bars_held as u64,
        bars_in_market as u64,
        traded_notional.to_bits(),
        fees.to_bits(),
        funding.to_bits(),
        borrow.to_bits(),
        ambiguous_bars as u64,
        undetailed_bars as u64,
        rejected_orders as u64,
    ]
}

/// The summary of some words, in the order of [`words`].
fn summary(words: &[u64; WORDS]) -> Option<Summary> {
    let mut rest = words.iter().copied();
    let mut word = || rest.next().unwrap_or_default();
    let flags = word();
    let bars = word() as usize;
    let elapsed = word() as i64;
    let periods = f64::from_bits(word());
    let mut number = || f64::from_bits(word());
    let (risk_free, initial_capital, final_equity, market_return) = (number(), number(), number(), number());
    let returns = word() as usize;
    let mut number = || f64::from_bits(word());
    let (sum_returns, sum_squares, sum_downside) = (number(), number(), number());
    let (sum_market, sum_market_squares, sum_products) = (number(), number(), number());
    let max_drawdown = number();
    let max_drawdown_bars = word() as usize;
    let mean_equity = f64::from_bits(word());
    let (trades, wins) = (word() as usize, word() as usize);
    let mut number = || f64::from_bits(word());
    let (gross_profit, gross_loss, sum_pnl, sum_pnl_squares) = (number(), number(), number(), number());
    let (best_pnl, worst_pnl) = (number(), number());
    let (sum_bars_held, bars_in_market) = (word() as usize, word() as usize);
    let (traded_notional, fees) = (f64::from_bits(word()), f64::from_bits(word()));
    let (funding, borrow) = (f64::from_bits(word()), f64::from_bits(word()));
    let (ambiguous_bars, undetailed_bars, rejected_orders) = (word() as usize, word() as usize, word() as usize);
    if flags >> 10 != 0 {
        return None;
    }
    Some(Summary {
        kept: needs_of(flags as u8)?,
        bars,
        elapsed,
        periods_per_year: (flags & 1 << 9 != 0).then_some(periods),
        risk_free,
        initial_capital,
        final_equity,
        market_return,
        returns,
        sum_returns,
        sum_squares,
        sum_downside,
        sum_market,
        sum_market_squares,
        sum_products,
        max_drawdown,
        max_drawdown_bars,
        mean_equity,
        trades,
        wins,
        gross_profit,
        gross_loss,
        sum_pnl,
        sum_pnl_squares,
        best_pnl,
        worst_pnl,
        sum_bars_held,
        bars_in_market,
        traded_notional,
        fees,
        funding,
        borrow,
        ambiguous_bars,
        undetailed_bars,
        rejected_orders,
        ruined: flags & 1 << 8 != 0,
    })
}

/// The bytes of some summaries; [`decode`] is the inverse.
pub(super) fn encode(summaries: &[Summary]) -> Vec<u8> {
    let rows: Vec<[u64; WORDS]> = summaries.iter().map(words).collect();
    let mut out = vec![VERSION];
    for column in 0..WORDS {
        let values = rows.iter().map(|row| row[column]);
        let first = rows.first().map_or(0, |row| row[column]);
        let largest = values.clone().max().unwrap_or(0);
        if values.clone().all(|value| value == first) {
            out.push(0);
            out.extend_from_slice(&first.to_le_bytes());
            continue;
        }
        let width = (8 - largest.leading_zeros() as usize / 8).max(1);
        out.push(width as u8);
        values.for_each(|value| out.extend_from_slice(&value.to_le_bytes()[..width]));
    }
    out
}

/// The summaries of [`encode`]; `None` for bytes that it did not write.
pub(super) fn decode(bytes: &[u8], points: usize) -> Option<Vec<Summary>> {
    let (&version, mut rest) = bytes.split_first()?;
    if version != VERSION {
        return None;
    }
    let mut rows = vec![[0_u64; WORDS]; points];
    for column in 0..WORDS {
        let (&width, after) = rest.split_first()?;
        let (width, is_constant) = if width == 0 { (8, true) } else { (usize::from(width), false) };
        let length = if is_constant { 8 } else { width.checked_mul(points)? };
        if width > 8 || after.len() < length {
            return None;
        }
        let (values, after) = after.split_at(length);
        let mut values = values.chunks_exact(width).map(word_of);
        if is_constant {
            let value = values.next()?;
            rows.iter_mut().for_each(|row| row[column] = value);
        } else {
            rows.iter_mut().zip(values).for_each(|(row, value)| row[column] = value);
        }
        rest = after;
    }
    match rest {
        [] => rows.iter().map(summary).collect(),
        _ => None,
    }
}

fn word_of(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A summary in which every word has a value of its own.
    fn distinct(seed: u64) -> Summary {
        let mut words: [u64; WORDS] = std::array::from_fn(|i| crate::engine::series::mix(seed << 8 | i as u64));
        words[0] = (seed & 15) | (seed >> 4 & 3) << 8;
        if words[0] & 1 << 9 == 0 {
            words[3] = 0;
        }
        summary(&words).unwrap()
    }

    /// NaN is equal to nothing, so that bits are compared.
    fn bits(summaries: &[Summary]) -> Vec<[u64; WORDS]> {
        summaries.iter().map(words).collect()
    }

    #[test]
    fn every_bit_of_a_summary_survives() {
        for points in [0, 1, 2, 3, 257] {
            let all: Vec<Summary> = (0..points).map(distinct).collect();
            let back = decode(&encode(&all), all.len()).unwrap();
            assert_eq!(bits(&back), bits(&all));
        }
        let mut odd = [distinct(1), distinct(1), distinct(1)];
        odd[0].sum_returns = f64::from_bits(0x7ff8_0000_dead_beef);
        odd[1].sum_returns = -0.0;
        odd[2].periods_per_year = None;
        odd[2].trades = usize::MAX;
        assert_eq!(bits(&decode(&encode(&odd), 3).unwrap()), bits(&odd));
    }

    /// The value of each field reaches exactly that field: changing one changes one word or one flag, and comes back.
    #[test]
    fn every_field_has_a_place_of_its_own() {
        let base = distinct(0);
        let changes: Vec<fn(&mut Summary)> = vec![
            |s| s.kept = Needs::MOMENTS,
            |s| s.kept = Needs { downside: true, ..Needs::NONE },
            |s| s.kept = Needs::DRAWDOWN,
            |s| s.kept = Needs::MEAN_EQUITY,
            |s| s.kept = Needs::MARKET,
            |s| s.bars = 1,
            |s| s.elapsed = -1,
            |s| s.periods_per_year = Some(0.0),
            |s| s.risk_free = 1.5,
            |s| s.initial_capital = 1.5,
            |s| s.final_equity = 1.5,
            |s| s.returns = 1,
            |s| s.sum_returns = 1.5,
            |s| s.sum_squares = 1.5,
            |s| s.sum_downside = 1.5,
            |s| s.sum_market = 1.5,
            |s| s.sum_market_squares = 1.5,
            |s| s.sum_products = 1.5,
            |s| s.max_drawdown = 1.5,
            |s| s.max_drawdown_bars = 1,
            |s| s.mean_equity = 1.5,
            |s| s.trades = 1,
            |s| s.wins = 1,
            |s| s.gross_profit = 1.5,
            |s| s.gross_loss = 1.5,
            |s| s.sum_pnl = 1.5,
            |s| s.sum_pnl_squares = 1.5,
            |s| s.best_pnl = 1.5,
            |s| s.worst_pnl = 1.5,
            |s| s.sum_bars_held = 1,
            |s| s.bars_in_market = 1,
            |s| s.traded_notional = 1.5,
            |s| s.fees = 1.5,
            |s| s.ambiguous_bars = 1,
            |s| s.rejected_orders = 1,
            |s| s.ruined = true,
        ];
        let shown = |s: &Summary| format!("{s:?}");
        for change in &changes {
            let mut changed = base;
            change(&mut changed);
            assert_ne!(shown(&changed), shown(&base));
            let back = decode(&encode(&[base, changed]), 2).unwrap();
            assert_eq!([shown(&back[0]), shown(&back[1])], [shown(&base), shown(&changed)]);
        }
    }

    #[test]
    fn what_is_kept_reads_back() {
        for bits in ALL_BITS {
            assert_eq!(needs_of(bits).map(bits_of), Some(bits));
        }
        assert_eq!((bits_of(Needs::ALL), needs_of(64)), (63, None));
    }

    #[test]
    fn equal_values_take_no_room_and_counts_take_little() {
        let one = encode(&[distinct(5)]).len();
        assert_eq!(encode(&vec![distinct(5); 256]).len(), one);
        let mut counts = vec![distinct(5); 256];
        counts.iter_mut().enumerate().for_each(|(i, s)| s.trades = i);
        assert_eq!(encode(&counts).len(), one - 8 + 256);
    }

    #[test]
    fn other_bytes_are_refused() {
        let bytes = encode(&[distinct(1), distinct(2)]);
        for cut in 0..bytes.len() {
            assert!(decode(&bytes[..cut], 2).is_none());
        }
        assert!(decode(&[&bytes[..], &[0]].concat(), 2).is_none());
        assert!(decode(&bytes, 3).is_none());
        let mut other = bytes.clone();
        other[0] = VERSION + 1;
        assert!(decode(&other, 2).is_none());
        other[0] = VERSION;
        other[1] = 9;
        assert!(decode(&other, 2).is_none());
    }
}
