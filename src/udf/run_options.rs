//! The run options of the simulator as named arguments.

use crate::udf::args::{ArgDef, ArgKind};

/// The run options, in the order of the documentation.
pub fn args() -> Vec<ArgDef> {
    RUN_OPTIONS.to_vec()
}

/// Every run option.
pub static RUN_OPTIONS: &[ArgDef] = &[
    ArgDef::named("fill", ArgKind::Word(&["next_open", "close"]), "'next_open'", "When orders fill."),
    ArgDef::named("stop_fill", ArgKind::Word(&["intrabar", "close"]), "'intrabar'", "Where stops and targets fill."),
    ArgDef::named(
        "intrabar",
        ArgKind::Word(&["stop_first", "target_first", "nearest_open"]),
        "'stop_first'",
        "Which level is reached first in a bar that touches both stop and target.",
    ),
    ArgDef::named("fee_bps", ArgKind::Number { min: 0.0, max: 5000.0 }, "10", "Fee per fill, basis points of notional."),
    ArgDef::named(
        "slippage_bps",
        ArgKind::Number { min: 0.0, max: 5000.0 },
        "5",
        "Slippage per fill, basis points of price, always against you.",
    ),
    ArgDef::named(
        "initial_capital",
        ArgKind::Number { min: f64::MIN_POSITIVE, max: f64::INFINITY },
        "10000",
        "Money at the start, quote currency.",
    ),
    ArgDef::named("direction", ArgKind::Word(&["both", "long", "short"]), "'both'", "Which directions may be entered."),
    ArgDef::named(
        "reentry",
        ArgKind::Word(&["same_bar", "next_bar"]),
        "'same_bar'",
        "Whether an entry may be decided on the bar of an exit.",
    ),
    ArgDef::named(
        "lot_size",
        ArgKind::Number { min: 0.0, max: f64::INFINITY },
        "0",
        "Quantities are rounded down to a multiple of this; 0 allows any.",
    ),
    ArgDef::named(
        "min_notional",
        ArgKind::Number { min: 0.0, max: f64::INFINITY },
        "0",
        "Orders below this notional are rejected.",
    ),
    ArgDef::named(
        "maintenance_margin",
        ArgKind::Number { min: 0.0, max: 0.99 },
        "0.005",
        "Equity over notional at which a leveraged or short position is liquidated.",
    ),
    ArgDef::named("since", ArgKind::Timestamp, "the first bar", "Trading starts at the first bar at or after this time, UTC."),
    ArgDef::named("until", ArgKind::Timestamp, "the last bar", "Trading ends before this time, UTC."),
    ArgDef::named("periods_per_year", ArgKind::PeriodsPerYear, "'auto'", "Bars per year for annualised metrics, or 'auto'."),
    ArgDef::named(
        "risk_free",
        ArgKind::Number { min: -0.99, max: 10.0 },
        "0",
        "Annual risk-free return, a fraction.",
    ),
    ArgDef::named("preset", ArgKind::Word(&["default", "threadx_py"]), "'default'", "Named set of run options."),
];
