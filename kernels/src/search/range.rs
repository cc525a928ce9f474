//! Lists of parameter values: steps, linear and logarithmic spacing.

/// Most values that one parameter may have.
pub const MAX_VALUES: usize = 10_000_000;

/// `start, start + step, ...` up to and including `stop`.
///
/// Every value is `start + i * step`, so nothing drifts, and `stop` is included if it is a whole number of steps away within
/// a tolerance of `1e-9` steps; the last value is then exactly `stop`. `step` may be negative.
///
/// # Errors
/// One sentence, if an argument is not finite, `step` is 0 or points away from `stop`, or the list would exceed ten million.
pub fn steps(start: f64, stop: f64, step: f64) -> Result<Vec<f64>, String> {
    if !(start.is_finite() && stop.is_finite() && step.is_finite()) {
        return Err(format!("a range needs finite numbers, got ({start}, {stop}, {step})"));
    }
    if step == 0.0 {
        return Err("the step of a range must not be 0".to_owned());
    }
    let span = (stop - start) / step;
    if span < 0.0 {
        return Err(format!("the range ({start}, {stop}, {step}) is empty: the step points away from the end"));
    }
    let whole = (span + 1e-9).floor();
    if whole >= MAX_VALUES as f64 {
        return Err(format!("the range ({start}, {stop}, {step}) has more than {MAX_VALUES} values"));
    }
    let mut values: Vec<f64> = (0..=whole as usize).map(|i| start + i as f64 * step).collect();
    if (span - whole).abs() <= 1e-9 {
        values[whole as usize] = stop;
    }
    Ok(values)
}

/// `n` evenly spaced values from `start` to `stop`, both included exactly; one value is `start`.
///
/// # Errors
/// One sentence, if an end is not finite or `n` is 0 or above ten million.
pub fn linspace(start: f64, stop: f64, n: usize) -> Result<Vec<f64>, String> {
    check("linspace", start, stop, n)?;
    Ok(spaced(start, stop, n))
}

/// `n` values from `start` to `stop` with a constant ratio, both included exactly; one value is `start`.
///
/// # Errors
/// One sentence, if an end is not finite and positive or `n` is 0 or above ten million.
pub fn logspace(start: f64, stop: f64, n: usize) -> Result<Vec<f64>, String> {
    check("logspace", start, stop, n)?;
    if start <= 0.0 || stop <= 0.0 {
        return Err(format!("logspace needs positive ends, got {start} and {stop}"));
    }
    let mut values: Vec<f64> = spaced(start.ln(), stop.ln(), n).into_iter().map(f64::exp).collect();
    // The ends are what the user wrote, not what the logarithm made of it.
    values[0] = start;
    if n > 1 {
        values[n - 1] = stop;
    }
    Ok(values)
}

fn check(function: &str, start: f64, stop: f64, n: usize) -> Result<(), String> {
    if !(start.is_finite() && stop.is_finite() && (stop - start).is_finite()) {
        return Err(format!("{function} needs finite ends, got {start} and {stop}"));
    }
    if n == 0 || n > MAX_VALUES {
        return Err(format!("{function} needs from 1 to {MAX_VALUES} values, got {n}"));
    }
    Ok(())
}

fn spaced(start: f64, stop: f64, n: usize) -> Vec<f64> {
    let mut values: Vec<f64> = match n {
        1 => vec![start],
        _ => (0..n).map(|i| start + (stop - start) * (i as f64 / (n - 1) as f64)).collect(),
    };
    if n > 1 {
        values[n - 1] = stop;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_include_the_end_without_drift() {
        assert_eq!(steps(10.0, 50.0, 5.0).unwrap(), [10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0]);
        let tenths = steps(0.0, 1.0, 0.1).unwrap();
        assert_eq!(tenths.len(), 11);
        assert_eq!(tenths[3], 3.0 * 0.1);
        assert_eq!(tenths[10], 1.0);
        assert_eq!(steps(1.0, 3.0, 0.75).unwrap(), [1.0, 1.75, 2.5]);
        assert_eq!(steps(3.0, 1.0, -1.0).unwrap(), [3.0, 2.0, 1.0]);
        assert_eq!(steps(2.0, 2.0, 1.0).unwrap(), [2.0]);
    }

    #[test]
    fn bad_steps_are_errors() {
        assert!(steps(0.0, 1.0, 0.0).is_err());
        assert!(steps(0.0, 1.0, -0.1).is_err());
        assert!(steps(0.0, f64::NAN, 0.1).is_err());
        assert!(steps(0.0, 1.0, 1e-12).is_err());
        assert!(steps(-f64::MAX, f64::MAX, 1.0).is_err());
    }

    #[test]
    fn spaces_keep_their_ends() {
        assert_eq!(linspace(0.0, 1.0, 5).unwrap(), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(linspace(7.0, 9.0, 1).unwrap(), [7.0]);
        let decades = logspace(0.001, 10.0, 5).unwrap();
        assert_eq!((decades[0], decades[4]), (0.001, 10.0));
        assert!(decades.windows(2).all(|pair| (pair[1] / pair[0] - 10.0).abs() < 1e-12));
        assert_eq!(logspace(3.0, 8.0, 1).unwrap(), [3.0]);
        assert!(logspace(0.0, 1.0, 3).is_err());
        assert!(linspace(0.0, 1.0, 0).is_err());
        assert!(linspace(-f64::MAX, f64::MAX, 3).is_err());
    }
}
