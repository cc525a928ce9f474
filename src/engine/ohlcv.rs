//! The table `ohlcv`: every stored bar, with its symbol and timeframe.
//!
//! The store is listed anew at every query. Predicates on symbol and timeframe choose files; those on `ts` and on numbers
//! reach the Parquet scan, which skips row groups. Series that have to be merged first are read by an operator of ours.
//! `INSERT INTO ohlcv` checks rows as an import does and changes the store once.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{Array, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DFSchema, DataFusionError, ScalarValue, not_impl_err};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::sink::{DataSink, DataSinkExec};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::dml::InsertOp;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::object_store::path::Path as ObjectPath;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan};
use futures::TryStreamExt;

use super::bars::BarsSource;
use super::config::Settings;
use super::import::read_batches;
use super::series::{Bars, SeriesKey, bars_schema};
use super::source::{SourceExec, labelled_schema};
use super::store::{Scannable, Store, StoredFile};
use crate::error::{Error, Result};

type DfResult<T> = Result<T, DataFusionError>;

/// Columns that choose files.
const KEY_COLUMNS: [&str; 2] = ["symbol", "timeframe"];

/// Every stored bar.
#[derive(Debug)]
pub struct OhlcvTable {
    store: Store,
}

impl OhlcvTable {
    /// The table over a store.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The series whose symbol and timeframe pass the filters on those columns.
    fn wanted(&self, state: &dyn Session, filters: &[Expr]) -> DfResult<Vec<(SeriesKey, Scannable)>> {
        let keys = self.store.keys()?;
        let on_keys = filters.iter().filter(|f| is_on_keys(f)).cloned();
        let Some(filter) = conjunction(on_keys) else { return Ok(self.store.scannable(|_| true)?) };
        let names = |name: fn(&SeriesKey) -> &str| Arc::new(StringArray::from_iter_values(keys.iter().map(name)));
        let schema = Arc::new(Schema::new(KEY_COLUMNS.map(|n| Field::new(n, DataType::Utf8, false)).to_vec()));
        let columns = RecordBatch::try_new(
            Arc::clone(&schema),
            vec![names(|k| k.symbol.as_str()), names(|k| k.timeframe.name())],
        )?;
        let filter = state.create_physical_expr(filter, &DFSchema::try_from(schema)?)?;
        let passed = filter.evaluate(&columns)?.into_array(keys.len())?;
        let passed = passed.as_boolean();
        let wanted: std::collections::HashSet<&SeriesKey> =
            keys.iter().enumerate().filter(|(i, _)| passed.is_valid(*i) && passed.value(*i)).map(|(_, k)| k).collect();
        Ok(self.store.scannable(|key| wanted.contains(key))?)
    }
}

fn is_on_keys(filter: &Expr) -> bool {
    let columns = filter.column_refs();
    !columns.is_empty() && columns.iter().all(|c| KEY_COLUMNS.contains(&c.name.as_str())) && !filter.is_volatile()
}

#[async_trait]
impl TableProvider for OhlcvTable {
    fn schema(&self) -> SchemaRef {
        labelled_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> DfResult<Vec<TableProviderFilterPushDown>> {
        let support = |filter: &&Expr| match is_on_keys(filter) {
            true => TableProviderFilterPushDown::Exact,
            false => TableProviderFilterPushDown::Inexact,
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let mut groups = Vec::new();
        let mut merged = Vec::new();
        for (key, scannable) in self.wanted(state, filters)? {
            match scannable {
                Scannable::Files(files) => groups.push(file_group(&key, &files)?),
                Scannable::Merged => merged.push(key),
            }
        }
        let mut plans: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
        if !groups.is_empty() {
            plans.push(parquet_scan(state, groups, projection, limit)?);
        }
        if !merged.is_empty() {
            if let Some(settings) = state.config_options().extensions.get::<Settings>() {
                self.store.follow(settings);
            }
            let source = BarsSource::new(self.store.clone(), merged, None, None);
            plans.push(Arc::new(SourceExec::new(Arc::new(source), self.schema(), projection.cloned(), limit)?));
        }
        match plans.len() {
            0 => {
                let schema = self.schema();
                let schema = projection.map_or(Ok(Arc::clone(&schema)), |p| schema.project(p).map(Arc::new))?;
                Ok(Arc::new(EmptyExec::new(schema)))
            }
            1 => Ok(plans.remove(0)),
            _ => UnionExec::try_new(plans),
        }
    }

    async fn insert_into(
        &self,
        _: &dyn Session,
        input: Arc<dyn ExecutionPlan>,
        operation: InsertOp,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        if operation != InsertOp::Append {
            return not_impl_err!("ohlcv takes INSERT INTO, where newer rows replace stored ones of the same ts");
        }
        // NULLs reach the checks of the import, which name the row and the column.
        let nullable =
            self.schema().fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect::<Vec<_>>();
        let sink = OhlcvSink { store: self.store.clone(), schema: Arc::new(Schema::new(nullable)) };
        Ok(Arc::new(DataSinkExec::new(input, Arc::new(sink), None)))
    }
}

/// The files of one series, in time order.
fn file_group(key: &SeriesKey, files: &[StoredFile]) -> DfResult<FileGroup> {
    let values = [key.symbol.as_str(), key.timeframe.name()].map(ScalarValue::from);
    let files = files.iter().map(|file| {
        // The scan refuses `..` in a path.
        let full = std::fs::canonicalize(&file.path).map_err(|e| Error::io("read", &file.path, e))?;
        let path = ObjectPath::from_absolute_path(full)
            .map_err(|e| Error::data(&file.path, format!("the path cannot be read: {e}")))?;
        let mut partitioned = PartitionedFile::new(String::new(), file.bytes);
        partitioned.object_meta.location = path;
        // What DataFusion remembers of a file is forgotten when size or time change.
        partitioned.object_meta.last_modified = file.modified.into();
        Ok(partitioned.with_partition_values(values.to_vec()))
    });
    Ok(FileGroup::new(files.collect::<DfResult<Vec<_>>>()?))
}

/// One scan over the files of all series, spread over the threads of the session.
fn parquet_scan(
    state: &dyn Session,
    groups: Vec<FileGroup>,
    projection: Option<&Vec<usize>>,
    limit: Option<usize>,
) -> DfResult<Arc<dyn ExecutionPlan>> {
    let key_fields = KEY_COLUMNS.map(|n| Arc::new(Field::new(n, DataType::Utf8, false))).to_vec();
    let table = TableSchema::builder(bars_schema()).with_table_partition_cols(key_fields).build();
    let ours = labelled_schema();
    let all: Vec<usize> = (0..ours.fields().len()).collect();
    let indices = projection.unwrap_or(&all).iter().map(|&i| table.table_schema().index_of(ours.field(i).name()));
    let indices = indices.collect::<Result<Vec<_>, _>>()?;
    let source = ParquetSource::new(table).with_table_parquet_options(state.table_options().parquet.clone());
    let files: Vec<PartitionedFile> = groups.into_iter().flat_map(FileGroup::into_inner).collect();
    let groups = FileGroup::new(files).split_files(state.config().target_partitions().max(1));
    let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), Arc::new(source))
        .with_file_groups(groups)
        .with_projection_indices(Some(indices))?
        .with_limit(limit)
        .build();
    Ok(DataSourceExec::from_data_source(config))
}

/// Takes the rows of `INSERT INTO ohlcv`.
#[derive(Debug)]
struct OhlcvSink {
    store: Store,
    schema: SchemaRef,
}

impl DisplayAs for OhlcvSink {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OhlcvSink({})", self.store.dir().display())
    }
}

#[async_trait]
impl DataSink for OhlcvSink {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    async fn write_all(&self, data: SendableRecordBatchStream, _: &Arc<TaskContext>) -> DfResult<u64> {
        let schema = data.schema();
        let batches: Vec<RecordBatch> = data.try_collect().await?;
        let rows: u64 = batches.iter().map(|b| b.num_rows() as u64).sum();
        if rows == 0 {
            return Ok(0);
        }
        let store = self.store.clone();
        let write = move || -> Result<()> {
            let series = read_batches(&schema, batches, "INSERT INTO ohlcv")?;
            let bars: Vec<(SeriesKey, Bars)> = series.into_iter().map(|s| (s.key, s.bars)).collect();
            store.import(bars).map(drop)
        };
        let joined = tokio::task::spawn_blocking(write).await;
        joined.map_err(|e| Error::Internal(format!("the import stopped: {e}")))??;
        Ok(rows)
    }
}
