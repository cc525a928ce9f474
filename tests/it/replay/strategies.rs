//! Strategies drawn at random: built-in ones with random parameters, and bodies over every column of the contract.

use super::options::Options;
use super::random::Random;

/// A built-in strategy with random parameters.
pub fn built_in(random: &mut Random) -> String {
    let (fast, slow) = (random.integer(2, 20), random.integer(21, 90));
    match random.integer(0, 8) {
        0 => format!(
            "bb_atr(bb_period => {}, entry_z => {:.2}, entry_logic => '{}', atr_period => {}, atr_multiplier => {:.2}, \
             trailing_stop => {}, risk_per_trade => {:.4}, leverage => {}, max_hold_bars => {}, spacing_bars => {}, \
             trend_period => {})",
            random.integer(5, 60),
            random.between(0.5, 3.0),
            random.pick(&["AND", "OR"]),
            random.integer(2, 30),
            random.between(0.3, 4.0),
            random.chance(0.5),
            random.between(0.002, 0.2),
            random.pick(&["1.0", "2.5", "10.0", "0.4"]),
            random.integer(1, 80),
            random.integer(0, 12),
            random.pick(&[0, 0, 50, 100]),
        ),
        1 => format!("sma_cross(fast => {fast}, slow => {slow})"),
        2 => format!("ema_cross(fast => {fast}, slow => {slow})"),
        3 => format!(
            "rsi_reversion(rsi_period => {}, oversold => {:.1}, overbought => {:.1}, atr_multiplier => {:.2}, \
             risk_per_trade => {:.3})",
            random.integer(2, 28),
            random.between(15.0, 45.0),
            random.between(55.0, 85.0),
            random.between(0.5, 5.0),
            random.between(0.005, 0.5),
        ),
        4 => format!(
            "donchian_breakout(entry_period => {}, exit_period => {}, atr_multiplier => {:.2}, risk_per_trade => {:.3})",
            random.integer(2, 60),
            random.integer(2, 30),
            random.between(0.5, 4.0),
            random.between(0.005, 0.5),
        ),
        5 => format!(
            "bollinger_dual(bb_window => {}, bb_std => {:.2}, arm_bars => {}, ma_window => {}, ma_type => '{}', \
             trailing_pct => {:.2}, median_activated => {}, long_stop_pct => {:.3}, short_stop_pct => {:.3}, \
             position_fraction => {:.2}, max_hold_bars => {})",
            random.integer(5, 40),
            random.between(0.8, 2.0),
            random.pick(&[0, 3, 10]),
            random.integer(2, 20),
            random.pick(&["sma", "ema"]),
            random.between(0.2, 1.0),
            random.chance(0.5),
            random.between(0.01, 0.3),
            random.between(0.01, 0.3),
            random.between(0.1, 1.0),
            random.integer(1, 80),
        ),
        6 => format!(
            "rsi2(oversold => {:.1}, overbought => {:.1}, trend_period => {}, exit_period => {})",
            random.between(5.0, 45.0),
            random.between(55.0, 95.0),
            random.integer(21, 100),
            random.integer(2, 20),
        ),
        7 => format!(
            "opening_range_breakout(range_minutes => {}, exit_minute => {}, target_r => {}, risk_per_trade => {:.3}, \
             leverage => {})",
            random.pick(&[15, 60, 240]),
            random.integer(600, 1440),
            random.pick(&["0", "0.5", "2"]),
            random.between(0.005, 0.2),
            random.pick(&["1.0", "5.0"]),
        ),
        _ => "buy_and_hold()".into(),
    }
}

/// A column that now and then is NULL on about a fifth of the bars.
fn holed(random: &mut Random, value: String) -> String {
    if random.chance(0.35) { format!("CASE WHEN (u / 41) % 5 <> 0 THEN {value} END") } else { value }
}

/// A body whose columns are drawn from `u`, a random integer per bar, and `a`, the average range.
///
/// Which columns there are, how large they are and where they are NULL is random; every column of the contract except
/// the target mode, scaling out and adds can appear.
pub fn body(random: &mut Random, u: &str) -> String {
    let mut columns: Vec<String> = vec![];
    let mut salt = 1;
    let mut draw = |random: &mut Random, one_in: i64| {
        salt += 2;
        format!("(u / {salt}) % {one_in} = {}", random.integer(0, one_in - 1))
    };
    let every = random.pick(&[2, 3, 5, 12, 30]);
    let sides = random.pick(&[3, 3, 3, 1, 2]);
    if sides & 1 != 0 {
        columns.push(format!("{} AS enter_long", draw(random, every)));
    }
    if sides & 2 != 0 {
        columns.push(format!("{} AS enter_short", draw(random, every)));
    }
    let leave = random.pick(&[3, 8, 20, 60]);
    for name in ["exit_long", "exit_short"] {
        if random.chance(0.6) {
            columns.push(format!("{} AS {name}", draw(random, leave)));
        }
    }
    let wide = random.between(0.1, 4.0);
    let has_distance = random.chance(0.7);
    if has_distance {
        let value = format!("{wide:.3} * a");
        columns.push(format!("{} AS stop_distance", holed(random, value)));
    }
    if random.chance(0.4) {
        let side = if sides == 2 { "high + 0.2 * a".to_string() } else { format!("low - {:.2} * a", random.unit()) };
        let value = side;
        columns.push(format!("{} AS stop_price", holed(random, value)));
    }
    if random.chance(0.5) {
        let value = format!("{:.3} * a", random.between(0.1, 4.0));
        columns.push(format!("{} AS target_distance", holed(random, value)));
    }
    if random.chance(0.3) {
        let side = if sides == 2 { "low - 1.1 * a" } else { "high + 1.1 * a" };
        let value = side.to_string();
        columns.push(format!("{} AS target_price", holed(random, value)));
    }
    if random.chance(0.5) {
        let value = format!("{:.3} * a", random.between(0.2, 4.0));
        columns.push(format!("{} AS trail_distance", holed(random, value)));
    }
    for (name, value) in [("trail_price_long", "lowest(low, 4)"), ("trail_price_short", "highest(high, 4)")] {
        if random.chance(0.25) {
            let value = value.to_string();
            columns.push(format!("{} AS {name}", holed(random, value)));
        }
    }
    for name in ["trail_arm_long", "trail_arm_short", "exit_armed_long", "exit_armed_short"] {
        if random.chance(0.3) {
            columns.push(format!("{} AS {name}", draw(random, 4)));
        }
    }
    if random.chance(0.3) {
        let value = format!("{:.2}", random.between(0.1, 2.0));
        columns.push(format!("{} AS trail_arm_r", holed(random, value)));
    }
    if random.chance(0.5) {
        let value = random.pick(&["1", "2", "7", "25", "u % 9"]).to_string();
        columns.push(format!("{} AS max_bars", holed(random, value)));
    }
    sizing(random, has_distance, &mut columns);
    format!(
        "WITH f AS (SELECT *, {u} AS u, atr(high, low, close, 5) AS a FROM bars) SELECT *, {} FROM f",
        columns.join(", ")
    )
}

fn sizing(random: &mut Random, has_stop: bool, columns: &mut Vec<String>) {
    if random.chance(0.3) {
        let value = format!("{:?}", random.pick(&[0.3, 0.95, 3.0, 30.0]));
        columns.push(format!("{} AS size", holed(random, value)));
    }
    if random.chance(if has_stop { 0.4 } else { 0.1 }) {
        let value = format!("{:.4}", random.between(0.002, 0.3));
        columns.push(format!("{} AS risk", holed(random, value)));
    }
    if random.chance(0.2) {
        let value = format!("{:.2}", random.between(50.0, 20_000.0));
        columns.push(format!("{} AS notional", holed(random, value)));
    }
    if random.chance(0.2) {
        let value = format!("{:.3}", random.between(0.5, 200.0));
        columns.push(format!("{} AS qty", holed(random, value)));
    }
    if random.chance(0.5) {
        let value = random.pick(&["0.5", "1.0", "3.0", "30.0", "1.0 + u % 4"]).to_string();
        columns.push(format!("{} AS leverage", holed(random, value)));
    }
}

/// Random run options without a trading range.
pub fn options(random: &mut Random) -> Options {
    let default = Options::default();
    let initial_capital = random.pick(&[default.initial_capital, 1.0, 250.0, 1e7]);
    // A lot or an order beyond the account would refuse every entry.
    let (fee_bps, slippage_bps) =
        (random.pick(&[default.fee_bps, 0.0, 4.5, 60.0]), random.pick(&[default.slippage_bps, 0.0, 1.5, 40.0]));
    // Without costs and margin a liquidation leaves exactly nothing, and the last bit says whether that is ruin.
    let least_margin = if fee_bps + slippage_bps > 0.0 { 0.0 } else { 0.02 };
    let has_room = initial_capital >= default.initial_capital;
    Options {
        fill: random.pick(&["next_open", "next_open", "close"]),
        stop_fill: random.pick(&["intrabar", "intrabar", "close"]),
        intrabar: random.pick(&["stop_first", "target_first", "nearest_open"]),
        fee_bps,
        slippage_bps,
        initial_capital,
        direction: random.pick(&["both", "both", "both", "long", "short"]),
        reentry: random.pick(&["same_bar", "next_bar"]),
        lot_size: if has_room { random.pick(&[0.0, 0.0, 0.37, 1.3]) } else { 0.0 },
        min_notional: if has_room { random.pick(&[0.0, 0.0, 10.0, 900.0]) } else { 0.0 },
        maintenance_margin: random.pick(&[default.maintenance_margin, least_margin, 0.1]),
        risk_free: random.pick(&[0.0, 0.0, 0.03]),
        since: None,
        until: None,
    }
}
