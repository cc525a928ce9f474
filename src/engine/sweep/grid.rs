//! The points of a sweep: a strategy and the values of its parameters.

use std::borrow::Cow;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use threadx_kernels::search::{Grid, Sampler};

use super::sampled::{ParamLaw, Sampled};
use crate::engine::strategy::{ParamValue, Strategy};
use crate::error::{Error, Result};

/// A strategy with the values of each of its parameters. Points are enumerated, never stored; the last parameter of the
/// strategy varies fastest.
#[derive(Debug, Clone)]
pub struct ParamGrid {
    /// The strategy.
    pub strategy: Arc<Strategy>,
    points: Points,
}

#[derive(Debug, Clone)]
enum Points {
    /// Every combination of the values of each parameter, in the order of declaration.
    Product { grid: Grid, axes: Vec<Vec<ParamValue>> },
    /// These points, one value per parameter.
    Rows(Vec<Vec<ParamValue>>),
    /// Points that a sampler chooses.
    Sampled(Arc<Sampled>),
}

/// A sampler with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOptions {
    /// The sampler.
    pub sampler: Sampler,
    /// Chooses the points.
    pub seed: u64,
    /// Number of points, from 1 to [`threadx_kernels::search::MAX_POINTS`].
    pub points: u64,
}

impl ParamGrid {
    /// Every combination of `axes`, one list of values per parameter of the strategy; repeated values count once.
    pub fn product(strategy: Arc<Strategy>, mut axes: Vec<Vec<ParamValue>>) -> Result<Self> {
        for (axis, param) in axes.iter_mut().zip(&strategy.params) {
            keep_distinct(axis);
            if axis.is_empty() {
                return Err(Error::argument(format!(
                    "parameter `{}` of strategy `{}` has an empty list of values, so the grid is empty",
                    param.name, strategy.name
                )));
            }
        }
        let grid = Grid::new(axes.iter().map(Vec::len).collect()).map_err(Error::argument)?;
        Ok(ParamGrid { strategy, points: Points::Product { grid, axes } })
    }

    /// These points, one value per parameter of the strategy each.
    pub fn rows(strategy: Arc<Strategy>, rows: Vec<Vec<ParamValue>>) -> Result<Self> {
        if rows.is_empty() {
            return Err(Error::argument("the subquery gives no rows, so the grid is empty"));
        }
        let mut seen = std::collections::HashSet::new();
        let rows = rows.into_iter().filter(|row| seen.insert(format!("{row:?}"))).collect();
        Ok(ParamGrid { strategy, points: Points::Rows(rows) })
    }

    /// Whether the points are every combination of lists of values.
    pub fn is_product(&self) -> bool {
        matches!(self.points, Points::Product { .. })
    }

    /// Points that a sampler chooses, one law per parameter of the strategy.
    ///
    /// # Errors
    /// A list without values, a number of points that is out of range, or more varied parameters than the sampler can take.
    pub fn sampled(strategy: Arc<Strategy>, options: SampleOptions, laws: Vec<ParamLaw>) -> Result<Self> {
        let sampled = Sampled::new(&strategy, options, laws)?;
        Ok(ParamGrid { strategy, points: Points::Sampled(Arc::new(sampled)) })
    }

    /// Number of points.
    pub fn count(&self) -> u64 {
        match &self.points {
            Points::Product { grid, .. } => grid.count(),
            Points::Rows(rows) => rows.len() as u64,
            Points::Sampled(sampled) => sampled.count(),
        }
    }

    /// The values of point `index`, in the order of the parameters.
    pub fn point(&self, index: u64) -> Vec<ParamValue> {
        match &self.points {
            Points::Product { grid, axes } => {
                grid.point(index).into_iter().zip(axes).map(|(at, axis)| axis[at].clone()).collect()
            }
            Points::Rows(rows) => rows[index as usize].clone(),
            Points::Sampled(sampled) => sampled.point(index),
        }
    }

    /// The parameters that take more than one value, as `name×count`; for a sample the sampler and the laws.
    pub fn varied(&self) -> Vec<String> {
        match &self.points {
            Points::Product { axes, .. } => self
                .strategy
                .params
                .iter()
                .zip(axes)
                .filter(|(_, axis)| axis.len() > 1)
                .map(|(param, axis)| format!("{}×{}", param.name, axis.len()))
                .collect(),
            Points::Rows(rows) => vec![format!("{} rows of a subquery", rows.len())],
            Points::Sampled(sampled) => sampled.varied(&self.strategy),
        }
    }

    /// Whether the parameter at `index` has not the same value at all points.
    pub fn is_varied(&self, index: usize) -> bool {
        match &self.points {
            Points::Product { axes, .. } => axes[index].len() > 1,
            Points::Rows(rows) => rows.iter().any(|row| row[index] != rows[0][index]),
            Points::Sampled(sampled) => sampled.is_varied(index),
        }
    }

    /// Every value that the parameter at `index` can take, for checks; of a long range of a sample the ends alone, see
    /// [`ParamGrid::must_check_points`].
    pub fn values_of(&self, index: usize) -> Vec<ParamValue> {
        match &self.points {
            Points::Product { axes, .. } => axes[index].clone(),
            Points::Rows(rows) => rows.iter().map(|row| row[index].clone()).collect(),
            Points::Sampled(sampled) => sampled.values_of(index),
        }
    }

    /// Whether a point may break the `CHECK` of a single parameter though the values of [`ParamGrid::values_of`] satisfy
    /// it: `CHECK (x <> 5)` inside a range of numbers.
    pub fn must_check_points(&self) -> bool {
        let Points::Sampled(sampled) = &self.points else { return false };
        let checked = |index: usize| self.strategy.params[index].check.is_some();
        (0..self.strategy.params.len()).any(|index| checked(index) && !sampled.is_listed(index))
    }

    /// The strategy with every condition that must be checked point by point among its `checks`.
    pub fn strategy_to_check(&self) -> Cow<'_, Strategy> {
        let mut strategy = Cow::Borrowed(self.strategy.as_ref());
        if self.must_check_points() {
            let own = self.strategy.params.iter().filter_map(|param| param.check.clone());
            strategy.to_mut().checks.extend(own);
        }
        strategy
    }
}

/// Drops repeated values; the first of each stays.
pub(super) fn keep_distinct(values: &mut Vec<ParamValue>) {
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(value.to_string()));
}

/// The columns that name a grid point: `combo_id` and the parameters of the strategy.
pub fn param_fields(strategy: &Strategy) -> Vec<Field> {
    std::iter::once(Field::new("combo_id", DataType::UInt64, false))
        .chain(strategy.params.iter().map(|p| Field::new(&p.name, p.ty.data_type(), false)))
        .collect()
}

/// The columns of [`param_fields`] for some points.
pub fn param_arrays(strategy: &Strategy, ids: &[u64], points: &[Vec<ParamValue>]) -> Result<Vec<ArrayRef>> {
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(UInt64Array::from(ids.to_vec()))];
    for index in 0..strategy.params.len() {
        arrays.push(param_array(index, points)?);
    }
    Ok(arrays)
}

/// The column of the parameter at position `index`.
pub fn param_array(index: usize, points: &[Vec<ParamValue>]) -> Result<ArrayRef> {
    Ok(ScalarValue::iter_to_array(points.iter().map(|point| point[index].scalar()))?)
}
