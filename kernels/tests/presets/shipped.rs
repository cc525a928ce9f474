//! The files of `tests/golden/presets`: bars and signals from a generator, and what vectorbt and backtesting.py made of them.

use std::path::{Path, PathBuf};

use threadx_kernels::sim::{DirectionConflict, EntryExitConflict, Fill, FinalClose, OnOpposite, Options, SlippageOn};

use crate::desk::{Columns, Expected, Market, near, options_of, run};
use crate::table::{Line, read};

const ENTER_LONG: u8 = 1;
const EXIT_LONG: u8 = 2;
const ENTER_SHORT: u8 = 4;
const EXIT_SHORT: u8 = 8;

/// Prices and quantities relative to themselves; money relative to the capital.
const TOLERANCE: f64 = 1e-12;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/presets")
}

/// The files of one engine.
struct Files {
    bars: Vec<Line>,
    cases: Vec<Line>,
    signals: Vec<Line>,
    trades: Vec<Line>,
    equity: Vec<Line>,
    /// Whether the trades have the one that is open at the end.
    lists_open: bool,
}

impl Files {
    fn read(engine: &str) -> Self {
        let file = |name: &str| read(&folder().join(engine).join(name));
        Files {
            bars: read(&folder().join("bars.csv")),
            cases: file("cases.csv"),
            signals: file("signals.csv"),
            trades: file("trades.csv"),
            equity: file("equity.csv"),
            lists_open: engine == "vectorbt",
        }
    }

    fn market(&self, set: &str) -> Market {
        let mut market = Market::default();
        for (t, bar) in self.bars.iter().filter(|bar| bar.text("set") == set).enumerate() {
            market.ts.push(t as i64 * 900_000_000);
            market.open.push(bar.number("open").unwrap());
            market.high.push(bar.number("high").unwrap());
            market.low.push(bar.number("low").unwrap());
            market.close.push(bar.number("close").unwrap());
        }
        market
    }

    /// The signals of a case, bar by bar.
    fn masks(&self, case: &str, count: usize) -> Vec<u8> {
        let mut masks = vec![0; count];
        for line in of(&self.signals, case) {
            masks[line.index("bar")] = line.index("mask") as u8;
        }
        masks
    }

    /// Runs a case and compares its trades, and the equity of every 25th bar and of the last one.
    fn check(&self, line: &Line, options: &Options, columns: &Columns, expected: &[Expected], end: &str) {
        let case = line.text("case");
        assert_eq!(expected.len(), line.index("trades"), "{case}");
        let mut outcome = run(&self.market(line.text("bars")), options, columns);
        if !self.lists_open {
            outcome.leave_out_open();
        }
        outcome.check_trades(case, expected, (TOLERANCE, options.initial_capital));
        for point in of(&self.equity, case) {
            let bar = point.index("bar");
            let what = format!("{case}, equity of bar {bar}");
            near(&what, outcome.equity[bar], point.number("equity").unwrap(), (TOLERANCE, 0.0));
        }
        let last = *outcome.equity.last().unwrap();
        near(&format!("{case}, final equity"), last, line.number(end).unwrap(), (TOLERANCE, 0.0));
    }
}

fn of<'a>(lines: &'a [Line], case: &str) -> impl Iterator<Item = &'a Line> {
    let case = case.to_string();
    lines.iter().filter(move |line| line.text("case") == case)
}

fn expected(line: &Line, qty: f64, is_open: bool) -> Expected {
    let number = |column| line.number(column).unwrap();
    Expected {
        entry_bar: line.index("entry_bar"),
        exit_bar: line.index("exit_bar"),
        qty,
        entry_price: number("entry_price"),
        exit_price: number("exit_price"),
        fees: number("fees"),
        pnl: number("pnl"),
        is_open,
    }
}

fn columns_of(masks: &[u8]) -> Columns {
    let has = |bit: u8| masks.iter().map(|mask| mask & bit != 0).collect();
    Columns {
        enter_long: has(ENTER_LONG),
        enter_short: has(ENTER_SHORT),
        exit_long: has(EXIT_LONG),
        exit_short: has(EXIT_SHORT),
        ..Columns::none(masks.len())
    }
}

/// `close * (1 + side * fraction)`, and nothing where there is no side.
fn levels(market: &Market, sides: &[f64], fraction: Option<f64>) -> Vec<f64> {
    let level = |(close, side): (&f64, &f64)| fraction.map_or(f64::NAN, |x| close * (1.0 + side * x));
    market.close.iter().zip(sides).map(level).collect()
}

#[test]
fn backtesting_py() {
    let files = Files::read("backtesting_py");
    assert_eq!(files.cases.len(), 21);
    for line in &files.cases {
        let number = |column| line.number(column);
        let market = files.market(line.text("bars"));
        let mut masks = files.masks(line.text("case"), market.close.len());
        // The first signal that its strategies read is the one of bar 1.
        masks[0] = 0;
        let sides: Vec<f64> = masks.iter().map(|mask| if mask & ENTER_LONG != 0 { 1.0 } else { -1.0 }).collect();
        let columns = Columns {
            stop_price: levels(&market, &sides, number("sl").map(|x| -x)),
            target_price: levels(&market, &sides, number("tp")),
            size: number("size"),
            qty: number("qty"),
            leverage: 1.0 / number("margin").unwrap(),
            ..columns_of(&masks)
        };
        let options = Options {
            initial_capital: number("cash").unwrap(),
            // Rebates are below the range of the option; the arithmetic is the same.
            fee_bps: number("commission").unwrap() * 1e4,
            fee_fixed: number("fee_fixed").unwrap(),
            slippage_bps: number("spread").unwrap() * 1e4,
            fill: if line.is_set("trade_on_close") { Fill::PrevClose } else { Fill::NextOpen },
            final_close: if line.is_set("finalize") { FinalClose::OrderPrice } else { FinalClose::None },
            on_opposite: if line.is_set("exclusive") { OnOpposite::Reverse } else { OnOpposite::Ignore },
            lot_size: if line.is_set("fractional") { 1e-8 } else { 1.0 },
            ..options_of("backtesting_py")
        };
        let closed = of(&files.trades, line.text("case"));
        let trades: Vec<_> = closed.map(|trade| expected(trade, trade.number("qty").unwrap(), false)).collect();
        files.check(line, &options, &columns, &trades, "final_equity");
    }
}

/// What vectorbt does by looking at the open position has no option here; the columns of such cases are resolved beforehand,
/// with the positions of the expected trades.
fn resolve(masks: &mut [u8], line: &Line, trades: &[Expected]) {
    let (conflict, both) = (line.text("conflict"), line.text("upon_dir_conflict"));
    let looks = [conflict, both].iter().any(|word| ["adjacent", "opposite"].contains(word));
    let ignores = line.text("upon_opposite_entry") == "ignore";
    for (t, mask) in masks.iter_mut().enumerate() {
        let open = trades.iter().find(|trade| trade.entry_bar < t && t <= trade.exit_bar);
        let held = open.map_or(0.0, |trade| trade.qty.signum());
        if looks {
            *mask = one_direction(one_column(*mask, conflict, held), both, held);
        }
        if ignores && held != 0.0 {
            *mask &= !if held > 0.0 { ENTER_SHORT } else { ENTER_LONG };
        }
    }
}

/// What is left where a bar enters and exits one direction.
fn one_column(mut mask: u8, word: &str, held: f64) -> u8 {
    for (enter, exit) in [(ENTER_LONG, EXIT_LONG), (ENTER_SHORT, EXIT_SHORT)] {
        if mask & (enter | exit) == enter | exit {
            mask &= !match (word, held != 0.0) {
                ("entry", _) | ("adjacent", true) => exit,
                ("exit", _) | ("opposite", true) => enter,
                _ => enter | exit,
            };
        }
    }
    mask
}

/// What is left where a bar enters both directions.
fn one_direction(mask: u8, word: &str, held: f64) -> u8 {
    if mask & ENTER_LONG == 0 || mask & ENTER_SHORT == 0 {
        return mask;
    }
    let wanted = match word {
        "adjacent" => held,
        "opposite" => -held,
        _ => return mask,
    };
    mask & !if wanted > 0.0 {
        ENTER_SHORT
    } else if wanted < 0.0 {
        ENTER_LONG
    } else {
        ENTER_LONG | ENTER_SHORT
    }
}

/// The direction in which a bar enters, where a bar that enters and exits one direction enters nothing.
fn side(mask: u8) -> f64 {
    let long = mask & (ENTER_LONG | EXIT_LONG) == ENTER_LONG;
    let short = mask & (ENTER_SHORT | EXIT_SHORT) == ENTER_SHORT;
    match (long, short) {
        (true, false) => 1.0,
        (false, true) => -1.0,
        _ => f64::NAN,
    }
}

fn vectorbt_columns(line: &Line, market: &Market, masks: &[u8]) -> Columns {
    let (size, stop) = (line.number("size"), line.number("sl_stop"));
    let sides: Vec<f64> = masks.iter().map(|mask| side(*mask)).collect();
    let trail = |x: f64| {
        let long = market.high.iter().map(|high| high * (1.0 - x)).collect();
        (long, market.low.iter().map(|low| low * (1.0 + x)).collect())
    };
    let is = |kind: &str| if line.text("size_type") == kind { size } else { None };
    Columns {
        stop_price: levels(market, &sides, stop.map(|x| -x)),
        target_price: levels(market, &sides, line.number("tp_stop")),
        trail_price: stop.filter(|_| line.is_set("sl_trail")).map(trail),
        qty: is(""),
        notional: is("value"),
        size: is("percent"),
        ..columns_of(masks)
    }
}

#[test]
fn vectorbt() {
    let files = Files::read("vectorbt");
    assert_eq!(files.cases.len(), 22);
    for line in &files.cases {
        let case = line.text("case");
        let qty =
            |trade: &Line| trade.number("qty").unwrap() * if trade.text("direction") == "long" { 1.0 } else { -1.0 };
        let trades: Vec<_> =
            of(&files.trades, case).map(|trade| expected(trade, qty(trade), trade.is_set("open"))).collect();
        let market = files.market(line.text("bars"));
        let mut masks = files.masks(case, market.close.len());
        resolve(&mut masks, line, &trades);
        let preset = options_of("vectorbt");
        let options = Options {
            initial_capital: line.number("init_cash").unwrap(),
            fee_bps: line.number("fees").unwrap() * 1e4,
            slippage_bps: line.number("slippage").unwrap() * 1e4,
            lot_size: line.number("size_granularity").unwrap_or(0.0),
            slippage_on: if line.text("stop_exit_price") == "stopmarket" {
                SlippageOn::All
            } else {
                preset.slippage_on
            },
            on_opposite: match line.text("upon_opposite_entry") {
                "close" => OnOpposite::Close,
                "ignore" => OnOpposite::Ignore,
                _ => preset.on_opposite,
            },
            entry_exit_conflict: EntryExitConflict::parse(line.text("conflict")).unwrap_or(preset.entry_exit_conflict),
            direction_conflict: DirectionConflict::parse(line.text("upon_dir_conflict"))
                .unwrap_or(preset.direction_conflict),
            ..preset
        };
        files.check(line, &options, &vectorbt_columns(line, &market, &masks), &trades, "final_value");
    }
}
