//! The published results of the Python system's Bollinger strategy, with its bugs fixed, on its own bars.
//!
//! The bars come from a linear congruential generator and the indicators from plain loops, so that only the simulator is
//! under test. The expected numbers were printed by a cash ledger in Python that shares no formula with the simulator.

use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Bars, Direction, Flags, Needs, Numbers, Options, Record, Signals, Summary, Trade, preset, simulate,
    simulate_reference,
};

const BARS: usize = 3000;

struct Market {
    ts: Vec<i64>,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
}

fn market() -> Market {
    let mut x: u32 = 42;
    let mut uniform = || {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(x) / 4_294_967_296.0
    };
    let mut market = Market { ts: vec![], open: vec![], high: vec![], low: vec![], close: vec![] };
    let mut open = 100.0;
    for t in 0..BARS as i64 {
        let [u1, u2, u3, _volume] = std::array::from_fn(|_| uniform());
        let close: f64 = open * (1.0 + (u1 - 0.5) * 0.02);
        market.ts.push(1_733_011_200_000_000 + t * 900_000_000);
        market.open.push(open);
        market.high.push(close.max(open) * (1.0 + u2 * 0.004));
        market.low.push(close.min(open) * (1.0 - u3 * 0.004));
        market.close.push(close);
        open = close;
    }
    market
}

/// Mean and population standard deviation of the last `period` values, each window summed anew.
fn bands(x: &[f64], period: usize) -> (Vec<f64>, Vec<f64>) {
    let mut out = (vec![f64::NAN; x.len()], vec![f64::NAN; x.len()]);
    for t in period - 1..x.len() {
        let window = &x[t + 1 - period..=t];
        let mean = window.iter().sum::<f64>() / period as f64;
        let variance = window.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / period as f64;
        (out.0[t], out.1[t]) = (mean, variance.sqrt());
    }
    out
}

/// Exponential average of the true range, seeded with the first one, `alpha = 2 / (period + 1)`.
fn average_range(m: &Market, period: usize) -> Vec<f64> {
    let alpha = 2.0 / (period as f64 + 1.0);
    let mut average = m.high[0] - m.low[0];
    let mut out = vec![average];
    for t in 1..BARS {
        let before = m.close[t - 1];
        let range = (m.high[t] - m.low[t]).max((m.high[t] - before).abs()).max((m.low[t] - before).abs());
        average = (1.0 - alpha) * average + alpha * range;
        out.push(average);
    }
    out
}

/// `+1` where the z-score falls below `-entry_z`, `-1` where it rises above `entry_z`, at least `spacing` bars apart.
fn entries(z: &[f64], entry_z: f64, period: usize, spacing: usize) -> Vec<i8> {
    let mut out = vec![0; z.len()];
    let (below, above) = (|t: usize| z[t] < -entry_z, |t: usize| z[t] > entry_z);
    let mut last = None;
    for t in period..z.len() {
        if last.is_some_and(|last| t - last < spacing) || z[t].is_nan() {
            continue;
        }
        if below(t) && !below(t - 1) {
            out[t] = 1;
        } else if above(t) && !above(t - 1) {
            out[t] = -1;
        }
        if out[t] != 0 {
            last = Some(t);
        }
    }
    out
}

/// What a case changes, and what was published for it.
struct Case {
    entry_z: f64,
    trailing: bool,
    max_hold: f64,
    leverage: f64,
    risk: f64,
    fee_bps: f64,
    trades: usize,
    wins: usize,
    final_equity: f64,
    sharpe: f64,
    /// Largest `equity - peak`.
    fall: f64,
    fall_percent: f64,
    profit_factor: f64,
    fees: f64,
}

const DEFAULTS: Case = Case {
    entry_z: 1.0,
    trailing: true,
    max_hold: 72.0,
    leverage: 1.0,
    risk: 0.01,
    fee_bps: 4.5,
    trades: 240,
    wins: 138,
    final_equity: 9714.45841901,
    sharpe: -0.41600487,
    fall: -1167.738460,
    fall_percent: -11.400360,
    profit_factor: 0.97323669,
    fees: 1556.481848,
};

fn run(case: &Case) -> (Summary, Vec<Trade>, Vec<f64>) {
    let m = market();
    let (middle, sigma) = bands(&m.close, 20);
    let z: Vec<f64> = (0..BARS).map(|t| (m.close[t] - middle[t]) / sigma[t]).collect();
    let distance: Vec<f64> = average_range(&m, 14).iter().map(|range| range * 1.5).collect();
    let signal = entries(&z, case.entry_z, 20, 6);
    let flags = |holds: &dyn Fn(usize) -> bool| Bits::from_fn(BARS, holds);
    let (enter_long, enter_short) = (flags(&|t| signal[t] > 0), flags(&|t| signal[t] < 0));
    let (exit_long, exit_short) = (flags(&|t| m.close[t] >= middle[t]), flags(&|t| m.close[t] <= middle[t]));
    let signals = Signals {
        enter_long: Flags::Bits(enter_long.as_slice()),
        enter_short: Flags::Bits(enter_short.as_slice()),
        exit_long: Flags::Bits(exit_long.as_slice()),
        exit_short: Flags::Bits(exit_short.as_slice()),
        stop_distance: Numbers::Slice(&distance),
        trail_distance: if case.trailing { Numbers::Slice(&distance) } else { Numbers::None },
        max_bars: Numbers::Const(case.max_hold),
        risk: Numbers::Const(case.risk),
        leverage: Numbers::Const(case.leverage),
        ..Signals::default()
    };
    let mut options = Options { periods_per_year: Some(35_040.0), ..Options::default() };
    (preset("threadx_py").unwrap().apply)(&mut options);
    options.fee_bps = case.fee_bps;
    let bars = Bars { ts: &m.ts, open: &m.open, high: &m.high, low: &m.low, close: &m.close, ..Default::default() };

    let mut record = Record::all();
    let summary = simulate_reference(&bars, &signals, &options, Needs::ALL, &mut record);
    let mut without_curve = Record { equity: None, ..Record::all() };
    let fast = simulate(&bars, &signals, &options, Needs::ALL, &mut without_curve);
    assert_eq!(format!("{summary:?}"), format!("{fast:?}"));
    assert_eq!(record.trades, without_curve.trades);
    (summary, record.trades.unwrap(), record.equity.unwrap().equity)
}

#[track_caller]
fn printed(got: f64, expected: f64, decimals: i32) {
    let half = 0.5 * 10_f64.powi(-decimals);
    assert!((got - expected).abs() <= half * 1.000001, "{got} instead of {expected}");
}

fn sharpe(summary: &Summary) -> f64 {
    let n = summary.returns as f64;
    let mean = summary.sum_returns / n;
    let variance = (summary.sum_squares - summary.sum_returns * mean) / (n - 1.0);
    mean / variance.sqrt() * summary.periods_per_year.unwrap().sqrt()
}

#[track_caller]
fn check(case: &Case) {
    let (summary, trades, equity) = run(case);
    assert_eq!((summary.trades, summary.wins), (case.trades, case.wins));
    assert_eq!((trades.len(), summary.rejected_orders, summary.ruined), (case.trades, 0, false));
    printed(summary.final_equity, case.final_equity, 8);
    printed(summary.fees, case.fees, 6);
    printed(summary.gross_profit / summary.gross_loss.abs(), case.profit_factor, 8);
    assert!((sharpe(&summary) - case.sharpe).abs() < 1e-8, "{} instead of {}", sharpe(&summary), case.sharpe);
    printed(summary.max_drawdown * 100.0, case.fall_percent, 6);
    let mut peak = 0.0_f64;
    let fall = equity.iter().fold(0.0_f64, |fall, &e| {
        peak = peak.max(e);
        fall.min(e - peak)
    });
    printed(fall, case.fall, 6);
}

#[test]
fn the_bars_are_the_published_ones() {
    let m = market();
    assert_eq!((m.open[0], m.high[0], m.low[0]), (100.0, 100.03525001816452, 99.27492160206907));
    assert_eq!((m.close[0], m.close[1], m.close[2999]), (99.50469034956768, 99.25724247787545, 124.24974508178074));
    assert_eq!(m.close.iter().sum::<f64>(), 356702.0017288081);
    let range = average_range(&m, 14);
    assert!((range[13] / 0.8943872217777461 - 1.0).abs() < 1e-13);
    assert!((range[2999] / 1.2518323481995335 - 1.0).abs() < 1e-13);
}

#[test]
fn f1_defaults() {
    check(&DEFAULTS);
}

#[test]
fn f2_rare_entries_without_trailing() {
    check(&Case {
        entry_z: 2.0,
        trailing: false,
        max_hold: 20.0,
        trades: 132,
        wins: 72,
        final_equity: 9717.73737581,
        sharpe: -0.52470742,
        fall: -1805.849117,
        fall_percent: -17.531792,
        profit_factor: 0.96164711,
        fees: 840.579861,
        ..DEFAULTS
    });
}

#[test]
fn f3_leverage() {
    check(&Case {
        leverage: 5.0,
        risk: 0.05,
        final_equity: 6910.64094007,
        sharpe: -0.42956038,
        fall: -5651.365550,
        fall_percent: -51.075737,
        profit_factor: 0.93039251,
        fees: 6338.584162,
        ..DEFAULTS
    });
}

#[test]
fn f4_size_capped_by_the_equity() {
    check(&Case {
        risk: 0.1,
        final_equity: 9394.24256562,
        sharpe: -0.71183443,
        fall: -1577.141349,
        fall_percent: -15.361682,
        profit_factor: 0.95793832,
        fees: 2070.138002,
        ..DEFAULTS
    });
}

#[test]
fn f5_expensive() {
    check(&Case {
        fee_bps: 15.0,
        wins: 136,
        final_equity: 6690.74514454,
        sharpe: -8.96310965,
        fall: -3469.327327,
        fall_percent: -34.215330,
        profit_factor: 0.67563456,
        fees: 4331.731530,
        ..DEFAULTS
    });
}

#[test]
fn every_trade_is_what_a_cash_account_would_book() {
    let (summary, trades, _) = run(&DEFAULTS);
    let f = 4.5e-4;
    let mut cash = 10_000.0;
    for trade in &trades {
        let d = if trade.direction == Direction::Long { 1.0 } else { -1.0 };
        let fees = (trade.entry_price + trade.exit_price) * trade.qty * f;
        let pnl = d * (trade.exit_price - trade.entry_price) * trade.qty - fees;
        assert!((trade.pnl - pnl).abs() < 1e-9, "{trade:?}");
        assert!((trade.fees - fees).abs() < 1e-9, "{trade:?}");
        cash += pnl;
    }
    assert!((summary.final_equity - cash).abs() < 1e-8);
}
