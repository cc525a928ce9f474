//! What the SQL of a report may do: read, make tables of its own, and write files into the report's folder.
//!
//! The data directory is guarded by the session itself, which only reads it. Here are the ways to other places: `COPY`,
//! external tables, and settings of the machine.

use std::path::{Component, Path, PathBuf};

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{DdlStatement, Expr, LogicalPlan, Statement};

use crate::engine::result;
use crate::engine::strategy;
use crate::error::{Error, Result};
use crate::session::{self, Engine};

/// Names that the report takes for itself.
const OWN_FILES: &[&str] = &["index.html", "report.md"];

/// A statement that may run.
#[derive(Debug)]
pub enum Admitted {
    /// A statement of ours about strategies, results or settings, which takes effect when it is planned.
    Direct,
    /// A query or a statement of DataFusion.
    Plan(Box<LogicalPlan>),
    /// A `COPY` into the report's folder: its plan, and the name of the file there.
    File(Box<LogicalPlan>, String),
}

/// Functions that give something else at every run.
const UNSTEADY: &[&str] =
    &["current_date", "current_time", "current_timestamp", "now", "random", "today", "uuid", "gen_random_uuid"];

/// What a report may do.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    /// Where `COPY` may write; without it nowhere.
    pub folder: Option<&'a Path>,
    /// Whether it may say when it was made, and so may differ from run to run.
    pub is_stamped: bool,
}

/// Plans a statement and refuses it where a report must not do that.
///
/// # Errors
/// SQL that cannot be planned, and everything that would reach outside of the report or make it another at every run.
pub async fn admit(engine: &Engine, sql: &str, limits: Limits<'_>) -> Result<Admitted> {
    if strategy::parse_statement(sql)?.is_some() || result::parse_statement(sql)?.is_some() {
        return Ok(Admitted::Direct);
    }
    let plan = session::plan(&engine.context().state(), sql).await?;
    if !limits.is_stamped {
        plan.apply_with_subqueries(|node| {
            node.apply_expressions(|expr| {
                expr.apply(|expr| match unsteady(expr) {
                    Some(error) => Err(error.into()),
                    None => Ok(TreeNodeRecursion::Continue),
                })
            })
        })?;
    }
    let LogicalPlan::Copy(copy) = &plan else {
        plan.apply(|node| match refusal(node) {
            Some(error) => Err(error.into()),
            None => Ok(TreeNodeRecursion::Continue),
        })?;
        return Ok(match plan {
            LogicalPlan::Statement(_) => Admitted::Direct,
            plan => Admitted::Plan(Box::new(plan)),
        });
    };
    let Some(folder) = limits.folder else {
        return Err(Error::argument("COPY writes a file beside the report, which needs a folder: use --out FOLDER/"));
    };
    let name = inside(&copy.output_url)?;
    let target = folder.join(&name);
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(|e| Error::io("create", parent, e))?;
    }
    let mut copy = copy.clone();
    copy.output_url = target.display().to_string();
    Ok(Admitted::File(Box::new(LogicalPlan::Copy(copy)), name))
}

/// Why an expression has no place in a report that is the same at every run.
fn unsteady(expr: &Expr) -> Option<Error> {
    let Expr::ScalarFunction(call) = expr else { return None };
    let name = call.func.name();
    UNSTEADY.contains(&name).then(|| {
        Error::argument(format!(
            "{name}() gives another report at every run; --stamp allows it, and tells when it was made"
        ))
    })
}

/// Why a part of a plan may not run in a report.
fn refusal(node: &LogicalPlan) -> Option<Error> {
    let no = |what: &str| Some(Error::argument(what));
    match node {
        LogicalPlan::Copy(_) => no("a report can COPY as a statement of its own, but not inside of EXPLAIN or PREPARE"),
        LogicalPlan::Ddl(DdlStatement::CreateExternalTable(_)) => {
            no("a report has no CREATE EXTERNAL TABLE, which reaches files outside of the data directory")
        }
        LogicalPlan::Ddl(DdlStatement::CreateFunction(_) | DdlStatement::CreateCatalog(_)) => {
            no("a report makes tables and views, nothing else")
        }
        LogicalPlan::Statement(Statement::SetVariable(set)) if is_of_the_machine(&set.variable) => {
            no("a report cannot SET datafusion.runtime, which is the machine's")
        }
        LogicalPlan::Statement(Statement::ResetVariable(reset)) if is_of_the_machine(&reset.variable) => {
            no("a report cannot RESET datafusion.runtime, which is the machine's")
        }
        _ => None,
    }
}

fn is_of_the_machine(variable: &str) -> bool {
    variable.to_lowercase().starts_with("datafusion.runtime")
}

/// The name of a file inside the report's folder.
fn inside(target: &str) -> Result<String> {
    let refuse = |why: &str| {
        Err(Error::argument(format!(
            "COPY writes into the folder of the report, and `{}` {why}",
            target.escape_debug()
        )))
    };
    if target.contains(':') || target.contains('\\') || target.chars().any(char::is_control) {
        return refuse("is no plain relative path such as 'trades.csv'");
    }
    if target.contains(['*', '?', '[']) {
        return refuse("is a pattern");
    }
    let path = Path::new(target);
    let mut name = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => name.push(part),
            Component::CurDir => {}
            Component::ParentDir => return refuse("leads out of it"),
            Component::RootDir | Component::Prefix(_) => return refuse("is an absolute path"),
        }
    }
    let name = name.display().to_string();
    if name.is_empty() || target.ends_with('/') {
        return refuse("names no file");
    }
    let first = name.split('/').next().unwrap_or(&name);
    if OWN_FILES.iter().any(|own| own.eq_ignore_ascii_case(first)) || first.to_lowercase().starts_with("chart-") {
        return refuse("is a name that the report takes for itself");
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_inside_the_folder() {
        assert_eq!(inside("a.csv").unwrap(), "a.csv");
        assert_eq!(inside("./data/a.parquet").unwrap(), "data/a.parquet");
        for outside in [
            "/etc/x",
            "../x",
            "a/../../x",
            "file:///tmp/x",
            "s3://b/x",
            "C:/x",
            "a\\b",
            "",
            "a/",
            "a*.csv",
            "index.html",
            "chart-1.svg",
        ] {
            let error = inside(outside).unwrap_err().to_string();
            assert!(error.starts_with("COPY writes into the folder of the report, and `"), "{error}");
        }
    }
}
