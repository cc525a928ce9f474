//! Evaluated columns in the form that the simulator reads.

use std::ops::Range;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::buffer::ScalarBuffer;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::ColumnarValue;
use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{ColumnKind, Flags, Numbers};

use crate::engine::indicator::{are_nan, true_in};
use crate::error::{Error, Result};

/// A column as the simulator reads it.
#[derive(Debug)]
pub enum SignalColumn {
    /// A condition per bar.
    Bits(Bits),
    /// A condition for all bars.
    ConstFlag(bool),
    /// A number per bar, `NaN` where there is none.
    Numbers(ScalarBuffer<f64>),
    /// A number for all bars.
    ConstNumber(f64),
}

impl SignalColumn {
    /// The column as conditions.
    pub fn flags(&self) -> Flags<'_> {
        match self {
            SignalColumn::Bits(bits) => Flags::Bits(bits.as_slice()),
            SignalColumn::ConstFlag(value) => Flags::Const(*value),
            _ => Flags::None,
        }
    }

    /// The column as numbers.
    pub fn numbers(&self) -> Numbers<'_> {
        match self {
            SignalColumn::Numbers(values) => Numbers::Slice(values),
            SignalColumn::ConstNumber(value) => Numbers::Const(*value),
            _ => Numbers::None,
        }
    }

    /// Bytes that it holds.
    pub fn bytes(&self) -> usize {
        match self {
            SignalColumn::Bits(bits) => size_of_val(bits.words()),
            SignalColumn::Numbers(values) => values.len() * size_of::<f64>(),
            _ => 0,
        }
    }
}

/// A contract column from an evaluated one, cut to `rows`.
pub fn signal_column(value: &ColumnarValue, kind: ColumnKind, rows: &Range<usize>) -> Result<SignalColumn> {
    match (kind, value) {
        (ColumnKind::Bool, ColumnarValue::Scalar(scalar)) => {
            Ok(SignalColumn::ConstFlag(matches!(scalar, ScalarValue::Boolean(Some(true)))))
        }
        (ColumnKind::Bool, ColumnarValue::Array(array)) => match array.data_type() {
            DataType::Null => Ok(SignalColumn::ConstFlag(false)),
            DataType::Boolean => {
                let part = array.slice(rows.start, rows.len());
                Ok(SignalColumn::Bits(true_in(part.as_boolean())))
            }
            other => Err(Error::Internal(format!("a condition has type {other}"))),
        },
        (_, ColumnarValue::Scalar(scalar)) => {
            let number = match scalar.cast_to(&DataType::Float64)? {
                ScalarValue::Float64(Some(value)) => value,
                _ => f64::NAN,
            };
            Ok(SignalColumn::ConstNumber(number))
        }
        (_, ColumnarValue::Array(array)) => {
            let numbers = cast(&array.slice(rows.start, rows.len()), &DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>();
            Ok(SignalColumn::Numbers(match numbers.nulls() {
                Some(nulls) if !are_nan(numbers.values(), nulls) => {
                    numbers.iter().map(|v| v.unwrap_or(f64::NAN)).collect()
                }
                _ => numbers.values().clone(),
            }))
        }
    }
}
