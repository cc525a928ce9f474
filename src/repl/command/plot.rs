//! `\plot`: the last result as a chart.

use std::path::Path;

use super::{Command, Flow};
use crate::chart::choose::{Request, choose};
use crate::chart::model::Kind;
use crate::chart::{png, svg, terminal};
use crate::error::{Error, Result};
use crate::repl::look;
use crate::repl::output::Output;
use crate::repl::shell::Shell;

pub(super) static DEF: Command = Command {
    name: "plot",
    usage: "\\plot [KIND] [x=COLUMN] [y=COLUMN,...] [value=COLUMN] [color=COLUMN] [title=TEXT] [> FILE]",
    summary: "Draws the last result, or writes it to FILE.svg, .png or .txt as a chart; `\\plot ?` explains.",
    run: |shell, argument| Box::pin(async move { Ok(plot(shell, argument)?) }),
};

/// What can be named.
const NAMES: [&str; 5] = ["color", "title", "value", "x", "y"];

const PAGE: &str = "\
\\plot draws the result of the last query. Without arguments its columns choose the chart:

  ts, open, high, low, close    candles
  ts, equity                    equity, and its drawdown below
  ts and numbers                line; a text column, such as symbol, gives a line for each of its values
  two parameters, a metric      heatmap; the parameters are numbers of few values that are no metrics
  a text, a number              bars
  two numbers                   scatter
  one number                    histogram

  \\plot KIND                    bars, candles, equity, heatmap, histogram, line or scatter
  \\plot x=COLUMN y=COLUMN,...   the columns of the axes; of a heatmap, the two parameters
  \\plot value=COLUMN            what colours a heatmap
  \\plot color=COLUMN            one line, bar or colour of points for each value of this column
  \\plot title='TEXT'            the headline
  \\plot > FILE                  FILE.svg, FILE.png or FILE.txt instead of the terminal

Words with blanks, commas or equals signs stand in quotes. Candles have marks where a row has a number in entry_price or
exit_price, with direction as long or short, and where enter_long, exit_long, enter_short or exit_short becomes true. So

  SELECT * FROM signals('DEMO', '1h', bb_atr());

shows what a strategy asks for, and this what became of it:

  SELECT b.ts, b.open, b.high, b.low, b.close, i.entry_price, i.direction AS entry_direction,
         o.exit_price, o.direction AS exit_direction
  FROM bars('DEMO', '1h') AS b
  LEFT JOIN trades('DEMO', '1h', bb_atr()) AS i ON i.entry_ts = b.ts
  LEFT JOIN trades('DEMO', '1h', bb_atr()) AS o ON o.exit_ts = b.ts;
";

fn plot(shell: &mut Shell, argument: &str) -> Result<Flow> {
    if argument == "?" {
        shell.say(PAGE)?;
        return Ok(Flow::Continue);
    }
    let (request, target) = read(argument)?;
    let format = target.as_deref().map(file_format).transpose()?;
    let chart = choose(shell.kept.rows()?, &request)?;
    let (Some(target), Some(format)) = (target, format) else {
        shell.say(&terminal::render(&chart, look::look()))?;
        return Ok(Flow::Continue);
    };
    let bytes = match format {
        FileFormat::Svg => svg::render(&chart).into_bytes(),
        FileFormat::Png => png::render(&chart)?,
        FileFormat::Text => terminal::render(&chart, look::plain()).into_bytes(),
    };
    let path = Path::new(&target);
    Output::whole(path, &bytes)?;
    shell.confirm(&format!("{} chart written to {}", chart.plot.kind().name(), path.display()));
    Ok(Flow::Continue)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileFormat {
    Svg,
    Png,
    Text,
}

fn file_format(path: &str) -> Result<FileFormat> {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or("");
    match extension.to_lowercase().as_str() {
        "svg" => Ok(FileFormat::Svg),
        "png" => Ok(FileFormat::Png),
        "txt" => Ok(FileFormat::Text),
        _ => Err(Error::argument(format!("\\plot writes files that end with .svg, .png or .txt, got `{path}`"))),
    }
}

/// The request and the file of an argument.
fn read(argument: &str) -> Result<(Request, Option<String>)> {
    let (words, target) = words(argument)?;
    let mut request = Request::default();
    for word in words {
        let Some(at) = word.iter().position(|letter| *letter == ('=', false)) else {
            let kind = Kind::parse(&text(&word))?;
            if let Some(before) = request.kind.replace(kind) {
                let (before, kind) = (before.name(), kind.name());
                return Err(Error::argument(format!("\\plot takes one kind of chart, got {before} and {kind}")));
            }
            continue;
        };
        let (name, value) = (text(&word[..at]).to_lowercase(), &word[at + 1..]);
        if value.is_empty() {
            return Err(Error::argument(format!("\\plot has nothing behind `{name}=`")));
        }
        let place = match name.as_str() {
            "y" => {
                request
                    .y
                    .extend(value.split(|letter| *letter == (',', false)).map(text).filter(|name| !name.is_empty()));
                continue;
            }
            "x" => &mut request.x,
            "value" => &mut request.value,
            "color" => &mut request.color,
            "title" => &mut request.title,
            _ => return Err(Error::unknown("argument", &name, "\\plot", NAMES)),
        };
        if place.replace(text(value)).is_some() {
            return Err(Error::argument(format!("\\plot has `{name}=` twice")));
        }
    }
    Ok((request, target))
}

/// A letter, and whether it stands in quotes.
type Letter = (char, bool);

/// The words before `>`, and what follows it.
fn words(argument: &str) -> Result<(Vec<Vec<Letter>>, Option<String>)> {
    let mut words: Vec<Vec<Letter>> = vec![vec![]];
    let mut quote = None;
    for (at, letter) in argument.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), letter) => push(&mut words, (letter, true)),
            (None, '\'' | '"') => quote = Some(letter),
            (None, '>') => {
                let target = argument[at + 1..].trim();
                let target = unquoted(target);
                if target.is_empty() {
                    return Err(Error::argument("\\plot needs a file behind `>`, such as chart.svg"));
                }
                words.retain(|word| !word.is_empty());
                return Ok((words, Some(target.to_string())));
            }
            (None, letter) if letter.is_whitespace() => words.push(vec![]),
            (None, letter) => push(&mut words, (letter, false)),
        }
    }
    if let Some(quote) = quote {
        return Err(Error::argument(format!("\\plot has a quote {quote} that is not closed")));
    }
    words.retain(|word| !word.is_empty());
    Ok((words, None))
}

fn push(words: &mut [Vec<Letter>], letter: Letter) {
    if let Some(word) = words.last_mut() {
        word.push(letter);
    }
}

fn unquoted(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"')).unwrap_or(text)
}

fn text(word: &[Letter]) -> String {
    word.iter().map(|(letter, _)| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        let (request, target) = read("heatmap x=a y=\"b c\",'d,e',f value=g title='A = \"b\"' >  out put.svg").unwrap();
        assert_eq!(
            (request.kind, request.x.as_deref(), request.value.as_deref(), request.title.as_deref()),
            (Some(Kind::Heatmap), Some("a"), Some("g"), Some("A = \"b\""))
        );
        assert_eq!(
            (request.y, target.as_deref()),
            (["b c", "d,e", "f"].map(String::from).to_vec(), Some("out put.svg"))
        );
        assert_eq!(read("").unwrap(), (Request::default(), None));
        assert_eq!(read(">'a b.png'").unwrap().1.as_deref(), Some("a b.png"));
    }

    #[test]
    fn wrong_arguments_are_named() {
        let error = |argument| read(argument).unwrap_err().to_string();
        assert_eq!(error("lines"), "unknown chart `lines`; did you mean `line`?");
        assert_eq!(error("line bars"), "\\plot takes one kind of chart, got line and bars");
        assert_eq!(error("titel=a"), "unknown argument `titel` of \\plot; did you mean `title`?");
        assert_eq!(error("x=a x=b"), "\\plot has `x=` twice");
        assert_eq!(error("x="), "\\plot has nothing behind `x=`");
        assert_eq!(error("title='a"), "\\plot has a quote ' that is not closed");
        assert_eq!(error("line >"), "\\plot needs a file behind `>`, such as chart.svg");
        assert_eq!(
            file_format("a.jpg").unwrap_err().to_string(),
            "\\plot writes files that end with .svg, .png or .txt, got `a.jpg`"
        );
        assert_eq!(file_format("a/b.PNG").unwrap(), FileFormat::Png);
    }
}
