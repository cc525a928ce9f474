//! The operator of indicators: the same bits on any number of threads, in batches of any size and in any mode, limits,
//! memory, and what is computed once.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::datasource::MemTable;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::SessionContext;
use threadx::Engine;
use threadx::engine::indicator::{IndicatorExec, Pace};
use threadx::udf::indicator_windows::{IndicatorWindows, among};
use threadx_kernels::indicator::{INDICATORS, Indicator, Kind, ParamKind};

/// Rows of the series A, B and C.
const SERIES: [usize; 3] = [300, 1, 500];

/// A pace at which even these few rows are shared.
const EAGER: Pace = Pace { parallel_values: 1, least_rows: 16 };

struct Case {
    rows_of_a_batch: usize,
    threads: usize,
    /// Partitions that rows are spread over where that is needed.
    partitions: usize,
    pace: Pace,
    memory: Option<usize>,
}

/// A session over these rows: `t` is in the order of its series, `one` in that of its numbers.
fn session(case: &Case, rows: &RecordBatch) -> SessionContext {
    let scratch = tempfile::tempdir().unwrap();
    let engine = Engine::builder()
        .data_dir(scratch.path())
        .setting("datafusion.execution.batch_size", case.rows_of_a_batch.to_string())
        .setting("datafusion.execution.target_partitions", case.partitions.to_string())
        .setting("threadx.threads", case.threads.to_string())
        .build()
        .unwrap();
    let state = engine.context().state();
    let rules = among(state.physical_optimizers(), IndicatorWindows::new(case.pace));
    let mut builder = SessionStateBuilder::new_from_existing(state).with_physical_optimizer_rules(rules);
    if let Some(bytes) = case.memory {
        let runtime = RuntimeEnvBuilder::new().with_memory_limit(bytes, 1.0).build().unwrap();
        builder = builder.with_runtime_env(Arc::new(runtime));
    }
    let context = SessionContext::new_with_state(builder.build());
    let starts = (0..rows.num_rows()).step_by(case.rows_of_a_batch);
    let batches: Vec<RecordBatch> =
        starts.map(|start| rows.slice(start, case.rows_of_a_batch.min(rows.num_rows() - start))).collect();
    // Declared as sorted, which they are, so that the batches can reach the operator as they lie.
    for (name, order) in [("t", vec!["symbol", "ts"]), ("one", vec!["n"])] {
        let order = order.into_iter().map(|name| datafusion::prelude::col(name).sort(true, false)).collect();
        let table = MemTable::try_new(rows.schema(), vec![batches.clone()]).unwrap().with_sort_order(vec![order]);
        context.register_table(name, Arc::new(table)).unwrap();
    }
    context
}

/// Columns of three series with gaps.
fn table() -> RecordBatch {
    let mut state = 7_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let rows: usize = SERIES.iter().sum();
    let mut close = 100.0;
    let mut columns: [Vec<Option<f64>>; 7] = Default::default();
    let mut up = vec![];
    for _ in 0..rows {
        close *= 1.0 + 0.04 * (uniform() - 0.5);
        let (high, low) = (close * (1.0 + 0.01 * uniform()), close * (1.0 - 0.01 * uniform()));
        let values = [
            low + (high - low) * uniform(),
            high,
            low,
            close,
            1000.0 * uniform(),
            0.0,
            (2.0 + 28.0 * uniform()).floor(),
        ];
        for (column, value) in columns.iter_mut().zip(values) {
            column.push((uniform() > 0.01).then_some(value));
        }
        up.push((uniform() > 0.01).then(|| uniform() < 0.7));
    }
    // One column without gaps, which the kernels read where it lies.
    columns[5] = (0..rows).map(|_| Some(100.0 + uniform())).collect();
    let names = ["open", "high", "low", "close", "volume", "whole", "periods"];
    let symbols = SERIES.iter().zip(["A", "B", "C"]).flat_map(|(rows, name)| std::iter::repeat_n(name, *rows));
    let hours = SERIES.iter().flat_map(|rows| (0..*rows as i64).map(|i| 1_709_326_800_000_000 + i * 3_600_000_000));
    let ts = TimestampMicrosecondArray::from_iter_values(hours).with_timezone("UTC");
    let mut fields: Vec<(&str, ArrayRef)> = vec![
        ("symbol", Arc::new(StringArray::from(symbols.collect::<Vec<_>>()))),
        ("ts", Arc::new(ts)),
        ("n", Arc::new(Int64Array::from_iter_values(0..rows as i64))),
        ("up", Arc::new(BooleanArray::from(up))),
    ];
    for (name, column) in names.into_iter().zip(columns) {
        fields.push((name, Arc::new(Float64Array::from(column))));
    }
    RecordBatch::try_from_iter(fields).unwrap()
}

/// The column that an input of an indicator reads here.
fn column_for(input: &threadx_kernels::indicator::Input) -> &'static str {
    match (input.kind, input.name) {
        (Kind::Bool, _) => "up",
        (Kind::Time, _) => "ts",
        (_, "open") => "open",
        (_, "high") => "high",
        (_, "low") => "low",
        (_, "volume") => "volume",
        (_, "periods") => "periods",
        (_, "b") => "whole",
        _ => "close",
    }
}

/// A call of an indicator with its defaults, as SQL.
fn call(def: &Indicator) -> String {
    let inputs = def.inputs.iter().map(|input| column_for(input).to_string());
    let values = def.default_params(14.0);
    let params = def.params.iter().zip(values.values()).map(|(param, value)| match param.kind {
        ParamKind::Int { .. } => format!("{value:.0}"),
        ParamKind::Float { .. } => format!("{value:?}"),
        ParamKind::Choice { words, .. } => format!("'{}'", words[*value as usize]),
    });
    format!("{}({})", def.name, inputs.chain(params).collect::<Vec<_>>().join(", "))
}

/// A column as the kernels see it.
fn numbers(column: &ArrayRef) -> Vec<f64> {
    let value = |row: usize| match column.data_type() {
        DataType::Boolean => f64::from(u8::from(column.as_boolean().value(row))),
        DataType::Timestamp(..) => {
            column.as_primitive::<datafusion::arrow::datatypes::TimestampMicrosecondType>().value(row) as f64
        }
        _ => column.as_primitive::<Float64Type>().value(row),
    };
    (0..column.len()).map(|row| if column.is_null(row) { f64::NAN } else { value(row) }).collect()
}

/// What the batch form gives for each output, series by series.
fn expected(def: &Indicator, rows: &RecordBatch, series: &[usize]) -> Vec<Vec<f64>> {
    let inputs: Vec<Vec<f64>> =
        def.inputs.iter().map(|input| numbers(rows.column_by_name(column_for(input)).unwrap())).collect();
    let mut outputs = vec![vec![]; def.outputs.len()];
    let mut start = 0;
    for len in series {
        let slices: Vec<&[f64]> = inputs.iter().map(|input| &input[start..start + len]).collect();
        let part = def.evaluate(&slices, def.default_params(14.0).values()).unwrap();
        outputs.iter_mut().zip(part).for_each(|(output, part)| output.extend(part));
        start += len;
    }
    outputs
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| if x.is_nan() { u64::MAX } else { x.to_bits() }).collect()
}

/// The rows of a query, and the sum of a counter over its operators of indicators.
async fn run(context: &SessionContext, sql: &str, counter: &str) -> (RecordBatch, usize) {
    let frame = context.sql(sql).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
    let plan = frame.create_physical_plan().await.unwrap();
    let batches = collect(Arc::clone(&plan), context.task_ctx())
        .await
        .unwrap_or_else(|e| panic!("{e}\n{sql}\n{}", displayable(plan.as_ref()).indent(false)));
    assert!(operators(&plan) > 0, "no operator of ours: {sql}");
    (concat_batches(&plan.schema(), &batches).unwrap(), counted(&plan, counter))
}

fn operators(plan: &Arc<dyn ExecutionPlan>) -> usize {
    usize::from(plan.is::<IndicatorExec>()) + plan.children().into_iter().map(operators).sum::<usize>()
}

fn counted(plan: &Arc<dyn ExecutionPlan>, counter: &str) -> usize {
    let own = plan.is::<IndicatorExec>().then(|| plan.metrics()).flatten();
    let own = own.and_then(|metrics| metrics.sum_by_name(counter)).map_or(0, |value| value.as_usize());
    own + plan.children().into_iter().map(|child| counted(child, counter)).sum::<usize>()
}

/// Every indicator over several series and over one, in batches of 1, 7, 64 and 8192 rows, on one thread and on four.
#[tokio::test(flavor = "multi_thread")]
async fn bits_do_not_depend_on_batches_threads_or_mode() {
    let rows = table();
    let all: usize = SERIES.iter().sum();
    for (rows_of_a_batch, threads) in
        [1, 7, 64, 8192].into_iter().flat_map(|rows| [1, 4].map(|threads| (rows, threads)))
    {
        // Once the series come spread and sorted again, else as they lie in the table.
        let partitions = if rows_of_a_batch == 7 { 2 } else { 1 };
        let context = session(&Case { rows_of_a_batch, threads, partitions, pace: EAGER, memory: None }, &rows);
        let forms: [(&str, &str, &[usize]); 2] =
            [("t", "PARTITION BY symbol ORDER BY ts", &SERIES), ("one", "ORDER BY n", &[all])];
        for (table, over, series) in forms {
            for group in INDICATORS.chunks(16) {
                let calls: Vec<String> =
                    group.iter().map(|def| format!("{} OVER ({over}) AS {}", call(def), def.name)).collect();
                let sql = format!("SELECT n, {} FROM {table} ORDER BY n", calls.join(", "));
                let (result, shared) = run(&context, &sql, "parallel_rows").await;
                assert_eq!(shared > 0, threads > 1, "{rows_of_a_batch} rows, {threads} threads, {over}");
                for def in group {
                    let column = result.column_by_name(def.name).unwrap();
                    let got = match def.outputs {
                        [_] => vec![numbers(column)],
                        _ => column.as_struct().columns().iter().map(numbers).collect(),
                    };
                    for ((output, got), wanted) in def.outputs.iter().zip(got).zip(expected(def, &rows, series)) {
                        let place = format!("{}.{}, {over}", def.name, output.name);
                        assert!(bits(&got) == bits(&wanted), "{place}: {rows_of_a_batch} rows, {threads} threads");
                    }
                }
            }
        }
    }
}

/// A window is cut into pieces, a recursion is not, and a small input is not shared at all.
#[tokio::test(flavor = "multi_thread")]
async fn only_what_can_be_cut_is_cut_and_only_where_it_is_worth_it() {
    let rows = table();
    let pieces = async |call: &str, pace: Pace| {
        let context = session(&Case { rows_of_a_batch: 8192, threads: 4, partitions: 1, pace, memory: None }, &rows);
        run(&context, &format!("SELECT {call} OVER (ORDER BY n) AS x FROM one"), "pieces").await.1
    };
    assert_eq!(pieces("rsi(close, 14)", EAGER).await, 0);
    let cut = pieces("sma(close, 5)", EAGER).await;
    assert!((8..=16).contains(&cut), "{cut} pieces");
    assert_eq!(pieces("sma(close, 5)", Pace::default()).await, 0);
}

/// Where the pool has no room for more rows at a time, there are fewer, and the values are the same.
#[tokio::test(flavor = "multi_thread")]
async fn short_memory_makes_short_waves() {
    let rows = table();
    let sql = "SELECT n, sma(close, 5) OVER w AS a, macd(whole) OVER w AS b FROM one WINDOW w AS (ORDER BY n)";
    let case = |threads, memory| Case { rows_of_a_batch: 7, threads, partitions: 1, pace: EAGER, memory };
    let (plain, _) = run(&session(&case(1, None), &rows), sql, "parallel_rows").await;
    let (roomy, never) = run(&session(&case(4, None), &rows), sql, "waves_cut_by_memory").await;
    let (short, often) = run(&session(&case(4, Some(5_000)), &rows), sql, "waves_cut_by_memory").await;
    assert_eq!(never, 0);
    assert!(often > 0);
    assert!(plain == roomy && plain == short);
}

/// A limit stops the operator; an offset is counted behind it.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_stops_early() {
    let rows = table();
    let query = "SELECT n, rsi(close, 14) OVER w AS a, row_number() OVER w AS i, sma(whole, 5) OVER w AS b FROM one \
                 WINDOW w AS (ORDER BY n)";
    for threads in [1, 4] {
        let context = session(&Case { rows_of_a_batch: 7, threads, partitions: 1, pace: EAGER, memory: None }, &rows);
        let (whole, _) = run(&context, query, "output_rows").await;
        assert_eq!(whole.num_rows(), SERIES.iter().sum::<usize>());
        let simple = "SELECT n, rsi(close, 14) OVER (ORDER BY n) AS a FROM one";
        let (first, _) = run(&context, simple, "output_rows").await;
        for (fetch, skip) in [(10, 0), (5, 40), (1, 799), (10, 799)] {
            let limit = format!("LIMIT {fetch} OFFSET {skip}");
            let len = fetch.min(whole.num_rows() - skip);
            assert_eq!(run(&context, &format!("{query} {limit}"), "output_rows").await.0, whole.slice(skip, len));
            let (part, computed) = run(&context, &format!("{simple} {limit}"), "output_rows").await;
            assert_eq!(part, first.slice(skip, len));
            assert!(computed <= fetch + skip, "{computed} rows for {limit}");
        }
    }
}

/// Rows before an error of the input reach who wants no more than those.
#[tokio::test(flavor = "multi_thread")]
async fn an_error_comes_after_the_rows_before_it() {
    let rows = table();
    let query = "SELECT n, sma(CAST(x AS DOUBLE), 3) OVER (ORDER BY n) AS a FROM \
                 (SELECT n, 100 / (700 - n) AS x FROM one)";
    for threads in [1, 4] {
        let context = session(&Case { rows_of_a_batch: 7, threads, partitions: 1, pace: EAGER, memory: None }, &rows);
        let (part, _) = run(&context, &format!("{query} LIMIT 690"), "output_rows").await;
        assert_eq!(part.num_rows(), 690);
        let error = context.sql(query).await.unwrap().collect().await.unwrap_err().to_string();
        assert!(error.contains("Divide by zero"), "{error}");
    }
}
