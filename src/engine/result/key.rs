//! What the numbers of a unit depend on, as one hash.
//!
//! Everything that can change a bit of a summary goes in; what only names or orders rows stays out, so that a renamed
//! strategy, another `ORDER BY` or a number of threads finds its rows again.

use std::hash::Hasher;
use std::ops::Range;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use siphasher::sip128::{Hasher128, SipHasher13};
use threadx_kernels::sim::{OptionValue, Options, RUN_OPTIONS};

use crate::engine::series::Series;
use crate::engine::strategy::{Body, ParamValue, Strategy, bars_scanned};
use crate::error::Result;

/// Most points of a unit.
pub const UNIT_POINTS: usize = 1024;

/// Raised by every change that alters a number of an indicator or of the simulator within one version of the engine.
const NUMBERS: u64 = 4;

/// Hash of what a unit holds the results of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitKey(pub(super) u128);

/// Adds values of known length, so that no two lists of values run into each other.
#[derive(Debug, Clone)]
struct Content(SipHasher13);

impl Content {
    fn new() -> Self {
        let mut content = Content(SipHasher13::new());
        content.text(env!("CARGO_PKG_VERSION"));
        content.word(NUMBERS);
        content
    }

    fn word(&mut self, word: u64) {
        self.0.write(&word.to_le_bytes());
    }

    fn number(&mut self, number: f64) {
        self.word(number.to_bits());
    }

    fn wide(&mut self, number: u128) {
        self.0.write(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        self.0.write(text.as_bytes());
    }

    fn value(&mut self, value: &ParamValue) {
        match value {
            ParamValue::Int(v) => self.word(*v as u64),
            ParamValue::Double(v) => self.number(*v),
            ParamValue::Bool(v) => self.word(u64::from(*v)),
            ParamValue::Text(v) => self.text(v),
        }
    }

    fn finish(&self) -> u128 {
        self.0.finish128().as_u128()
    }
}

/// Hash of the body of a strategy: its planned query and the names and types of its parameters. Its name, its comments and
/// its defaults do not count.
///
/// # Errors
/// A body that reads more than bars: its rows would be stale without a sign. Bars of other symbols are part of the key of a
/// unit.
pub fn body_id(strategy: &Strategy, body: &Body, state: &SessionState) -> Result<u128> {
    let mut content = Content::new();
    for param in &strategy.params {
        content.text(&param.name);
        content.text(param.ty.name());
    }
    content.text(&strategy.query.to_string());
    content.text(&body.plan.display_indent_schema().to_string());
    let mut foreign = None;
    body.plan.apply_with_subqueries(|node| {
        foreign = foreign.take().or_else(|| foreign_input(node));
        node.apply_expressions(|expr| {
            // The text of a plan leaves out what is long, such as the sixth row of VALUES.
            content.text(&expr.to_string());
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    if let Some(foreign) = foreign {
        return Err(strategy.error(format!(
            "a checkpoint keeps rows of strategies that depend on nothing but `bars` and parameters, but its body {foreign}; leave `checkpoint` out"
        )));
    }
    let options = state.config_options();
    content.text(options.execution.time_zone.as_deref().unwrap_or_default());
    content.word(u64::from(options.execution.enable_ansi_mode));
    Ok(content.finish())
}

fn foreign_input(node: &LogicalPlan) -> Option<String> {
    match node {
        scan if bars_scanned(scan).is_some() => None,
        LogicalPlan::TableScan(scan) => Some(format!("reads the table `{}`", scan.table_name.table())),
        LogicalPlan::Extension(extension) => Some(format!("has a {} step", extension.node.name())),
        _ => None,
    }
}

/// What all units of one series in one run have in common.
#[derive(Debug, Clone)]
pub struct SeriesId(Content);

impl SeriesId {
    /// For the body of [`body_id`], a series, the rows that are traded and the options of the simulator with the resolved
    /// number of bars per year. The series is known by its bars: neither its name nor its file counts.
    pub fn new(body: u128, series: &Series, rows: &Range<usize>, options: &Options) -> Self {
        let mut content = Content::new();
        content.wide(body);
        content.wide(series.fingerprint());
        content.word(rows.start as u64);
        content.word(rows.end as u64);
        for option in RUN_OPTIONS {
            content.text(option.name);
            match option.get(options) {
                OptionValue::Word(word) => content.text(word),
                OptionValue::Number(number) => content.number(number),
            }
        }
        SeriesId(content)
    }

    /// The same with what the series is traded against.
    pub fn with(mut self, market: impl Iterator<Item = u64>) -> Self {
        market.for_each(|word| self.0.word(word));
        self
    }

    /// The key of the unit of these points, one value per parameter each, that read other series with these fingerprints.
    pub fn unit(&self, points: &[Vec<ParamValue>], others: &[u128]) -> UnitKey {
        let mut content = self.0.clone();
        content.word(points.len() as u64);
        points.iter().flatten().for_each(|value| content.value(value));
        others.iter().for_each(|fingerprint| content.wide(*fingerprint));
        UnitKey(content.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::series::{Bar, Bars, SeriesKey};
    use threadx_kernels::sim::{DirectionFilter, Fill, Intrabar, Rebalance, Reentry, StopFill};

    fn series(symbol: &str, volumes: &[f64]) -> Series {
        let bar =
            |(i, &volume): (usize, &f64)| Bar { ts: i as i64, open: 1.0, high: 1.0, low: 1.0, close: 1.0, volume };
        let bars: Bars = volumes.iter().enumerate().map(bar).collect();
        Series::try_new(SeriesKey::parse(symbol, "1h").unwrap(), bars.into_batch().unwrap(), None).unwrap()
    }

    fn point(values: &[f64]) -> Vec<ParamValue> {
        values.iter().map(|v| ParamValue::Double(*v)).collect()
    }

    #[test]
    fn every_ingredient_changes_the_key() {
        let base = series("X", &[1.0, 2.0, 3.0]);
        let points = [point(&[1.0, 2.0]), point(&[1.0, 3.0])];
        let key = |body, series: &Series, rows, options: &Options| {
            SeriesId::new(body, series, &rows, options).unit(&points, &[])
        };
        let default = Options::default();
        let mut keys = vec![
            key(7, &base, 0..3, &default),
            key(8, &base, 0..3, &default),
            key(7, &series("X", &[1.0, 2.0, 4.0]), 0..3, &default),
            key(7, &series("X", &[1.0, 2.0, -0.0]), 0..3, &default),
            key(7, &series("X", &[1.0, 2.0, 0.0]), 0..3, &default),
            key(7, &base, 1..3, &default),
            key(7, &base, 0..2, &default),
        ];
        let changes: Vec<fn(&mut Options)> = vec![
            |o| o.fill = Fill::Close,
            |o| o.stop_fill = StopFill::Close,
            |o| o.intrabar = Intrabar::NearestOpen,
            |o| o.fee_bps = 1.0,
            |o| o.slippage_bps = 1.0,
            |o| o.initial_capital = 1.0,
            |o| o.direction = DirectionFilter::Long,
            |o| o.reentry = Reentry::NextBar,
            |o| o.lot_size = 1.0,
            |o| o.min_notional = 1.0,
            |o| o.maintenance_margin = 0.0,
            |o| o.periods_per_year = Some(1.0),
            |o| o.risk_free = 1.0,
            |o| o.rebalance = Rebalance::Every(2),
            |o| o.maker_fee_bps = Some(10.0),
        ];
        for change in changes {
            let mut options = default;
            change(&mut options);
            keys.push(key(7, &base, 0..3, &options));
        }
        let id = SeriesId::new(7, &base, &(0..3), &default);
        let int = |v| vec![ParamValue::Int(v), ParamValue::Int(3)];
        keys.extend([
            id.unit(&[point(&[1.0, 2.0])], &[]),
            id.unit(&[point(&[1.0, 3.0]), point(&[1.0, 2.0])], &[]),
            id.unit(&[point(&[1.0, 2.0]), point(&[-0.0, 3.0])], &[]),
            id.unit(&[point(&[1.0, 2.0]), point(&[0.0, 3.0])], &[]),
            id.unit(&[int(1)], &[]),
            id.unit(&[vec![ParamValue::Text("ab".into()), ParamValue::Text("c".into())]], &[]),
            id.unit(&[vec![ParamValue::Text("a".into()), ParamValue::Text("bc".into())]], &[]),
            id.unit(&points, &[1]),
            id.unit(&points, &[1, 2]),
            id.unit(&points, &[2, 1]),
        ]);
        for (i, key) in keys.iter().enumerate() {
            assert!(!keys[..i].contains(key), "key {i} is not its own");
        }
        // What a series is traded against: nothing, a rate, another rate, finer bars.
        let against: [&[u64]; 3] = [&[1], &[2], &[1, 2]];
        for content in against {
            let id = SeriesId::new(7, &base, &(0..3), &default).with(content.iter().copied());
            let key = id.unit(&points, &[]);
            assert!(!keys.contains(&key), "{content:?} is not its own");
            keys.push(key);
        }
        // The same numbers under another name are the same unit.
        assert_eq!(keys[0], key(7, &series("Y", &[1.0, 2.0, 3.0]), 0..3, &default));
    }
}
