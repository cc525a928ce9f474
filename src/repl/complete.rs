//! Completion: a pure function of the line, the cursor and the catalog.

use super::catalog::{Argument, Catalog, Function, Role};
use super::command::COMMANDS;
use super::keyword::KEYWORDS;
use super::place::{CallPlace, Place};
use super::render::Format;
use super::token::{Kind, tokens};
use crate::engine::timeframe::Timeframe;
use crate::engine::view::{AT_SERIES, ViewFunction, is_view_name};

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What is listed.
    pub display: String,
    /// What is inserted.
    pub replacement: String,
}

/// The offers at a position, and where the text that they replace begins.
pub fn complete(line: &str, position: usize, catalog: &Catalog) -> (usize, Vec<Candidate>) {
    if line.trim_start().starts_with('\\') {
        return command(line, position, catalog);
    }
    let place = Place::of(line, position);
    if place.in_comment {
        return (position, vec![]);
    }
    if place.in_text {
        return (place.start, matching(place.prefix, text_values(&place, catalog)));
    }
    if is_setting(line, &place) {
        let start = line[..position].rfind(char::is_whitespace).map_or(0, |at| at + 1);
        return (start, matching(&line[start..position], catalog.settings.clone()));
    }
    if let Some(call) = place.call() {
        let offers = argument(call, &place, catalog);
        if !offers.is_empty() {
            return (place.start, matching(place.prefix, offers));
        }
    }
    (place.start, matching(place.prefix, words(line, &place, catalog)))
}

/// The offers that begin with the prefix, in any case, in the order given and each once.
fn matching(prefix: &str, offers: Vec<String>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = vec![];
    for offer in offers {
        let begins = offer.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        if begins && !found.iter().any(|c| c.replacement == offer) {
            found.push(Candidate { display: offer.trim_end_matches(" => ").to_string(), replacement: offer });
        }
    }
    found
}

/// What may stand inside a string.
fn text_values(place: &Place, catalog: &Catalog) -> Vec<String> {
    let Some(call) = place.outer_call() else { return vec![] };
    if call.named.is_some_and(|name| name.eq_ignore_ascii_case("strategy")) {
        return catalog.strategies.iter().map(|strategy| closed(&strategy.name)).collect();
    }
    if let Some(function) = is_view_name(call.name) {
        return other_bars(function, call.index, catalog);
    }
    let Some(argument) = present_argument(call, catalog) else { return vec![] };
    match argument.role {
        Role::Symbol => distinct(catalog.series.iter().map(|(symbol, _)| closed(symbol))),
        Role::Timeframe => {
            let symbol = call.texts.iter().find(|(_, index, _)| *index == 0).map(|(.., text)| *text);
            let is_stored = |stored: &str| symbol.is_none_or(|symbol| symbol.eq_ignore_ascii_case(stored));
            let fitting = catalog.series.iter().filter(|(stored, _)| is_stored(stored));
            distinct(fitting.map(|(_, timeframe)| closed(timeframe)))
        }
        Role::Strategy => catalog.strategies.iter().map(|strategy| closed(&strategy.name)).collect(),
        Role::Other => argument.values.iter().filter_map(|value| value.strip_prefix('\'')).map(Into::into).collect(),
    }
}

/// What names other bars: symbols that are stored, and any timeframe, because longer bars are made of stored ones.
fn other_bars(function: ViewFunction, index: usize, catalog: &Catalog) -> Vec<String> {
    match (function == AT_SERIES, index) {
        (true, 0) => distinct(catalog.series.iter().map(|(symbol, _)| closed(symbol))),
        (true, 1) | (false, 0) => Timeframe::ALL.iter().map(|timeframe| closed(timeframe.name())).collect(),
        _ => vec![],
    }
}

fn closed(text: &str) -> String {
    format!("{text}'")
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.dedup();
    texts
}

/// The argument that the cursor stands in, by name or by position.
fn present_argument<'c>(call: &CallPlace, catalog: &'c Catalog) -> Option<&'c Argument> {
    let function = callee(call, catalog)?;
    match call.named {
        Some(name) => function.args.iter().find(|arg| arg.name.eq_ignore_ascii_case(name)),
        None => function.args.get(call.index),
    }
}

/// What is called: a table function, a strategy, or the strategy behind a grid.
pub(super) fn callee<'c>(call: &CallPlace, catalog: &'c Catalog) -> Option<&'c Function> {
    let named = |list: &'c [Function], name: &str| list.iter().find(|f| f.name.eq_ignore_ascii_case(name));
    if is_builder(call.name, catalog) {
        let strategy = call.texts.iter().find(|(name, ..)| name.is_some_and(|n| n.eq_ignore_ascii_case("strategy")));
        return named(&catalog.strategies, strategy.map_or("bb_atr", |(.., text)| text));
    }
    named(&catalog.table_functions, call.name).or_else(|| named(&catalog.strategies, call.name))
}

fn is_builder(name: &str, catalog: &Catalog) -> bool {
    catalog.builders.iter().any(|builder| builder.eq_ignore_ascii_case(name))
}

/// Whether a builder takes the number of points first.
pub(super) fn is_sampler(name: &str, catalog: &Catalog) -> bool {
    catalog.samplers.iter().any(|sampler| sampler.eq_ignore_ascii_case(name))
}

/// What may stand as an argument of the call.
fn argument(call: &CallPlace, place: &Place, catalog: &Catalog) -> Vec<String> {
    let Some(function) = callee(call, catalog) else { return vec![] };
    if place.before == Some(">") && call.named.is_some() {
        return match present_argument(call, catalog) {
            Some(argument) if argument.role == Role::Strategy => strategies(catalog),
            Some(argument) if is_sampler(call.name, catalog) => [&argument.values[..], &argument.laws].concat(),
            Some(argument) => argument.values.clone(),
            None => vec![],
        };
    }
    if !place.is_argument_start() {
        return vec![];
    }
    let is_sampler = is_sampler(call.name, catalog);
    if is_sampler && call.index == 0 {
        return ["100", "1000", "10000"].map(|points| format!("{points}, ")).to_vec();
    }
    let mut offers = vec![];
    if present_argument(call, catalog).is_some_and(|argument| argument.role == Role::Strategy) {
        offers.extend(strategies(catalog));
    }
    let is_builder = is_builder(call.name, catalog);
    let is_given = |name: &str| call.given.iter().any(|given| given.eq_ignore_ascii_case(name));
    let is_positional = |index: usize| call.given.is_empty() && index < call.index;
    for (index, argument) in function.args.iter().enumerate() {
        let is_open = is_builder || !is_positional(index);
        if is_open && !is_given(&argument.name) {
            offers.push(format!("{} => ", argument.name));
        }
    }
    if is_builder && !is_given("strategy") {
        offers.push("strategy => ".into());
    }
    if is_sampler && !is_given("seed") {
        offers.push("seed => ".into());
    }
    offers
}

fn strategies(catalog: &Catalog) -> Vec<String> {
    let names = catalog.strategies.iter().map(|strategy| &strategy.name);
    names.chain(&catalog.builders).map(|name| format!("{name}(")).collect()
}

/// What may stand elsewhere.
fn words(line: &str, place: &Place, catalog: &Catalog) -> Vec<String> {
    let before = place.before.unwrap_or_default().to_uppercase();
    let tables = || catalog.tables.iter().map(|table| table.name.clone());
    match before.as_str() {
        "FROM" | "JOIN" | "LATERAL" => {
            let mut offers: Vec<String> = tables().collect();
            offers.extend(catalog.table_functions.iter().map(|f| format!("{}(", f.name)));
            return offers;
        }
        "INTO" | "TABLE" | "DESCRIBE" | "COPY" => {
            let strategy = (before == "DESCRIBE").then(|| "STRATEGY".to_string());
            return tables().chain(strategy).collect();
        }
        "RESULT" => return catalog.results.clone(),
        "STRATEGY" => return catalog.strategies.iter().map(|strategy| strategy.name.clone()).collect(),
        _ => {}
    }
    let mut offers = columns(line, catalog);
    if place.prefix.is_empty() || before == "." {
        return offers;
    }
    offers.extend(catalog.functions.iter().map(|f| format!("{}(", f.name)));
    let is_lower = place.prefix.chars().all(|c| !c.is_uppercase());
    offers.extend(KEYWORDS.iter().map(|word| if is_lower { word.to_lowercase() } else { word.to_string() }));
    offers
}

/// The columns of the relations that the line names, or of all tables if it names none yet.
fn columns(line: &str, catalog: &Catalog) -> Vec<String> {
    let named: Vec<&str> = tokens(line).into_iter().filter(|t| t.kind == Kind::Word).map(|t| t.text).collect();
    let is_named = |name: &str| named.iter().any(|word| word.eq_ignore_ascii_case(name));
    let tables = catalog.tables.iter().filter(|table| is_named(&table.name)).flat_map(|table| &table.columns);
    let functions = catalog.table_functions.iter().filter(|f| is_named(&f.name)).flat_map(|f| &f.columns);
    let found: Vec<String> = tables.chain(functions).cloned().collect();
    if !found.is_empty() {
        return found;
    }
    catalog.tables.iter().flat_map(|table| &table.columns).cloned().collect()
}

fn is_setting(line: &str, place: &Place) -> bool {
    let first = tokens(line).first().map(|token| token.text.to_uppercase());
    let is_first_argument = matches!(place.before, Some(before) if {
        let before = before.to_uppercase();
        ["SET", "RESET", "SHOW"].contains(&before.as_str()) || before == "."
    });
    is_first_argument && first.is_some_and(|word| ["SET", "RESET", "SHOW"].contains(&word.as_str()))
}

/// Completes a backslash command or its argument.
fn command(line: &str, position: usize, catalog: &Catalog) -> (usize, Vec<Candidate>) {
    let line = &line[..position];
    let Some(space) = line.find(char::is_whitespace) else {
        let offers = COMMANDS.iter().map(|command| format!("\\{}", command.name)).collect();
        return (0, matching(line, offers));
    };
    let start = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let names = |list: &[Function]| list.iter().map(|f| f.name.clone()).collect::<Vec<_>>();
    let offers = match &line[..space] {
        "\\df" | "\\?" => [names(&catalog.table_functions), names(&catalog.functions)].concat(),
        "\\ds" => names(&catalog.strategies),
        "\\d" => catalog.tables.iter().map(|table| table.name.clone()).collect(),
        "\\format" => Format::names().map(str::to_string).collect(),
        "\\timing" | "\\x" => vec!["on".into(), "off".into()],
        "\\rows" => vec!["all".into()],
        _ => vec![],
    };
    (start, matching(&line[start..], offers))
}
