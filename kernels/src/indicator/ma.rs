//! Moving average of a chosen kind.
//!
//! The same values as the function of that name, with the default of its other parameters; `mama` has no period,
//! `none` is the input itself and `default` a simple average. A period of one averages nothing. Missing bars count
//! as in the function of that name. Equals TA-Lib `MA`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{AVERAGES, Average, AverageKind};

pub(super) static DEF: Indicator = Indicator {
    name: "ma",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1), Param::choice("average", 0, AVERAGES)],
    outputs: &[Output::number("ma", Unit::Price)],
    lookback: |params| kind(params).lookback(params.period(0)),
    memory: Memory::Averages,
    shift: Shift::Changes,
    exceptions: &[Exception::CountsBars],
    summary: "Moving average of a chosen kind.",
    formula: "the function named by `average`: sma, ema, wma, dema, tema, trima, kama, mama, t3, hma, zlema or rma of x over `period` bars.",
    source: "TA-Lib MA",
    example: "SELECT ts, ma(close, 20, 'hma') FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| average(params).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<Ma, 1, 1>,
};

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(1), AverageKind::Sma)
}

fn average(params: &Params) -> Average {
    Average::new(kind(params), params.period(0))
}

struct Ma {
    average: Average,
}

impl State<1, 1> for Ma {
    fn new(params: &Params) -> Self {
        Ma { average: average(params) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [1.0, 3.0, 6.0];
        let of = |average: f64| DEF.evaluate(&[&x], &[2.0, average]).unwrap().remove(0)[2];
        assert_eq!((of(0.0), of(10.0), of(11.0), of(13.0)), (4.5, 6.0, 4.5, 4.0));
    }
}
