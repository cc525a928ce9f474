//! One verdict per column of a strategy.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::finding::{Finding, What, add};
use super::lineage::Known;
use super::profile::{Reach, lookback, warm_up};
use super::truncation::{Difference, Shortened, Trial, cuts, difference};
use crate::engine::series::{UTC, bars_schema, ts_type};
use crate::engine::strategy::contract_column;
use crate::engine::sweep::Evaluated;
use crate::error::Result;

/// What an audit says of one column.
#[derive(Debug)]
pub struct Verdict {
    /// The column.
    pub name: String,
    /// Whether the simulator reads it.
    pub is_read: bool,
    /// What in the plan may make it look ahead.
    pub findings: Vec<Finding>,
    /// The expression that makes it.
    pub expression: String,
    /// The earliest value that changed when later bars were added.
    pub leak: Option<Difference>,
    /// How many later bars a leaky value needs; `None` without a leak, and where only all were enough.
    pub look_ahead: Option<usize>,
    /// Rows at the start without a value; `None` with a leak.
    pub lookback: Option<usize>,
    /// Bars until the start of the series no longer matters; `None` with a leak, and where it always does.
    pub warmup: Option<usize>,
}

impl Verdict {
    /// The verdict in a word.
    pub fn word(&self) -> &'static str {
        match (&self.leak, self.findings.as_slice()) {
            (Some(_), _) => "look_ahead",
            (None, []) => "causal",
            (None, found) if found.iter().any(|finding| finding.what.is_leak()) => "look_ahead",
            (None, _) => "suspect",
        }
    }

    /// What it means for whatever reads the column; nothing of one that is causal.
    fn for_readers(&self) -> Vec<Finding> {
        let is_leak = match self.word() {
            "causal" => return vec![],
            word => word == "look_ahead",
        };
        let expressions: Vec<String> = match self.findings.as_slice() {
            [] => vec![self.expression.clone()],
            found => found.iter().map(|finding| finding.expression.clone()).collect(),
        };
        let what = What::Reads { column: self.name.clone(), is_leak };
        expressions.into_iter().map(|expression| Finding { what: what.clone(), expression }).collect()
    }
}

/// Where an audit compares.
#[derive(Debug, Clone)]
pub struct Cutting {
    /// The rows that are compared.
    pub rows: std::ops::Range<usize>,
    /// How often the series is cut.
    pub count: usize,
}

/// The columns of an audit.
pub fn audit_schema() -> SchemaRef {
    let text = |name: &str, nullable: bool| Field::new(name, DataType::Utf8, nullable);
    let int = |name: &str, nullable: bool| Field::new(name, DataType::Int64, nullable);
    let time = |name: &str| Field::new(name, ts_type(), true);
    Arc::new(Schema::new(vec![
        text("symbol", false),
        text("timeframe", false),
        text("strategy", false),
        text("params", false),
        text("column_name", false),
        Field::new("contract", DataType::Boolean, false),
        text("verdict", false),
        text("finding", true),
        text("expression", true),
        time("first_ts"),
        time("cut_ts"),
        text("value_then", true),
        text("value_final", true),
        int("look_ahead_bars", true),
        int("lookback", true),
        int("warmup_bars", true),
        int("cuts", false),
    ]))
}

/// The earliest value of a column that changed, and how many later rows were enough.
type Leak = (Option<Difference>, Option<usize>);

/// What cutting says of some columns, by their positions, and the number of cuts.
fn leaks(trial: &dyn Shortened, whole: &Evaluated, (own, cutting): (&[usize], &Cutting)) -> Result<(Vec<Leak>, usize)> {
    let lengths = cuts(&cutting.rows, cutting.count);
    let mut seen: Vec<Vec<Difference>> = vec![vec![]; own.len()];
    for &length in &lengths {
        let part = trial.on_first(length)?;
        for (seen, &column) in seen.iter_mut().zip(own) {
            seen.extend(difference(&whole.columns[column].1, (&part, length), column, cutting.rows.start)?);
        }
    }
    let mut reach = Reach::new(trial, whole);
    let mut leak = |(seen, &column): (&Vec<Difference>, &usize)| -> Result<Leak> {
        let first = seen.iter().min_by_key(|d| (d.row, d.known)).cloned();
        // The same reach is seen best where most bars follow.
        let farthest = seen.iter().max_by_key(|d| (d.reach(), std::cmp::Reverse(d.known)));
        Ok((first, farthest.map(|seen| reach.of(column, seen)).transpose()?.flatten()))
    };
    Ok((seen.iter().zip(own).map(&mut leak).collect::<Result<_>>()?, lengths.len()))
}

/// The verdicts on the books of an account, and the number of cuts. `members` are those on the columns of its series.
///
/// # Errors
/// A body that cannot be evaluated.
pub fn judge_account(account: &dyn Shortened, members: &[Verdict], count: usize) -> Result<(Vec<Verdict>, usize)> {
    let whole = account.whole()?;
    let own: Vec<usize> = (0..whole.columns.len()).collect();
    let (leaks, cuts) = leaks(account, &whole, (&own, &Cutting { rows: 0..account.rows(), count }))?;
    let mut findings = vec![];
    for member in members.iter().filter(|member| member.is_read) {
        add(&mut findings, member.for_readers());
    }
    let verdict = |((name, _), (leak, look_ahead)): (&(String, ArrayRef), Leak)| Verdict {
        name: name.clone(),
        is_read: false,
        findings: findings.clone(),
        expression: name.clone(),
        leak,
        look_ahead,
        lookback: None,
        warmup: None,
    };
    Ok((whole.columns.iter().zip(leaks).map(verdict).collect(), cuts))
}

/// The verdicts on every column of a body that is not a column of the bars, in the order of its query, and the number of
/// cuts. `known` are the columns of its plan, `read` those that the simulator reads besides those of the contract.
///
/// # Errors
/// A body that cannot be evaluated.
pub fn judge(trial: &Trial, (known, read): (&[Known], &[String]), cutting: &Cutting) -> Result<(Vec<Verdict>, usize)> {
    let whole = trial.whole()?;
    let bars = bars_schema();
    let own: Vec<usize> =
        (0..whole.columns.len()).filter(|&c| bars.field_with_name(&whole.columns[c].0).is_err()).collect();
    let (leaks, cuts) = leaks(trial, &whole, (&own, cutting))?;
    let late_start = trial.series.len() / 3;
    let late = trial.on_rows_from(late_start)?;
    let mut verdicts = vec![];
    for ((leak, look_ahead), &column) in leaks.into_iter().zip(&own) {
        let (name, values) = &whole.columns[column];
        let (mut lookback_rows, mut warmup) = (None, None);
        if leak.is_none() {
            lookback_rows = Some(lookback(values));
            warmup = warm_up(values, &late.columns[column].1, late_start)?;
        }
        let known = known.get(column).cloned().unwrap_or_default();
        verdicts.push(Verdict {
            name: name.clone(),
            is_read: contract_column(name).is_some() || read.contains(name),
            findings: known.findings,
            expression: known.expression,
            leak,
            look_ahead,
            lookback: lookback_rows,
            warmup,
        });
    }
    Ok((verdicts, cuts))
}

/// What is the same in every row of one series.
#[derive(Debug)]
pub struct Heading {
    /// Symbol, timeframe, strategy and parameters.
    pub texts: [String; 4],
    /// How often the series was cut.
    pub cuts: usize,
}

/// The rows of one series with these open times.
///
/// # Errors
/// None that verdicts can cause.
pub fn report(heading: &Heading, verdicts: &[Verdict], ts: &[i64]) -> Result<RecordBatch> {
    let n = verdicts.len();
    let same =
        |text: &String| -> ArrayRef { Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text.as_str(), n))) };
    let text = |of: &dyn Fn(&Verdict) -> Option<String>| -> ArrayRef {
        Arc::new(verdicts.iter().map(of).collect::<StringArray>())
    };
    let int = |of: &dyn Fn(&Verdict) -> Option<usize>| -> ArrayRef {
        Arc::new(verdicts.iter().map(|v| of(v).map(|n| n as i64)).collect::<Int64Array>())
    };
    let time = |of: &dyn Fn(&Difference) -> usize| -> ArrayRef {
        let times = verdicts.iter().map(|v| v.leak.as_ref().map(|leak| ts[of(leak)]));
        Arc::new(times.collect::<TimestampMicrosecondArray>().with_timezone(UTC))
    };
    let mut columns: Vec<ArrayRef> = heading.texts.iter().map(same).collect();
    columns.extend([
        text(&|v| Some(v.name.clone())),
        Arc::new(BooleanArray::from_iter(verdicts.iter().map(|v| Some(v.is_read)))),
        text(&|v| Some(v.word().to_string())),
        text(&|v| joined(v.findings.iter().map(|f| f.what.describe()))),
        text(&|v| match (v.word(), joined(v.findings.iter().map(|f| f.expression.clone()))) {
            ("look_ahead", None) => Some(v.expression.clone()),
            (_, found) => found,
        }),
        time(&|leak| leak.row),
        time(&|leak| leak.known - 1),
        text(&|v| v.leak.as_ref().and_then(|leak| leak.then.clone())),
        text(&|v| v.leak.as_ref().and_then(|leak| leak.in_the_end.clone())),
        int(&|v| v.look_ahead),
        int(&|v| v.lookback),
        int(&|v| v.warmup),
        int(&|_| Some(heading.cuts)),
    ]);
    Ok(RecordBatch::try_new(audit_schema(), columns)?)
}

/// Texts side by side, each once; `None` if there are none.
fn joined(texts: impl Iterator<Item = String>) -> Option<String> {
    let mut each: Vec<String> = vec![];
    for text in texts {
        if !each.contains(&text) {
            each.push(text);
        }
    }
    (!each.is_empty()).then(|| each.join("; "))
}
