//! What a portfolio was asked to do, and what it refuses.

use datafusion::execution::session_state::SessionState;
use threadx_kernels::sim::{
    Allocation, Liquidation, Margin, Member, Needs, Numbers, Options, PortfolioRecord, PortfolioRules, Summary,
    simulate_portfolio,
};

use super::member::Loaded;
use super::output::PortfolioOutput;
use crate::engine::series::{SeriesKey, Symbol};
use crate::engine::sweep::{RunSpec, SeriesSource};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Presets that follow engines which know no account over several series.
const ONE_SERIES: &[&str] = &["backtesting_py", "vectorbt"];

/// A run over many series with one account, planned but not started.
#[derive(Debug, Clone)]
pub struct PortfolioSpec {
    /// Series, strategy with one combination of parameters, and run options.
    pub run: RunSpec,
    /// Timeframe of every series.
    pub timeframe: Timeframe,
    /// What rows the relation gives.
    pub output: PortfolioOutput,
    /// Most positions that may be open.
    pub max_positions: usize,
    /// How much an entry gets.
    pub allocation: Allocation,
    /// The column that [`Allocation::Fraction`] reads.
    pub share_by: Option<String>,
    /// Returns that a volatility is measured over.
    pub volatility_bars: usize,
    /// The column that ranks.
    pub rank_by: Option<String>,
    /// Whether positions give their slots to better ranked ones.
    pub rotate: bool,
}

impl PortfolioSpec {
    /// The allocation in words.
    pub fn allocation_text(&self) -> String {
        match (self.allocation, &self.share_by) {
            (Allocation::Fraction, Some(column)) => format!("column {column}"),
            (Allocation::InverseVolatility, _) => format!("inverse_volatility over {} bars", self.volatility_bars),
            _ => "equal".into(),
        }
    }

    /// The rules of the account in words.
    pub fn rules_text(&self) -> String {
        let PortfolioSpec { max_positions, rank_by, rotate, .. } = self;
        let (allocation, rank) = (self.allocation_text(), rank_by.as_deref().unwrap_or("symbol"));
        format!("max_positions={max_positions}, allocation={allocation}, rank_by={rank}, rotate={rotate}")
    }

    /// The symbols as they are written; runs the subquery.
    pub async fn symbols(&self, state: &SessionState) -> Result<Vec<String>> {
        self.run.symbols.names(state, self.run.function, "symbols").await
    }

    /// The features that are read: those that rank and that allocate.
    pub fn features(&self) -> Vec<String> {
        self.rank_by.iter().chain(&self.share_by).cloned().collect()
    }

    /// The series, sorted by name.
    ///
    /// # Errors
    /// A symbol that is named twice, or a preset that knows one series only.
    pub fn keys(&self, names: &[String]) -> Result<Vec<SeriesKey>> {
        let function = self.run.function;
        let mut symbols = names.iter().map(|name| Symbol::parse(name)).collect::<Result<Vec<_>>>()?;
        symbols.sort();
        if let Some(twice) = symbols.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::argument(format!("{function}() is given the symbol {} twice", twice[0])));
        }
        let preset = &self.run.options.preset;
        if symbols.len() > 1 && ONE_SERIES.contains(&preset.as_str()) {
            return Err(Error::argument(format!(
                "`preset` '{preset}' of {function}() follows an engine with one series per account, and there are {}; leave it \
                 out, or name the options that you want one by one",
                symbols.len()
            )));
        }
        Ok(symbols.into_iter().map(|symbol| SeriesKey { symbol, timeframe: self.timeframe }).collect())
    }

    /// The symbols as they were written, for `EXPLAIN`; `None` where a subquery gives them.
    pub fn written_symbols(&self) -> Option<&[String]> {
        match &self.run.symbols {
            SeriesSource::Names(names) => Some(names),
            SeriesSource::Query(_) => None,
        }
    }

    /// Trades the series together at the times of `axis`.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if `goes_on` says no.
    pub fn trade(
        &self,
        (loaded, axis): (&[Loaded], &[i64]),
        needs: Needs,
        record: &mut PortfolioRecord,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Summary> {
        let periods = self.run.options.periods_per_year(axis, self.timeframe);
        let options = Options { periods_per_year: Some(periods), ..self.run.options.sim };
        let PortfolioSpec { max_positions, allocation, rotate, .. } = *self;
        let rules = PortfolioRules { options: &options, max_positions, allocation, rotate };
        let members: Vec<Member> = loaded.iter().map(|series| series.member(self)).collect();
        simulate_portfolio(&members, axis, (&rules, needs), record, goes_on).ok_or(Error::Cancelled)
    }

    /// Refuses leverage above 1 with cross margin where several positions share the account.
    pub fn check_margin(&self, members: &[Loaded]) -> Result<()> {
        let sim = &self.run.options.sim;
        if self.max_positions == 1 || sim.margin != Margin::Cross || sim.liquidation == Liquidation::Off {
            return Ok(());
        }
        let is_above = |leverage: &f64| *leverage > 1.0;
        let borrows = |member: &&Loaded| match member.prepared.signals().leverage {
            Numbers::None => false,
            Numbers::Const(leverage) => is_above(&leverage),
            Numbers::Slice(values) => values.iter().any(is_above),
        };
        match members.iter().find(borrows) {
            None => Ok(()),
            Some(member) => Err(Error::argument(format!(
                "{}() has no cross margin for leverage above 1, which strategy `{}` has on {}: the capital of a slot stands \
                 behind its position, not the account; write margin => 'isolated', liquidation => 'off' or max_positions => 1",
                self.run.function,
                self.run.strategy.name,
                member.series.key()
            ))),
        }
    }
}
