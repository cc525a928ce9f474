//! The keywords that the prompt colours and completes.

/// Keywords, sorted.
pub const KEYWORDS: &[&str] = &[
    "ALL",
    "ANALYZE",
    "AND",
    "AS",
    "ASC",
    "ASOF",
    "AUDIT",
    "BETWEEN",
    "BIGINT",
    "BOOLEAN",
    "BY",
    "CASE",
    "CAST",
    "CHECK",
    "COMMENT",
    "COPY",
    "CREATE",
    "CROSS",
    "DATE",
    "DEFAULT",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DISTINCT",
    "DOUBLE",
    "DROP",
    "ELSE",
    "END",
    "EXCEPT",
    "EXCLUDE",
    "EXISTS",
    "EXPLAIN",
    "EXTERNAL",
    "FALSE",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IF",
    "IN",
    "INNER",
    "INSERT",
    "INT",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "JOIN",
    "LAST",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MATCH_CONDITION",
    "NOT",
    "NULL",
    "NULLS",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PARTITION",
    "PRECEDING",
    "QUALIFY",
    "RANGE",
    "REPLACE",
    "RESET",
    "RESULT",
    "RIGHT",
    "ROW",
    "ROWS",
    "SEARCH",
    "SELECT",
    "SET",
    "SHOW",
    "STORED",
    "STRATEGIES",
    "STRATEGY",
    "TABLE",
    "TABLES",
    "TEXT",
    "THEN",
    "TIMESTAMP",
    "TO",
    "TRUE",
    "UNBOUNDED",
    "UNION",
    "USING",
    "VALUES",
    "VARCHAR",
    "VIEW",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
];

/// What follows a word, where only few words may; tables and columns not counted.
pub const FOLLOWERS: &[(&str, &[&str])] = &[
    ("COPY", &["(SELECT"]),
    ("CREATE", &["STRATEGY", "OR REPLACE STRATEGY", "VIEW", "OR REPLACE VIEW", "TABLE", "EXTERNAL TABLE"]),
    ("DESCRIBE", &["STRATEGY"]),
    ("DROP", &["STRATEGY", "VIEW", "TABLE", "RESULT"]),
    ("EXPLAIN", &["ANALYZE", "SELECT"]),
    ("GROUP", &["BY"]),
    ("INSERT", &["INTO"]),
    ("NULLS", &["FIRST", "LAST"]),
    ("ORDER", &["BY"]),
    ("PARTITION", &["BY"]),
    ("REPLACE", &["STRATEGY", "VIEW", "TABLE"]),
    ("SHOW", &["STRATEGIES", "TABLES", "ALL"]),
    ("STORED", &["AS"]),
];

/// Formats that `STORED AS` may name.
pub const STORED_AS: &[&str] = &["PARQUET", "CSV", "JSON", "ARROW"];

/// Whether a word is a keyword, in any case.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word.to_uppercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(KEYWORDS.is_sorted() && FOLLOWERS.is_sorted());
        assert!(is_keyword("select") && !is_keyword("sma"));
    }
}
