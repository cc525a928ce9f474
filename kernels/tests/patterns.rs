//! Candlestick patterns on bars that are full of them; the bars of the laws hold few.

mod common;

use std::path::{Path, PathBuf};

use common::{Table, call, compare};
use threadx_kernels::indicator::{Family, INDICATORS, Indicator};

const BARS: &str = "p_open p_high p_low p_close";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/indicator")
}

fn patterns() -> impl Iterator<Item = &'static Indicator> {
    INDICATORS.iter().copied().filter(|def| def.family == Family::Pattern)
}

fn bits(series: &[f64]) -> Vec<u64> {
    series.iter().map(|x| if x.is_nan() { u64::MAX } else { x.to_bits() }).collect()
}

fn evaluate(def: &Indicator, columns: &[Vec<f64>]) -> Vec<f64> {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    def.evaluate(&columns, def.default_params(0.0).values()).unwrap().remove(0)
}

/// The bars of patterns, and the same with missing prices.
fn series() -> [Vec<Vec<f64>>; 2] {
    let bars = Table::read(&folder().join("bars.csv"));
    let clean: Vec<Vec<f64>> = BARS.split(' ').map(|name| bars.column(name).to_vec()).collect();
    let mut gappy = clean.clone();
    for (i, fault) in [3, 4, 57, 120, 255, 256, 300, 371].into_iter().zip([f64::NAN, f64::INFINITY].into_iter().cycle())
    {
        gappy[i % 4][i] = fault;
    }
    [clean, gappy]
}

#[test]
fn every_pattern_occurs_and_is_exactly_the_expected_number() {
    let bars = Table::read(&folder().join("bars.csv"));
    let expected = Table::read(&folder().join("expected/pattern.csv"));
    for (name, values) in &expected.columns {
        assert_eq!(compare(&call(&bars, name), values, values), Ok(0.0), "{name}");
    }
    for def in patterns() {
        let penetration = def.default_params(0.0).values().first().map(f64::to_string).unwrap_or_default();
        let values = expected.column(&format!("{}:{BARS}:{penetration}:", def.name));
        assert!(values.iter().any(|&x| x.is_finite() && x != 0.0), "{} never occurs", def.name);
    }
}

#[test]
fn bar_by_bar_is_the_whole_series() {
    for columns in series() {
        for def in patterns() {
            let mut stream = (def.stream)(&def.default_params(0.0));
            let streamed: Vec<f64> = (0..columns[0].len())
                .map(|i| {
                    let mut row = [0.0];
                    stream.step(&columns.iter().map(|column| column[i]).collect::<Vec<_>>(), &mut row);
                    row[0]
                })
                .collect();
            assert_eq!(bits(&streamed), bits(&evaluate(def, &columns)), "{}", def.name);
        }
    }
}

#[test]
fn a_value_needs_no_more_than_the_bars_of_its_lookback() {
    for columns in series() {
        for def in patterns() {
            let whole = evaluate(def, &columns);
            let lookback = (def.lookback)(&def.default_params(0.0));
            for end in lookback..whole.len() {
                let reach: Vec<Vec<f64>> = columns.iter().map(|column| column[end - lookback..=end].to_vec()).collect();
                let missing = reach.iter().flatten().any(|x| !x.is_finite());
                let alone = *evaluate(def, &reach).last().unwrap();
                assert_eq!(alone.is_nan(), missing, "{} at {end}", def.name);
                assert_eq!(bits(&[alone]), bits(&whole[end..=end]), "{} at {end}", def.name);
            }
        }
    }
}
