//! What in the plan of a body may look ahead.

/// One place in a plan that may make a value depend on later bars, or on something else that is not the bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is, in words.
    pub what: What,
    /// The expression, as SQL.
    pub expression: String,
}

/// The kinds of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A function that reads this many rows ahead; `None` where the number is no constant.
    RowsAhead(Option<i64>),
    /// A window whose frame ends after the current row.
    FrameAhead,
    /// A window without an order in time.
    Unordered,
    /// A window over rows of which several have the same time.
    Peers,
    /// A function of the number of rows in the whole window.
    WholeWindow,
    /// A window in which the preceding rows are the later ones.
    Descending,
    /// An aggregate over rows of any time.
    WholeSeries,
    /// A subquery over rows of any time.
    Subquery,
    /// Rows of a longer bar, joined on the time at which it opens.
    LabelJoin,
    /// Some rows of a series that are not its first ones.
    Limit,
    /// A function of the clock.
    Clock,
    /// A table whose rows have no known time.
    Uncut(String),
    /// A column that an account reads, and that is not causal.
    Reads {
        /// The column.
        column: String,
        /// Whether it was seen to look ahead.
        is_leak: bool,
    },
}

impl What {
    /// Whether it is known to look ahead, and need not be seen again.
    pub fn is_leak(&self) -> bool {
        matches!(self, What::Reads { is_leak: true, .. })
    }

    /// The finding as a phrase.
    pub fn describe(&self) -> String {
        match self {
            What::RowsAhead(Some(1)) => "reads 1 row ahead".into(),
            What::RowsAhead(Some(rows)) => format!("reads {rows} rows ahead"),
            What::RowsAhead(None) => "may read rows ahead: the offset is no constant".into(),
            What::FrameAhead => "the frame reaches later rows".into(),
            What::Unordered => "the window is not ordered by ts, so that it covers later bars".into(),
            What::Peers => "rows with the same time count as one, later bars among them".into(),
            What::WholeWindow => "depends on the number of all rows".into(),
            What::Descending => "ordered by time descending: preceding rows are later ones".into(),
            What::WholeSeries => "aggregate over all bars".into(),
            What::Subquery => "subquery over all bars".into(),
            What::LabelJoin => "joined on the time at which a longer bar opens, before it is over".into(),
            What::Limit => "LIMIT keeps rows that depend on where the series ends".into(),
            What::Clock => "depends on the clock".into(),
            What::Reads { column, is_leak: true } => format!("reads `{column}`, which looks ahead"),
            What::Reads { column, is_leak: false } => format!("reads `{column}`, which is suspect"),
            What::Uncut(table) => format!("reads `{table}`, whose rows have no known time"),
        }
    }
}

/// Adds what is not there yet.
pub fn add(findings: &mut Vec<Finding>, more: impl IntoIterator<Item = Finding>) {
    for finding in more {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}
