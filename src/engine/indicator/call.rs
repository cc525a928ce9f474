//! The indicator calls of one operator: what they need of a row, and what several of them share.

use std::fmt;
use std::sync::Arc;

use datafusion::physical_expr::{PhysicalExpr, PhysicalSortExpr};
use threadx_kernels::indicator::{Indicator, ParamKind, Params};

/// One call of an indicator over expressions of the operator's input.
#[derive(Debug, Clone)]
pub struct Call {
    /// The indicator.
    pub def: &'static Indicator,
    /// Its checked parameters.
    pub params: Params,
    /// What its inputs are.
    pub inputs: Vec<Arc<dyn PhysicalExpr>>,
}

/// The series that calls run over: how rows are told apart and how they are ordered.
#[derive(Debug, Clone)]
pub struct Over {
    /// Each series has one value of all of these.
    pub partition_by: Vec<Arc<dyn PhysicalExpr>>,
    /// The order of the rows of a series.
    pub order_by: Vec<PhysicalSortExpr>,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.def.name == other.def.name && self.params == other.params && self.inputs == other.inputs
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs = self.inputs.iter().map(|input| input.to_string());
        let params = self.def.params.iter().zip(self.params.values()).map(|(param, value)| match param.kind {
            ParamKind::Int { .. } => format!("{value:.0}"),
            ParamKind::Float { .. } => format!("{value:?}"),
            ParamKind::Choice { words, .. } => format!("'{}'", words[*value as usize]),
        });
        write!(f, "{}({})", self.def.name, inputs.chain(params).collect::<Vec<_>>().join(", "))
    }
}

/// One of the different calls, over inputs that are numbered.
#[derive(Debug)]
pub(super) struct NumberedCall {
    /// The call as people read it.
    pub text: String,
    pub def: &'static Indicator,
    pub params: Params,
    pub inputs: Vec<usize>,
    /// Whether a series may be computed in pieces, each after a warm-up.
    pub can_be_cut: bool,
}

impl NumberedCall {
    /// Bars that the warm-up of a piece has at least.
    pub fn reach(&self) -> usize {
        (self.def.lookback)(&self.params) + 1
    }
}

/// All calls of an operator, each different call and each different input once.
#[derive(Debug)]
pub(super) struct Calls {
    /// The different calls.
    pub distinct: Vec<NumberedCall>,
    /// The different inputs.
    pub inputs: Vec<Arc<dyn PhysicalExpr>>,
    /// Which of the different calls each result column shows.
    pub columns: Vec<usize>,
}

impl Calls {
    /// The calls of the result columns.
    pub fn new(given: Vec<Call>) -> Self {
        let (mut distinct, mut columns) = (vec![], vec![]);
        let (mut firsts, mut inputs): (Vec<&Call>, Vec<Arc<dyn PhysicalExpr>>) = (vec![], vec![]);
        for call in &given {
            let position = firsts.iter().position(|first| *first == call).unwrap_or_else(|| {
                firsts.push(call);
                let numbers = call.inputs.iter().map(|input| number(&mut inputs, input)).collect();
                let (text, def, params) = (call.to_string(), call.def, call.params.clone());
                let can_be_cut = def.can_be_cut(&params);
                distinct.push(NumberedCall { text, def, params, inputs: numbers, can_be_cut });
                distinct.len() - 1
            });
            columns.push(position);
        }
        Calls { distinct, inputs, columns }
    }

    /// Columns of numbers that the different calls give.
    pub fn outputs(&self) -> usize {
        self.distinct.iter().map(|call| call.def.outputs.len()).sum()
    }
}

/// The number of an input, which is added if it is new.
fn number(inputs: &mut Vec<Arc<dyn PhysicalExpr>>, input: &Arc<dyn PhysicalExpr>) -> usize {
    inputs.iter().position(|known| known == input).unwrap_or_else(|| {
        inputs.push(Arc::clone(input));
        inputs.len() - 1
    })
}
