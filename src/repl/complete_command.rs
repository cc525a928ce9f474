//! Completion of backslash commands: their names, their arguments, and where a file belongs.

use super::catalog::{Catalog, Function};
use super::command::COMMANDS;
use super::complete::{Candidate, distinct, matching};
use super::render::Format;
use crate::chart::model::Kind;
use crate::report::directive::parameters;
use crate::report::shipped;

/// What `\plot` names, with what is offered behind each.
const PLOT_NAMES: &[&str] = &["x=", "y=", "value=", "color=", "title="];

/// Completes a backslash command or its argument.
pub(super) fn complete_command(line: &str, position: usize, catalog: &Catalog) -> (usize, Vec<Candidate>) {
    let line = &line[..position];
    let indent = line.len() - line.trim_start().len();
    let Some(space) = line[indent..].find(char::is_whitespace).map(|at| indent + at) else {
        let offers = COMMANDS.iter().map(|command| format!("\\{}", command.name)).collect();
        return (indent, matching(&line[indent..], offers));
    };
    let start = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (command, before) = (&line[indent..space], &line[space..start]);
    if before.contains('>') {
        return (position, vec![]);
    }
    match command {
        "\\plot" => plot_word(line, (start, before), catalog),
        "\\report" => (start, matching(&line[start..], report_words(before))),
        _ => (start, matching(&line[start..], arguments(command, catalog))),
    }
}

/// Where the path begins that the cursor stands in: the only argument of `\i` and `\o`, the report of `\report`, and what
/// stands behind `>`.
pub(super) fn target_place(line: &str, position: usize) -> Option<usize> {
    let before = line.get(..position)?;
    let indent = before.len() - before.trim_start().len();
    let space = indent + before[indent..].find(char::is_whitespace)?;
    let first = space + (before[space..].len() - before[space..].trim_start().len());
    let behind = |at: usize| at + 1 + (before[at + 1..].len() - before[at + 1..].trim_start().len());
    let target = || before[space..].find(" >").map(|at| behind(space + at + 1));
    match &before[indent..space] {
        "\\i" | "\\o" => Some(first),
        "\\report" => target().or((!before[first..].contains(char::is_whitespace)).then_some(first)),
        "\\plot" => target(),
        _ => None,
    }
}

/// A word of `\plot`: a kind of chart, a name, or the columns of the last result behind one.
fn plot_word(line: &str, (start, before): (usize, &str), catalog: &Catalog) -> (usize, Vec<Candidate>) {
    let word = &line[start..];
    if let Some((name, value)) = word.split_once('=') {
        // `y` takes several columns.
        let last = value.rfind(',').filter(|_| name.eq_ignore_ascii_case("y")).map_or(0, |at| at + 1);
        let start = start + name.len() + 1 + last;
        let is_column = ["x", "y", "value", "color"].iter().any(|known| known.eq_ignore_ascii_case(name));
        let taken = |column: &&String| !value[..last].split(',').any(|taken| taken == column.as_str());
        let offers = if is_column { catalog.result.iter().filter(taken).cloned().collect() } else { vec![] };
        return (start, matching(&line[start..], offers));
    }
    let is_given = |name: &&str| before.split_whitespace().any(|word| word.to_lowercase().starts_with(*name));
    let has_kind = before.split_whitespace().any(|word| Kind::names().any(|kind| kind.eq_ignore_ascii_case(word)));
    let kinds = Kind::names().filter(|_| !has_kind).map(str::to_string);
    let names = PLOT_NAMES.iter().filter(|name| !is_given(name)).map(ToString::to_string);
    (start, matching(word, kinds.chain(names).collect()))
}

/// What may stand as a word of `\report`: a shipped report, then its parameters that have no value yet.
fn report_words(before: &str) -> Vec<String> {
    let mut words = before.split_whitespace();
    let Some(report) = words.next() else { return shipped::names().map(str::to_string).collect() };
    let given: Vec<&str> = words.filter_map(|word| word.split_once('=')).map(|(name, _)| name).collect();
    // A report that is a file is read when it runs, not while it is typed.
    let declared = shipped::text(report).and_then(|text| parameters(text).ok()).unwrap_or_default();
    let open = declared.into_iter().filter(|parameter| !given.contains(&parameter.name.as_str()));
    open.map(|parameter| format!("{}=", parameter.name)).collect()
}

fn arguments(command: &str, catalog: &Catalog) -> Vec<String> {
    let names = |list: &[Function]| list.iter().map(|f| f.name.clone()).collect::<Vec<_>>();
    let tables = catalog.tables.iter().map(|table| table.name.clone());
    match command {
        "\\df" => [names(&catalog.table_functions), names(&catalog.functions)].concat(),
        "\\?" => [help_names(catalog), names(&catalog.functions)].concat(),
        word if word.eq_ignore_ascii_case("help") => [help_names(catalog), names(&catalog.functions)].concat(),
        "\\ds" => names(&catalog.strategies),
        "\\d" => {
            let symbols = distinct(catalog.series.iter().map(|(symbol, _)| symbol.clone()));
            tables.chain(symbols).chain(names(&catalog.strategies)).collect()
        }
        "\\format" => Format::names().map(str::to_string).collect(),
        "\\pager" | "\\timing" => vec!["on".into(), "off".into()],
        "\\x" => vec!["on".into(), "off".into(), "auto".into()],
        "\\rows" => vec!["all".into(), "auto".into()],
        "\\set" | "\\unset" => catalog.variables.clone(),
        _ => vec![],
    }
}

fn help_names(catalog: &Catalog) -> Vec<String> {
    let lists = [&catalog.table_functions, &catalog.strategies].into_iter().flatten().map(|f| f.name.clone());
    catalog.topics.iter().cloned().chain(lists).chain(catalog.builders.iter().cloned()).collect()
}
