//! `\demo`: the tour of `threadx demo`, in this session.

use super::{Command, Flow};
use crate::error::Error;
use crate::repl::demo;
use crate::repl::interrupt::interrupted;

const NEXT: &str = "SELECT * FROM trades('DEMO', '15m', sma_cross()) LIMIT 5; shows trades, help what else there is";

pub(super) static DEF: Command = Command {
    name: "demo",
    usage: "\\demo",
    summary: "Makes bars, sweeps a strategy over them and draws the best run; so does `demo`.",
    run: |shell, _| {
        Box::pin(async move {
            tokio::select! {
                done = demo::run(&shell.engine, NEXT) => done?,
                _ = interrupted() => return Err(Error::Cancelled.into()),
            }
            shell.is_stale = true;
            Ok(Flow::Continue)
        })
    },
};
