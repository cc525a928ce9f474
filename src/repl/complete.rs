//! Completion: a pure function of the line, the cursor and the catalog.

use super::catalog::{Argument, Catalog, Function, Role};
use super::complete_command::{complete_command, target_place};
use super::keyword::{FOLLOWERS, KEYWORDS, STORED_AS};
use super::place::{CallPlace, Place};
use super::scope;
use super::token::{Token, tokens};
use crate::engine::timeframe::Timeframe;
use crate::engine::view::{AT_SERIES, ViewFunction, is_view_name};

/// Most functions that are offered with their signatures.
const MOST_SIGNATURES: usize = 12;

/// Columns that an offer takes at most.
const WIDEST: usize = 100;

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What is listed.
    pub display: String,
    /// What is inserted.
    pub replacement: String,
}

/// A path that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPlace<'a> {
    /// What is typed of it.
    pub prefix: &'a str,
    /// Position of its first byte.
    pub start: usize,
    /// Whether it stands in a string of SQL.
    pub in_text: bool,
}

/// The offers at a position, and where the text that they replace begins.
pub fn complete(line: &str, position: usize, catalog: &Catalog) -> (usize, Vec<Candidate>) {
    if is_command(line) {
        return complete_command(line, position, catalog);
    }
    let place = Place::of(line, position);
    if place.in_comment {
        return (position, vec![]);
    }
    let (start, offers) = offers(line, position, &place, catalog);
    (start, with_signatures(matching(&line[start..position], offers), catalog))
}

/// The path at a position, if one belongs there.
pub fn path_place<'a>(line: &'a str, position: usize, catalog: &Catalog) -> Option<PathPlace<'a>> {
    if is_command(line)
        && let Some(start) = target_place(line, position)
    {
        return Some(PathPlace { prefix: &line[start..position], start, in_text: false });
    }
    let place = Place::of(line, position);
    let is_argument = place
        .outer_call()
        .and_then(|call| present_argument(call, catalog))
        .is_some_and(|argument| argument.role == Role::Path);
    let is_place = place.before.is_some_and(|before| ["TO", "LOCATION"].iter().any(|w| w.eq_ignore_ascii_case(before)));
    let is_path = place.in_text && (is_argument || is_place);
    is_path.then_some(PathPlace { prefix: place.prefix, start: place.start, in_text: true })
}

/// Everything that may stand at a position, and where the text that it replaces begins.
fn offers(line: &str, position: usize, place: &Place, catalog: &Catalog) -> (usize, Vec<String>) {
    let before = &line[..place.start];
    if place.in_text {
        return (place.start, text_values(before, place, catalog));
    }
    if let Some((start, offers)) = setting(line, position, place, catalog) {
        return (start, offers);
    }
    if before.ends_with(':') && !before.ends_with("::") {
        return (place.start, catalog.variables.clone());
    }
    if before.ends_with('$') {
        return (place.start, scope::declared(line).unwrap_or_default());
    }
    if let Some(call) = place.call() {
        let offers = argument(call, place, catalog);
        if !offers.is_empty() {
            return (place.start, offers);
        }
    }
    (place.start, words(line, place, catalog))
}

/// The offers that begin with the prefix, in any case, in the order given and each once.
pub(super) fn matching(prefix: &str, offers: Vec<String>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = vec![];
    for offer in offers {
        let begins = offer.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        if begins && !found.iter().any(|c| c.replacement == offer) {
            found.push(Candidate { display: offer.trim_end_matches(" => ").to_string(), replacement: offer });
        }
    }
    found
}

/// Few functions are listed with their signatures.
fn with_signatures(mut candidates: Vec<Candidate>, catalog: &Catalog) -> Vec<Candidate> {
    let calls = candidates.iter().filter(|candidate| candidate.replacement.ends_with('(')).count();
    if calls > MOST_SIGNATURES {
        return candidates;
    }
    let functions = || catalog.functions.iter().chain(&catalog.table_functions).chain(&catalog.strategies);
    for candidate in &mut candidates {
        let Some(name) = candidate.replacement.strip_suffix('(') else { continue };
        if let Some(function) = functions().find(|f| f.name == name && !f.signature.is_empty()) {
            candidate.display = shortened(&function.signature);
        }
    }
    candidates
}

fn shortened(text: &str) -> String {
    let text = text.lines().next().unwrap_or_default();
    match text.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// What may stand inside a string.
fn text_values(before: &str, place: &Place, catalog: &Catalog) -> Vec<String> {
    let call = place.outer_call();
    if call.and_then(|call| call.named).is_some_and(|name| name.eq_ignore_ascii_case("strategy")) {
        return catalog.strategies.iter().map(|strategy| closed(&strategy.name)).collect();
    }
    if let Some(function) = call.and_then(|call| is_view_name(call.name)) {
        let index = call.map_or(0, |call| call.index);
        return other_bars(function, index, catalog);
    }
    let symbols = || distinct(catalog.series.iter().map(|(symbol, _)| closed(symbol)));
    let before = before.strip_suffix('\'').unwrap_or(before);
    let Some((call, argument)) = call.and_then(|call| Some((call, present_argument(call, catalog)?))) else {
        return match scope::compared(before).map(str::to_lowercase).as_deref() {
            Some(name) if is_set(before) => {
                setting_values(name, catalog).iter().filter_map(|value| inner(value)).collect()
            }
            Some("symbol") => symbols(),
            Some("timeframe") => distinct(catalog.series.iter().map(|(_, timeframe)| closed(timeframe))),
            Some("strategy") => catalog.strategies.iter().map(|strategy| closed(&strategy.name)).collect(),
            _ => vec![],
        };
    };
    match argument.role {
        Role::Symbol => symbols(),
        Role::Timeframe => timeframes(call, catalog),
        Role::Strategy => catalog.strategies.iter().map(|strategy| closed(&strategy.name)).collect(),
        Role::Path => vec![],
        Role::Other => argument.values.iter().filter_map(|value| inner(value)).collect(),
    }
}

/// The rest of a string behind its opening quote.
fn inner(value: &str) -> Option<String> {
    value.strip_prefix('\'').map(Into::into)
}

fn is_set(line: &str) -> bool {
    tokens(line).first().is_some_and(|token| token.is_word("SET"))
}

/// The stored timeframes of the symbol in a call, then the longer ones, which are made from them.
fn timeframes(call: &CallPlace, catalog: &Catalog) -> Vec<String> {
    let symbol = call.texts.iter().find(|(_, index, _)| *index == 0).map(|(.., text)| *text);
    let is_meant = |stored: &str| symbol.is_none_or(|symbol| symbol.eq_ignore_ascii_case(stored));
    let stored = || catalog.series.iter().filter(|(symbol, _)| is_meant(symbol)).map(|(_, timeframe)| timeframe);
    let shortest =
        stored().filter_map(|timeframe| catalog.timeframes.iter().position(|known| known == timeframe)).min();
    let mut offers = distinct(stored().map(|timeframe| closed(timeframe)));
    let longer = catalog.timeframes.iter().skip(shortest.unwrap_or(0)).map(|timeframe| closed(timeframe));
    offers.extend(longer.collect::<Vec<_>>());
    offers
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

pub(super) fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
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
        return named(&catalog.strategies, strategy.map_or(scope::DEFAULT_STRATEGY, |(.., text)| text));
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
    let few = |words: &[&str]| in_case_of(place.prefix, words);
    let followers = FOLLOWERS.iter().find(|(word, _)| *word == before).map(|(_, words)| few(words));
    match before.as_str() {
        "FROM" | "JOIN" | "LATERAL" => {
            let mut offers = scope::common_tables(line);
            offers.extend(tables());
            offers.extend(catalog.table_functions.iter().map(|f| format!("{}(", f.name)));
            return offers;
        }
        "INTO" | "TABLE" | "DESCRIBE" | "COPY" => return tables().chain(followers.unwrap_or_default()).collect(),
        "RESULT" => return catalog.results.clone(),
        "STRATEGY" => return catalog.strategies.iter().map(|strategy| strategy.name.clone()).collect(),
        "AS" if place.calls.is_empty() && is_after(line, place, "STORED") => return few(STORED_AS),
        "AS" if place.calls.is_empty() && scope::declared(line).is_some() => {
            return [catalog.contract.clone(), few(&["SELECT", "WITH"])].concat();
        }
        "." => {
            let qualifier = scope::qualifier(&line[..place.start]);
            let fields = catalog.functions.iter().find(|f| qualifier.is_some_and(|q| f.name.eq_ignore_ascii_case(q)));
            let columns = scope::columns(line, qualifier, catalog);
            return if columns.is_empty() { fields.map_or(vec![], |f| f.columns.clone()) } else { columns };
        }
        _ => {}
    }
    if let Some(followers) = followers {
        return followers;
    }
    let mut offers = columns(line, catalog);
    if place.prefix.is_empty() {
        return offers;
    }
    offers.extend(catalog.functions.iter().map(|f| format!("{}(", f.name)));
    offers.extend(in_case_of(place.prefix, KEYWORDS));
    offers
}

/// Keywords in the case in which the first letters are typed.
fn in_case_of(prefix: &str, words: &[&str]) -> Vec<String> {
    let is_lower = !prefix.is_empty() && prefix.chars().all(|c| !c.is_uppercase());
    words.iter().map(|word| if is_lower { word.to_lowercase() } else { word.to_string() }).collect()
}

/// Whether the word before the last one is this keyword.
fn is_after(line: &str, place: &Place, word: &str) -> bool {
    let tokens = tokens(&line[..place.start]);
    tokens.len().checked_sub(2).is_some_and(|at| tokens[at].is_word(word))
}

/// The columns of the relations that the line names, or of all tables if it names none yet.
fn columns(line: &str, catalog: &Catalog) -> Vec<String> {
    let found = scope::columns(line, None, catalog);
    if !found.is_empty() {
        return found;
    }
    let bars = catalog.tables.iter().filter(|table| !table.name.contains('.'));
    bars.flat_map(|table| &table.columns).cloned().collect()
}

/// The name of a setting behind SET, RESET and SHOW, and its value behind `=`.
fn setting(line: &str, position: usize, place: &Place, catalog: &Catalog) -> Option<(usize, Vec<String>)> {
    let tokens = tokens(&line[..position]);
    let first = tokens.first().filter(|token| ["SET", "RESET", "SHOW"].iter().any(|word| token.is_word(word)))?;
    let is_equal = |token: &&Token| token.is_symbol('=') || token.is_word("TO");
    if let Some(equal) = tokens.iter().find(is_equal).filter(|equal| equal.end() <= place.start) {
        let name = line[first.end()..equal.start].trim();
        return Some((place.start, setting_values(name, catalog)));
    }
    let is_name = matches!(place.before, Some(before) if before == "." || before.eq_ignore_ascii_case(first.text));
    if !is_name {
        return None;
    }
    let start = line[..position].rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let prefix = &line[start..position];
    let mut offers = catalog.settings.clone();
    if !prefix.is_empty() {
        offers.extend(catalog.inner_settings.iter().cloned());
    }
    if first.is_word("SHOW") {
        offers.extend(
            FOLLOWERS.iter().filter(|(word, _)| *word == "SHOW").flat_map(|(_, words)| in_case_of(prefix, words)),
        );
    }
    Some((start, offers))
}

/// The words that a setting may have: those of the run option of the same name.
fn setting_values(name: &str, catalog: &Catalog) -> Vec<String> {
    let name = name.rsplit('.').next().unwrap_or(name);
    let mut arguments = catalog.table_functions.iter().flat_map(|function| &function.args);
    arguments
        .find(|argument| argument.name.eq_ignore_ascii_case(name))
        .map_or(vec![], |argument| argument.values.clone())
}

fn is_command(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('\\') || line.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("help "))
}
