//! The end of step 3: arming and ratcheting.

use threadx_kernels::sim::Direction::{Long, Short};
use threadx_kernels::sim::Reason::{ArmedSignal, EndOfData, Stop, TrailingStop};
use threadx_kernels::sim::{Fill, Flags, Numbers, Options, Signals, StopFill};

use crate::desk::{CALM, Row, free, mirror, on, run, values};

/// Up to 118 in bar 2 and back in bars 3 and 4. Bar 2 has a low of 96.
const HILL: [Row; 6] = [
    CALM,
    CALM,
    [100.0, 120.0, 96.0, 118.0],
    [118.0, 119.0, 114.0, 115.0],
    [115.0, 116.0, 104.0, 105.0],
    [105.0, 106.0, 104.0, 105.0],
];

fn long() -> Signals<'static> {
    Signals { enter_long: on(6, &[0]), stop_distance: Numbers::Const(5.0), ..Signals::default() }
}

#[test]
fn the_stop_moves_after_the_test_of_its_bar_and_never_back() {
    // Initial stop 95. The close of 118 moves it to 113, the close of 115 does not move it back to 110.
    let signals = Signals { trail_distance: Numbers::Const(5.0), ..long() };
    assert_eq!(run(&HILL, &free(), &signals).lines(), [(Long, 1, 100.0, 4, 113.0, TrailingStop)]);
    let short = Signals { enter_long: Flags::None, enter_short: on(6, &[0]), ..signals };
    assert_eq!(run(&mirror(&HILL), &free(), &short).lines(), [(Short, 1, 100.0, 4, 87.0, TrailingStop)]);
}

#[test]
fn a_trailed_stop_gaps_like_any_other() {
    let signals = Signals { trail_distance: Numbers::Const(1.0), trail_arm_long: on(6, &[2]), ..long() };
    // The stop of 117 is above the next open of 116.
    let mut rows = HILL;
    rows[3] = [116.0, 119.0, 114.0, 115.0];
    assert_eq!(run(&rows, &free(), &signals).lines(), [(Long, 1, 100.0, 3, 116.0, TrailingStop)]);
}

#[test]
fn a_stop_that_never_moved_keeps_its_name() {
    let rows = [CALM, CALM, CALM, [100.0, 101.0, 94.0, 100.0], CALM, CALM];
    // 100 - 6 is below the initial stop of 95, 100 - 5 is equal to it.
    for distance in [6.0, 5.0, f64::NAN] {
        let signals = Signals { trail_distance: Numbers::Const(distance), ..long() };
        assert_eq!(run(&rows, &free(), &signals).lines(), [(Long, 1, 100.0, 3, 95.0, Stop)]);
    }
}

#[test]
fn a_trail_needs_no_initial_stop() {
    let signals = Signals { stop_distance: Numbers::None, trail_distance: Numbers::Const(5.0), ..long() };
    let outcome = run(&HILL, &free(), &signals);
    // The closes of bars 1 and 2 put it at 95 and 113.
    assert_eq!(outcome.lines(), [(Long, 1, 100.0, 4, 113.0, TrailingStop)]);
    assert!(outcome.trades[0].r_multiple.is_nan());
}

#[test]
fn of_distance_and_price_the_nearer_one_moves_the_stop() {
    let exit = |price: f64| {
        let nan = f64::NAN;
        let trail_price_long = values(&[nan, nan, price, nan, nan, nan]);
        let signals = Signals { trail_distance: Numbers::Const(5.0), trail_price_long, ..long() };
        let line = run(&HILL, &free(), &signals).lines()[0];
        (line.3, line.4)
    };
    assert_eq!(exit(114.5), (3, 114.5));
    assert_eq!(exit(112.0), (4, 113.0));
    assert_eq!(exit(f64::NAN), (4, 113.0));

    // Alone, for a short position: 86 after the close of 82.
    let signals = Signals {
        enter_long: Flags::None,
        enter_short: on(6, &[0]),
        trail_price_long: Numbers::Const(99.0),
        trail_price_short: values(&[f64::NAN, f64::NAN, 86.0, 90.0, f64::NAN, f64::NAN]),
        ..long()
    };
    assert_eq!(run(&mirror(&HILL), &free(), &signals).lines(), [(Short, 1, 100.0, 3, 86.0, TrailingStop)]);
}

#[test]
fn trailing_starts_when_armed_and_stays_armed() {
    let exit = |armed: &[usize]| {
        let signals = Signals { trail_distance: Numbers::Const(5.0), trail_arm_long: on(6, armed), ..long() };
        let line = run(&HILL, &free(), &signals).lines()[0];
        (line.3, line.4, line.5)
    };
    // Armed in bar 1 only: sticky. In bar 2: moves at the same close. In bar 3: from the close of 115 on.
    assert_eq!(exit(&[1]), (4, 113.0, TrailingStop));
    assert_eq!(exit(&[2]), (4, 113.0, TrailingStop));
    assert_eq!(exit(&[3]), (4, 110.0, TrailingStop));
    // Before the trade is not in the trade.
    assert_eq!(exit(&[0]), (5, 105.0, EndOfData));
    assert_eq!(exit(&[]), (5, 105.0, EndOfData));
    // Filled at the close of bar 0, the trade begins after it.
    let signals = Signals { trail_distance: Numbers::Const(5.0), trail_arm_long: on(6, &[0]), ..long() };
    let outcome = run(&HILL, &Options { fill: Fill::Close, ..free() }, &signals);
    assert_eq!(outcome.lines(), [(Long, 0, 100.0, 5, 105.0, EndOfData)]);
}

#[test]
fn each_position_arms_for_itself() {
    let signals = Signals {
        enter_long: on(6, &[0, 3]),
        exit_long: on(6, &[2]),
        trail_distance: Numbers::Const(5.0),
        trail_arm_long: on(6, &[1]),
        ..Signals::default()
    };
    let outcome = run(&HILL, &free(), &signals);
    assert_eq!(outcome.lines()[1], (Long, 4, 115.0, 5, 105.0, EndOfData));
}

#[test]
fn a_multiple_of_the_risk_arms() {
    let reason = |options: &Options, signals: &Signals, close: f64| {
        let peak = [close, close, close, close];
        let rows = [CALM, CALM, peak, [close, close, 100.0, 100.0], CALM, CALM];
        run(&rows, options, signals).trades[0].exit_reason
    };
    let signals = Signals { trail_distance: Numbers::Const(2.0), trail_arm_r: Numbers::Const(2.0), ..long() };
    // Twice the risk of 5 is a close of 110.
    assert_eq!(reason(&free(), &signals, 110.0), TrailingStop);
    assert_eq!(reason(&free(), &signals, 109.75), EndOfData);
    // The open profit is what is left after the entry fee: 10 - 0.1 < 10 <= 10.25 - 0.1.
    let fee = Options { fee_bps: 10.0, ..free() };
    assert_eq!(reason(&fee, &signals, 110.0), EndOfData);
    assert_eq!(reason(&fee, &signals, 110.25), TrailingStop);
    // Without a risk there is no multiple of it; without a number there is no rule.
    let no_stop = Signals { stop_distance: Numbers::None, ..signals };
    assert_eq!(reason(&free(), &no_stop, 150.0), EndOfData);
    let read = |at_signal: f64| Signals { trail_arm_r: values(&[at_signal, 0.0, 0.0, 0.0, 0.0, 0.0]), ..signals };
    assert_eq!(reason(&free(), &read(f64::NAN), 104.0), TrailingStop);
    assert_eq!(reason(&free(), &read(9.0), 104.0), EndOfData);
    // Either rule is enough.
    let either = Signals { trail_arm_long: on(6, &[2]), ..read(9.0) };
    assert_eq!(reason(&free(), &either, 104.0), TrailingStop);
}

#[test]
fn an_armed_exit_counts_from_the_bar_after_the_arming() {
    let exit = |armed: &[usize], wants: &[usize]| {
        let signals = Signals { trail_arm_long: on(6, armed), exit_armed_long: on(6, wants), ..long() };
        let line = run(&[CALM; 6], &free(), &signals).lines()[0];
        (line.3, line.5)
    };
    assert_eq!(exit(&[2], &[1, 2]), (5, EndOfData));
    assert_eq!(exit(&[2], &[1, 2, 3]), (4, ArmedSignal));
    assert_eq!(exit(&[1], &[2]), (3, ArmedSignal));
    // Without a rule for arming, the trail is armed from the start.
    let signals = Signals { exit_armed_long: on(6, &[1]), ..long() };
    assert_eq!(run(&[CALM; 6], &free(), &signals).lines()[0].3, 2);
    let short = Signals { enter_short: on(6, &[0]), exit_armed_short: on(6, &[2]), ..Signals::default() };
    assert_eq!(run(&[CALM; 6], &free(), &short).lines(), [(Short, 1, 100.0, 3, 100.0, ArmedSignal)]);
}

#[test]
fn a_trail_can_be_watched_at_the_close() {
    let options = Options { stop_fill: StopFill::Close, ..free() };
    // The close of 118 moves the stop to 115.5: the close of 115 is below it, and the next open is 115.
    let signals = Signals { trail_distance: Numbers::Const(2.5), ..long() };
    assert_eq!(run(&HILL, &options, &signals).lines(), [(Long, 1, 100.0, 4, 115.0, TrailingStop)]);
    let options = Options { fill: Fill::Close, ..options };
    assert_eq!(run(&HILL, &options, &signals).lines(), [(Long, 0, 100.0, 3, 115.0, TrailingStop)]);
}
