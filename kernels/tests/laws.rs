//! What holds for every indicator of the registry, whatever it computes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use threadx_kernels::bits::Bits;
use threadx_kernels::indicator::{
    Exception, FlagColumn, FlagsInput, INDICATORS, Indicator, Kind, Memory, Param, ParamKind, Params, Shift, Unit, find,
};

/// A reproducible stream of numbers in `0..1`.
struct Uniform(u64);

impl Uniform {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Plausible inputs: prices of one random walk (high above, low below the rest) and conditions that are often true.
fn inputs(def: &Indicator, len: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut uniform = Uniform(seed);
    let walk: Vec<f64> = (0..len)
        .scan(100.0, |price, _| {
            *price *= 1.0 + (uniform.next() - 0.5) * 0.04;
            Some(*price)
        })
        .collect();
    let mut column = |input: &threadx_kernels::indicator::Input| -> Vec<f64> {
        let value = |&price: &f64| match (input.kind, input.name) {
            (Kind::Bool, _) => f64::from(u8::from(uniform.next() < 0.7)),
            (Kind::Time, _) => unreachable!("times are not drawn"),
            (_, "periods") => (2.0 + 28.0 * uniform.next()).floor(),
            (_, "high") => price * (1.0 + 0.01 * uniform.next()),
            (_, "low") => price * (1.0 - 0.01 * uniform.next()),
            (_, "volume") => 1000.0 * uniform.next(),
            (_, "b") => price * (1.0 + 0.02 * (uniform.next() - 0.5)),
            _ => price,
        };
        walk.iter().map(value).collect()
    };
    let time = |kind| (kind == Kind::Time).then(|| hours(len));
    def.inputs.iter().map(|input| time(input.kind).unwrap_or_else(|| column(input))).collect()
}

/// Every hour from a Friday evening on, in microseconds: days, a week, and months begin within a few hundred bars.
fn hours(len: usize) -> Vec<f64> {
    (0..len).map(|i| 1_709_326_800e6 + i as f64 * 3600e6).collect()
}

/// The same with missing values at the start, alone and in runs.
fn with_gaps(mut inputs: Vec<Vec<f64>>, seed: u64) -> Vec<Vec<f64>> {
    let mut uniform = Uniform(seed ^ 0xABCD);
    for column in &mut inputs {
        let start = (uniform.next() * 6.0) as usize;
        let mut run = start;
        for value in column {
            if run == 0 && uniform.next() < 0.02 {
                run = 1 + (uniform.next() * 5.0) as usize;
            }
            if run > 0 {
                run -= 1;
                *value = f64::NAN;
            }
        }
    }
    inputs
}

/// Values of a parameter worth trying: the ends of its range that are cheap, its default and some in between.
fn values(param: &Param) -> Vec<f64> {
    match param.kind {
        ParamKind::Int { default, min, max } => {
            let tried = [min, min + 1, min + 2, 7, 13, default.unwrap_or(min)];
            let tried: BTreeSet<i64> = tried.into_iter().filter(|v| (min..=max).contains(v)).collect();
            tried.into_iter().map(|v| v as f64).collect()
        }
        ParamKind::Float { default, min, max } => vec![min, default.unwrap_or(max), max],
        ParamKind::Choice { words, .. } => (0..words.len()).map(|v| v as f64).collect(),
    }
}

/// The form on bitmaps gives what the batch form gives, gaps included.
#[test]
fn flags_are_the_batch_form() {
    let mut tried = 0;
    for def in INDICATORS.iter().filter(|def| def.flags.is_some()) {
        for (params, len) in combinations(def).iter().flat_map(|p| [0, 1, 63, 64, 65, 200].map(|len| (p, len))) {
            let inputs = with_gaps(inputs(def, len, 77 + len as u64), 5);
            let columns: Vec<FlagColumn> = inputs
                .iter()
                .map(|values| FlagColumn {
                    holds: Bits::from_fn(len, |i| values[i] == 1.0),
                    known: Some(Bits::from_fn(len, |i| !values[i].is_nan())),
                })
                .collect();
            let of = |(k, input): (usize, &threadx_kernels::indicator::Input)| match input.kind {
                Kind::Bool => FlagsInput::Flags(&columns[k]),
                Kind::Number | Kind::Time => FlagsInput::Numbers(&inputs[k]),
            };
            let flags = def.flags.unwrap()(&def.inputs.iter().enumerate().map(of).collect::<Vec<_>>(), params);
            let slices: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
            let batch = def.evaluate(&slices, params.values()).unwrap().remove(0);
            for (i, value) in batch.iter().enumerate() {
                let known = flags.known.as_ref().is_none_or(|known| known.as_slice().at(i));
                let got = if known { f64::from(u8::from(flags.holds.as_slice().at(i))) } else { f64::NAN };
                assert_eq!(got.to_bits(), value.to_bits(), "{} at {i} of {len}", def.name);
                assert!(known || !flags.holds.as_slice().at(i), "{}: missing and true", def.name);
                tried += 1;
            }
        }
    }
    assert!(tried > 1000, "{tried} values compared");
}

fn has(def: &Indicator, exception: Exception) -> bool {
    def.exceptions.contains(&exception)
}

/// Every valid combination of the values of all parameters, or that many drawn ones where there are thousands.
fn combinations(def: &Indicator) -> Vec<Params> {
    const MOST: usize = 600;
    let options: Vec<Vec<f64>> = def.params.iter().map(values).collect();
    let count = options.iter().fold(1_usize, |count, options| count.saturating_mul(options.len()));
    let mut rows = vec![Vec::new()];
    if count <= MOST {
        for options in &options {
            rows = rows.iter().flat_map(|row| options.iter().map(|&v| [row.as_slice(), &[v]].concat())).collect();
        }
    } else {
        let mut uniform = Uniform(count as u64);
        let mut draw = |options: &Vec<f64>| options[(uniform.next() * options.len() as f64) as usize];
        rows = (0..MOST).map(|_| options.iter().map(&mut draw).collect()).collect();
        rows.push(def.default_params(14.0).values().to_vec());
    }
    rows.iter().filter_map(|row| def.check_params(row).ok()).collect()
}

fn batch(def: &Indicator, inputs: &[Vec<f64>], params: &Params) -> Vec<Vec<f64>> {
    let slices: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
    // Old contents must not matter.
    let mut outputs = vec![vec![7.0; 3]; def.outputs.len()];
    (def.compute)(&slices, params, &mut outputs);
    outputs
}

fn bits(series: &[f64]) -> Vec<u64> {
    series.iter().map(|x| if x.is_nan() { u64::MAX } else { x.to_bits() }).collect()
}

#[track_caller]
fn assert_same(def: &Indicator, params: &Params, a: &[Vec<f64>], b: &[Vec<f64>]) {
    for (a, b) in a.iter().zip(b) {
        assert_eq!(bits(a), bits(b), "{} {:?}", def.name, params.values());
    }
}

/// Runs a check for every indicator, combination of parameters and gap-free as well as gappy data.
fn for_all(len: usize, mut check: impl FnMut(&'static Indicator, &Params, &[Vec<f64>])) {
    for (seed, def) in INDICATORS.iter().enumerate() {
        let clean = inputs(def, len, seed as u64);
        let gappy = with_gaps(clean.clone(), seed as u64);
        for params in combinations(def) {
            check(def, &params, &clean);
            check(def, &params, &gappy);
        }
    }
}

#[test]
fn registry_is_sorted_and_names_are_unique() {
    assert!(INDICATORS.windows(2).all(|pair| pair[0].name < pair[1].name));
    let mut names = BTreeSet::new();
    for def in INDICATORS {
        for name in std::iter::once(&def.name).chain(def.aliases) {
            assert!(names.insert(*name), "{name} is taken twice");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}");
            assert_eq!(find(name).map(|found| found.name), Some(def.name));
        }
    }
}

#[test]
fn descriptors_are_complete() {
    for def in INDICATORS {
        let name = def.name;
        assert!(!def.inputs.is_empty() && !def.outputs.is_empty(), "{name}");
        assert!(def.summary.ends_with('.') && def.formula.ends_with('.'), "{name}: sentences");
        assert!(!def.source.is_empty(), "{name}");
        assert!(def.example.contains(&format!("{name}(")), "{name}: {}", def.example);
        assert!(def.example.contains("FROM synthetic_bars(200, '1h')"), "{name}: {}", def.example);
        let fields: BTreeSet<_> = def.outputs.iter().map(|output| output.name).collect();
        assert_eq!(fields.len(), def.outputs.len(), "{name}: output names");
        let arguments: BTreeSet<_> =
            def.inputs.iter().map(|i| i.name).chain(def.params.iter().map(|p| p.name)).collect();
        assert_eq!(arguments.len(), def.inputs.len() + def.params.len(), "{name}: argument names");
        // Words of SQL cannot stand before `=>`.
        let words =
            ["all", "as", "by", "end", "from", "group", "limit", "offset", "on", "order", "start", "to", "with"];
        assert!(arguments.iter().all(|argument| !words.contains(argument)), "{name}: {arguments:?}");
        let defaults = def.default_params(14.0);
        assert_eq!(def.check_params(defaults.values()), Ok(defaults), "{name}: defaults");
    }
}

#[test]
fn wrong_parameters_are_refused() {
    for def in INDICATORS {
        let defaults = def.default_params(14.0).values().to_vec();
        for (position, param) in def.params.iter().enumerate() {
            let below = match param.kind {
                ParamKind::Int { min, .. } => min as f64 - 1.0,
                ParamKind::Float { min, .. } => min - 1.0,
                ParamKind::Choice { .. } => -1.0,
            };
            for bad in [f64::NAN, f64::INFINITY, below, 1e18] {
                let mut params = defaults.clone();
                params[position] = bad;
                let error = def.check_params(&params).unwrap_err();
                assert!(error.contains(def.params[position].name), "{error}");
            }
        }
        assert!(def.check_params(&[defaults, vec![1.0]].concat()).is_err());
    }
}

#[test]
fn streaming_equals_batch() {
    for_all(1100, |def, params, inputs| {
        let mut stream = (def.stream)(params);
        let mut outputs = vec![Vec::new(); def.outputs.len()];
        let mut row = vec![0.0; def.outputs.len()];
        for i in 0..inputs[0].len() {
            let bar: Vec<f64> = inputs.iter().map(|column| column[i]).collect();
            stream.step(&bar, &mut row);
            outputs.iter_mut().zip(&row).for_each(|(output, &value)| output.push(value));
        }
        assert_same(def, params, &batch(def, inputs, params), &outputs);
    });
}

/// A stream that takes bars in runs of any lengths, and singly in between, appends what the batch form gives.
#[test]
fn runs_of_bars_equal_batch() {
    for_all(1100, |def, params, inputs| {
        let mut stream = (def.stream)(params);
        let mut outputs = vec![Vec::new(); def.outputs.len()];
        let mut start = 0;
        for len in [1, 0, 7, 64, 3, 200, 600, 100].into_iter().cycle() {
            let end = (start + len).min(inputs[0].len());
            let slices: Vec<&[f64]> = inputs.iter().map(|column| &column[start..end]).collect();
            stream.run(&slices, &mut outputs);
            if end == inputs[0].len() {
                break;
            }
            let bar: Vec<f64> = inputs.iter().map(|column| column[end]).collect();
            let mut row = vec![0.0; def.outputs.len()];
            stream.step(&bar, &mut row);
            outputs.iter_mut().zip(&row).for_each(|(output, &value)| output.push(value));
            start = end + 1;
        }
        assert_same(def, params, &batch(def, inputs, params), &outputs);
    });
}

#[test]
fn no_value_depends_on_the_future() {
    for_all(120, |def, params, inputs| {
        let whole = batch(def, inputs, params);
        for len in [0, 1, 2, 3, 20, 21, 77, 119] {
            let prefix: Vec<Vec<f64>> = inputs.iter().map(|column| column[..len].to_vec()).collect();
            let expected: Vec<Vec<f64>> = whole.iter().map(|column| column[..len].to_vec()).collect();
            assert_same(def, params, &batch(def, &prefix, params), &expected);
        }
    });
}

#[test]
fn lookback_counts_the_leading_rows_without_a_value() {
    for late in [0, 5] {
        for def in INDICATORS {
            let mut inputs = inputs(def, 120, 1);
            for (column, input) in inputs.iter_mut().zip(def.inputs) {
                if input.kind == Kind::Bool {
                    column.fill(1.0);
                }
                column[..late].fill(f64::NAN);
            }
            for params in combinations(def) {
                for (output, values) in def.outputs.iter().zip(batch(def, &inputs, &params)) {
                    let leading = values.iter().take_while(|x| x.is_nan()).count();
                    let late = if has(def, Exception::NeverMissing) { 0 } else { late };
                    let place = format!("{}.{} {:?} after {late}", def.name, output.name, params.values());
                    let expected = (late + (def.lookback)(&params)).min(values.len());
                    let fits = leading == expected || has(def, Exception::Sparse) && leading >= expected;
                    assert!(fits, "{place}: {leading} rows without a value, expected {expected}");
                    let full = has(def, Exception::Sparse) || values[leading..].iter().all(|x| !x.is_nan());
                    assert!(full, "{place}: gap after the warm-up");
                }
            }
        }
    }
}

/// No value is made up for a bar whose input is missing, not even where the rest of the market is flat.
#[test]
fn a_missing_input_has_no_value_at_its_bar() {
    for def in INDICATORS.iter().filter(|def| !has(def, Exception::ReachesBack)) {
        let flat = |x: f64| vec![vec![x; 100]; def.inputs.len()];
        for clean in [inputs(def, 100, 7), flat(0.0), flat(5.0)] {
            for params in combinations(def) {
                for (position, input) in def.inputs.iter().enumerate() {
                    let mut gappy = clean.clone();
                    gappy[position][90] = f64::NAN;
                    for output in batch(def, &gappy, &params) {
                        assert!(output[90].is_nan(), "{} {:?} without {}", def.name, params.values(), input.name);
                    }
                }
            }
        }
    }
}

#[test]
fn conditions_are_zero_or_one() {
    for_all(200, |def, params, inputs| {
        for (output, values) in def.outputs.iter().zip(batch(def, inputs, params)) {
            if output.kind == Kind::Bool {
                assert!(values.iter().all(|&x| x == 0.0 || x == 1.0 || x.is_nan()), "{}", def.name);
            }
        }
    });
}

/// A window must give the very same bits once a gap, an infinity or a huge price has left it.
#[test]
fn windows_forget() {
    for def in INDICATORS.iter().filter(|def| def.memory == Memory::Window) {
        let clean = inputs(def, 300, 3);
        for params in combinations(def) {
            let expected = batch(def, &clean, &params);
            for fault in [f64::NAN, f64::INFINITY, 1e12, -1e300] {
                let mut faulty = clean.clone();
                faulty.iter_mut().for_each(|column| column[100] = fault);
                let recovered = (100 + (def.lookback)(&params) + 1).min(clean[0].len());
                let tail =
                    |all: Vec<Vec<f64>>| -> Vec<Vec<f64>> { all.iter().map(|c| c[recovered..].to_vec()).collect() };
                assert_same(def, &params, &tail(batch(def, &faulty, &params)), &tail(expected.clone()));
            }
        }
    }
}

/// A recursive function continues as if a missing bar had not been there.
#[test]
fn recursions_skip_missing_bars() {
    let skips = |def: &&&Indicator| def.memory != Memory::Window && !has(def, Exception::CountsBars);
    for def in INDICATORS.iter().filter(skips) {
        let clean = inputs(def, 200, 4);
        let mut gappy = clean.clone();
        gappy.iter_mut().for_each(|column| column.insert(90, f64::NAN));
        for params in combinations(def) {
            let mut outputs = batch(def, &gappy, &params);
            assert!(outputs.iter_mut().all(|column| column.remove(90).is_nan()), "{}", def.name);
            assert_same(def, &params, &outputs, &batch(def, &clean, &params));
        }
    }
}

/// The inputs that are prices.
fn is_price(input: &threadx_kernels::indicator::Input) -> bool {
    input.kind == Kind::Number && !["volume", "periods"].contains(&input.name)
}

/// Prices, then volumes, twice as high, which no rounding can tell from the originals.
#[test]
fn units_scale() {
    for def in INDICATORS.iter().filter(|def| !has(def, Exception::NotScaled)) {
        let clean = inputs(def, 300, 11);
        for params in combinations(def) {
            let before = batch(def, &clean, &params);
            for volume in [false, true] {
                let mut scaled = clean.clone();
                for (column, input) in scaled.iter_mut().zip(def.inputs) {
                    if if volume { input.name == "volume" } else { is_price(input) } {
                        column.iter_mut().for_each(|x| *x *= 2.0);
                    }
                }
                let after = batch(def, &scaled, &params);
                for ((output, before), after) in def.outputs.iter().zip(&before).zip(&after) {
                    let factor = match (output.unit, volume) {
                        // A statistic of volume alone is on the scale of volume, whatever it is called.
                        (Unit::Price | Unit::Turnover, false) | (Unit::Volume | Unit::Turnover, true) => 2.0,
                        (Unit::Square, false) => 4.0,
                        _ => 1.0,
                    };
                    let expected: Vec<f64> = before.iter().map(|x| x * factor).collect();
                    let place = format!("{}.{} {:?}, volume {volume}", def.name, output.name, params.values());
                    assert_eq!(bits(&expected), bits(after), "{place}");
                }
            }
        }
    }
}

/// A constant on every price moves the outputs along, or leaves them, as the descriptor says.
#[test]
fn shifts_move_or_stay() {
    const BY: f64 = 1000.0;
    for def in INDICATORS.iter().filter(|def| def.shift != Shift::Changes) {
        let clean = inputs(def, 300, 12);
        let mut shifted = clean.clone();
        for (column, input) in shifted.iter_mut().zip(def.inputs) {
            if is_price(input) {
                column.iter_mut().for_each(|x| *x += BY);
            }
        }
        for params in combinations(def) {
            let (before, after) = (batch(def, &clean, &params), batch(def, &shifted, &params));
            for ((output, before), after) in def.outputs.iter().zip(&before).zip(&after) {
                let moved = if def.shift == Shift::Moves && output.unit == Unit::Price { BY } else { 0.0 };
                for (i, (a, b)) in before.iter().zip(after).enumerate() {
                    let near = (a + moved - b).abs() <= 1e-6 * b.abs().max(100.0) || a.is_nan() && b.is_nan();
                    assert!(near, "{}.{} {:?} at {i}: {a}, {b}", def.name, output.name, params.values());
                }
            }
        }
    }
}

/// Pieces that begin anywhere and reach back over the warm-up have the bits of the whole.
#[test]
fn windows_can_be_cut() {
    for def in INDICATORS {
        let clean = with_gaps(inputs(def, 900, 13), 13);
        for params in combinations(def).into_iter().filter(|params| def.can_be_cut(params)) {
            let whole = batch(def, &clean, &params);
            for from in [1_usize, 5, 64, 333, 801] {
                let first = from.saturating_sub((def.lookback)(&params) + 1);
                let piece: Vec<Vec<f64>> = clean.iter().map(|column| column[first..].to_vec()).collect();
                let piece: Vec<Vec<f64>> =
                    batch(def, &piece, &params).into_iter().map(|c| c[from - first..].to_vec()).collect();
                let expected: Vec<Vec<f64>> = whole.iter().map(|c| c[from..].to_vec()).collect();
                assert_same(def, &params, &piece, &expected);
            }
        }
    }
}

#[test]
fn millions_of_bars_do_not_drift() {
    let len = 2_000_000;
    let mut uniform = Uniform(5);
    let mut x: Vec<f64> = (0..len).map(|_| 100.0 + uniform.next()).collect();
    for i in (1000..len - 1000).step_by(100_003) {
        x[i] = 1e12;
    }
    let tail = x[len - 500..].to_vec();
    for name in ["sma", "rolling_sum", "rolling_variance", "wma", "slope", "linear_regression", "zscore"] {
        let def = find(name).unwrap();
        let params = def.default_params(20.0);
        let whole = &batch(def, std::slice::from_ref(&x), &params)[0];
        let fresh = &batch(def, std::slice::from_ref(&tail), &params)[0];
        for (a, b) in whole[len - 400..].iter().zip(&fresh[100..]) {
            // There is no trace of the past.
            assert_eq!(a.to_bits(), b.to_bits(), "{name}: {a} and {b}");
        }
    }
}

/// The parts of a compound indicator are the very numbers that the simple ones give.
#[test]
fn compound_indicators_agree_with_their_parts() {
    let x = with_gaps(inputs(find("sma").unwrap(), 500, 8), 8);
    let run = |name: &str, params: &[f64]| find(name).unwrap().evaluate(&[&x[0]], params).unwrap();
    let bands = run("bollinger", &[20.0, 2.0, -1.0, 0.0]);
    let (mean, deviation, score) =
        (&run("sma", &[20.0])[0], &run("rolling_stddev", &[20.0, 1.0, 0.0])[0], run("zscore", &[20.0, 0.0]));
    assert_eq!(bits(&bands[1]), bits(mean));
    let upper: Vec<f64> = mean.iter().zip(deviation).map(|(m, d)| m + 2.0 * d).collect();
    assert_eq!(bits(&bands[0]), bits(&upper));
    let expected: Vec<f64> = (0..x[0].len()).map(|i| (x[0][i] - mean[i]) / deviation[i]).collect();
    assert_eq!(bits(&score[0]), bits(&expected));
    let square: Vec<f64> = run("rolling_variance", &[20.0, 1.0, 0.0])[0].iter().map(|v| v.sqrt()).collect();
    assert_eq!(bits(deviation), bits(&square));
}

#[test]
fn indicators_nest() {
    let rsi = find("rsi").unwrap();
    let x = inputs(rsi, 100, 6);
    let inner = rsi.evaluate(&[&x[0]], &[14.0]).unwrap();
    let outer = find("sma").unwrap().evaluate(&[&inner[0]], &[5.0]).unwrap();
    assert_eq!(outer[0].iter().take_while(|x| x.is_nan()).count(), 14 + 4);
    let expected = inner[0][14..19].iter().sum::<f64>() / 5.0;
    assert!((outer[0][18] - expected).abs() < 1e-12);
    assert!(outer[0][18..].iter().all(|x| x.is_finite()));
}

/// Any number that a column can hold, with a preference for the nasty ones.
fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e3..1e3_f64,
        1 => Just(0.0),
        1 => Just(1.0),
        1 => prop::num::f64::ANY,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, f64::MAX, f64::MIN, -0.0, 5e-324]),
    ]
}

fn any_params(def: &Indicator) -> impl Strategy<Value = Vec<f64>> + use<> {
    let one = |param: &Param| match param.kind {
        ParamKind::Int { min, max, .. } => {
            prop_oneof![min..=(min + 20).min(max), Just(max), min..=max].prop_map(|v| v as f64).boxed()
        }
        ParamKind::Float { min, max, .. } => (min..=max).boxed(),
        ParamKind::Choice { words, .. } => (0..words.len()).prop_map(|v| v as f64).boxed(),
    };
    def.params.iter().map(one).collect::<Vec<_>>()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// No input panics or leaves an infinity, and streaming agrees whatever the numbers are.
    #[test]
    fn any_input_is_survived(
        columns in (0..50_usize).prop_flat_map(|len| prop::collection::vec(prop::collection::vec(any_value(), len), 7)),
        params in INDICATORS.iter().map(|def| any_params(def)).collect::<Vec<_>>(),
    ) {
        for (def, params) in INDICATORS.iter().zip(&params) {
            let Ok(params) = def.check_params(params) else { continue };
            let inputs = &columns[..def.inputs.len()];
            let outputs = batch(def, inputs, &params);
            for output in &outputs {
                prop_assert_eq!(output.len(), inputs[0].len());
                prop_assert!(output.iter().all(|x| !x.is_infinite()), "{}", def.name);
            }
            let mut stream = (def.stream)(&params);
            let mut row = vec![0.0; def.outputs.len()];
            for i in 0..inputs[0].len() {
                let bar: Vec<f64> = inputs.iter().map(|column| column[i]).collect();
                stream.step(&bar, &mut row);
                let expected: Vec<f64> = outputs.iter().map(|output| output[i]).collect();
                prop_assert_eq!(bits(&row), bits(&expected), "{} {:?}", def.name, params.values());
            }
        }
    }
}
