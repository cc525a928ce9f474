//! `bounds => true`: between which values two metrics lie, whatever is assumed about the inside of bars.
//!
//! A run is repeated with the stop first and with the target first in every bar whose inside decides, and the smallest and the
//! largest value of these runs and of the run itself are columns. A run without such a bar is not repeated: see
//! [`may_differ`].

use threadx_kernels::metric::Metric;
use threadx_kernels::sim::{Intrabar, Options, Summary};

use super::output::metric;

/// A column of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Name of the column.
    pub name: &'static str,
    /// Name of the metric.
    metric: &'static str,
    /// Whether it is the lower one.
    is_low: bool,
}

/// The columns of bounds in the order in which results show them.
pub static BOUNDS: &[Bound] = &[
    Bound { name: "total_return_low", metric: "total_return", is_low: true },
    Bound { name: "total_return_high", metric: "total_return", is_low: false },
    Bound { name: "sharpe_low", metric: "sharpe", is_low: true },
    Bound { name: "sharpe_high", metric: "sharpe", is_low: false },
];

impl Bound {
    /// The metric that it bounds.
    pub fn metric(&self) -> Option<&'static Metric> {
        metric(self.metric)
    }

    /// The bound of the values of the metric, one per assumption; `None` if any of them is undefined.
    pub fn of(&self, values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
        let either = if self.is_low { f64::min } else { f64::max };
        let values: Option<Vec<f64>> = values.into_iter().collect();
        values?.into_iter().reduce(either)
    }
}

/// The options of the runs that a run is compared with.
pub fn other_rules(options: &Options) -> Vec<Options> {
    let rules = [Intrabar::StopFirst, Intrabar::TargetFirst].into_iter().filter(|rule| *rule != options.intrabar);
    rules.map(|intrabar| Options { intrabar, ..*options }).collect()
}

/// Whether a run with another rule may differ in any bit from a run with the rule `own` that gave `summary`.
///
/// All rules leave in the same bar or finer bar, since whether it touches a level does not depend on them. Where in it they
/// leave depends on the rule only if it touches both levels, after an open that is beyond neither: then the bar is counted
/// in `ambiguous_bars` by every rule. So two runs are equal up to the first such bar, and a run without one is equal to all
/// others. `stop_always` alone treats an open beyond the target in another way, so that nothing is concluded from its runs.
pub fn may_differ(summary: &Summary, own: Intrabar) -> bool {
    summary.ambiguous_bars > 0 || own == Intrabar::StopAlways
}

/// How often each combination is run, for `EXPLAIN`.
pub fn runs_per_combo(options: &Options) -> String {
    let most = 1 + other_rules(options).len();
    match options.intrabar {
        Intrabar::StopAlways => format!("{most} runs per combo"),
        _ => format!("up to {most} runs per combo, one where no bar is ambiguous"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_the_smallest_and_the_largest_and_unknown_where_one_value_is() {
        let values = [Some(0.5), Some(-1.0), Some(0.75)];
        let of = |values: &[Option<f64>]| [&BOUNDS[0], &BOUNDS[1]].map(|bound| bound.of(values.iter().copied()));
        assert_eq!(of(&values), [Some(-1.0), Some(0.75)]);
        assert_eq!(of(&values[..1]), [Some(0.5); 2]);
        assert_eq!(of(&[Some(1.0), None]), [None; 2]);
        assert!(BOUNDS.iter().all(|bound| bound.metric().is_some_and(|metric| bound.name.starts_with(metric.name))));
    }

    #[test]
    fn a_run_is_compared_with_the_rules_that_are_not_its_own() {
        let others = |intrabar| {
            let options = Options { intrabar, fee_bps: 3.0, ..Options::default() };
            let others = other_rules(&options);
            assert!(others.iter().all(|other| Options { intrabar, ..*other } == options));
            others.iter().map(|other| other.intrabar).collect::<Vec<_>>()
        };
        assert_eq!(others(Intrabar::StopFirst), [Intrabar::TargetFirst]);
        assert_eq!(others(Intrabar::TargetFirst), [Intrabar::StopFirst]);
        assert_eq!(others(Intrabar::NearestOpen), [Intrabar::StopFirst, Intrabar::TargetFirst]);
        assert_eq!(others(Intrabar::StopAlways), [Intrabar::StopFirst, Intrabar::TargetFirst]);
    }
}
