//! Step 2: stops and targets inside a bar.

use threadx_kernels::sim::Direction::{Long, Short};
use threadx_kernels::sim::Reason::{EndOfData, Stop, Target};
use threadx_kernels::sim::{Fill, Flags, Intrabar, Numbers, Options, Reason, Signals};

use crate::desk::{CALM, Outcome, Row, free, mirror, near, on, run, values};

/// A position from the open of bar 1 at 100 with its stop 5 and its target 10 away; `event` is bar 2.
fn long_in(event: Row, options: &Options) -> Outcome {
    let signals = Signals {
        enter_long: on(4, &[0]),
        stop_distance: Numbers::Const(5.0),
        target_distance: Numbers::Const(10.0),
        ..Signals::default()
    };
    run(&[CALM, CALM, event, CALM], options, &signals)
}

/// The long position on `event` and a short one on its mirror image both end in bar 2 at this price.
#[track_caller]
fn ends(event: Row, options: &Options, price: f64, reason: Reason, ambiguous: usize) {
    let long = long_in(event, options);
    assert_eq!(long.lines(), [(Long, 1, 100.0, 2, price, reason)]);
    assert_eq!(long.summary.ambiguous_bars, ambiguous);

    let signals = Signals {
        enter_short: on(4, &[0]),
        stop_distance: Numbers::Const(5.0),
        target_distance: Numbers::Const(10.0),
        ..Signals::default()
    };
    let short = run(&mirror(&[CALM, CALM, event, CALM]), options, &signals);
    assert_eq!(short.lines(), [(Short, 1, 100.0, 2, 200.0 - price, reason)]);
    assert_eq!(short.summary.ambiguous_bars, ambiguous);
}

#[test]
fn a_gap_through_the_stop_fills_at_the_open() {
    ends([94.0, 96.0, 93.0, 95.5], &free(), 94.0, Stop, 0);
    ends([95.0, 96.0, 94.0, 95.5], &free(), 95.0, Stop, 0);
}

#[test]
fn the_stop_fills_at_its_level() {
    ends([100.0, 101.0, 94.0, 96.0], &free(), 95.0, Stop, 0);
    ends([100.0, 101.0, 95.0, 96.0], &free(), 95.0, Stop, 0);
}

#[test]
fn a_bar_between_the_levels_ends_nothing() {
    let outcome = long_in([100.0, 109.75, 95.25, 108.0], &free());
    assert_eq!(outcome.lines(), [(Long, 1, 100.0, 3, 100.0, EndOfData)]);
}

#[test]
fn the_target_fills_at_its_level_or_at_a_better_open() {
    ends([100.0, 115.0, 99.0, 105.0], &free(), 110.0, Target, 0);
    ends([100.0, 110.0, 99.0, 105.0], &free(), 110.0, Target, 0);
    ends([112.0, 113.0, 111.0, 112.0], &free(), 112.0, Target, 0);
    ends([110.0, 113.0, 109.0, 112.0], &free(), 110.0, Target, 0);
}

#[test]
fn both_levels_in_one_bar_are_decided_by_the_option() {
    let first = |intrabar| Options { intrabar, ..free() };
    let both = [100.0, 111.0, 94.0, 100.0];
    ends(both, &first(Intrabar::StopFirst), 95.0, Stop, 1);
    ends(both, &first(Intrabar::TargetFirst), 110.0, Target, 1);
    // From the open to the stop and to the target: 5 and 10; 9 and 6; 7.5 and 7.5.
    ends(both, &first(Intrabar::NearestOpen), 95.0, Stop, 1);
    ends([104.0, 111.0, 94.0, 100.0], &first(Intrabar::NearestOpen), 110.0, Target, 1);
    ends([102.5, 111.0, 94.0, 100.0], &first(Intrabar::NearestOpen), 95.0, Stop, 1);
}

#[test]
fn one_level_is_enough_whatever_the_option() {
    for &intrabar in Intrabar::ALL {
        let options = Options { intrabar, ..free() };
        ends([104.0, 105.0, 94.0, 100.0], &options, 95.0, Stop, 0);
        ends([96.0, 111.0, 95.5, 100.0], &options, 110.0, Target, 0);
        // The open decides before the rest of the bar, also when it is exactly at a level.
        ends([94.0, 115.0, 93.0, 100.0], &options, 94.0, Stop, 0);
        ends([95.0, 111.0, 94.0, 100.0], &options, 95.0, Stop, 0);
        if intrabar != Intrabar::StopAlways {
            ends([112.0, 113.0, 90.0, 100.0], &options, 112.0, Target, 0);
            ends([110.0, 113.0, 90.0, 100.0], &options, 110.0, Target, 0);
        }
    }
}

#[test]
fn stops_and_market_orders_slip_and_targets_do_not() {
    // Entry at 100 * 1.01 = 101, stop 96, target 111.
    let options = Options { slippage_bps: 100.0, ..free() };
    let exit = |event| {
        let outcome = long_in(event, &options);
        near(outcome.trades[0].entry_price, 101.0);
        outcome.trades[0].exit_price
    };
    near(exit([100.0, 101.0, 95.0, 97.0]), 96.0 * 0.99);
    near(exit([94.0, 95.0, 93.0, 94.0]), 94.0 * 0.99);
    near(exit([100.0, 112.0, 99.0, 100.0]), 111.0);
    near(exit([113.0, 114.0, 112.0, 113.0]), 113.0);
    // Nothing happens, and the last close of 100 is a market order.
    near(exit(CALM), 99.0);

    // A short position sells at 99 and buys back higher: stop 104.
    let signals = Signals { enter_short: on(4, &[0]), stop_distance: Numbers::Const(5.0), ..Signals::default() };
    let outcome = run(&[CALM, CALM, [100.0, 105.0, 99.0, 100.0], CALM], &options, &signals);
    near(outcome.trades[0].entry_price, 99.0);
    near(outcome.trades[0].exit_price, 104.0 * 1.01);
}

#[test]
fn a_position_opened_at_the_open_is_tested_on_that_bar() {
    let signals = Signals {
        enter_long: on(3, &[0]),
        stop_distance: Numbers::Const(5.0),
        target_distance: Numbers::Const(10.0),
        ..Signals::default()
    };
    let stopped = run(&[CALM, [100.0, 101.0, 94.0, 96.0], CALM], &free(), &signals);
    assert_eq!(stopped.lines(), [(Long, 1, 100.0, 1, 95.0, Stop)]);
    assert_eq!((stopped.trades[0].bars_held, stopped.summary.bars_in_market), (0, 1));
    let both = run(&[CALM, [100.0, 112.0, 94.0, 96.0], CALM], &free(), &signals);
    assert_eq!(both.lines(), [(Long, 1, 100.0, 1, 95.0, Stop)]);
    assert_eq!(both.summary.ambiguous_bars, 1);
    assert_eq!(both.curve.equity, [1000.0, 950.0, 950.0]);
}

#[test]
fn a_position_opened_at_a_close_is_first_tested_on_the_next_bar() {
    let signals = Signals { enter_long: on(3, &[0]), stop_distance: Numbers::Const(5.0), ..Signals::default() };
    let options = Options { fill: Fill::Close, ..free() };
    let deep = [100.0, 120.0, 80.0, 100.0];
    let outcome = run(&[deep, CALM, CALM], &options, &signals);
    assert_eq!(outcome.lines(), [(Long, 0, 100.0, 2, 100.0, EndOfData)]);
    let outcome = run(&[CALM, deep, CALM], &options, &signals);
    assert_eq!(outcome.lines(), [(Long, 0, 100.0, 1, 95.0, Stop)]);
}

#[test]
fn of_distance_and_price_the_nearer_one_counts() {
    let event = [100.0, 130.0, 70.0, 100.0];
    let exit = |stop_price: f64, target_price: f64, intrabar| {
        let signals = Signals {
            enter_long: on(4, &[0]),
            stop_distance: Numbers::Const(5.0),
            stop_price: Numbers::Const(stop_price),
            target_distance: Numbers::Const(10.0),
            target_price: Numbers::Const(target_price),
            ..Signals::default()
        };
        let long = run(&[CALM, CALM, event, CALM], &Options { intrabar, ..free() }, &signals).trades[0].exit_price;
        let signals = Signals {
            enter_long: Flags::None,
            enter_short: on(4, &[0]),
            stop_price: Numbers::Const(200.0 - stop_price),
            target_price: Numbers::Const(200.0 - target_price),
            ..signals
        };
        let short = run(&[CALM, CALM, event, CALM], &Options { intrabar, ..free() }, &signals).trades[0].exit_price;
        assert_eq!(short, 200.0 - long);
        long
    };
    assert_eq!(exit(97.0, f64::NAN, Intrabar::StopFirst), 97.0);
    assert_eq!(exit(93.0, f64::NAN, Intrabar::StopFirst), 95.0);
    assert_eq!(exit(f64::NAN, f64::NAN, Intrabar::StopFirst), 95.0);
    assert_eq!(exit(f64::NAN, 107.0, Intrabar::TargetFirst), 107.0);
    assert_eq!(exit(f64::NAN, 113.0, Intrabar::TargetFirst), 110.0);
    assert_eq!(exit(f64::NAN, f64::NAN, Intrabar::TargetFirst), 110.0);
}

#[test]
fn the_levels_are_read_at_the_signal_bar() {
    let signals = Signals {
        enter_long: on(4, &[0]),
        stop_distance: values(&[5.0, 1.0, 1.0, 1.0]),
        target_distance: values(&[f64::NAN, 1.0, 1.0, 1.0]),
        ..Signals::default()
    };
    let outcome = run(&[CALM, CALM, [100.0, 120.0, 94.0, 100.0], CALM], &free(), &signals);
    assert_eq!(outcome.lines(), [(Long, 1, 100.0, 2, 95.0, Stop)]);
    assert_eq!(outcome.summary.ambiguous_bars, 0);
}

#[test]
fn a_level_that_the_fill_has_already_passed_is_hit_at_once() {
    let rows = |open: f64| [CALM, [open, open + 1.0, open - 1.0, open], CALM];
    let long = |stop: f64, target: f64| Signals {
        enter_long: on(3, &[0]),
        stop_price: Numbers::Const(stop),
        target_price: Numbers::Const(target),
        ..Signals::default()
    };
    // The stop at 98 was below the close, but the next open is 97.
    let outcome = run(&rows(97.0), &free(), &long(98.0, 110.0));
    assert_eq!(outcome.lines(), [(Long, 1, 97.0, 1, 97.0, Stop)]);
    let outcome = run(&rows(107.0), &free(), &long(98.0, 105.0));
    assert_eq!(outcome.lines(), [(Long, 1, 107.0, 1, 107.0, Target)]);

    // A negative distance puts the stop above the fill.
    let signals = Signals { enter_long: on(3, &[0]), stop_distance: Numbers::Const(-2.0), ..Signals::default() };
    let outcome = run(&rows(100.0), &free(), &signals);
    assert_eq!(outcome.lines(), [(Long, 1, 100.0, 1, 100.0, Stop)]);
    assert!(outcome.trades[0].r_multiple.is_nan());
    let signals = Signals { enter_short: on(3, &[0]), stop_distance: Numbers::Const(-2.0), ..Signals::default() };
    assert_eq!(run(&rows(100.0), &free(), &signals).lines(), [(Short, 1, 100.0, 1, 100.0, Stop)]);
}
