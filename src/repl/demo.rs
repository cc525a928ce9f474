//! `threadx demo`: a sweep over made-up bars, its ranking and the best run's equity, statement by statement.

use std::io::Write;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use super::look::look;
use super::render::{Format, Style, plural};
use crate::chart::choose::{Request, choose};
use crate::chart::terminal;
use crate::error::{Error, Result};
use crate::session::Engine;

const MAKE: &str = "\
INSERT INTO ohlcv
SELECT 'DEMO' AS symbol, '15m' AS timeframe, ts, open, high, low, close, volume
FROM synthetic_bars(20000, '15m', seed => 7)";

const SWEEP: &str = "\
SELECT bb_period, entry_z, sharpe, total_return, max_drawdown, trades
FROM sweep('DEMO', '15m', grid(bb_period => range(10, 60, 5), entry_z => [1.0, 1.5, 2.0]))
ORDER BY sharpe DESC
LIMIT 10";

/// Runs the demo.
pub async fn run(engine: &Engine) -> Result<()> {
    let folder = engine.workspace().store.dir().display().to_string();
    say(&format!(
        "Twenty thousand made-up bars go into {folder} as the series DEMO 15m; they are the same on every machine.\n"
    ))?;
    let count = show(MAKE, engine).await?;
    let count: usize = text(&count, 0).and_then(|count| count.parse().ok()).unwrap_or(0);
    say(&format!("{} written\n", plural(count, "bar")))?;

    say(
        "Every combination of two parameters, ranked. Orders fill at the next open, with fees and slippage. Prices made\n\
         by chance have no edge, so the costs decide: the best rows are those that trade least.\n",
    )?;
    let ranking = show(SWEEP, engine).await?;
    table(&ranking)?;
    let (Some(period), Some(entry)) = (text(&ranking, 0), text(&ranking, 1)) else {
        return Err(Error::Internal("the demo's sweep gave no rows".into()));
    };

    say("The equity of the first row, bar by bar.\n")?;
    let sql = format!(
        "SELECT ts, equity\nFROM equity('DEMO', '15m', bb_atr(bb_period => {period}, entry_z => {entry}))\nORDER BY ts"
    );
    let curve = show(&sql, engine).await?;
    say(&terminal::render(&choose(&[curve], &Request::default())?, look()))?;
    say(&format!("Now it is your turn: threadx --data {folder}"))
}

/// Prints a statement as it can be typed, and runs it.
async fn show(sql: &str, engine: &Engine) -> Result<RecordBatch> {
    say(&format!("{sql};\n"))?;
    let frame = engine.sql(sql).await?;
    let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
    Ok(datafusion::arrow::compute::concat_batches(&schema, &frame.collect().await?)?)
}

fn table(batch: &RecordBatch) -> Result<()> {
    let mut renderer = Format::Table.renderer(batch.schema(), Style::default())?;
    let mut bytes = vec![];
    renderer.batch(batch, &mut bytes)?;
    renderer.finish(&mut bytes)?;
    say(&String::from_utf8_lossy(&bytes))
}

/// The first value of a column as SQL writes it.
fn text(batch: &RecordBatch, column: usize) -> Option<String> {
    let formatter = ArrayFormatter::try_new(batch.columns().get(column)?, &FormatOptions::new()).ok()?;
    (batch.num_rows() > 0).then(|| formatter.value(0).to_string())
}

fn say(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(|e| Error::io("write", "stdout", e))
}
