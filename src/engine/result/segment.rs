//! One file of units: a header, then records that are only ever added.
//!
//! A record is a header of fixed size with checksums of itself and of what follows, then the bytes of the summaries. Each
//! header also says how much of the file was known to be on disk when it was written, so that two kinds of damage can be
//! told apart: what was never synced may be torn by a crash and is cut off; what was synced must be right, and is an error
//! where it is not. A file that was closed in good order ends with a mark, a record without points.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::key::UnitKey;
use crate::engine::store::sync_dir;
use crate::error::{Error, Result};

/// First bytes of a file, the version of its format last.
const FILE_HEADER: &[u8; 16] = b"ThreadX result\0\x01";

/// First bytes of a record.
const RECORD: &[u8; 4] = b"unit";

/// Bytes of the header of a record.
const HEAD: usize = 48;

/// Largest file that is still added to, bytes.
pub(super) const SEGMENT_BYTES: u64 = 64 << 20;

/// Most bytes that are written before they are synced.
const SYNC_BYTES: u64 = 4 << 20;

/// Most time after which a record that is written is synced with those before it.
const SYNC_AFTER: Duration = Duration::from_secs(1);

/// A record without its summaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    /// The unit.
    pub(super) key: UnitKey,
    /// What its summaries have kept, as bits.
    pub(super) kept: u8,
    /// Number of its points.
    pub(super) points: u32,
    /// Where its summaries begin.
    pub(super) offset: u64,
    /// Bytes of its summaries.
    pub(super) length: u32,
    /// Checksum of its summaries.
    checksum: u32,
    /// Bytes of the file that were on disk when it was written.
    synced: u64,
}

impl Record {
    fn head(&self) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(RECORD);
        head[4..8].copy_from_slice(&self.length.to_le_bytes());
        head[8..12].copy_from_slice(&self.points.to_le_bytes());
        head[12] = self.kept;
        head[16..32].copy_from_slice(&self.key.0.to_le_bytes());
        head[32..40].copy_from_slice(&self.synced.to_le_bytes());
        head[40..44].copy_from_slice(&self.checksum.to_le_bytes());
        let check = crc32fast::hash(&head[..44]);
        head[44..].copy_from_slice(&check.to_le_bytes());
        head
    }

    /// The record whose header stands at `at`, or `None` if there is no whole one.
    fn parse(head: &[u8], at: u64) -> Option<Self> {
        let head: &[u8; HEAD] = head.try_into().ok()?;
        let half = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        if head[..4] != *RECORD || half(44) != crc32fast::hash(&head[..44]) {
            return None;
        }
        let wide = |at: usize| u64::from(half(at)) | u64::from(half(at + 4)) << 32;
        Some(Record {
            key: UnitKey(u128::from(wide(16)) | u128::from(wide(24)) << 64),
            kept: head[12],
            points: half(8),
            offset: at + HEAD as u64,
            length: half(4),
            checksum: half(40),
            synced: wide(32),
        })
    }

    fn end(&self) -> u64 {
        self.offset + u64::from(self.length)
    }
}

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// Its records in the order of writing.
    pub(super) records: Vec<Record>,
    /// Where the good part ends; 0 if not even the file's header is whole.
    pub(super) end: u64,
    /// Size of the file.
    pub(super) bytes: u64,
}

/// Looks at a file: at the headers of all its records, and at the bytes of those that may not have been on disk before a
/// crash. Somebody else may be adding to it.
///
/// # Errors
/// Damage in a part that was once synced, a file of another format, or one that cannot be read.
pub(super) fn scan(path: &Path) -> Result<Scan> {
    let failed = |e| Error::io("read", path, e);
    let mut file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let mut header = [0; FILE_HEADER.len()];
    if bytes < header.len() as u64 {
        return Ok(Scan { bytes, ..Scan::default() });
    }
    file.read_exact(&mut header).map_err(failed)?;
    if header != *FILE_HEADER {
        // A version of zero is one that never reached the disk.
        if FILE_HEADER[..15] == header[..15] && header[15] != 0 {
            return Err(Error::data(
                path,
                format!("written by a version of ThreadX that this one cannot read (format {})", header[15]),
            ));
        }
        refuse_if_synced(path, &mut file, 0, bytes)?;
        return Ok(Scan { bytes, ..Scan::default() });
    }
    let mut scan = Scan { records: vec![], end: header.len() as u64, bytes };
    let mut durable = 0;
    while scan.end < bytes {
        let record = match bytes - scan.end < HEAD as u64 {
            true => None,
            false => {
                let mut head = [0; HEAD];
                file.seek(SeekFrom::Start(scan.end)).and_then(|_| file.read_exact(&mut head)).map_err(failed)?;
                Record::parse(&head, scan.end)
            }
        };
        match record {
            Some(record) if record.end() <= bytes => {
                scan.end = record.end();
                durable = durable.max(record.synced);
                scan.records.push(record);
            }
            _ => {
                refuse_if_synced(path, &mut file, scan.end, bytes)?;
                break;
            }
        }
    }
    cut_unsynced(path, &mut file, durable, &mut scan)?;
    scan.records.retain(|record| record.points > 0);
    Ok(scan)
}

/// Leaves out the first record with wrong bytes among those that may never have been on disk, and all after it.
fn cut_unsynced(path: &Path, file: &mut File, durable: u64, scan: &mut Scan) -> Result<()> {
    let first = scan.records.partition_point(|record| record.end() <= durable);
    for place in first..scan.records.len() {
        let record = scan.records[place];
        if checked(file, &record).map_err(|e| Error::io("read", path, e))?.is_none() {
            scan.records.truncate(place);
            scan.end = record.offset - HEAD as u64;
            break;
        }
    }
    Ok(())
}

/// An error if a later record tells that the damage at `at` is in a part that was once on disk.
fn refuse_if_synced(path: &Path, file: &mut File, at: u64, bytes: u64) -> Result<()> {
    let failed = |e| Error::io("read", path, e);
    let mut rest = vec![];
    file.seek(SeekFrom::Start(at)).map_err(failed)?;
    file.take(bytes - at).read_to_end(&mut rest).map_err(failed)?;
    let later = rest.windows(HEAD).enumerate().skip(1).filter(|(_, head)| head.starts_with(RECORD));
    let mut later = later.filter_map(|(place, head)| Record::parse(head, at + place as u64));
    match later.any(|record| record.synced > at) {
        true => Err(damaged(path, at)),
        false => Ok(()),
    }
}

/// Damage, and the way out of it.
fn damaged(path: &Path, at: u64) -> Error {
    Error::data(
        path,
        format!(
            "damaged at byte {at}; restore the file, or delete it and sweep again, which computes its rows anew and no others"
        ),
    )
}

/// The bytes of a record, or `None` if they are not what was written.
fn checked(file: &mut File, record: &Record) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![0; record.length as usize];
    file.seek(SeekFrom::Start(record.offset))?;
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok((crc32fast::hash(&bytes) == record.checksum).then_some(bytes)),
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(e),
    }
}

/// The bytes of a record.
///
/// # Errors
/// Damage, or a file that cannot be read.
pub(super) fn read(path: &Path, file: &mut File, record: &Record) -> Result<Vec<u8>> {
    let bytes = checked(file, record).map_err(|e| Error::io("read", path, e))?;
    bytes.ok_or_else(|| damaged(path, record.offset))
}

/// Cuts off what a crash has left behind the good part; a file without a good part is removed.
pub(super) fn cut(path: &Path, scan: &Scan) -> Result<()> {
    let failed = |e| Error::io("write", path, e);
    if scan.end == scan.bytes {
        return Ok(());
    }
    if scan.end == 0 {
        return fs::remove_file(path).map_err(|e| Error::io("remove", path, e));
    }
    let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
    file.set_len(scan.end).and_then(|()| file.sync_all()).map_err(failed)
}

/// A file that is being added to.
#[derive(Debug)]
pub(super) struct SegmentWriter {
    path: PathBuf,
    file: File,
    end: u64,
    synced: u64,
    last_sync: Instant,
    /// Whether a write has failed, so that nothing more may be added.
    is_broken: bool,
}

impl SegmentWriter {
    /// Makes the file, which must not exist.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let failed = |e| Error::io("write", path, e);
        let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
        file.write_all(FILE_HEADER).map_err(failed)?;
        sync_dir(path.parent().unwrap_or(path))?;
        let end = FILE_HEADER.len() as u64;
        Ok(SegmentWriter {
            path: path.to_path_buf(),
            file,
            end,
            synced: 0,
            last_sync: Instant::now(),
            is_broken: false,
        })
    }

    /// Adds a unit; syncs if enough is waiting.
    pub(super) fn append(&mut self, key: UnitKey, kept: u8, points: u32, payload: &[u8]) -> Result<Record> {
        let length = u32::try_from(payload.len())
            .map_err(|_| Error::Internal(format!("a unit of {} bytes is too large to store", payload.len())))?;
        let record = Record {
            key,
            kept,
            points,
            offset: self.end + HEAD as u64,
            length,
            checksum: crc32fast::hash(payload),
            synced: self.synced,
        };
        let mut bytes = Vec::with_capacity(HEAD + payload.len());
        bytes.extend_from_slice(&record.head());
        bytes.extend_from_slice(payload);
        if let Err(error) = self.file.write_all(&bytes) {
            self.is_broken = true;
            // Best effort: a torn record is cut off by the next opener anyway.
            let _ = self.file.set_len(self.end);
            return Err(Error::io("write", &self.path, error));
        }
        self.end = record.end();
        if self.end - self.synced >= SYNC_BYTES || self.last_sync.elapsed() >= SYNC_AFTER {
            self.sync()?;
        }
        Ok(record)
    }

    fn sync(&mut self) -> Result<()> {
        if let Err(error) = self.file.sync_data() {
            self.is_broken = true;
            return Err(Error::io("sync", &self.path, error));
        }
        (self.synced, self.last_sync) = (self.end, Instant::now());
        Ok(())
    }

    /// Bytes of the file.
    pub(super) fn len(&self) -> u64 {
        self.end
    }

    /// Syncs everything and writes the mark of a good end.
    pub(super) fn finish(mut self) -> Result<()> {
        if self.is_broken {
            return Ok(());
        }
        self.sync()?;
        self.append(UnitKey(0), 0, 0, &[])?;
        self.sync()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(n: u8) -> Vec<u8> {
        (0..100 + n).map(|i| i.wrapping_mul(31) ^ n).collect()
    }

    /// A file of three units; `finish` closes it in good order.
    fn segment(dir: &Path, finish: bool) -> (PathBuf, Vec<u8>) {
        let path = dir.join("segment");
        let _ = fs::remove_file(&path);
        let mut writer = SegmentWriter::create(&path).unwrap();
        for n in 0..3 {
            writer.append(UnitKey(u128::from(n) << 100 | 5), n, u32::from(n) + 1, &payload(n)).unwrap();
        }
        if finish {
            writer.finish().unwrap();
        }
        let bytes = fs::read(&path).unwrap();
        (path, bytes)
    }

    /// Where each record ends, the header of the file first.
    fn ends() -> Vec<usize> {
        let mut ends = vec![FILE_HEADER.len()];
        (0..3).for_each(|n| ends.push(ends[n] + HEAD + payload(n as u8).len()));
        ends
    }

    #[test]
    fn what_is_written_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        for finish in [false, true] {
            let (path, bytes) = segment(dir.path(), finish);
            let scan = scan(&path).unwrap();
            assert_eq!((scan.end, scan.bytes), (bytes.len() as u64, bytes.len() as u64));
            let mut file = File::open(&path).unwrap();
            for (n, record) in scan.records.iter().enumerate() {
                let n8 = n as u8;
                assert_eq!(
                    (record.key, record.kept, record.points),
                    (UnitKey((n as u128) << 100 | 5), n8, n as u32 + 1)
                );
                assert_eq!(read(&path, &mut file, record).unwrap(), payload(n8));
            }
            assert_eq!(scan.records.len(), 3);
        }
    }

    #[test]
    fn a_torn_tail_is_cut_at_the_last_good_record_wherever_it_is_torn() {
        let dir = tempfile::tempdir().unwrap();
        let (path, bytes) = segment(dir.path(), true);
        for length in 0..=bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            let scan = scan(&path).unwrap();
            let whole = ends().iter().filter(|end| **end <= length).count();
            assert_eq!(scan.records.len(), whole.saturating_sub(1), "torn at byte {length}");
            let last = ends().into_iter().chain([bytes.len()]).filter(|end| *end <= length).max().unwrap_or(0);
            assert_eq!(scan.end, last as u64);
            // A cut is synced, which takes its time.
            if length % 8 == 0 {
                cut(&path, &scan).unwrap();
                assert_eq!(fs::read(&path).map_or(0, |left| left.len()), last);
            }
            if last > 0 {
                assert_eq!(super::scan(&path).unwrap().records, scan.records);
            }
        }
    }

    #[test]
    fn a_tail_of_zeros_is_torn_too() {
        let dir = tempfile::tempdir().unwrap();
        let (path, bytes) = segment(dir.path(), false);
        for length in 0..bytes.len() {
            let mut torn = bytes[..length].to_vec();
            torn.resize(bytes.len() + 500, 0);
            fs::write(&path, &torn).unwrap();
            let scan = scan(&path).unwrap();
            // Payloads end in bytes that are not zero, so that no record survives without its last byte.
            let whole = ends().iter().filter(|end| **end <= length).count();
            assert_eq!(scan.records.len(), whole.saturating_sub(1), "zeros from byte {length} on");
        }
    }

    /// Reads a file in full; the error is that of the first step that finds one.
    fn read_all(path: &Path) -> Result<usize> {
        let scan = scan(path)?;
        let mut file = File::open(path).unwrap();
        scan.records.iter().try_for_each(|record| read(path, &mut file, record).map(drop))?;
        Ok(scan.records.len())
    }

    #[test]
    fn a_flipped_bit_in_what_was_synced_is_an_error_that_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let (path, bytes) = segment(dir.path(), true);
        let mark = bytes.len() - HEAD;
        for at in 0..bytes.len() {
            for bit in [0, 5] {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                fs::write(&path, &flipped).unwrap();
                match read_all(&path) {
                    // A damaged mark costs nothing: it ends after everything that it vouches for.
                    Ok(records) => assert!(at >= mark && records == 3, "byte {at} is damaged and {records} are read"),
                    Err(error) => {
                        let text = error.to_string();
                        assert!(text.starts_with(&path.display().to_string()), "{text}");
                        assert!(text.contains("delete it and sweep again") || at == 15, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_flipped_bit_in_what_was_never_synced_is_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        let (path, bytes) = segment(dir.path(), false);
        for at in FILE_HEADER.len()..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            fs::write(&path, &flipped).unwrap();
            let before = ends().iter().filter(|end| **end <= at).count() - 1;
            assert_eq!(read_all(&path).unwrap(), before, "byte {at}");
        }
    }

    #[test]
    fn a_file_of_a_later_format_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (path, mut bytes) = segment(dir.path(), true);
        bytes[15] = 2;
        fs::write(&path, &bytes).unwrap();
        let text = scan(&path).unwrap_err().to_string();
        assert!(text.ends_with("written by a version of ThreadX that this one cannot read (format 2)"), "{text}");
    }
}
