//! Section 3: how large an entry is, and when it is refused.

use threadx_kernels::sim::{Direction, Fill, Flags, Numbers, Options, Order, OrderStatus, Reason, Side, Signals};

use crate::desk::{CALM, Outcome, free, near, on, run, values};

/// A long entry at 100 with 1000 in hand.
fn enter(options: &Options, change: impl Fn(&mut Signals)) -> Outcome {
    let mut signals = Signals { enter_long: on(3, &[0]), ..Signals::default() };
    change(&mut signals);
    run(&[CALM; 3], options, &signals)
}

fn qty(options: &Options, change: impl Fn(&mut Signals)) -> f64 {
    enter(options, change).trades[0].qty
}

/// The only order is this rejection.
#[track_caller]
fn rejected(outcome: &Outcome, reason: Reason, qty: f64) {
    assert_eq!((outcome.summary.rejected_orders, outcome.trades.len()), (1, 0));
    let expected = Order {
        bar: 1,
        side: Side::Buy,
        qty,
        price: 100.0,
        notional: qty * 100.0,
        fee: 0.0,
        reason,
        status: OrderStatus::Rejected,
        direction: Direction::Long,
    };
    assert_eq!(format!("{:?}", outcome.orders), format!("{:?}", [expected]));
    assert_eq!(outcome.summary.final_equity, 1000.0);
}

const C: fn(f64) -> Numbers<'static> = Numbers::Const;

#[test]
fn without_a_size_all_of_the_equity_goes_in_and_the_fee_fits() {
    assert_eq!(qty(&free(), |_| {}), 10.0);
    // 1000 buys 9.99000999 at 100 with a fee of 10 bps: 999.000999 and 0.999000999.
    let fee = Options { fee_bps: 10.0, ..free() };
    near(qty(&fee, |_| {}), 1000.0 / 100.1);
    let outcome = enter(&fee, |_| {});
    near(outcome.orders[0].notional + outcome.orders[0].fee, 1000.0);
    // The fill price has the slippage in it: 101.
    near(qty(&Options { slippage_bps: 100.0, ..free() }, |_| {}), 1000.0 / 101.0);
}

#[test]
fn the_risk_is_lost_at_the_stop() {
    // 1 % of 1000 over a distance of 5.
    assert_eq!(qty(&free(), |s| (s.risk, s.stop_distance) = (C(0.01), C(5.0))), 2.0);
    assert_eq!(qty(&free(), |s| (s.risk, s.stop_price) = (C(0.01), C(96.0))), 2.5);
    // Of two stops the nearer one is the one that is hit.
    assert_eq!(qty(&free(), |s| (s.risk, s.stop_distance, s.stop_price) = (C(0.01), C(5.0), C(96.0))), 2.5);
    let signals = Signals { enter_long: on(3, &[0]), risk: C(0.01), stop_distance: C(5.0), ..Signals::default() };
    let outcome = run(&[CALM, CALM, [100.0, 100.0, 90.0, 92.0]], &free(), &signals);
    near(outcome.trades[0].pnl, -10.0);
    near(outcome.trades[0].r_multiple, -1.0);
    let signals = Signals { enter_long: Flags::None, enter_short: on(3, &[0]), ..signals };
    let outcome = run(&[CALM, CALM, [100.0, 110.0, 100.0, 108.0]], &free(), &signals);
    assert_eq!(outcome.trades[0].qty, 2.0);
    near(outcome.trades[0].pnl, -10.0);
}

#[test]
fn the_smallest_size_counts() {
    let smallest = |risk, size, notional, quantity| {
        qty(&free(), |s| {
            s.stop_distance = C(5.0);
            (s.risk, s.size, s.notional, s.qty) = (C(risk), C(size), C(notional), C(quantity));
        })
    };
    // 2, 5, 6 and 7 units, then each one the smallest in turn, then with gaps.
    assert_eq!(smallest(0.01, 0.5, 600.0, 7.0), 2.0);
    assert_eq!(smallest(0.05, 0.5, 600.0, 7.0), 5.0);
    assert_eq!(smallest(0.05, 0.9, 600.0, 7.0), 6.0);
    near(smallest(0.05, 0.9, 800.0, 7.0), 7.0);
    assert_eq!(smallest(f64::NAN, 0.5, f64::NAN, 7.0), 5.0);
    // The default of 1 is no size of its own: it counts only if no column is given.
    assert_eq!(qty(&free(), |s| (s.size, s.leverage) = (C(1.5), C(2.0))), 15.0);
}

#[test]
fn sizes_are_read_at_the_signal_bar() {
    assert_eq!(qty(&free(), |s| s.size = values(&[0.5, 0.1, 0.1])), 5.0);
    assert_eq!(qty(&free(), |s| (s.size, s.leverage) = (C(9.0), values(&[2.0, 1.0, 1.0]))), 20.0);
}

#[test]
fn leverage_caps_the_size() {
    let fee = Options { fee_bps: 10.0, ..free() };
    for leverage in [0.5, 1.0, 2.0, 4.0] {
        // Margin q * 100 / leverage and fee q * 0.1 are 1000 together.
        let q = qty(&fee, |s| (s.size, s.leverage) = (C(9.0), C(leverage)));
        near(q * 100.0 / leverage + q * 0.1, 1000.0);
    }
    near(qty(&fee, |s| s.size = C(9.0)), 1000.0 / 100.1);
    near(qty(&fee, |s| (s.size, s.leverage) = (C(9.0), C(f64::NAN))), 1000.0 / 100.1);
    near(qty(&fee, |s| (s.risk, s.stop_distance) = (C(1.0), C(0.5))), 1000.0 / 100.1);
    // Below the cap it changes nothing.
    assert_eq!(qty(&fee, |s| (s.size, s.leverage) = (C(0.5), C(4.0))), 5.0);
}

#[test]
fn quantities_are_rounded_down_to_lots() {
    let lots = |lot_size, quantity| qty(&Options { lot_size, ..free() }, |s| s.qty = C(quantity));
    assert_eq!(lots(1.0, 9.999), 9.0);
    assert_eq!(lots(0.5, 9.999), 9.5);
    // 0.3 / 0.1 is a little less than 3.
    near(lots(0.1, 0.3), 0.3);
    // The equity follows the rounded quantity: 9 units gain 9.
    let signals = Signals { enter_long: on(3, &[0]), ..Signals::default() };
    let outcome = run(&[CALM, CALM, [100.0, 101.0, 100.0, 101.0]], &Options { lot_size: 9.0, ..free() }, &signals);
    near(outcome.summary.final_equity, 1009.0);
    assert_eq!((outcome.trades[0].qty, outcome.trades[0].notional), (9.0, 900.0));
}

#[test]
fn an_entry_below_the_smallest_notional_is_rejected() {
    let options = Options { min_notional: 500.0, ..free() };
    assert_eq!(qty(&options, |s| s.qty = C(5.0)), 5.0);
    rejected(&enter(&options, |s| s.size = C(0.25)), Reason::BelowMinNotional, 2.5);
    // After the rounding to lots.
    let options = Options { lot_size: 2.0, min_notional: 500.0, ..free() };
    rejected(&enter(&options, |s| s.size = C(0.5)), Reason::BelowMinNotional, 4.0);
}

#[test]
fn nothing_to_buy_is_rejected() {
    rejected(&enter(&free(), |s| s.size = C(0.0)), Reason::ZeroQty, 0.0);
    rejected(&enter(&free(), |s| s.size = C(-0.5)), Reason::ZeroQty, f64::NAN);
    rejected(&enter(&free(), |s| s.size = C(f64::NAN)), Reason::ZeroQty, f64::NAN);
    rejected(&enter(&free(), |s| s.leverage = C(0.0)), Reason::ZeroQty, 0.0);
    rejected(&enter(&free(), |s| s.leverage = C(-3.0)), Reason::ZeroQty, 0.0);
    rejected(&enter(&Options { lot_size: 20.0, ..free() }, |_| {}), Reason::ZeroQty, 10.0);
}

#[test]
fn risk_without_a_stop_is_rejected() {
    rejected(&enter(&free(), |s| s.risk = C(0.01)), Reason::NoStop, f64::NAN);
    rejected(&enter(&free(), |s| (s.risk, s.size) = (C(0.01), C(0.5))), Reason::NoStop, f64::NAN);
    // At, or on the wrong side of, the fill price.
    rejected(&enter(&free(), |s| (s.risk, s.stop_price) = (C(0.01), C(100.0))), Reason::NoStop, f64::NAN);
    rejected(&enter(&free(), |s| (s.risk, s.stop_price) = (C(0.01), C(105.0))), Reason::NoStop, f64::NAN);
    rejected(&enter(&free(), |s| (s.risk, s.stop_distance) = (C(0.01), C(-1.0))), Reason::NoStop, f64::NAN);
    rejected(&enter(&free(), |s| (s.risk, s.stop_distance) = (C(0.01), C(f64::INFINITY))), Reason::NoStop, f64::NAN);
}

#[test]
fn a_rejected_entry_is_tried_again_while_it_is_wanted() {
    let signals =
        Signals { enter_short: Flags::Const(true), size: values(&[0.0, 0.0, 0.5, 0.5]), ..Signals::default() };
    let outcome = run(&[CALM; 4], &free(), &signals);
    let orders: Vec<_> = outcome.orders.iter().map(|o| (o.bar, o.side, o.status, o.reason)).collect();
    assert_eq!(
        orders,
        [
            (1, Side::Sell, OrderStatus::Rejected, Reason::ZeroQty),
            (2, Side::Sell, OrderStatus::Rejected, Reason::ZeroQty),
            (3, Side::Sell, OrderStatus::Filled, Reason::Signal),
            (3, Side::Buy, OrderStatus::Filled, Reason::EndOfData),
        ]
    );
    assert_eq!(outcome.summary.rejected_orders, 2);
    // At the close the order would have been filled on the bar itself.
    let outcome = run(&[CALM; 4], &Options { fill: Fill::Close, ..free() }, &signals);
    assert_eq!(outcome.orders.iter().map(|o| o.bar).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn the_next_position_is_sized_with_what_the_last_one_left() {
    let signals = Signals { enter_long: on(5, &[0, 2]), exit_long: on(5, &[1]), size: C(0.5), ..Signals::default() };
    let rows = [CALM, CALM, [120.0, 120.0, 120.0, 120.0], [110.0, 110.0, 110.0, 110.0], CALM];
    let outcome = run(&rows, &free(), &signals);
    // 5 units gain 20 each; half of 1100 at 110 is 5 units again.
    near(outcome.trades[0].pnl, 100.0);
    near(outcome.trades[1].qty, 5.0);
    near(outcome.summary.final_equity, 1050.0);
}
