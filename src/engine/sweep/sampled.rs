//! The sampled form of a grid: laws of parameters, and the points that a sampler chooses.

use std::fmt;

use threadx_kernels::search::{Drawn, Law, Sample};

use super::grid::{SampleOptions, keep_distinct};
use crate::engine::strategy::{ParamType, ParamValue, Strategy};
use crate::error::{Error, Result};

/// Ranges of whole numbers up to this long are checked value by value while a query is planned.
const MAX_LISTED: u64 = 4096;

/// What the values of a parameter are, and how likely.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamLaw {
    /// These values, all as likely.
    Values(Vec<ParamValue>),
    /// Whole numbers, both ends included, all as likely; of an INT or a DOUBLE parameter.
    Integers {
        /// Smallest value.
        low: i64,
        /// Largest value.
        high: i64,
    },
    /// Numbers between two ends, the density constant; of a DOUBLE parameter.
    Uniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// Numbers between two ends, the density of the logarithm constant; of a DOUBLE parameter.
    LogUniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
}

impl ParamLaw {
    /// Whole numbers from `low` to `high`.
    ///
    /// # Errors
    /// One sentence, if `low > high` or there are 2^64 values.
    pub fn integers(low: i64, high: i64) -> Result<Self, String> {
        if low > high {
            return Err(format!("integer(low, high) needs low <= high, got integer({low}, {high})"));
        }
        if (low, high) == (i64::MIN, i64::MAX) {
            return Err(format!("integer({low}, {high}) has too many values"));
        }
        Ok(ParamLaw::Integers { low, high })
    }

    /// Numbers from `low` to `high`.
    ///
    /// # Errors
    /// All errors of [`Law::uniform`].
    pub fn uniform(low: f64, high: f64) -> Result<Self, String> {
        Law::uniform(low, high).map(|_| ParamLaw::Uniform { low, high })
    }

    /// Numbers from `low` to `high` on a logarithmic scale.
    ///
    /// # Errors
    /// All errors of [`Law::log_uniform`].
    pub fn log_uniform(low: f64, high: f64) -> Result<Self, String> {
        Law::log_uniform(low, high).map(|_| ParamLaw::LogUniform { low, high })
    }

    /// The law of its axis.
    fn law(&self) -> Law {
        match self {
            ParamLaw::Values(values) => Law::Discrete(values.len() as u64),
            ParamLaw::Integers { low, high } => Law::Discrete(low.abs_diff(*high) + 1),
            ParamLaw::Uniform { low, high } => Law::Uniform { low: *low, high: *high },
            ParamLaw::LogUniform { low, high } => Law::LogUniform { low: *low, high: *high },
        }
    }

    /// The one value, if there is no other.
    fn only(&self, ty: ParamType) -> Option<ParamValue> {
        match self {
            ParamLaw::Values(values) if values.len() == 1 => Some(values[0].clone()),
            ParamLaw::Integers { low, high } if low == high => Some(whole(*low, ty)),
            ParamLaw::Uniform { low, high } | ParamLaw::LogUniform { low, high } if low == high => {
                Some(ParamValue::Double(*low))
            }
            _ => None,
        }
    }

    fn value(&self, drawn: Drawn, ty: ParamType) -> ParamValue {
        match (self, drawn) {
            (ParamLaw::Values(values), Drawn::Position(at)) => values[at as usize].clone(),
            (ParamLaw::Integers { low, .. }, Drawn::Position(at)) => whole(low.wrapping_add_unsigned(at), ty),
            (_, Drawn::Number(number)) => ParamValue::Double(number),
            // A continuous law draws numbers.
            (_, Drawn::Position(at)) => ParamValue::Double(at as f64),
        }
    }
}

fn whole(value: i64, ty: ParamType) -> ParamValue {
    match ty {
        ParamType::Double => ParamValue::Double(value as f64),
        _ => ParamValue::Int(value),
    }
}

impl fmt::Display for ParamLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParamLaw::Values(values) => write!(f, "choice of {}", values.len()),
            ParamLaw::Integers { low, high } => write!(f, "integer({low}, {high})"),
            ParamLaw::Uniform { low, high } => write!(f, "uniform({low:?}, {high:?})"),
            ParamLaw::LogUniform { low, high } => write!(f, "log_uniform({low:?}, {high:?})"),
        }
    }
}

/// What a parameter of a point is made from.
#[derive(Debug, Clone)]
enum Place {
    /// It has one value.
    Fixed(ParamValue),
    /// It is drawn on an axis of the sample.
    Axis { axis: usize, law: ParamLaw, ty: ParamType },
}

/// Points that a sampler chooses. Parameters with one value take no axis.
#[derive(Debug, Clone)]
pub struct Sampled {
    options: SampleOptions,
    sample: Sample,
    places: Vec<Place>,
}

impl Sampled {
    /// The points, one law per parameter of the strategy.
    pub(super) fn new(strategy: &Strategy, options: SampleOptions, laws: Vec<ParamLaw>) -> Result<Self> {
        let mut axes = vec![];
        let mut places = vec![];
        for (mut law, param) in laws.into_iter().zip(&strategy.params) {
            if let ParamLaw::Values(values) = &mut law {
                keep_distinct(values);
                if values.is_empty() {
                    return Err(Error::argument(format!(
                        "{}(): parameter `{}` of strategy `{}` has an empty list of values, so there is nothing to draw",
                        options.sampler.name(),
                        param.name,
                        strategy.name
                    )));
                }
            }
            places.push(match law.only(param.ty) {
                Some(value) => Place::Fixed(value),
                None => {
                    axes.push(law.law());
                    Place::Axis { axis: axes.len() - 1, law, ty: param.ty }
                }
            });
        }
        let SampleOptions { sampler, seed, points } = options;
        let sample = Sample::new(sampler, seed, points, axes)
            .map_err(|reason| Error::argument(format!("{}(): {reason}", sampler.name())))?;
        Ok(Sampled { options, sample, places })
    }

    pub(super) fn count(&self) -> u64 {
        self.sample.count()
    }

    pub(super) fn point(&self, index: u64) -> Vec<ParamValue> {
        let drawn = self.sample.point(index);
        self.places
            .iter()
            .map(|place| match place {
                Place::Fixed(value) => value.clone(),
                Place::Axis { axis, law, ty } => law.value(drawn[*axis], *ty),
            })
            .collect()
    }

    pub(super) fn varied(&self, strategy: &Strategy) -> Vec<String> {
        let SampleOptions { sampler, seed, points } = self.options;
        let head = format!("{}({points}, seed => {seed})", sampler.name());
        let laws = self.places.iter().zip(&strategy.params).filter_map(|(place, param)| match place {
            Place::Fixed(_) => None,
            Place::Axis { law, .. } => Some(format!("{} {law}", param.name)),
        });
        std::iter::once(head).chain(laws).collect()
    }

    /// Whether the parameter at `index` is drawn.
    pub(super) fn is_varied(&self, index: usize) -> bool {
        matches!(self.places[index], Place::Axis { .. })
    }

    /// Whether [`Sampled::values_of`] gives every value that the parameter can take.
    pub(super) fn is_listed(&self, index: usize) -> bool {
        match &self.places[index] {
            Place::Fixed(_) | Place::Axis { law: ParamLaw::Values(_), .. } => true,
            Place::Axis { law, .. } => law.law().count().is_some_and(|count| count <= MAX_LISTED),
        }
    }

    pub(super) fn values_of(&self, index: usize) -> Vec<ParamValue> {
        match &self.places[index] {
            Place::Fixed(value) => vec![value.clone()],
            Place::Axis { law: ParamLaw::Values(values), .. } => values.clone(),
            Place::Axis { law: ParamLaw::Integers { low, high }, ty, .. } => match self.is_listed(index) {
                true => (*low..=*high).map(|value| whole(value, *ty)).collect(),
                false => vec![whole(*low, *ty), whole(*high, *ty)],
            },
            Place::Axis { law: ParamLaw::Uniform { low, high } | ParamLaw::LogUniform { low, high }, .. } => {
                vec![ParamValue::Double(*low), ParamValue::Double(*high)]
            }
        }
    }
}
