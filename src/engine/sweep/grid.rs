//! The points of a sweep: a strategy and the values of its parameters.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use threadx_kernels::search::Grid;

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
}

impl ParamGrid {
    /// Every combination of `axes`, one list of values per parameter of the strategy; repeated values count once.
    pub fn product(strategy: Arc<Strategy>, mut axes: Vec<Vec<ParamValue>>) -> Result<Self> {
        for (axis, param) in axes.iter_mut().zip(&strategy.params) {
            let mut unique: Vec<ParamValue> = Vec::with_capacity(axis.len());
            let mut seen = std::collections::HashSet::new();
            for value in axis.drain(..) {
                if seen.insert(value.to_string()) {
                    unique.push(value);
                }
            }
            if unique.is_empty() {
                return Err(Error::argument(format!(
                    "parameter `{}` of strategy `{}` has an empty list of values, so the grid is empty",
                    param.name, strategy.name
                )));
            }
            *axis = unique;
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

    /// Number of points.
    pub fn count(&self) -> u64 {
        match &self.points {
            Points::Product { grid, .. } => grid.count(),
            Points::Rows(rows) => rows.len() as u64,
        }
    }

    /// The values of point `index`, in the order of the parameters.
    pub fn point(&self, index: u64) -> Vec<ParamValue> {
        match &self.points {
            Points::Product { grid, axes } => {
                grid.point(index).into_iter().zip(axes).map(|(at, axis)| axis[at].clone()).collect()
            }
            Points::Rows(rows) => rows[index as usize].clone(),
        }
    }

    /// The parameters that take more than one value, as `name×count`.
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
        }
    }

    /// Every value that the parameter at `index` takes, for checks.
    pub fn values_of(&self, index: usize) -> Vec<ParamValue> {
        match &self.points {
            Points::Product { axes, .. } => axes[index].clone(),
            Points::Rows(rows) => rows.iter().map(|row| row[index].clone()).collect(),
        }
    }
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
        arrays.push(ScalarValue::iter_to_array(points.iter().map(|point| point[index].scalar()))?);
    }
    Ok(arrays)
}
