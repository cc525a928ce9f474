//! `\watch`: repeats a statement.

use std::io::IsTerminal;
use std::time::Duration;

use super::{Command, Flow};
use crate::error::{Error, Result};
use crate::repl::interrupt::interrupted;
use crate::repl::shell::{Shell, note};

/// Seconds between two runs unless given.
const SECONDS: f64 = 2.0;

/// Longest wait between two runs, in seconds: a day.
const LONGEST: f64 = 86_400.0;

pub(super) static DEF: Command = Command {
    name: "watch",
    usage: "\\watch [SECONDS [TIMES]]",
    summary: "Runs the last statement again and again, every 2 seconds if not told, until Ctrl-C.",
    run: |shell, argument| {
        Box::pin(async move {
            let (pause, times) = parse(argument)?;
            let Some(sql) = shell.last.clone() else {
                return Err(Error::argument("\\watch repeats the last statement, and there is none yet").into());
            };
            shell.is_watching = true;
            let done = watch(shell, &sql, pause, times).await;
            shell.is_watching = false;
            match done {
                // At the prompt Ctrl-C is how a watch ends; in a script it ends the script.
                Err(Error::Cancelled) if shell.is_interactive => note(""),
                done => done?,
            }
            Ok(Flow::Continue)
        })
    },
};

fn parse(argument: &str) -> Result<(Duration, u64)> {
    let mut words = argument.split_whitespace();
    let seconds = match words.next() {
        None => SECONDS,
        Some(word) => word.parse().ok().filter(|s| (0.0..=LONGEST).contains(s)).ok_or_else(|| {
            Error::argument(format!("\\watch takes a number of seconds from 0 to {LONGEST}, got `{word}`"))
        })?,
    };
    let times = match words.next() {
        None => u64::MAX,
        Some(word) => word
            .parse()
            .ok()
            .filter(|times| *times > 0)
            .ok_or_else(|| Error::argument(format!("\\watch takes a number of times above 0, got `{word}`")))?,
    };
    match words.next() {
        None => Ok((Duration::from_secs_f64(seconds), times)),
        Some(word) => Err(Error::argument(format!("\\watch takes seconds and times, got `{word}` behind them"))),
    }
}

async fn watch(shell: &mut Shell, sql: &str, pause: Duration, times: u64) -> Result<()> {
    let clears = shell.target().is_none() && std::io::stdout().is_terminal();
    for time in 1..=times {
        if clears {
            console::Term::stdout().clear_screen().map_err(|e| Error::io("clear", "the screen", e))?;
            let now = chrono::Local::now().format("%Y-%m-%d %H:%M:%S");
            note(&format!("{now}, every {} s, Ctrl-C ends", pause.as_secs_f64()));
        }
        shell.sql(sql).await?;
        if time < times {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = interrupted() => return Err(Error::Cancelled),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_times() {
        assert_eq!(parse("").unwrap(), (Duration::from_secs(2), u64::MAX));
        assert_eq!(parse("0.5 3").unwrap(), (Duration::from_millis(500), 3));
        let error = |text| parse(text).unwrap_err().to_string();
        assert_eq!(error("x"), "\\watch takes a number of seconds from 0 to 86400, got `x`");
        assert_eq!(error("-1"), "\\watch takes a number of seconds from 0 to 86400, got `-1`");
        assert_eq!(error("NaN"), "\\watch takes a number of seconds from 0 to 86400, got `NaN`");
        assert_eq!(error("1 0"), "\\watch takes a number of times above 0, got `0`");
        assert_eq!(error("1 2 3"), "\\watch takes seconds and times, got `3` behind them");
    }
}
