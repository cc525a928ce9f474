//! What some points give under each assumption about the inside of bars: the rule of the run, and the other ones where bounds
//! are wanted.

use std::ops::Range;

use datafusion::arrow::array::RecordBatch;
use threadx_kernels::metric::{Metric, Variant};
use threadx_kernels::sim::{Needs, Options, Summary};

use super::bounds::may_differ;
use super::drive::Sink;
use super::resume::{Fingerprints, Units};
use crate::engine::strategy::ParamValue;
use crate::error::Result;

/// A rule for the inside of bars.
pub struct Rule<'a> {
    /// Its place among the rules of the run; 0 is the run's own.
    pub place: usize,
    /// The options with it.
    pub options: Options,
    /// What its summaries have to keep.
    pub needs: Needs,
    /// The rows that are kept, if they are.
    pub units: Option<Units<'a>>,
}

/// What points give under one rule.
#[derive(Debug, Clone, Default)]
pub struct Outcomes {
    /// One per point; none where no metric is wanted.
    pub summaries: Vec<Summary>,
    /// The values of the metrics that the convention of the run defines otherwise, one list per point, where there are any.
    pub own: Vec<Vec<Option<f64>>>,
}

impl Outcomes {
    /// The same for some of the points.
    fn of(&self, range: Range<usize>) -> Outcomes {
        let own = if self.own.is_empty() { vec![] } else { self.own[range.clone()].to_vec() };
        Outcomes { summaries: self.summaries[range].to_vec(), own }
    }

    /// The value of a metric for a point. `variants` are the metrics of `own`.
    pub fn value(&self, metric: &Metric, variants: &[&Variant], point: usize) -> Option<f64> {
        match variants.iter().position(|variant| variant.metric == metric.name) {
            Some(place) => self.own[point][place],
            None => metric.value(&self.summaries[point]),
        }
    }
}

/// Computes what the points with these numbers give under a rule.
pub type Compute<'c> = &'c mut dyn FnMut(&Rule, Needs, &[usize], &dyn Sink) -> Result<Outcomes>;

/// What each rule gives for some points, the run's own first. Stored rows are read; under another rule than the run's own, only
/// points that may differ are computed.
pub fn by_rule(
    rules: &[Rule],
    points: (&[Vec<ParamValue>], Fingerprints),
    compute: Compute,
    sink: &dyn Sink,
) -> Result<Vec<Outcomes>> {
    let Some((own, rest)) = rules.split_first() else { return Ok(vec![]) };
    let mut all =
        vec![under(own, points, sink, &mut |range| compute(own, own.needs, &range.collect::<Vec<_>>(), sink))?];
    let sink = &Quiet(sink);
    for rule in rest {
        let known = &all[0];
        let outcomes = under(rule, points, sink, &mut |range| {
            let mut outcomes = known.of(range.clone());
            let open: Vec<usize> =
                range.clone().filter(|&point| may_differ(&known.summaries[point], own.options.intrabar)).collect();
            if open.is_empty() {
                return Ok(outcomes);
            }
            // The rows of a stored unit have all kept the same.
            let needs = if rule.units.is_some() { known.summaries[open[0]].kept } else { rule.needs };
            let computed = compute(rule, needs, &open, sink)?;
            for (point, summary) in open.iter().zip(computed.summaries) {
                outcomes.summaries[point - range.start] = summary;
            }
            for (point, own) in open.iter().zip(computed.own) {
                outcomes.own[point - range.start] = own;
            }
            Ok(outcomes)
        })?;
        all.push(outcomes);
    }
    Ok(all)
}

/// What one rule gives for some points; `compute` is asked for the ranges of them that are not stored.
fn under(
    rule: &Rule,
    (points, others): (&[Vec<ParamValue>], Fingerprints),
    sink: &dyn Sink,
    compute: &mut dyn FnMut(Range<usize>) -> Result<Outcomes>,
) -> Result<Outcomes> {
    let Some(units) = &rule.units else { return compute(0..points.len()) };
    let summaries = units.summaries((points, others), |range| Ok(compute(range)?.summaries), sink)?;
    Ok(Outcomes { summaries, own: vec![] })
}

/// A sink for what is computed about points that are counted already.
struct Quiet<'a>(&'a dyn Sink);

impl Sink for Quiet<'_> {
    fn send(&self, batch: RecordBatch) -> bool {
        self.0.send(batch)
    }

    fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    fn advance(&self, _: u64) {}
}
