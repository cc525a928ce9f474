//! Formulas over columns: arithmetic, comparisons, and conditions that may be missing, 64 bars to a word.
//!
//! A formula is evaluated some bars at a time, so that what stands between its columns and its result stays in the fastest
//! cache. Numbers compare as in SQL: zeros of both signs are equal, and `NaN` is a number, equal to itself and above all
//! others. Whether a number is missing is told apart from its value: a number is missing where one of the columns that it is
//! made of is. A comparison is missing where one of its sides is; `AND`, `OR` and `NOT` follow the logic of three values.

use crate::bits::Bits;
use crate::indicator::FlagColumn;
use crate::simd::{compare_word, widest};

/// Bars that are evaluated at a time.
const BLOCK: usize = 1024;

/// One bit per bar of a block.
type Words = [u64; BLOCK / 64];

/// One number per bar of a block.
type Room = [f64; BLOCK];

/// A number at every bar.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// The column at this position.
    Column(usize),
    /// The constant at this position, never missing.
    Constant(usize),
    /// The same number with the other sign.
    Negative(Box<Number>),
    /// Two numbers combined.
    Binary(Arithmetic, Box<[Number; 2]>),
}

/// How two numbers are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`; by zero it is infinite or `NaN`.
    Divide,
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `a = b`
    Equal,
    /// `a <> b`
    NotEqual,
    /// `a < b`
    Less,
    /// `a <= b`
    LessOrEqual,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterOrEqual,
}

/// A condition at every bar, which may be missing.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The column at this position.
    Column(usize),
    /// The same at every bar; `None` is missing.
    Constant(Option<bool>),
    /// Two numbers compared.
    Compare(Comparison, Box<[Number; 2]>),
    /// Both hold.
    And(Box<[Condition; 2]>),
    /// One of them holds.
    Or(Box<[Condition; 2]>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The number is there. Never missing.
    HasNumber(Box<Number>),
    /// The condition is not missing itself. Never missing.
    HasCondition(Box<Condition>),
    /// The condition holds; where it is missing, it does not. Never missing.
    Holds(Box<Condition>),
}

/// A column that a formula reads.
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// Numbers; what stands where a number is missing does not matter.
    Numbers {
        /// One per bar.
        values: &'a [f64],
        /// Where they are not missing, 64 to a word; `None` = everywhere.
        known: Option<&'a [u64]>,
    },
    /// Conditions, 64 to a word; what stands where a condition is missing does not matter.
    Flags {
        /// Where they hold.
        holds: &'a [u64],
        /// Where they are not missing; `None` = everywhere.
        known: Option<&'a [u64]>,
    },
}

/// What formulas are evaluated over.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// The columns, all of `len` bars.
    pub columns: &'a [Column<'a>],
    /// The constants.
    pub constants: &'a [f64],
    /// Number of bars.
    pub len: usize,
}

impl Number {
    /// The number at every bar, and where it is not missing; `None` = everywhere.
    ///
    /// # Panics
    /// If there is no such column or constant, or a column is shorter or of conditions.
    pub fn evaluate(&self, over: &Columns) -> (Vec<f64>, Option<Bits>) {
        let mut values = Vec::with_capacity(over.len);
        let mut known = Vec::with_capacity(over.len.div_ceil(64));
        for start in (0..over.len).step_by(BLOCK) {
            let block = Block { over, start, len: BLOCK.min(over.len - start) };
            let mut room = [0.0; BLOCK];
            match block.number(self, &mut room) {
                Values::Same(value) => values.resize(values.len() + block.len, value),
                Values::Each(each) => values.extend_from_slice(each),
            }
            known.extend_from_slice(&block.known(self)[..block.words()]);
        }
        (values, unless_all(known, over.len))
    }
}

impl Condition {
    /// The condition at every bar.
    ///
    /// # Panics
    /// If there is no such column or constant, or a column is shorter or of the other kind.
    pub fn evaluate(&self, over: &Columns) -> FlagColumn {
        let mut holds = Vec::with_capacity(over.len.div_ceil(64));
        let mut known = Vec::with_capacity(over.len.div_ceil(64));
        for start in (0..over.len).step_by(BLOCK) {
            let block = Block { over, start, len: BLOCK.min(over.len - start) };
            let truth = block.condition(self);
            holds.extend_from_slice(&truth.holds[..block.words()]);
            known.extend_from_slice(&truth.known[..block.words()]);
        }
        FlagColumn { holds: Bits::from_words(holds, over.len), known: unless_all(known, over.len) }
    }
}

/// Conditions, unless all of them are true.
fn unless_all(words: Vec<u64>, len: usize) -> Option<Bits> {
    let last = (1 << (len % 64)) - 1;
    let (whole, rest) = words.split_at(len / 64);
    let all = whole.iter().all(|word| *word == u64::MAX) && rest.iter().all(|word| word & last == last);
    (!all).then(|| Bits::from_words(words, len))
}

/// Numbers of a block.
#[derive(Clone, Copy)]
enum Values<'a> {
    Same(f64),
    Each(&'a [f64]),
}

/// Conditions of a block; none that is missing holds.
#[derive(Clone, Copy)]
struct Truth {
    holds: Words,
    known: Words,
}

impl Truth {
    fn new(holds: Words, known: Words) -> Self {
        Truth { holds: both(&holds, &known, |holds, known| holds & known), known }
    }
}

/// Some bars.
struct Block<'a> {
    over: &'a Columns<'a>,
    start: usize,
    len: usize,
}

impl Block<'_> {
    fn words(&self) -> usize {
        self.len.div_ceil(64)
    }

    /// The words of a column, or all true.
    fn part(&self, words: Option<&[u64]>) -> Words {
        let Some(words) = words else { return [u64::MAX; BLOCK / 64] };
        let first = self.start / 64;
        let mut part = [0; BLOCK / 64];
        part[..self.words()].copy_from_slice(&words[first..first + self.words()]);
        part
    }

    fn number<'b>(&'b self, number: &Number, room: &'b mut Room) -> Values<'b> {
        match number {
            Number::Column(at) => match self.over.columns[*at] {
                Column::Numbers { values, .. } => Values::Each(&values[self.start..self.start + self.len]),
                Column::Flags { .. } => panic!("column {at} is one of conditions"),
            },
            Number::Constant(at) => Values::Same(self.over.constants[*at]),
            Number::Negative(inner) => {
                let mut below = [0.0; BLOCK];
                match self.number(inner, &mut below) {
                    Values::Same(value) => Values::Same(-value),
                    Values::Each(values) => {
                        room.iter_mut().zip(values).for_each(|(out, value)| *out = -value);
                        Values::Each(&room[..self.len])
                    }
                }
            }
            Number::Binary(operation, sides) => {
                let mut below = [[0.0; BLOCK]; 2];
                let [left, right] = &mut below;
                let sides = (self.number(&sides[0], left), self.number(&sides[1], right));
                let out = &mut room[..self.len];
                widest(|| match operation {
                    Arithmetic::Add => combine(sides, out, |a, b| a + b),
                    Arithmetic::Subtract => combine(sides, out, |a, b| a - b),
                    Arithmetic::Multiply => combine(sides, out, |a, b| a * b),
                    Arithmetic::Divide => combine(sides, out, |a, b| a / b),
                });
                match sides {
                    (Values::Same(_), Values::Same(_)) => Values::Same(room[0]),
                    _ => Values::Each(&room[..self.len]),
                }
            }
        }
    }

    /// Where a number is not missing.
    fn known(&self, number: &Number) -> Words {
        match number {
            Number::Column(at) => match self.over.columns[*at] {
                Column::Numbers { known, .. } | Column::Flags { known, .. } => self.part(known),
            },
            Number::Constant(_) => self.part(None),
            Number::Negative(inner) => self.known(inner),
            Number::Binary(_, sides) => both(&self.known(&sides[0]), &self.known(&sides[1]), |a, b| a & b),
        }
    }

    fn condition(&self, condition: &Condition) -> Truth {
        let never_missing = |holds| Truth { holds, known: self.part(None) };
        match condition {
            Condition::Column(at) => match self.over.columns[*at] {
                Column::Flags { holds, known } => Truth::new(self.part(Some(holds)), self.part(known)),
                Column::Numbers { .. } => panic!("column {at} is one of numbers"),
            },
            Condition::Constant(value) => {
                let all = |is_true: bool| if is_true { [u64::MAX; BLOCK / 64] } else { [0; BLOCK / 64] };
                Truth { holds: all(*value == Some(true)), known: all(value.is_some()) }
            }
            Condition::Compare(comparison, sides) => {
                let known = both(&self.known(&sides[0]), &self.known(&sides[1]), |a, b| a & b);
                Truth::new(self.compare(*comparison, sides), known)
            }
            Condition::And(sides) => {
                let [a, b] = [self.condition(&sides[0]), self.condition(&sides[1])];
                let mut out = never_missing(both(&a.holds, &b.holds, |a, b| a & b));
                for (i, known) in out.known.iter_mut().enumerate() {
                    // One side that is known to fail decides.
                    *known = a.known[i] & b.known[i] | a.known[i] & !a.holds[i] | b.known[i] & !b.holds[i];
                }
                out
            }
            Condition::Or(sides) => {
                let [a, b] = [self.condition(&sides[0]), self.condition(&sides[1])];
                let mut out = never_missing(both(&a.holds, &b.holds, |a, b| a | b));
                for (i, known) in out.known.iter_mut().enumerate() {
                    *known = a.known[i] & b.known[i] | out.holds[i];
                }
                out
            }
            Condition::Not(inner) => {
                let inner = self.condition(inner);
                Truth::new(inner.holds.map(|holds| !holds), inner.known)
            }
            Condition::HasNumber(number) => never_missing(self.known(number)),
            Condition::HasCondition(inner) => never_missing(self.condition(inner).known),
            Condition::Holds(inner) => never_missing(self.condition(inner).holds),
        }
    }

    /// Where the comparison holds, whether or not a side is missing.
    fn compare(&self, comparison: Comparison, sides: &[Number; 2]) -> Words {
        let mut below = [[0.0; BLOCK]; 2];
        let [left, right] = &mut below;
        let (a, b) = (self.number(&sides[0], left), self.number(&sides[1], right));
        let not = |words: Words| words.map(|word| !word);
        match comparison {
            Comparison::Equal => self.words_where::<true>(a, b),
            Comparison::NotEqual => not(self.words_where::<true>(a, b)),
            Comparison::Less => self.words_where::<false>(a, b),
            Comparison::LessOrEqual => not(self.words_where::<false>(b, a)),
            Comparison::Greater => self.words_where::<false>(b, a),
            Comparison::GreaterOrEqual => not(self.words_where::<false>(a, b)),
        }
    }

    /// Where the numbers are equal, or where the first is less.
    fn words_where<const EQUAL: bool>(&self, a: Values, b: Values) -> Words {
        let same = [a, b].map(|values| match values {
            Values::Same(value) => [value; 64],
            Values::Each(_) => [0.0; 64],
        });
        let mut words = [0; BLOCK / 64];
        for (i, word) in words[..self.words()].iter_mut().enumerate() {
            let bars = 64 * i..self.len.min(64 * (i + 1));
            let [a, b] = [(a, &same[0]), (b, &same[1])].map(|(values, same)| match values {
                Values::Same(_) => &same[..bars.len()],
                Values::Each(values) => &values[bars.clone()],
            });
            *word = compare_word::<EQUAL>(a, b);
        }
        words
    }
}

#[inline(always)]
fn both(a: &Words, b: &Words, f: impl Fn(u64, u64) -> u64) -> Words {
    std::array::from_fn(|i| f(a[i], b[i]))
}

#[inline(always)]
fn combine(sides: (Values, Values), out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    match sides {
        (Values::Same(a), Values::Same(b)) => out[0] = f(a, b),
        (Values::Each(a), Values::Same(b)) => out.iter_mut().zip(a).for_each(|(out, a)| *out = f(*a, b)),
        (Values::Same(a), Values::Each(b)) => out.iter_mut().zip(b).for_each(|(out, b)| *out = f(a, *b)),
        (Values::Each(a), Values::Each(b)) => {
            out.iter_mut().zip(a).zip(b).for_each(|((out, a), b)| *out = f(*a, *b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ODD: [f64; 9] =
        [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1.0, -1.5, f64::MIN_POSITIVE];

    /// Numbers of which some are missing, and conditions of which some are missing, by a simple generator.
    struct World {
        numbers: [Vec<Option<f64>>; 2],
        conditions: [Vec<Option<bool>>; 2],
    }

    impl World {
        fn new(len: usize) -> Self {
            let mut state = len as u64 + 1;
            let mut draw = |below: usize| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as usize % below
            };
            let mut numbers = || (0..len).map(|_| (draw(4) > 0).then(|| ODD[draw(ODD.len())])).collect();
            let numbers = [numbers(), numbers()];
            let mut conditions = || (0..len).map(|_| [None, Some(true), Some(false)][draw(3)]).collect();
            let conditions = [conditions(), conditions()];
            World { numbers, conditions }
        }

        /// Evaluates a condition over both numbers, both conditions and the constant 1.
        fn evaluate(&self, condition: &Condition) -> Vec<Option<bool>> {
            let known = |i: usize| Bits::from_fn(self.numbers[i].len(), |t| self.numbers[i][t].is_some());
            let set = |i: usize| Bits::from_fn(self.conditions[i].len(), |t| self.conditions[i][t].is_some());
            let holds = |i: usize| Bits::from_fn(self.conditions[i].len(), |t| self.conditions[i][t] != Some(false));
            let values = [0, 1].map(|i| self.numbers[i].iter().map(|x| x.unwrap_or(7.0)).collect::<Vec<_>>());
            let (known, set, holds) = ([0, 1].map(known), [0, 1].map(set), [0, 1].map(holds));
            let numbers = [0, 1].map(|i| Column::Numbers { values: &values[i], known: Some(known[i].words()) });
            let flags = [0, 1].map(|i| Column::Flags { holds: holds[i].words(), known: Some(set[i].words()) });
            let columns = [numbers, flags].concat();
            let len = values[0].len();
            let flags = condition.evaluate(&Columns { columns: &columns, constants: &[1.0], len });
            assert_eq!(flags.holds.len(), len);
            let is_known = |t| flags.known.as_ref().is_none_or(|known| known.as_slice().at(t));
            (0..len).map(|t| is_known(t).then(|| flags.holds.as_slice().at(t))).collect()
        }
    }

    /// As SQL compares: by the total order of floating-point numbers, after zeros have lost their sign.
    fn by_hand(comparison: Comparison, a: f64, b: f64) -> bool {
        let unsigned = |x: f64| if x == 0.0 { 0.0 } else { x };
        let order = unsigned(a).total_cmp(&unsigned(b));
        match comparison {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }

    const COMPARISONS: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    #[test]
    #[expect(clippy::needless_range_loop, reason = "bars of several columns, side by side")]
    fn comparisons_are_those_of_sql() {
        for len in [0, 1, 63, 64, 65, 200, 1024, 1025, 3000] {
            let world = World::new(len);
            for comparison in COMPARISONS {
                let columns = Condition::Compare(comparison, Box::new([Number::Column(0), Number::Column(1)]));
                let constant = Condition::Compare(comparison, Box::new([Number::Constant(0), Number::Column(1)]));
                let constants = Condition::Compare(comparison, Box::new([Number::Constant(0), Number::Constant(0)]));
                let results = [columns, constant, constants].map(|condition| world.evaluate(&condition));
                for t in 0..len {
                    let [a, b] = [0, 1].map(|i| world.numbers[i][t]);
                    let text = || format!("{a:?} {comparison:?} {b:?} at {t} of {len}");
                    assert_eq!(results[0][t], a.zip(b).map(|(a, b)| by_hand(comparison, a, b)), "{}", text());
                    assert_eq!(results[1][t], b.map(|b| by_hand(comparison, 1.0, b)), "{}", text());
                    assert_eq!(results[2][t], Some(by_hand(comparison, 1.0, 1.0)));
                }
            }
        }
    }

    #[test]
    #[expect(clippy::needless_range_loop, reason = "bars of several columns, side by side")]
    fn logic_has_three_values() {
        let world = World::new(2000);
        let both = || Box::new([Condition::Column(2), Condition::Column(3)]);
        let first = || Box::new(Condition::Column(2));
        let formulas = [
            Condition::And(both()),
            Condition::Or(both()),
            Condition::Not(first()),
            Condition::HasCondition(first()),
            Condition::Holds(first()),
            Condition::HasNumber(Box::new(Number::Binary(
                Arithmetic::Add,
                Box::new([Number::Column(0), Number::Column(1)]),
            ))),
            Condition::And(Box::new([Condition::Constant(None), Condition::Column(2)])),
            Condition::Or(Box::new([Condition::Constant(None), Condition::Column(2)])),
        ];
        let results = formulas.map(|formula| world.evaluate(&formula));
        for t in 0..2000 {
            let [a, b] = [0, 1].map(|i| world.conditions[i][t]);
            let and = |a, b| match (a, b) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
            let or = |a: Option<bool>, b: Option<bool>| and(a.map(|a| !a), b.map(|b| !b)).map(|nor| !nor);
            let expected = [
                and(a, b),
                or(a, b),
                a.map(|a| !a),
                Some(a.is_some()),
                Some(a == Some(true)),
                Some(world.numbers[0][t].is_some() && world.numbers[1][t].is_some()),
                and(None, a),
                or(None, a),
            ];
            for (k, expected) in expected.into_iter().enumerate() {
                assert_eq!(results[k][t], expected, "formula {k} of {a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn arithmetic_has_the_bits_of_each_operation() {
        let (a, b): (Vec<f64>, Vec<f64>) = (0..2500).map(|i| (ODD[i % 9] + i as f64, ODD[(i / 9) % 9] * 0.3)).unzip();
        let known = Bits::from_fn(2500, |i| i % 3 > 0);
        let columns =
            [Column::Numbers { values: &a, known: None }, Column::Numbers { values: &b, known: Some(known.words()) }];
        let over = Columns { columns: &columns, constants: &[0.1], len: 2500 };
        let number = |operation, a, b| Number::Binary(operation, Box::new([a, b]));
        let scaled = |operation| {
            let product = number(Arithmetic::Multiply, Number::Column(1), Number::Constant(0));
            number(operation, Number::Column(0), Number::Negative(Box::new(product)))
        };
        type By = fn(f64, f64) -> f64;
        let operations: [(Arithmetic, By); 4] = [
            (Arithmetic::Add, |a, b| a + b),
            (Arithmetic::Subtract, |a, b| a - b),
            (Arithmetic::Multiply, |a, b| a * b),
            (Arithmetic::Divide, |a, b| a / b),
        ];
        for (operation, by) in operations {
            let (values, missing) = scaled(operation).evaluate(&over);
            assert_eq!(missing.as_ref(), Some(&known));
            for i in 0..2500 {
                let expected = by(a[i], -(b[i] * 0.1));
                assert!(values[i].to_bits() == expected.to_bits() || values[i].is_nan() && expected.is_nan());
            }
            let constant = number(operation, Number::Constant(0), Number::Constant(0)).evaluate(&over);
            assert_eq!((constant.0, constant.1), (vec![by(0.1, 0.1); 2500], None));
        }
    }
}
