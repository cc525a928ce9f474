//! Finding an indicator by name, and the one that comes with it.

use super::{INDICATORS, Indicator, TWINS, Twins};

/// The indicator with this SQL name or alias.
pub fn find(name: &str) -> Option<&'static Indicator> {
    let by_alias = || INDICATORS.iter().find(|def| def.aliases.contains(&name));
    match INDICATORS.binary_search_by_key(&name, |def| def.name) {
        Ok(position) => Some(INDICATORS[position]),
        Err(_) => by_alias().copied(),
    }
}

impl Twins {
    /// The twins of which an indicator is one.
    pub fn of(def: &Indicator) -> Option<&'static Twins> {
        TWINS.iter().copied().find(|twins| twins.defs.iter().any(|twin| twin.name == def.name))
    }

    /// The other one.
    pub fn other(&self, def: &Indicator) -> &'static Indicator {
        let [first, second] = self.defs;
        if first.name == def.name { second } else { first }
    }
}

#[cfg(test)]
mod tests {
    use super::super::FlagsInput;
    use super::*;

    #[test]
    fn twins_have_the_flags_of_each_alone() {
        let wave = |i: usize, step: usize| [1.0, 2.0, f64::NAN, 3.0, 2.0, 2.0, 0.0][i * step % 7];
        let [a, b]: [Vec<f64>; 2] = [3, 5].map(|step| (0..200).map(|i| wave(i + i / 11, step)).collect());
        let inputs = [FlagsInput::Numbers(&a), FlagsInput::Numbers(&b)];
        for twins in TWINS {
            let together = (twins.flags)(&inputs);
            for (def, together) in twins.defs.iter().zip(&together) {
                let alone = def.flags.map(|flags| flags(&inputs, &def.check_params(&[]).unwrap()));
                assert_eq!(alone.as_ref(), Some(together));
                assert!(together.holds.words().iter().any(|word| *word != 0));
                assert_eq!(twins.other(twins.other(def)).name, def.name);
                assert!(Twins::of(def).is_some());
            }
        }
    }

    #[test]
    fn finds_names_and_aliases() {
        assert_eq!(find("rsi").map(|def| def.name), Some("rsi"));
        assert_eq!(find("rolling_max").map(|def| def.name), Some("highest"));
        assert!(find("rsj").is_none());
    }
}
