//! The words that build a grid where a strategy is expected, and the laws that a sampler draws parameters by.

use threadx_kernels::search::Sampler;

/// A word that builds a grid.
pub struct GridBuilder {
    /// SQL name.
    pub name: &'static str,
    /// How it is written.
    pub signature: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What a reader needs beyond the summary.
    pub details: &'static str,
    /// A query that the tests run.
    pub example: &'static str,
    /// The sampler behind it; a grid of all combinations has none.
    pub sampler: Option<Sampler>,
}

/// A law of a parameter, or another way to write its values.
pub struct LawWord {
    /// How it is written.
    pub signature: &'static str,
    /// One sentence.
    pub summary: &'static str,
}

/// The seed of a sampler when none is given.
pub const DEFAULT_SEED: u64 = 42;

/// Every builder, sorted by name.
pub static GRID_BUILDERS: &[GridBuilder] = &[
    GridBuilder {
        name: "grid",
        signature: "grid(parameter => values, ..., strategy => 'bb_atr')",
        summary: "Every combination of the values of each parameter.",
        details: "Repeated values count once. It also takes one subquery, whose columns are the parameters.",
        example: "SELECT bb_period, entry_z, sharpe FROM sweep('DEMO', '1h', grid(bb_period => [10, 20], entry_z => search))",
        sampler: None,
    },
    GridBuilder {
        name: "latin_hypercube",
        signature: "latin_hypercube(n, parameter => law, ..., strategy => 'bb_atr', seed => 42)",
        summary: "`n` points of which each of `n` equal strata of every parameter holds one.",
        details: "The strata of different parameters are paired at random (McKay, Beckman and Conover 1979). Another `n` gives \
                  other points.",
        example: "SELECT bb_period, entry_z, sharpe \
                  FROM sweep('DEMO', '1h', latin_hypercube(20, bb_period => search, entry_z => uniform(1, 3)))",
        sampler: Some(Sampler::LatinHypercube),
    },
    GridBuilder {
        name: "random",
        signature: "random(n, parameter => law, ..., strategy => 'bb_atr', seed => 42)",
        summary: "`n` points drawn independently.",
        details: "Fewer points are the first of more. Where every parameter is discrete, the points are drawn without putting \
                  back.",
        example: "SELECT bb_period, entry_z, sharpe \
                  FROM sweep('DEMO', '1h', random(20, bb_period => integer(10, 60), entry_z => uniform(1, 3), seed => 7))",
        sampler: Some(Sampler::Random),
    },
    GridBuilder {
        name: "sobol",
        signature: "sobol(n, parameter => law, ..., strategy => 'bb_atr', seed => 42)",
        summary: "The first `n` points of a scrambled Sobol sequence, which fill the space evenly.",
        details: "Directions by Joe and Kuo (2008) for up to 128 varied parameters, scrambled after Owen (1995). Powers of two \
                  fill it most evenly.",
        example: "SELECT bb_period, entry_z, sharpe \
                  FROM sweep('DEMO', '1h', sobol(16, bb_period => search, entry_z => log_uniform(0.5, 4)))",
        sampler: Some(Sampler::Sobol),
    },
];

/// What a sampler takes as the law of a parameter.
pub static LAWS: &[LawWord] = &[
    LawWord {
        signature: "value",
        summary: "This value at every point, as are the defaults of parameters that are not named.",
    },
    LawWord {
        signature: "choice([value, ...])",
        summary: "One of these values, all as likely; repeated values count once. A list alone, or range(...), means the same.",
    },
    LawWord {
        signature: "search",
        summary: "The declared SEARCH range: of an INT its whole numbers, of a DOUBLE every number from start to stop, of a \
                  list its values.",
    },
    LawWord {
        signature: "uniform(low, high)",
        summary: "Any number from low to high, of an INT any whole number, all as likely.",
    },
    LawWord {
        signature: "log_uniform(low, high)",
        summary: "Any number from low to high, every ratio as likely; DOUBLE alone, and both ends above 0.",
    },
    LawWord {
        signature: "integer(low, high)",
        summary: "Any whole number from low to high, all as likely; INT or DOUBLE.",
    },
];

/// What holds of every sampler, for the reference and help.
pub const SAMPLERS: &str = "\
`n` is from 1 to 1000000000. The same SQL gives the same points on any number of threads; each is computed from the seed and \
its number when it is needed, and none is stored. `strategy` and `seed` are names of the sampler's own. Where every varied \
parameter is discrete and there are at most `n` combinations, every sampler gives each once, in an order that the seed \
chooses. Where there are more, random() never repeats one; sobol() and latin_hypercube() drop repeated points if `n` is at \
most 1000000, so that fewer than `n` rows may be left, and keep them if it is larger. A CHECK on a parameter must hold at \
every value of a list or of up to 4096 whole numbers, at both ends of any other range, and at every point that WHERE leaves.";

/// The builder with this name.
pub fn grid_builder(name: &str) -> Option<&'static GridBuilder> {
    GRID_BUILDERS.iter().find(|builder| builder.name == name)
}
