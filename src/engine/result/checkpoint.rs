//! The one writer of a result: finds units that are stored, adds those that are new.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use threadx_kernels::sim::{Needs, Summary};

use super::codec::{self, bits_of};
use super::key::UnitKey;
use super::manifest::{About, Manifest};
use super::name::ResultName;
use super::segment::{self, Record, SEGMENT_BYTES, SegmentWriter};
use super::store::{Results, now, segments};
use crate::engine::store::{Guard, sync_dir, try_exclusive};
use crate::error::{Error, Result};

/// How long an opener waits for another writer: a sweep that was cancelled lets go after the points that it was at.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often it looks whether the other writer is gone.
const LOOK: Duration = Duration::from_millis(10);

/// A result that is open for writing. No other process and no other sweep has it open meanwhile. What was added stays,
/// whether or not [`Checkpoint::finish`] is called.
#[derive(Debug)]
pub struct Checkpoint {
    dir: PathBuf,
    manifest: Manifest,
    inner: Mutex<Inner>,
    _guard: Guard,
}

#[derive(Debug, Default)]
struct Inner {
    /// Where the summaries of a unit are, by its key and by what they have kept.
    index: HashMap<(UnitKey, u8), (u32, Record)>,
    /// The file that was read last.
    reading: Option<(u32, File)>,
    writing: Option<(u32, SegmentWriter)>,
    /// Number of the next new file.
    next: u32,
}

fn path_of(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("segment-{number:06}.txr"))
}

impl Checkpoint {
    /// Opens a result, and makes it if there is none. `cancelled` is asked while another writer has it.
    ///
    /// # Errors
    /// Another writer that stays, a damaged file, or a disk that cannot be read or written.
    pub(super) fn open(
        results: &Results,
        name: &ResultName,
        about: About,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let guard = lock(results.root(), name, cancelled)?;
        let dir = results.dir(name);
        fs::create_dir_all(&dir).map_err(|e| Error::io("create", &dir, e))?;
        dir.ancestors().skip(1).take(2).try_for_each(sync_dir)?;
        let mut inner = Inner { next: 1, ..Inner::default() };
        for (number, path) in segments(&dir)? {
            let scan = segment::scan(&path)?;
            segment::cut(&path, &scan)?;
            inner.index.extend(scan.records.into_iter().map(|r| ((r.key, r.kept), (number, r))));
            inner.next = number.saturating_add(1);
        }
        let old = Manifest::read(&dir)?;
        let manifest = Manifest { about, created: old.map_or_else(now, |old| old.created), finished: false };
        manifest.write(&dir)?;
        Ok(Checkpoint { dir, manifest, inner: Mutex::new(inner), _guard: guard })
    }

    /// The summaries of a unit, one per point, if it is stored with at least what `needs` asks for.
    ///
    /// # Errors
    /// A damaged or unreadable file.
    pub fn find(&self, key: UnitKey, needs: Needs) -> Result<Option<Vec<Summary>>> {
        let mut inner = self.inner();
        let wanted = bits_of(needs);
        let enough = codec::ALL_BITS.filter(|kept| kept & wanted == wanted);
        let Some((number, record)) = enough.filter_map(|kept| inner.index.get(&(key, kept)).copied()).next() else {
            return Ok(None);
        };
        let path = path_of(&self.dir, number);
        let mut file = match inner.reading.take() {
            Some((open, file)) if open == number => file,
            _ => File::open(&path).map_err(|e| Error::io("read", &path, e))?,
        };
        let bytes = segment::read(&path, &mut file, &record)?;
        inner.reading = Some((number, file));
        let summaries = codec::decode(&bytes, record.points as usize).ok_or_else(|| {
            Error::data(&path, format!("the unit at byte {} is of another version of ThreadX", record.offset))
        })?;
        Ok(Some(summaries))
    }

    /// Adds a unit. It is on disk about a second later, or after [`Checkpoint::finish`].
    ///
    /// # Errors
    /// A disk that cannot be written.
    pub fn append(&self, key: UnitKey, summaries: &[Summary]) -> Result<()> {
        let Some(kept) = summaries.first().map(|summary| summary.kept) else { return Ok(()) };
        if summaries.iter().any(|summary| summary.kept != kept) {
            return Err(Error::Internal("summaries of one unit have kept different sums".into()));
        }
        let mut inner = self.inner();
        if let Some((_, full)) = inner.writing.take_if(|(_, writer)| writer.len() >= SEGMENT_BYTES) {
            full.finish()?;
        }
        let (number, mut writer) = match inner.writing.take() {
            Some(writing) => writing,
            None => {
                let number = inner.next;
                inner.next = number.saturating_add(1);
                (number, SegmentWriter::create(&path_of(&self.dir, number))?)
            }
        };
        let kept = bits_of(kept);
        let added = writer.append(key, kept, summaries.len() as u32, &codec::encode(summaries));
        inner.writing = Some((number, writer));
        inner.index.insert((key, kept), (number, added?));
        Ok(())
    }

    /// Makes everything durable; `complete` says whether the sweep came to its end.
    ///
    /// # Errors
    /// A disk that cannot be written.
    pub fn finish(self, complete: bool) -> Result<()> {
        let writing = self.inner().writing.take();
        if let Some((_, writer)) = writing {
            writer.finish()?;
        }
        if complete {
            Manifest { finished: true, ..self.manifest.clone() }.write(&self.dir)?;
        }
        Ok(())
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lock of a result. It lies beside the results, so that it outlives them: a file that is removed while another process
/// has it open would lock nothing.
pub(super) fn lock(root: &Path, name: &ResultName, cancelled: &dyn Fn() -> bool) -> Result<Guard> {
    let file = format!("result-{name}.lock");
    let start = Instant::now();
    loop {
        if let Some(guard) = try_exclusive(root, &file)? {
            return Ok(guard);
        }
        if cancelled() {
            return Err(Error::Cancelled);
        }
        if start.elapsed() >= PATIENCE {
            return Err(Error::argument(format!(
                "another sweep is writing the result `{name}`; wait for its end or choose another name"
            )));
        }
        std::thread::sleep(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use threadx_kernels::sim::{Bars, Options, Record as SimRecord, Signals, simulate};

    fn summaries(capitals: &[f64], needs: Needs) -> Vec<Summary> {
        let (ts, price) = ([0, 1, 2], [1.0, 2.0, 3.0]);
        let bars = Bars { ts: &ts, open: &price, high: &price, low: &price, close: &price, ..Bars::default() };
        let run = |capital: &f64| {
            let options = Options { initial_capital: *capital, ..Options::default() };
            simulate(&bars, &Signals::default(), &options, needs, &mut SimRecord::none())
        };
        capitals.iter().map(run).collect()
    }

    fn open(results: &Results, cancelled: bool) -> Result<Checkpoint> {
        results.open(&ResultName::parse("r").unwrap(), About::default(), &|| cancelled)
    }

    fn shown(found: Option<Vec<Summary>>) -> String {
        format!("{found:?}")
    }

    #[test]
    fn units_are_found_again_after_an_end_in_good_order_and_without_one() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::open_dir(dir.path());
        for round in 0..4_u32 {
            let checkpoint = open(&results, false).unwrap();
            for n in 0..round {
                let expected = summaries(&[f64::from(n + 1), 2.0], Needs::ALL);
                assert_eq!(shown(checkpoint.find(UnitKey(n.into()), Needs::ALL).unwrap()), shown(Some(expected)));
            }
            assert!(checkpoint.find(UnitKey(round.into()), Needs::NONE).unwrap().is_none());
            let new = summaries(&[f64::from(round + 1), 2.0], Needs::ALL);
            checkpoint.append(UnitKey(round.into()), &new).unwrap();
            assert_eq!(shown(checkpoint.find(UnitKey(round.into()), Needs::NONE).unwrap()), shown(Some(new)));
            match round % 2 {
                0 => drop(checkpoint),
                _ => checkpoint.finish(true).unwrap(),
            }
        }
        assert_eq!(segments(&dir.path().join("results/r")).unwrap().len(), 4);
        assert_eq!(results.list().unwrap()[0].stored, Some(8));
    }

    #[test]
    fn a_unit_serves_whoever_needs_no_more_than_it_kept() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::open_dir(dir.path());
        let checkpoint = open(&results, false).unwrap();
        let key = UnitKey(1);
        checkpoint.append(key, &summaries(&[1.0], Needs::MOMENTS)).unwrap();
        let found = |needs| checkpoint.find(key, needs).unwrap().map(|found| found[0].kept);
        assert_eq!(found(Needs::NONE), Some(Needs::MOMENTS));
        assert_eq!(found(Needs::MOMENTS), Some(Needs::MOMENTS));
        assert_eq!((found(Needs::DRAWDOWN), found(Needs::ALL), found(Needs::DOWNSIDE)), (None, None, None));
        checkpoint.append(key, &summaries(&[1.0], Needs::ALL)).unwrap();
        assert_eq!(found(Needs::DOWNSIDE), Some(Needs::ALL));
    }

    #[test]
    fn a_second_writer_is_told_and_the_first_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::open_dir(dir.path());
        let first = open(&results, false).unwrap();
        let text = open(&results, false).unwrap_err().to_string();
        assert_eq!(text, "another sweep is writing the result `r`; wait for its end or choose another name");
        assert!(matches!(open(&results, true), Err(Error::Cancelled)));
        let text = results.drop("r", false).unwrap_err().to_string();
        assert!(text.starts_with("another sweep is writing the result `r`"), "{text}");
        first.append(UnitKey(1), &summaries(&[1.0], Needs::ALL)).unwrap();
        assert_eq!(results.list().unwrap()[0].stored, Some(1), "a list waits for nobody");
        first.finish(false).unwrap();
        assert!(open(&results, false).unwrap().find(UnitKey(1), Needs::ALL).unwrap().is_some());
    }

    #[test]
    fn damage_is_an_error_when_its_unit_is_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::open_dir(dir.path());
        let checkpoint = open(&results, false).unwrap();
        checkpoint.append(UnitKey(1), &summaries(&[1.0], Needs::ALL)).unwrap();
        checkpoint.append(UnitKey(2), &summaries(&[2.0], Needs::ALL)).unwrap();
        checkpoint.finish(true).unwrap();
        let path = path_of(&dir.path().join("results/r"), 1);
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, bytes).unwrap();
        let checkpoint = open(&results, false).unwrap();
        let text = checkpoint.find(UnitKey(1), Needs::ALL).unwrap_err().to_string();
        assert!(text.contains("segment-000001.txr: damaged at byte 64; restore the file, or delete it"), "{text}");
        assert!(checkpoint.find(UnitKey(2), Needs::ALL).unwrap().is_some());
        drop(checkpoint);
        fs::remove_file(&path).unwrap();
        assert!(open(&results, false).unwrap().find(UnitKey(2), Needs::ALL).unwrap().is_none());
    }
}
