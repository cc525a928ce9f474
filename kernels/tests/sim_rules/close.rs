//! Steps 1, 3 and 4: what a close decides, and where it is executed.

use threadx_kernels::sim::Direction::{Long, Short};
use threadx_kernels::sim::Reason::{ArmedSignal, EndOfData, Signal, Stop, Target, Time};
use threadx_kernels::sim::{DirectionFilter, Fill, Flags, Numbers, Options, Reason, Reentry, Signals, StopFill};

use crate::desk::{CALM, Outcome, Row, free, near, on, run, values};

/// Bars whose opens and closes are all different: bar `t` opens at `100 + 10 t` and closes 4 higher.
fn stairs(count: usize) -> Vec<Row> {
    (0..count).map(|t| 100.0 + 10.0 * t as f64).map(|o| [o, o + 5.0, o - 1.0, o + 4.0]).collect()
}

fn at_close() -> Options {
    Options { fill: Fill::Close, ..free() }
}

#[test]
fn a_decision_is_executed_at_the_next_open_or_at_the_close() {
    let signals = Signals { enter_long: on(6, &[1]), exit_long: on(6, &[3]), ..Signals::default() };
    assert_eq!(run(&stairs(6), &free(), &signals).lines(), [(Long, 2, 120.0, 4, 140.0, Signal)]);
    assert_eq!(run(&stairs(6), &at_close(), &signals).lines(), [(Long, 1, 114.0, 3, 134.0, Signal)]);
    let signals = Signals { enter_short: on(6, &[1]), exit_short: on(6, &[3]), ..Signals::default() };
    assert_eq!(run(&stairs(6), &free(), &signals).lines(), [(Short, 2, 120.0, 4, 140.0, Signal)]);
    assert_eq!(run(&stairs(6), &at_close(), &signals).lines(), [(Short, 1, 114.0, 3, 134.0, Signal)]);
}

#[test]
fn columns_of_the_other_direction_and_columns_while_flat_do_nothing() {
    let signals = Signals {
        enter_long: on(6, &[1]),
        enter_short: on(6, &[2, 3]),
        exit_long: on(6, &[0]),
        exit_short: Flags::Const(true),
        exit_armed_short: Flags::Const(true),
        ..Signals::default()
    };
    assert_eq!(run(&stairs(6), &free(), &signals).lines(), [(Long, 2, 120.0, 5, 154.0, EndOfData)]);
}

#[test]
fn an_exit_on_the_entry_bar_counts_when_the_entry_was_at_its_open() {
    let signals = Signals { enter_long: on(5, &[0]), exit_long: on(5, &[0, 1]), ..Signals::default() };
    assert_eq!(run(&stairs(5), &free(), &signals).lines(), [(Long, 1, 110.0, 2, 120.0, Signal)]);
    // At a close the entry comes after the exit, so that bar 0 does not count.
    assert_eq!(run(&stairs(5), &at_close(), &signals).lines(), [(Long, 0, 104.0, 1, 114.0, Signal)]);
}

#[test]
fn the_time_exit_counts_bars_from_the_entry_fill() {
    let exit = |options: &Options, max_bars: f64| {
        let signals = Signals { enter_long: on(8, &[0]), max_bars: Numbers::Const(max_bars), ..Signals::default() };
        let outcome = run(&stairs(8), options, &signals);
        (outcome.trades[0].exit_bar, outcome.trades[0].exit_reason)
    };
    // Filled at the open of bar 1; at the close of bar 1 + max_bars the exit is decided for the next open.
    for (max_bars, bar) in [(-1.0, 2), (0.0, 2), (1.0, 3), (2.0, 4), (2.5, 5)] {
        assert_eq!(exit(&free(), max_bars), (bar, Time), "{max_bars}");
    }
    // Filled at the close of bar 0, first asked at the close of bar 1.
    for (max_bars, bar) in [(-1.0, 1), (0.0, 1), (1.0, 1), (2.0, 2), (2.5, 3)] {
        assert_eq!(exit(&at_close(), max_bars), (bar, Time), "{max_bars}");
    }
    for never in [f64::NAN, f64::INFINITY, 1e300, 8.0] {
        assert_eq!(exit(&free(), never), (7, EndOfData));
        assert_eq!(exit(&at_close(), never), (7, EndOfData));
    }
    // Read at the signal bar.
    let max_bars = values(&[3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let signals = Signals { enter_long: on(8, &[0]), max_bars, ..Signals::default() };
    assert_eq!(run(&stairs(8), &free(), &signals).lines()[0].3, 5);
}

/// A long position from the open of bar 1 at 100, stop 95 and target 110, watched at the close; `event` is bar 2.
fn watched(event: Row, fill: Fill, change: impl Fn(&mut Signals)) -> Outcome {
    let mut signals = Signals {
        enter_long: on(5, &[0]),
        stop_distance: Numbers::Const(5.0),
        target_distance: Numbers::Const(10.0),
        ..Signals::default()
    };
    change(&mut signals);
    let options = Options { fill, stop_fill: StopFill::Close, slippage_bps: 100.0, ..free() };
    run(&[CALM, [100.0, 101.0, 99.0, 100.0], event, [98.0, 99.0, 97.0, 98.0], CALM], &options, &signals)
}

#[test]
fn watched_at_the_close_a_level_inside_the_bar_is_not_hit() {
    let outcome = watched([100.0, 130.0, 70.0, 100.0], Fill::NextOpen, |_| {});
    assert_eq!(outcome.trades[0].exit_reason, EndOfData);
    assert_eq!(outcome.summary.ambiguous_bars, 0);
}

#[test]
fn watched_at_the_close_the_exit_is_a_market_order() {
    // Entry at 101: stop 96, target 111.
    let exit = |close: f64, fill| {
        let outcome = watched([100.0, 130.0, 70.0, close], fill, |_| {});
        (outcome.trades[0].exit_bar, outcome.trades[0].exit_price, outcome.trades[0].exit_reason)
    };
    for (close, reason) in [(96.0, Stop), (90.0, Stop), (111.0, Target), (120.0, Target)] {
        let (bar, price, why) = exit(close, Fill::Close);
        assert_eq!((bar, why), (2, reason));
        near(price, close * 0.99);
        let (bar, price, why) = exit(close, Fill::NextOpen);
        assert_eq!((bar, why), (3, reason));
        near(price, 98.0 * 0.99);
    }
}

#[test]
fn the_first_rule_that_holds_names_the_exit() {
    let all = |event: Row, change: fn(&mut Signals)| {
        let outcome = watched(event, Fill::NextOpen, |signals| {
            signals.exit_long = on(5, &[2]);
            signals.exit_armed_long = on(5, &[2]);
            signals.max_bars = Numbers::Const(1.0);
            change(signals);
        });
        assert_eq!(outcome.trades[0].exit_bar, 3);
        outcome.trades[0].exit_reason
    };
    let nothing = |_: &mut Signals| {};
    assert_eq!(all([100.0, 101.0, 90.0, 95.0], nothing), Stop);
    assert_eq!(all([100.0, 120.0, 99.0, 115.0], nothing), Target);
    assert_eq!(all(CALM, nothing), Signal);
    assert_eq!(all(CALM, |signals| signals.exit_long = Flags::None), ArmedSignal);
    let only_time = |signals: &mut Signals| {
        signals.exit_long = Flags::None;
        signals.exit_armed_long = Flags::None;
    };
    assert_eq!(all(CALM, only_time), Time);

    // A close beyond both levels: the stop is asked first.
    let outcome = watched(CALM, Fill::NextOpen, |signals| {
        signals.stop_price = Numbers::Const(105.0);
        signals.target_price = Numbers::Const(80.0);
    });
    assert_eq!((outcome.trades[0].exit_bar, outcome.trades[0].exit_reason), (2, Stop));
}

#[test]
fn an_exit_decided_at_a_close_comes_before_the_stop_of_the_next_bar() {
    let signals = Signals {
        enter_long: on(5, &[0]),
        exit_long: on(5, &[2]),
        stop_distance: Numbers::Const(5.0),
        ..Signals::default()
    };
    let outcome = run(&[CALM, CALM, CALM, [90.0, 91.0, 80.0, 85.0], CALM], &free(), &signals);
    assert_eq!(outcome.lines(), [(Long, 1, 100.0, 3, 90.0, Signal)]);
    assert_eq!(outcome.summary.bars_in_market, 2);
}

#[test]
fn long_comes_before_short_and_the_filter_picks() {
    let signals = Signals { enter_long: Flags::Const(true), enter_short: Flags::Const(true), ..Signals::default() };
    let first = |direction| run(&stairs(4), &Options { direction, ..free() }, &signals).lines()[0].0;
    assert_eq!(first(DirectionFilter::Both), Long);
    assert_eq!(first(DirectionFilter::Long), Long);
    assert_eq!(first(DirectionFilter::Short), Short);

    // What the filter forbids is not an order: no row, no rejection.
    let signals = Signals { enter_short: Flags::Const(true), ..Signals::default() };
    let outcome = run(&stairs(4), &Options { direction: DirectionFilter::Long, ..free() }, &signals);
    assert!(outcome.orders.is_empty() && outcome.summary.rejected_orders == 0);
}

#[test]
fn a_reversal_leaves_and_enters_in_one_bar() {
    let signals =
        Signals { enter_long: on(6, &[0]), exit_long: on(6, &[2]), enter_short: on(6, &[2]), ..Signals::default() };
    let expected = [(Long, 1, 110.0, 3, 130.0, Signal), (Short, 3, 130.0, 5, 154.0, EndOfData)];
    let outcome = run(&stairs(6), &free(), &signals);
    assert_eq!(outcome.lines(), expected);
    assert_eq!((outcome.trades[0].position_id, outcome.trades[1].position_id), (1, 2));
    // 1000 / 110 * 130 = 1181.8181..., then a short at 130 marked at 134: two factors, one return.
    near(outcome.curve.equity[3], 1000.0 * (130.0 / 110.0) * (1.0 - 4.0 / 130.0));
    near(outcome.curve.ret[3], (130.0 / 124.0) * (1.0 - 4.0 / 130.0) - 1.0);
    // Bars 1, 2 and 3, 4, 5: bar 3 counts once.
    assert_eq!(outcome.summary.bars_in_market, 5);
    // At the close: out and in at 124.
    let expected = [(Long, 0, 104.0, 2, 124.0, Signal), (Short, 2, 124.0, 5, 154.0, EndOfData)];
    assert_eq!(run(&stairs(6), &at_close(), &signals).lines(), expected);
}

#[test]
fn entering_again_on_the_bar_of_the_exit_is_an_option() {
    let rows = [CALM, CALM, [100.0, 101.0, 90.0, 100.0], CALM, CALM, CALM, CALM];
    let entries = |fill, reentry, signals: &Signals| {
        let outcome = run(&rows, &Options { fill, reentry, ..free() }, signals);
        outcome.trades.iter().map(|t| (t.entry_bar, t.exit_reason)).collect::<Vec<(usize, Reason)>>()
    };
    // Stopped inside bar 2.
    let stop = Signals { enter_long: Flags::Const(true), stop_distance: Numbers::Const(5.0), ..Signals::default() };
    assert_eq!(entries(Fill::NextOpen, Reentry::SameBar, &stop), [(1, Stop), (3, EndOfData)]);
    assert_eq!(entries(Fill::NextOpen, Reentry::NextBar, &stop), [(1, Stop), (4, EndOfData)]);
    assert_eq!(entries(Fill::Close, Reentry::SameBar, &stop), [(0, Stop), (2, EndOfData)]);
    assert_eq!(entries(Fill::Close, Reentry::NextBar, &stop), [(0, Stop), (3, EndOfData)]);
    // Decided at the close of bar 2.
    let signal = Signals { enter_long: Flags::Const(true), exit_long: on(7, &[2]), ..Signals::default() };
    assert_eq!(entries(Fill::NextOpen, Reentry::SameBar, &signal), [(1, Signal), (3, EndOfData)]);
    // Bar 3, at whose open the exit is filled, decides again.
    assert_eq!(entries(Fill::NextOpen, Reentry::NextBar, &signal), [(1, Signal), (4, EndOfData)]);
    assert_eq!(entries(Fill::Close, Reentry::SameBar, &signal), [(0, Signal), (2, EndOfData)]);
    assert_eq!(entries(Fill::Close, Reentry::NextBar, &signal), [(0, Signal), (3, EndOfData)]);
}

#[test]
fn the_last_bar_decides_nothing() {
    let enter = |bars: &[usize]| Signals { enter_long: on(4, bars), ..Signals::default() };
    assert!(run(&stairs(4), &free(), &enter(&[3])).orders.is_empty());
    assert!(run(&stairs(4), &at_close(), &enter(&[3])).orders.is_empty());
    // Decided on the bar before, an entry still has the last open, and leaves at the last close.
    assert_eq!(run(&stairs(4), &free(), &enter(&[2])).lines(), [(Long, 3, 130.0, 3, 134.0, EndOfData)]);
    assert_eq!(run(&stairs(4), &at_close(), &enter(&[2])).lines(), [(Long, 2, 124.0, 3, 134.0, EndOfData)]);
    // So has an exit; and on the last bar itself the end comes without a reason of its own.
    let leave = |bar| Signals { exit_long: on(4, &[bar]), ..enter(&[0]) };
    assert_eq!(run(&stairs(4), &free(), &leave(2)).lines(), [(Long, 1, 110.0, 3, 130.0, Signal)]);
    assert_eq!(run(&stairs(4), &free(), &leave(3)).lines(), [(Long, 1, 110.0, 3, 134.0, EndOfData)]);
    assert_eq!(run(&stairs(4), &at_close(), &leave(3)).lines(), [(Long, 0, 104.0, 3, 134.0, EndOfData)]);
    // A stop inside the last bar was there before it.
    let stop = Signals { stop_distance: Numbers::Const(5.0), ..enter(&[0]) };
    let rows = [CALM, CALM, [100.0, 101.0, 90.0, 92.0]];
    let stop = Signals { enter_long: on(3, &[0]), ..stop };
    assert_eq!(run(&rows, &free(), &stop).lines(), [(Long, 1, 100.0, 2, 95.0, Stop)]);
}
