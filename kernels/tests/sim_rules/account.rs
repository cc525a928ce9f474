//! Sections 2.5 and 3: the equity, liquidation, ruin and the end of the range.

use threadx_kernels::sim::Direction::{Long, Short};
use threadx_kernels::sim::Reason::{EndOfData, Liquidation, NoEquity, Ruined, Signal, Stop};
use threadx_kernels::sim::{Fill, Flags, Numbers, Options, OrderStatus, Reason, Record, Side, Signals, StopFill};

use crate::desk::{CALM, Outcome, Row, free, near, on, run};

/// One bar at one price.
const fn dot(price: f64) -> Row {
    [price; 4]
}

#[test]
fn a_round_trip_at_a_flat_price_loses_two_fees_and_two_slippages() {
    let options = Options { fee_bps: 10.0, slippage_bps: 20.0, ..free() };
    for short in [false, true] {
        let mut signals = Signals { notional: Numbers::Const(500.0), ..Signals::default() };
        let (enter, exit) = (on(4, &[0]), on(4, &[1]));
        if short {
            (signals.enter_short, signals.exit_short) = (enter, exit);
        } else {
            (signals.enter_long, signals.exit_long) = (enter, exit);
        }
        let outcome = run(&[dot(100.0); 4], &options, &signals);
        // Long: buys 500 / 100.2 at 100.2, sells at 99.8. Short: sells 500 / 99.8 at 99.8, buys at 100.2.
        let (buy, sell) = (100.2, 99.8);
        let qty = 500.0 / if short { sell } else { buy };
        let (slippage, fees) = (qty * (buy - sell), qty * (buy + sell) * 0.001);
        near(outcome.summary.final_equity, 1000.0 - slippage - fees);
        let trade = outcome.trades[0];
        near(trade.qty, qty);
        near(trade.notional, 500.0);
        near(trade.fees, fees);
        near(trade.gross_pnl, -slippage);
        near(trade.pnl, -slippage - fees);
        near(trade.return_, trade.pnl / 500.0);
        near(outcome.summary.fees, fees);
        near(outcome.summary.traded_notional, qty * (buy + sell));
        near(outcome.orders[0].fee + outcome.orders[1].fee, fees);
    }
}

#[test]
fn the_curve_of_a_trade_with_costs() {
    // Half of 1000 at 100 with a fee of 1 %: 5 units, fee 5.
    let options = Options { fee_bps: 100.0, ..free() };
    let signals = Signals {
        enter_long: on(5, &[0]),
        exit_long: on(5, &[2]),
        size: Numbers::Const(0.5),
        stop_distance: Numbers::Const(20.0),
        ..Signals::default()
    };
    let rows = [dot(100.0), [100.0, 112.0, 96.0, 110.0], [110.0, 111.0, 90.0, 92.0], [120.0; 4], [50.0; 4]];
    let outcome = run(&rows, &options, &signals);
    assert_eq!(outcome.lines(), [(Long, 1, 100.0, 3, 120.0, Signal)]);
    // 995 + 5 * 10; 995 - 5 * 8; 995 + 5 * 20 - 6.
    for (got, expected) in outcome.curve.equity.iter().zip([1000.0, 1045.0, 955.0, 1089.0, 1089.0]) {
        near(*got, expected);
    }
    assert!(outcome.curve.ret[0].is_nan());
    let returns = [1045.0 / 1000.0 - 1.0, 955.0 / 1045.0 - 1.0, 1089.0 / 955.0 - 1.0, 0.0];
    for (got, expected) in outcome.curve.ret[1..].iter().zip(returns) {
        near(*got, expected);
    }
    for (got, expected) in outcome.curve.drawdown.iter().zip([0.0, 0.0, 955.0 / 1045.0 - 1.0, 0.0, 0.0]) {
        near(*got, expected);
    }
    assert_eq!(outcome.curve.net_qty, [0.0, 5.0, 5.0, 0.0, 0.0]);
    assert_eq!(outcome.curve.direction, [None, Some(Long), Some(Long), None, None]);

    let summary = &outcome.summary;
    near(summary.sum_returns, returns.iter().sum());
    near(summary.sum_squares, returns.iter().map(|r| r * r).sum());
    near(summary.sum_downside, (955.0_f64 / 1045.0 - 1.0).powi(2));
    near(summary.mean_equity, (1000.0 + 1045.0 + 955.0 + 1089.0 + 1089.0) / 5.0);
    near(summary.max_drawdown, 955.0 / 1045.0 - 1.0);
    near(summary.traded_notional, 500.0 + 600.0);
    assert_eq!((summary.max_drawdown_bars, summary.bars_in_market, summary.sum_bars_held), (1, 2, 2));
    assert_eq!((summary.bars, summary.returns, summary.trades, summary.wins), (5, 4, 1, 1));

    let trade = outcome.trades[0];
    near(trade.pnl, 89.0);
    near(trade.fees, 11.0);
    near(trade.gross_pnl, 100.0);
    near(trade.return_, 0.178);
    near(trade.r_multiple, 0.89);
    // Lowest 90 in bar 2; highest 120, the exit.
    near(trade.mae, -0.1);
    near(trade.mfe, 0.2);
}

#[test]
fn a_fill_at_the_close_is_marked_there() {
    // 1 % slippage shows at the close of the entry: 1000 * 100 / 101.
    let signals = Signals { enter_long: on(3, &[0]), ..Signals::default() };
    let options = Options { fill: Fill::Close, slippage_bps: 100.0, ..free() };
    let outcome = run(&[dot(100.0); 3], &options, &signals);
    near(outcome.curve.equity[0], 1000.0 * 100.0 / 101.0);
    near(outcome.curve.equity[1], 1000.0 * 100.0 / 101.0);
    near(outcome.curve.equity[2], 1000.0 * 99.0 / 101.0);
    // The first bar has no return, and the loss there is no loss of a return.
    near(outcome.summary.sum_returns, 99.0 / 100.0 - 1.0);
    near(outcome.summary.max_drawdown, 99.0 / 101.0 - 1.0);
    // The position was open inside bars 1 and 2.
    assert_eq!(outcome.summary.bars_in_market, 2);
}

#[test]
fn excursions_leave_out_what_may_have_come_after_the_exit() {
    let signals = Signals { stop_distance: Numbers::Const(5.0), ..Signals::default() };
    let rows = [CALM, [100.0, 104.0, 98.0, 103.0], [103.0, 150.0, 90.0, 100.0], CALM];
    let long = run(&rows, &free(), &Signals { enter_long: on(4, &[0]), ..signals });
    assert_eq!(long.lines(), [(Long, 1, 100.0, 2, 95.0, Stop)]);
    near(long.trades[0].mae, -0.05);
    near(long.trades[0].mfe, 0.04);
    // A short position is stopped at 105, and falls with the price by 2 before.
    let short = run(&rows, &free(), &Signals { enter_short: on(4, &[0]), ..signals });
    assert_eq!(short.lines(), [(Short, 1, 100.0, 2, 105.0, Stop)]);
    near(short.trades[0].mae, -0.05);
    near(short.trades[0].mfe, 0.02);
}

#[test]
fn the_bar_of_an_entry_at_its_close_is_no_excursion() {
    let signals = Signals { enter_long: on(3, &[0]), exit_long: on(3, &[1]), ..Signals::default() };
    let rows = [[100.0, 150.0, 50.0, 100.0], [100.0, 110.0, 80.0, 100.0], CALM];
    let outcome = run(&rows, &Options { fill: Fill::Close, ..free() }, &signals);
    near(outcome.trades[0].mae, -0.2);
    near(outcome.trades[0].mfe, 0.1);
}

#[test]
fn an_excursion_of_nothing_is_zero_and_not_minus_zero() {
    let falling = [dot(100.0), dot(100.0), [100.0, 100.0, 90.0, 90.0]];
    let short = run(&falling, &free(), &Signals { enter_short: on(3, &[0]), ..Signals::default() });
    assert_eq!(format!("{:?} {:?}", short.trades[0].mae, short.trades[0].mfe), "0.0 0.09999999999999998");
    let rising = [dot(100.0), dot(100.0), [100.0, 110.0, 100.0, 110.0]];
    let short = run(&rising, &free(), &Signals { enter_short: on(3, &[0]), ..Signals::default() });
    assert_eq!(format!("{:?}", short.trades[0].mfe), "0.0");
    let long = run(&falling, &free(), &Signals { enter_long: on(3, &[0]), ..Signals::default() });
    assert_eq!(format!("{:?}", long.trades[0].mfe), "0.0");
}

/// Four times the equity of 1000 at 100.
fn leveraged(short: bool) -> Signals<'static> {
    let (enter, none) = (on(5, &[0]), Flags::None);
    Signals {
        enter_long: if short { none } else { enter },
        enter_short: if short { enter } else { none },
        size: Numbers::Const(4.0),
        leverage: Numbers::Const(4.0),
        ..Signals::default()
    }
}

/// Where the equity is half a percent of the notional: `1000 - 40 (100 - Q) = 0.005 * 40 Q` for a long position,
/// `1000 - 40 (Q - 100) = 0.005 * 40 Q` for a short one.
const LONG_LIMIT: f64 = 3000.0 / 39.8;
const SHORT_LIMIT: f64 = 5000.0 / 40.2;

#[test]
fn liquidation_is_a_stop_where_the_margin_ends() {
    let rows = [CALM, CALM, [100.0, 101.0, 70.0, 80.0], CALM, CALM];
    let outcome = run(&rows, &free(), &leveraged(false));
    let trade = outcome.trades[0];
    assert_eq!((trade.exit_bar, trade.exit_reason), (2, Liquidation));
    near(trade.exit_price, LONG_LIMIT);
    near(outcome.summary.final_equity, 0.005 * 40.0 * LONG_LIMIT);
    assert!(!outcome.summary.ruined);

    let rows = [CALM, CALM, [100.0, 130.0, 99.0, 120.0], CALM, CALM];
    let outcome = run(&rows, &free(), &leveraged(true));
    let trade = outcome.trades[0];
    assert_eq!((trade.exit_bar, trade.exit_reason), (2, Liquidation));
    near(trade.exit_price, SHORT_LIMIT);
    near(outcome.summary.final_equity, 0.005 * 40.0 * SHORT_LIMIT);
}

#[test]
fn liquidation_pays_slippage_and_fills_a_gap_at_the_open() {
    let options = Options { slippage_bps: 10.0, maintenance_margin: 0.1, ..free() };
    // Entry at 100.1, 1000 * 4 / 100.1 units; 4000 * 90 / 100.1 - 3000 is less than a tenth of the notional.
    let rows = [CALM, CALM, [82.0, 83.0, 81.0, 82.0], CALM, CALM];
    let outcome = run(&rows, &options, &leveraged(false));
    assert_eq!(outcome.trades[0].exit_reason, Liquidation);
    near(outcome.trades[0].exit_price, 82.0 * 0.999);
}

#[test]
fn the_nearer_of_stop_and_liquidation_counts() {
    let rows = [CALM, CALM, [100.0, 101.0, 60.0, 80.0], CALM, CALM];
    let exit = |stop: f64| {
        let signals = Signals { stop_price: Numbers::Const(stop), ..leveraged(false) };
        let trade = run(&rows, &free(), &signals).trades[0];
        (trade.exit_reason, trade.exit_price)
    };
    assert_eq!(exit(76.0), (Stop, 76.0));
    let (reason, price) = exit(75.0);
    assert_eq!(reason, Liquidation);
    near(price, LONG_LIMIT);
}

#[test]
fn a_stop_at_the_liquidation_price_is_a_stop() {
    // Twice the equity without a margin to keep: 1000 - 20 (100 - 50) = 0.
    let options = Options { maintenance_margin: 0.0, ..free() };
    let rows = [CALM, CALM, [100.0, 101.0, 50.0, 80.0], CALM, CALM];
    let signals = Signals {
        size: Numbers::Const(2.0),
        leverage: Numbers::Const(2.0),
        stop_price: Numbers::Const(50.0),
        ..leveraged(false)
    };
    let outcome = run(&rows, &options, &signals);
    assert_eq!(outcome.lines(), [(Long, 1, 100.0, 2, 50.0, Stop)]);
    assert!(outcome.summary.ruined);
}

#[test]
fn a_price_that_rounds_to_nothing_ruins() {
    // 1e-15 / 100 - 1 is -1, so that nothing is left of the whole equity.
    let signals = Signals { enter_long: on(5, &[0]), ..Signals::default() };
    let rows = [CALM, CALM, [100.0, 100.0, 1e-15, 1e-15], CALM, CALM];
    is_ruined_in_bar_2(&run(&rows, &free(), &signals), Ruined, 1e-15);
}

#[test]
fn a_long_position_without_debt_is_never_liquidated() {
    let rows = [CALM, CALM, [100.0, 100.0, 0.01, 0.02], CALM, CALM];
    let plain = Signals { enter_long: on(5, &[0]), ..Signals::default() };
    assert_eq!(run(&rows, &free(), &plain).lines(), [(Long, 1, 100.0, 4, 100.0, EndOfData)]);
    // Leverage allowed but not used.
    let unused = Signals { leverage: Numbers::Const(4.0), size: Numbers::Const(0.9), ..plain };
    assert_eq!(run(&rows, &free(), &unused).lines(), [(Long, 1, 100.0, 4, 100.0, EndOfData)]);
    // A short position without leverage owes the asset: 2000 = 1.005 * 10 Q.
    let short = Signals { enter_short: on(5, &[0]), ..Signals::default() };
    let rows = [CALM, CALM, [100.0, 250.0, 100.0, 120.0], CALM, CALM];
    let trade = run(&rows, &free(), &short).trades[0];
    assert_eq!(trade.exit_reason, Liquidation);
    near(trade.exit_price, 200.0 / 1.005);
}

/// The equity is 0 from bar 2 on, and nothing is lost beyond it.
#[track_caller]
fn is_ruined_in_bar_2(outcome: &Outcome, reason: Reason, price: f64) {
    assert!(outcome.summary.ruined);
    assert_eq!(outcome.trades.len(), 1);
    let trade = outcome.trades[0];
    assert_eq!((trade.exit_bar, trade.exit_price, trade.exit_reason, trade.pnl), (2, price, reason, -1000.0));
    assert_eq!(outcome.curve.equity[2..], [0.0, 0.0, 0.0]);
    assert_eq!(outcome.curve.ret[2..], [-1.0, 0.0, 0.0]);
    assert_eq!(outcome.curve.drawdown[2..], [-1.0, -1.0, -1.0]);
    assert_eq!((outcome.summary.final_equity, outcome.summary.max_drawdown), (0.0, -1.0));
    assert_eq!(outcome.summary.sum_pnl, -1000.0);
}

#[test]
fn a_gap_beyond_the_equity_ruins() {
    let rows = [CALM, CALM, [70.0, 71.0, 69.0, 70.0], CALM, CALM];
    // The strategy still wants in: nothing more is traded or rejected.
    let signals = Signals { enter_long: Flags::Const(true), ..leveraged(false) };
    let outcome = run(&rows, &free(), &signals);
    is_ruined_in_bar_2(&outcome, Liquidation, 70.0);
    assert_eq!((outcome.orders.len(), outcome.summary.rejected_orders), (2, 0));
}

#[test]
fn a_mark_beyond_the_equity_ruins_at_that_close() {
    // Watched at the close, the liquidation is decided for the next open; the mark of 1000 - 40 * 30 comes first.
    let options = Options { stop_fill: StopFill::Close, ..free() };
    let rows = [CALM, CALM, [100.0, 100.0, 70.0, 70.0], CALM, CALM];
    let outcome = run(&rows, &options, &leveraged(false));
    is_ruined_in_bar_2(&outcome, Ruined, 70.0);
    assert_eq!(outcome.summary.rejected_orders, 0);
    // An entry decided at that close has no equity to be filled with.
    let signals = Signals { enter_long: Flags::Const(true), ..leveraged(false) };
    let outcome = run(&rows, &options, &signals);
    is_ruined_in_bar_2(&outcome, Ruined, 70.0);
    assert_eq!(outcome.summary.rejected_orders, 1);
    let order = outcome.orders[2];
    assert_eq!((order.bar, order.status, order.reason), (2, OrderStatus::Rejected, NoEquity));
    assert!(order.price.is_nan() && order.qty.is_nan());
    // A short position.
    let rows = [CALM, CALM, [100.0, 130.0, 100.0, 130.0], CALM, CALM];
    is_ruined_in_bar_2(&run(&rows, &options, &leveraged(true)), Ruined, 130.0);
}

#[test]
fn an_exit_at_the_open_beyond_the_equity_rejects_the_entry_behind_it() {
    let signals = Signals { enter_long: Flags::Const(true), exit_long: on(5, &[1]), ..leveraged(false) };
    let rows = [CALM, CALM, dot(70.0), CALM, CALM];
    let outcome = run(&rows, &free(), &signals);
    is_ruined_in_bar_2(&outcome, Signal, 70.0);
    let rows: Vec<_> = outcome.orders.iter().map(|o| (o.bar, o.side, o.price, o.status, o.reason)).collect();
    assert_eq!(
        rows,
        [
            (1, Side::Buy, 100.0, OrderStatus::Filled, Signal),
            (2, Side::Sell, 70.0, OrderStatus::Filled, Signal),
            (2, Side::Buy, 70.0, OrderStatus::Rejected, NoEquity),
        ]
    );
}

#[test]
fn the_end_of_the_data_closes_with_costs() {
    let options = Options { fee_bps: 100.0, slippage_bps: 100.0, ..free() };
    let signals = Signals { enter_short: on(3, &[0]), size: Numbers::Const(0.5), ..Signals::default() };
    let outcome = run(&[dot(100.0), dot(100.0), dot(90.0)], &options, &signals);
    let trade = outcome.trades[0];
    assert_eq!((trade.exit_bar, trade.exit_reason), (2, EndOfData));
    // Sells 500 / 99 at 99, buys back at 90.9; fees of 1 % on 500 and on the price paid.
    let qty = 500.0 / 99.0;
    near(trade.pnl, qty * (99.0 - 90.9) - 5.0 - qty * 0.909);
    near(outcome.curve.equity[2], 1000.0 + trade.pnl);
    assert_eq!(outcome.summary.final_equity, outcome.curve.equity[2]);
    assert_eq!(outcome.curve.net_qty[2], 0.0);
}

#[test]
fn very_few_bars() {
    let signals = Signals { enter_long: Flags::Const(true), exit_long: Flags::Const(true), ..Signals::default() };
    for fill in [Fill::NextOpen, Fill::Close] {
        let options = Options { fill, ..free() };
        let none = run(&[], &options, &signals);
        assert_eq!((none.summary.bars, none.summary.returns, none.summary.trades), (0, 0, 0));
        assert_eq!((none.summary.final_equity, none.summary.elapsed), (1000.0, 0));
        assert!(none.summary.mean_equity.is_nan() && none.summary.max_drawdown == 0.0);

        let one = run(&[CALM], &options, &signals);
        assert_eq!((one.summary.returns, one.summary.trades, one.orders.len()), (0, 0, 0));
        assert_eq!((one.summary.sum_returns, one.summary.mean_equity), (0.0, 1000.0));
    }
    let rows = [[100.0, 101.0, 99.0, 100.0], [110.0, 121.0, 109.0, 121.0]];
    let two = run(&rows, &free(), &signals);
    assert_eq!(two.lines(), [(Long, 1, 110.0, 1, 121.0, EndOfData)]);
    near(two.summary.final_equity, 1100.0);
    near(two.summary.sum_returns, 0.1);
    let two = run(&rows, &Options { fill: Fill::Close, ..free() }, &signals);
    assert_eq!(two.lines(), [(Long, 0, 100.0, 1, 121.0, EndOfData)]);
    near(two.summary.sum_returns, 0.21);
}

#[test]
fn time_under_water_and_the_first_peak() {
    // A loss from the start is measured against the initial capital; flat bars count as time under water.
    let signals = Signals { enter_long: on(6, &[0, 3]), exit_long: on(6, &[1]), ..Signals::default() };
    let rows =
        [dot(100.0), [100.0, 100.0, 90.0, 90.0], dot(90.0), dot(100.0), [100.0, 130.0, 100.0, 130.0], dot(130.0)];
    let outcome = run(&rows, &free(), &signals);
    for (got, expected) in outcome.curve.equity.iter().zip([1000.0, 900.0, 900.0, 900.0, 1170.0, 1170.0]) {
        near(*got, expected);
    }
    near(outcome.summary.max_drawdown, -0.1);
    assert_eq!(outcome.summary.max_drawdown_bars, 3);
}

#[test]
fn a_record_is_emptied_before_it_is_used_again() {
    let mut record = Record::all();
    let (ts, price) = ([0, 1, 2], [100.0; 3]);
    let bars = threadx_kernels::sim::Bars {
        ts: &ts,
        open: &price,
        high: &price,
        low: &price,
        close: &price,
        ..Default::default()
    };
    let signals = Signals { enter_long: on(3, &[0]), ..Signals::default() };
    let needs = threadx_kernels::sim::Needs::NONE;
    for _ in 0..2 {
        threadx_kernels::sim::simulate(&bars, &signals, &free(), needs, &mut record);
        assert_eq!(record.trades.as_ref().unwrap().len(), 1);
        assert_eq!(record.equity.as_ref().unwrap().equity.len(), 3);
    }
}
