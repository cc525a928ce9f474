//! What an indicator says about itself: the descriptor types of the registry.
//!
//! A descriptor is the single source of an indicator's SQL signature, argument errors, documentation, completion,
//! benchmark and property tests.

use std::fmt;

use crate::bits::Bits;

/// One indicator: its identity, its shape and its two implementations.
pub struct Indicator {
    /// SQL name, `snake_case`.
    pub name: &'static str,
    /// Other names that SQL accepts, such as TA-Lib's.
    pub aliases: &'static [&'static str],
    /// Group in the documentation.
    pub family: Family,
    /// Input series, in argument order.
    pub inputs: &'static [Input],
    /// Parameters, in argument order after the inputs; all have defaults or are required integers.
    pub params: &'static [Param],
    /// Output series. One output is a plain column, several are the fields of a struct, in this order.
    pub outputs: &'static [Output],
    /// Number of leading rows without a value, for inputs without gaps.
    pub lookback: fn(&Params) -> usize,
    /// Whether a value depends on a window or on the whole past.
    pub memory: Memory,
    /// What a constant added to every price does.
    pub shift: Shift,
    /// Laws of the registry that this indicator does not follow, by its definition.
    pub exceptions: &'static [Exception],
    /// One sentence for lists and help.
    pub summary: &'static str,
    /// The formula, in plain text, with seeding and the treatment of gaps where they are not obvious.
    pub formula: &'static str,
    /// Where the definition comes from: paper, book or reference implementation.
    pub source: &'static str,
    /// A runnable SQL query over `synthetic_bars` that shows the function.
    pub example: &'static str,
    /// A constraint between parameters, such as `fast < slow`; the error is one sentence.
    pub check: Option<Check>,
    /// Batch form: fills every output from whole series of equal length.
    pub compute: Compute,
    /// Batch form on bitmaps, for conditions that sweeps evaluate often; the same values as `compute`.
    pub flags: Option<FlagsCompute>,
    /// Streaming form: a state that is stepped bar by bar and gives the same values.
    pub stream: fn(&Params) -> Box<dyn Stream>,
}

/// Form of [`Indicator::check`].
pub type Check = fn(&Params) -> Result<(), String>;

/// Form of [`Indicator::compute`]: inputs, parameters, outputs.
pub type Compute = fn(&[&[f64]], &Params, &mut [Vec<f64>]);

/// Form of [`Indicator::flags`]: inputs of equal length and parameters; gives the first output.
pub type FlagsCompute = fn(&[FlagsInput], &Params) -> FlagColumn;

/// Two conditions of the same inputs, without parameters, that one pass gives together.
#[derive(Debug)]
pub struct Twins {
    /// The conditions.
    pub defs: [&'static Indicator; 2],
    /// [`Indicator::flags`] of both.
    pub flags: fn(&[FlagsInput]) -> [FlagColumn; 2],
}

/// An input of [`Indicator::flags`].
#[derive(Debug, Clone, Copy)]
pub enum FlagsInput<'a> {
    /// Numbers, `NaN` or infinite where missing.
    Numbers(&'a [f64]),
    /// Conditions.
    Flags(&'a FlagColumn),
}

/// A condition per bar that may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagColumn {
    /// Where it is true; false where it is missing.
    pub holds: Bits,
    /// Where it is not missing; `None` = everywhere.
    pub known: Option<Bits>,
}

impl FlagColumn {
    /// Where it is not missing, as words.
    pub fn known_word(&self, i: usize) -> u64 {
        self.known.as_ref().map_or(u64::MAX, |known| known.words()[i])
    }
}

impl fmt::Debug for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Indicator({})", self.name)
    }
}

/// State of an indicator that sees one bar at a time.
pub trait Stream: Send {
    /// Takes the inputs of one bar in the order of [`Indicator::inputs`] and writes one value per output.
    fn step(&mut self, inputs: &[f64], outputs: &mut [f64]);

    /// Takes several bars, one slice of equal length per input, and appends one value per bar to each output. The values
    /// are those of [`Stream::step`], at the cost of the batch form.
    fn run(&mut self, inputs: &[&[f64]], outputs: &mut [Vec<f64>]) {
        let bars = inputs.iter().map(|input| input.len()).min().unwrap_or(0);
        let mut bar = vec![f64::NAN; inputs.len()];
        let mut values = vec![f64::NAN; outputs.len()];
        for i in 0..bars {
            bar.iter_mut().zip(inputs).for_each(|(slot, input)| *slot = input[i]);
            self.step(&bar, &mut values);
            outputs.iter_mut().zip(&values).for_each(|(output, &value)| output.push(value));
        }
    }
}

/// Group of indicators in the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Moving averages, bands and other series on the price scale.
    Overlap,
    /// Oscillators and rates of change.
    Momentum,
    /// Range and dispersion.
    Volatility,
    /// Uses volume.
    Volume,
    /// One bar, or a few, turned into one number on the price scale.
    Price,
    /// Rolling statistics.
    Statistics,
    /// Dominant cycle of the Hilbert transform and filters of its school.
    Cycle,
    /// Candlestick patterns.
    Pattern,
    /// Arithmetic and positions.
    Math,
    /// Building blocks of trading conditions.
    Condition,
}

impl Family {
    /// Lower-case name used in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Family::Overlap => "overlap",
            Family::Momentum => "momentum",
            Family::Volatility => "volatility",
            Family::Volume => "volume",
            Family::Price => "price",
            Family::Statistics => "statistics",
            Family::Cycle => "cycle",
            Family::Pattern => "pattern",
            Family::Math => "math",
            Family::Condition => "condition",
        }
    }
}

/// Whether a value depends on a window or on the whole past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// Depends only on the last `lookback + 1` bars.
    Window,
    /// Depends on every bar since the start of the series.
    Recursive,
    /// Depends on what the averages that its words choose depend on: a window or every bar.
    Averages,
}

/// What a constant added to every price does to the outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// Every output moves along.
    Moves,
    /// No output changes: the inputs count only by their differences.
    Stays,
    /// Neither.
    Changes,
}

/// A law that the tests check for every indicator unless its descriptor says that its definition breaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exception {
    /// Values may be missing after the warm-up, because there is nothing to say at such a bar.
    Sparse,
    /// It has a value at a bar where an input is missing, from bars before or from the other inputs.
    ReachesBack,
    /// A recursive indicator for which a missing bar counts as a bar.
    CountsBars,
    /// It has values from the first row on, even before the first input.
    NeverMissing,
    /// Prices twice as high do not give twice the price, or the same ratio.
    NotScaled,
    /// A window whose last bits depend on where the series begins, so that it can't be cut into pieces.
    OnePiece,
}

/// Type of a series. Booleans travel through the kernels as `0.0` and `1.0`, times as microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// A condition.
    Bool,
    /// A point in time; for inputs only.
    Time,
}

/// An input series.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Argument name.
    pub name: &'static str,
    /// Type of the column.
    pub kind: Kind,
}

impl Input {
    /// A numeric series.
    pub const fn number(name: &'static str) -> Self {
        Input { name, kind: Kind::Number }
    }

    /// A boolean series.
    pub const fn bool(name: &'static str) -> Self {
        Input { name, kind: Kind::Bool }
    }

    /// A series of times.
    pub const fn time(name: &'static str) -> Self {
        Input { name, kind: Kind::Time }
    }
}

/// Unit of an output, for documentation and charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// On the scale of the first input, usually a price.
    Price,
    /// Zero to one hundred.
    Percent,
    /// A fraction, ratio or score without a unit.
    Ratio,
    /// On the scale of volume.
    Volume,
    /// On the scale of price times volume.
    Turnover,
    /// On the scale of a squared price.
    Square,
    /// A number of bars.
    Bars,
    /// Anything else.
    Other,
}

impl Unit {
    /// Lower-case name used in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Price => "price",
            Unit::Percent => "0..100",
            Unit::Ratio => "ratio",
            Unit::Volume => "volume",
            Unit::Turnover => "price * volume",
            Unit::Square => "price^2",
            Unit::Bars => "bars",
            Unit::Other => "number",
        }
    }
}

/// An output series.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Field name.
    pub name: &'static str,
    /// Type of the column.
    pub kind: Kind,
    /// Unit of the values.
    pub unit: Unit,
}

impl Output {
    /// A numeric output.
    pub const fn number(name: &'static str, unit: Unit) -> Self {
        Output { name, kind: Kind::Number, unit }
    }

    /// A boolean output.
    pub const fn bool(name: &'static str) -> Self {
        Output { name, kind: Kind::Bool, unit: Unit::Other }
    }
}

/// A parameter: a constant argument.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Argument name.
    pub name: &'static str,
    /// Type, default and range.
    pub kind: ParamKind,
}

/// Type, default and closed range of a parameter. `default: None` makes the argument mandatory.
#[derive(Debug, Clone, Copy)]
pub enum ParamKind {
    /// An integer.
    Int {
        /// Value when the argument is absent.
        default: Option<i64>,
        /// Smallest valid value.
        min: i64,
        /// Largest valid value.
        max: i64,
    },
    /// A finite floating-point number.
    Float {
        /// Value when the argument is absent.
        default: Option<f64>,
        /// Smallest valid value.
        min: f64,
        /// Largest valid value.
        max: f64,
    },
    /// One of a list of lower-case words, passed on as its position in the list.
    Choice {
        /// Position of the word used when the argument is absent.
        default: usize,
        /// The words.
        words: &'static [&'static str],
    },
}

/// Largest period that any indicator accepts.
pub const MAX_PERIOD: i64 = 1_000_000;

impl Param {
    /// A number of bars with a default, at least `min`.
    pub const fn period(name: &'static str, default: i64, min: i64) -> Self {
        Param { name, kind: ParamKind::Int { default: Some(default), min, max: MAX_PERIOD } }
    }

    /// A mandatory number of bars, at least `min`.
    pub const fn required_period(name: &'static str, min: i64) -> Self {
        Param { name, kind: ParamKind::Int { default: None, min, max: MAX_PERIOD } }
    }

    /// A floating-point number with a default and a closed range.
    pub const fn float(name: &'static str, default: f64, min: f64, max: f64) -> Self {
        Param { name, kind: ParamKind::Float { default: Some(default), min, max } }
    }

    /// A word out of a list; the default is a position in the list.
    pub const fn choice(name: &'static str, default: usize, words: &'static [&'static str]) -> Self {
        Param { name, kind: ParamKind::Choice { default, words } }
    }

    /// The default as a number, or `None` when the argument is mandatory.
    pub fn default_value(&self) -> Option<f64> {
        match self.kind {
            ParamKind::Int { default, .. } => default.map(|v| v as f64),
            ParamKind::Float { default, .. } => default,
            ParamKind::Choice { default, .. } => Some(default as f64),
        }
    }
}

/// Checked parameter values of one call, in the order of [`Indicator::params`].
#[derive(Debug, Clone, PartialEq)]
pub struct Params(Vec<f64>);

impl Params {
    /// Wraps values that are already checked against the descriptor.
    pub fn new(values: Vec<f64>) -> Self {
        Params(values)
    }

    /// The parameter at `index` as a count of bars.
    pub fn period(&self, index: usize) -> usize {
        self.0[index] as usize
    }

    /// The parameter at `index` as a floating-point number.
    pub fn float(&self, index: usize) -> f64 {
        self.0[index]
    }

    /// The parameter at `index` as a position in its list of words.
    pub fn choice(&self, index: usize) -> usize {
        self.0[index] as usize
    }

    /// All values.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

impl Indicator {
    /// The parameters with every argument at its default; mandatory ones take `fallback`.
    pub fn default_params(&self, fallback: f64) -> Params {
        Params(self.params.iter().map(|p| p.default_value().unwrap_or(fallback)).collect())
    }

    /// Checks number, type and range of every value and the constraint between them; the error is one sentence.
    pub fn check_params(&self, values: &[f64]) -> Result<Params, String> {
        if values.len() != self.params.len() {
            return Err(format!("{}() takes {} parameters, got {}", self.name, self.params.len(), values.len()));
        }
        for (param, &value) in self.params.iter().zip(values) {
            let name = param.name;
            match param.kind {
                ParamKind::Int { min, max, .. } => {
                    if value.fract() != 0.0 || !value.is_finite() {
                        return Err(format!("`{name}` of {}() must be a whole number, got {value}", self.name));
                    }
                    if value < min as f64 || value > max as f64 {
                        return Err(format!("`{name}` of {}() must be from {min} to {max}, got {value}", self.name));
                    }
                }
                ParamKind::Float { min, max, .. } => {
                    if !value.is_finite() || value < min || value > max {
                        return Err(format!("`{name}` of {}() must be from {min} to {max}, got {value}", self.name));
                    }
                }
                ParamKind::Choice { words, .. } => {
                    if value.fract() != 0.0 || value < 0.0 || value >= words.len() as f64 {
                        return Err(format!("`{name}` of {}() must be one of {}", self.name, words.join(", ")));
                    }
                }
            }
        }
        let params = Params(values.to_vec());
        if let Some(check) = self.check {
            check(&params)?;
        }
        Ok(params)
    }
}
