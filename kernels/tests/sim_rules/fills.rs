//! When and at what price orders fill: bars by hand under every option that moves a fill.
//!
//! A table is `open high low close` of each bar after two calm ones, the columns that have a value somewhere, and what each
//! set of options gives. Unless a column says otherwise a long position of 1 unit is wanted at bar 1. There are no costs, and
//! the capital is 10,000. A trade reads `entry bar@price -> exit bar@price reason`.

use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Direction, Flags, Numbers, OptionValue, Options, OrderStatus, RUN_OPTIONS, Reason, Signals, SizeBasis, Trade,
};

use crate::desk::{CALM, Outcome, Row, near, run, values};

/// Where a column has a value, and which; a flag is true there.
type Column<'a> = (&'a str, &'a [(usize, f64)]);

const STOP_95: Column = ("stop_price", &[(1, 95.0)]);
const TARGET_105: Column = ("target_price", &[(1, 105.0)]);
const LONG: Column = ("enter_long", &[(1, 1.0)]);
const SHORT: Column = ("enter_short", &[(1, 1.0)]);

/// Runs a table: each row is options as `name=value, name=value` and the trades.
#[track_caller]
fn fills(bars: &str, columns: &[Column], rows: &[(&str, &str)]) {
    let bars = bars_of(bars);
    let signals = signals_of(bars.len(), columns);
    for (options, expected) in rows {
        assert_eq!(shown(&run(&bars, &options_of(options), &signals)), *expected, "with `{options}`");
    }
}

fn bars_of(text: &str) -> Vec<Row> {
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    let row = |bar: &str| Row::try_from(bar.split_whitespace().map(number).collect::<Vec<_>>()).unwrap();
    [CALM, CALM].into_iter().chain(text.split('|').map(row)).collect()
}

fn signals_of(count: usize, columns: &[Column]) -> Signals<'static> {
    let has = |names: &[&str]| columns.iter().any(|(name, _)| names.contains(name));
    let mut all = columns.to_vec();
    if !has(&["enter_long", "enter_short"]) {
        all.push(LONG);
    }
    if !has(&["qty", "size"]) {
        all.push(("qty", &[(1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0), (5, 1.0)]));
    }
    let mut signals = Signals::default();
    for (name, given) in all {
        let at = |t: usize| given.iter().find(|(bar, _)| *bar == t).map(|(_, value)| *value);
        let bits: &Bits = Box::leak(Box::new(Bits::from_fn(count, |t| at(t).is_some())));
        if !signals.set_flags(name, Flags::Bits(bits.as_slice())) {
            let numbers: Vec<f64> = (0..count).map(|t| at(t).unwrap_or(f64::NAN)).collect();
            assert!(signals.set_numbers(name, values(&numbers)), "no column {name}");
        }
    }
    signals
}

fn options_of(text: &str) -> Options {
    let mut options = Options { fee_bps: 0.0, slippage_bps: 0.0, ..Options::default() };
    for pair in text.split(", ").filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        let option = RUN_OPTIONS.iter().find(|option| option.name == name).unwrap();
        let value = value.parse().map_or(OptionValue::Word(value), OptionValue::Number);
        assert!(option.set(&mut options, value), "{pair}");
    }
    options
}

/// The trades of a run, or the reasons of its rejected orders.
fn shown(outcome: &Outcome) -> String {
    let price = |price: f64| (price * 1e8).round() / 1e8;
    let trade = |t: &Trade| {
        let side = if t.direction == Direction::Short { "short " } else { "" };
        let entry = format!("{side}{}@{}", t.entry_bar, price(t.entry_price));
        match t.exit_reason {
            Reason::Open => format!("{entry} open"),
            reason => format!("{entry} -> {}@{} {}", t.exit_bar, price(t.exit_price), reason.name()),
        }
    };
    let rejected = outcome.orders.iter().filter(|order| order.status == OrderStatus::Rejected);
    let rejected = rejected.map(|order| format!("rejected {}", order.reason.name()));
    let rows: Vec<String> = outcome.trades.iter().map(trade).chain(rejected).collect();
    if rows.is_empty() { "no trade".into() } else { rows.join("; ") }
}

#[test]
fn a_gap_through_the_stop() {
    fills(
        "100 102 98 101 | 101 102 97 98 | 90 92 88 91 | 91 93 90 92",
        &[STOP_95],
        &[
            ("", "2@100 -> 4@90 stop"),
            ("fill=close", "1@100 -> 4@90 stop"),
            ("fill=prev_close", "1@100 -> 4@90 stop"),
            ("stop_fill=close", "2@100 -> 5@91 stop"),
            ("stop_fill=close, fill=close", "1@100 -> 4@91 stop"),
        ],
    );
    fills(
        "100 102 98 101 | 101 104 97 98 | 110 112 108 109 | 100 101 99 100",
        &[SHORT, ("stop_price", &[(1, 105.0)])],
        &[("", "short 2@100 -> 4@110 stop"), ("stop_fill=close", "short 2@100 -> 5@100 stop")],
    );
}

#[test]
fn a_stop_inside_the_bar() {
    fills(
        "100 102 98 101 | 101 102 97 98 | 97 98 94 96 | 96 97 95.5 96",
        &[STOP_95],
        &[
            ("", "2@100 -> 4@95 stop"),
            ("stop_fill=close", "2@100 -> 5@96 end_of_data"),
            ("stop_fill=close, fill=close", "1@100 -> 5@96 end_of_data"),
        ],
    );
}

#[test]
fn a_touch_is_enough_and_a_tick_above_is_not() {
    let touched = "100 102 98 101 | 97 98 95 96 | 96 97 94 95 | 100 101 99 100";
    fills(touched, &[STOP_95], &[("", "2@100 -> 3@95 stop")]);
    let above = "100 102 98 101 | 97 98 95.25 96 | 100 101 99 100";
    fills(above, &[STOP_95], &[("", "2@100 -> 4@100 end_of_data")]);
    let target = "100 102 98 101 | 101 105 97 98 | 100 101 99 100";
    fills(target, &[TARGET_105], &[("", "2@100 -> 3@105 target")]);
}

#[test]
fn a_target_that_is_gapped_in_our_favour() {
    fills(
        "100 102 98 101 | 101 102 97 98 | 108 109 106 107 | 100 101 99 100",
        &[TARGET_105],
        &[
            ("", "2@100 -> 4@108 target"),
            ("intrabar=stop_always", "2@100 -> 4@108 target"),
            ("stop_fill=close", "2@100 -> 5@100 target"),
        ],
    );
}

#[test]
fn stop_and_target_in_one_bar() {
    let nearer_to_stop = "100 102 98 101 | 99 106 94 100 | 100 101 99 100";
    fills(
        nearer_to_stop,
        &[STOP_95, TARGET_105],
        &[
            ("", "2@100 -> 3@95 stop"),
            ("intrabar=target_first", "2@100 -> 3@105 target"),
            ("intrabar=nearest_open", "2@100 -> 3@95 stop"),
            ("intrabar=stop_always", "2@100 -> 3@95 stop"),
        ],
    );
    let nearer_to_target = "100 102 98 101 | 101 106 94 100 | 100 101 99 100";
    fills(
        nearer_to_target,
        &[STOP_95, TARGET_105],
        &[
            ("", "2@100 -> 3@95 stop"),
            ("intrabar=target_first", "2@100 -> 3@105 target"),
            ("intrabar=nearest_open", "2@100 -> 3@105 target"),
        ],
    );
    let between = "100 102 98 101 | 100 106 94 100 | 100 101 99 100";
    fills(between, &[STOP_95, TARGET_105], &[("intrabar=nearest_open", "2@100 -> 3@95 stop")]);
    for bars in [nearer_to_stop, nearer_to_target] {
        let bars = bars_of(bars);
        let signals = signals_of(bars.len(), &[STOP_95, TARGET_105]);
        assert_eq!(run(&bars, &options_of(""), &signals).summary.ambiguous_bars, 1);
    }
}

#[test]
fn an_open_beyond_a_level_comes_first() {
    fills(
        "100 102 98 101 | 107 108 94 96 | 100 101 99 100",
        &[STOP_95, TARGET_105],
        &[
            ("", "2@100 -> 3@107 target"),
            ("intrabar=target_first", "2@100 -> 3@107 target"),
            ("intrabar=nearest_open", "2@100 -> 3@107 target"),
            ("intrabar=stop_always", "2@100 -> 3@95 stop"),
        ],
    );
    fills(
        "100 102 98 101 | 93 106 92 100 | 100 101 99 100",
        &[STOP_95, TARGET_105],
        &[
            ("", "2@100 -> 3@93 stop"),
            ("intrabar=target_first", "2@100 -> 3@93 stop"),
            ("intrabar=stop_always", "2@100 -> 3@93 stop"),
        ],
    );
}

#[test]
fn the_bar_of_the_entry() {
    let stopped = "100 101 94 96 | 96 97 94 95 | 100 101 99 100";
    fills(stopped, &[STOP_95], &[("", "2@100 -> 2@95 stop"), ("fill=close", "1@100 -> 2@95 stop")]);
    let bars = bars_of(stopped);
    assert_eq!(run(&bars, &options_of(""), &signals_of(bars.len(), &[STOP_95])).trades[0].bars_held, 0);
    // A position opened at a close is first tested on the next bar.
    fills(
        "100 101 90 96 | 96 97 95.5 96 | 96 97 94 95 | 100 101 99 100",
        &[("enter_long", &[(2, 1.0)]), ("stop_price", &[(2, 95.0)])],
        &[("fill=close", "2@96 -> 4@95 stop"), ("", "3@96 -> 4@95 stop"), ("fill=prev_close", "2@96 -> 4@95 stop")],
    );
}

#[test]
fn an_entry_beyond_its_own_level() {
    fills(
        "97 99 96 98 | 100 101 99 100",
        &[("stop_price", &[(1, 98.0)])],
        &[("", "2@97 -> 2@97 stop"), ("fill=close", "1@100 -> 2@97 stop")],
    );
    fills(
        "104 106 102 105 | 100 101 99 100",
        &[("target_price", &[(1, 103.0)])],
        &[("", "2@104 -> 2@104 target"), ("fill=close", "1@100 -> 2@104 target")],
    );
}

#[test]
fn reentry_after_a_stop() {
    fills(
        "100 102 98 101 | 101 102 94 98 | 97 98 96 97 | 96 97 95.5 96 | 100 101 99 100",
        &[("enter_long", &[(1, 1.0), (3, 1.0), (4, 1.0), (5, 1.0)]), STOP_95],
        &[
            ("", "2@100 -> 3@95 stop; 4@97 -> 6@100 end_of_data"),
            ("reentry=next_bar", "2@100 -> 3@95 stop; 5@96 -> 6@100 end_of_data"),
            ("reentry=not_after_stop", "2@100 -> 3@95 stop; 5@96 -> 6@100 end_of_data"),
            ("fill=close", "1@100 -> 3@95 stop; 3@98 -> 6@100 end_of_data"),
            ("fill=close, reentry=not_after_stop", "1@100 -> 3@95 stop; 4@97 -> 6@100 end_of_data"),
        ],
    );
}

#[test]
fn reentry_after_a_signal() {
    // `next_bar` forbids the close of bar 3, at which the exit was decided; the exit at the open of bar 4 is not inside it.
    fills(
        "100 102 98 101 | 101 102 99 100 | 97 98 96 97 | 96 97 95.5 96 | 100 101 99 100",
        &[("enter_long", &[(1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0)]), ("exit_long", &[(3, 1.0)])],
        &[
            ("", "2@100 -> 4@97 signal; 4@97 -> 6@100 end_of_data"),
            ("reentry=next_bar", "2@100 -> 4@97 signal; 5@96 -> 6@100 end_of_data"),
            ("reentry=not_after_stop", "2@100 -> 4@97 signal; 4@97 -> 6@100 end_of_data"),
            ("entry_exit_conflict=ignore", "2@100 -> 6@100 end_of_data"),
            ("entry_exit_conflict=exit", "2@100 -> 4@97 signal; 5@96 -> 6@100 end_of_data"),
            ("entry_exit_conflict=entry", "2@100 -> 6@100 end_of_data"),
        ],
    );
}

#[test]
fn a_trailing_stop_counts_from_the_next_bar_and_never_moves_back() {
    // The low of bar 2 is below the stop that its close sets.
    fills(
        "100 106 99 105 | 104.5 105 102 103 | 103 104 101 102 | 100 101 99 100",
        &[STOP_95, ("trail_price_long", &[(0, 97.0), (1, 97.0), (2, 103.0), (3, 102.0), (4, 100.0), (5, 97.0)])],
        &[("", "2@100 -> 3@103 trailing_stop"), ("fill=close", "1@100 -> 3@103 trailing_stop")],
    );
    fills(
        "100 106 99.5 105 | 105 105.5 104 105 | 104.5 105 102 103 | 100 101 99 100",
        &[STOP_95, ("trail_price_long", &[(0, 97.0), (1, 97.0), (2, 103.0), (3, 102.5), (4, 102.0), (5, 98.0)])],
        &[("", "2@100 -> 4@103 trailing_stop")],
    );
}

#[test]
fn an_exit_at_the_open_goes_before_the_stop_of_that_bar() {
    fills(
        "100 102 98 101 | 101 102 99 100 | 98 99 90 92 | 100 101 99 100",
        &[STOP_95, ("exit_long", &[(3, 1.0)])],
        &[
            ("", "2@100 -> 4@98 signal"),
            ("fill=close", "1@100 -> 3@100 signal"),
            ("fill=prev_close", "1@100 -> 3@100 signal"),
        ],
    );
}

#[test]
fn entries_of_the_other_direction() {
    let bars = "100 102 98 101 | 101 102 99 100.5 | 98 99 97 98 | 100 101 99 100";
    let short = ("enter_short", [(3, 1.0)].as_slice());
    // Together with an exit they fill after it, at the same price.
    fills(
        bars,
        &[LONG, short, ("exit_long", &[(3, 1.0)])],
        &[
            ("", "2@100 -> 4@98 signal; short 4@98 -> 5@100 end_of_data"),
            ("fill=close", "1@100 -> 3@100.5 signal; short 3@100.5 -> 5@100 end_of_data"),
            ("on_opposite=close", "2@100 -> 4@98 signal"),
            ("on_opposite=reverse", "2@100 -> 4@98 signal; short 4@98 -> 5@100 end_of_data"),
        ],
    );
    fills(
        bars,
        &[LONG, short],
        &[
            ("", "2@100 -> 5@100 end_of_data"),
            ("on_opposite=close", "2@100 -> 4@98 opposite"),
            ("on_opposite=reverse", "2@100 -> 4@98 opposite; short 4@98 -> 5@100 end_of_data"),
        ],
    );
}

#[test]
fn both_directions_at_once() {
    fills(
        "100 102 98 101 | 100 101 99 100",
        &[LONG, SHORT],
        &[
            ("", "2@100 -> 3@100 end_of_data"),
            ("direction=short", "short 2@100 -> 3@100 end_of_data"),
            ("direction_conflict=short", "short 2@100 -> 3@100 end_of_data"),
            ("direction_conflict=short, direction=long", "2@100 -> 3@100 end_of_data"),
            ("direction_conflict=ignore", "no trade"),
        ],
    );
    // The one that counts decides whether the position is opposed.
    fills(
        "100 102 98 101 | 101 102 99 100.5 | 98 99 97 98 | 100 101 99 100",
        &[("enter_long", &[(1, 1.0), (3, 1.0)]), ("enter_short", &[(3, 1.0)])],
        &[
            ("on_opposite=reverse", "2@100 -> 5@100 end_of_data"),
            (
                "on_opposite=reverse, direction_conflict=short",
                "2@100 -> 4@98 opposite; short 4@98 -> 5@100 end_of_data",
            ),
            ("on_opposite=reverse, direction_conflict=ignore", "2@100 -> 5@100 end_of_data"),
        ],
    );
}

#[test]
fn a_time_exit() {
    fills(
        "100 102 98 101 | 101 102 99 100.5 | 98 99 97 98 | 97 98 96 97",
        &[("max_bars", &[(1, 2.0)])],
        &[("", "2@100 -> 5@97 time"), ("fill=close", "1@100 -> 3@100.5 time")],
    );
}

#[test]
fn the_end_of_the_data() {
    fills(
        "100 102 98 101 | 98 99 97 98.5",
        &[],
        &[
            ("", "2@100 -> 3@98.5 end_of_data"),
            ("final_close=order_price", "2@100 -> 3@98 end_of_data"),
            ("fill=prev_close, final_close=order_price", "1@100 -> 2@101 end_of_data"),
            ("final_close=none", "2@100 open"),
        ],
    );
    // Nothing is decided on the last bar, unless it is a bar like any other.
    fills(
        "100 101 99 100",
        &[("enter_long", &[(2, 1.0)])],
        &[("", "no trade"), ("fill=close", "no trade"), ("fill=close, final_close=none", "2@100 open")],
    );
}

#[test]
fn which_fills_slip() {
    fills(
        "100 102 98 101 | 101 102 97 98 | 90 92 88 91 | 100 101 99 100",
        &[STOP_95],
        &[
            ("slippage_bps=100", "2@101 -> 4@89.1 stop"),
            ("slippage_bps=100, slippage_on=all", "2@101 -> 4@89.1 stop"),
            ("slippage_bps=100, slippage_on=market", "2@101 -> 4@90 stop"),
            ("slippage_bps=100, slippage_on=entry", "2@101 -> 4@90 stop"),
        ],
    );
    fills(
        "100 102 98 101 | 101 106 97 98 | 100 101 99 100",
        &[TARGET_105],
        &[
            ("slippage_bps=100", "2@101 -> 3@105 target"),
            ("slippage_bps=100, slippage_on=all", "2@101 -> 3@103.95 target"),
            ("slippage_bps=100, slippage_on=market", "2@101 -> 3@105 target"),
        ],
    );
    let signal = "100 102 98 101 | 102 103 101 102 | 100 101 99 100";
    fills(
        signal,
        &[("exit_long", &[(2, 1.0)])],
        &[
            ("slippage_bps=100", "2@101 -> 3@100.98 signal"),
            ("slippage_bps=100, slippage_on=entry", "2@101 -> 3@102 signal"),
            ("slippage_bps=100, slippage_on=market", "2@101 -> 3@100.98 signal"),
        ],
    );
    fills(
        signal,
        &[SHORT, ("exit_short", &[(2, 1.0)])],
        &[
            ("slippage_bps=100", "short 2@99 -> 3@103.02 signal"),
            ("slippage_bps=100, slippage_on=entry", "short 2@99 -> 3@102 signal"),
        ],
    );
}

#[test]
fn what_is_too_small_or_too_large() {
    let bars = bars_of("300 302 298 301 | 100 101 99 100");
    let whole = signals_of(bars.len(), &[("size", &[(1, 1.0)])]);
    let outcome = |options| run(&bars, &options_of(options), &whole);
    assert_eq!(outcome("initial_capital=1000, lot_size=1").trades[0].qty, 3.0);
    assert_eq!(shown(&outcome("initial_capital=200, lot_size=1")), "rejected zero_qty");
    assert_eq!(shown(&outcome("initial_capital=1000, lot_size=1, min_qty=4")), "rejected below_min_qty");

    let bars = bars_of("100 102 98 101 | 100 101 99 100");
    let large = signals_of(bars.len(), &[("qty", &[(1, 150.0)])]);
    assert_eq!(run(&bars, &options_of(""), &large).trades[0].qty, 100.0);
    assert_eq!(shown(&run(&bars, &options_of("over_budget=reject"), &large)), "rejected over_budget");
    // Only a quantity or a notional asks for more than there is; a fraction is cut to what fits with its fee.
    let whole = signals_of(bars.len(), &[("size", &[(1, 1.0)])]);
    let outcome = run(&bars, &options_of("over_budget=reject, fee_bps=10"), &whole);
    near(outcome.trades[0].qty, 10_000.0 / 100.1);
}

#[test]
fn quantities_that_are_given_are_counted_in_lots() {
    let bars = bars_of("100 102 98 101 | 100 101 99 100");
    let given = signals_of(bars.len(), &[("qty", &[(1, 0.3)])]);
    for &basis in SizeBasis::ALL {
        let options = options_of(&format!("size_basis={}, lot_size=0.1", basis.name()));
        let expected = if basis == SizeBasis::Cash { 0.2 } else { 0.3 };
        near(run(&bars, &options, &given).trades[0].qty, expected);
    }
}

#[test]
fn a_round_trip_at_one_price_costs_two_fees_and_two_slippages() {
    // Options, size, leverage; quantity, fees and final equity.
    let rows = [
        ("", f64::NAN, 1.0, 99.85017481269358, 19.970034962538715, 9970.044947556193),
        ("fee_fixed=2", f64::NAN, 1.0, 99.83020477773103, 23.96604095554621, 9966.050938566681),
        ("size_basis=cash", f64::NAN, 1.0, 99.85017481269357, 19.970034962538712, 9970.044947556193),
        ("size_basis=buying_power", f64::NAN, 1.0, 99.85022466300548, 19.970044932601095, 9970.044932601098),
        ("size_basis=buying_power, lot_size=1", f64::NAN, 1.0, 99.0, 19.8, 9970.300000000001),
        ("", 10.0, 10.0, 989.6042077970916, 197.9208415594183, 9703.118737660874),
        ("size_basis=buying_power", f64::NAN, 10.0, 998.5022466300547, 199.70044932601093, 9700.449326010985),
    ];
    for (options, size, leverage, qty, fees, equity) in rows {
        let options = Options { fee_bps: 10.0, slippage_bps: 5.0, ..options_of(options) };
        let all = signals_of(4, &[LONG, ("leverage", &[(1, leverage)])]);
        let mut signals = Signals { qty: Numbers::None, ..all };
        if !size.is_nan() {
            signals.size = values(&[size; 4]);
        }
        let outcome = run(&[[100.0; 4]; 4], &options, &signals);
        let trade = &outcome.trades[0];
        near(trade.entry_price, 100.05);
        near(trade.exit_price, 99.95);
        near(trade.qty, qty);
        near(trade.fees, fees);
        near(outcome.summary.final_equity, equity);
        let fixed = 2.0 * options.fee_fixed;
        let costs = trade.qty * 100.0 * (0.0005 * 2.0 + 0.001 * (1.0005 + 0.9995)) + fixed;
        assert!((10_000.0 - equity - costs).abs() < 1e-9, "{costs}");
    }
}
