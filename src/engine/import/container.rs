//! What a file is, told by its first bytes, and what is packed inside it.

use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// Most bytes of one unpacked file; more would not fit the memory of many machines.
const MAX_BYTES: u64 = 8 << 30;

/// One file that may hold bars.
#[derive(Debug)]
pub(super) struct Entry {
    /// How it is called in reports: the path, and the name inside an archive.
    pub(super) label: String,
    /// Its own name, which may tell symbol and timeframe.
    pub(super) name: String,
    /// Name of the archive it lies in.
    pub(super) archive: Option<String>,
    /// Its content.
    pub(super) content: Content,
}

/// The content of a file, by format.
#[derive(Debug)]
pub(super) enum Content {
    Parquet(File),
    Arrow(Vec<u8>),
    Json(String),
    Text(Vec<u8>),
}

/// Reads and unpacks a file.
///
/// # Errors
/// A file that cannot be read, or a format that holds no bars; the text says what it is and what to do.
pub(super) fn open(path: &Path) -> Result<Vec<Entry>> {
    if path.is_dir() {
        return Err(Error::data(path, "is a directory; name the files in it"));
    }
    let size = fs::metadata(path).map_err(|e| Error::io("read", path, e))?.len();
    if size > MAX_BYTES {
        return Err(Error::data(path, format!("{size} bytes are more than the limit of {MAX_BYTES}; split the file")));
    }
    let mut file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    if is_parquet(&mut file).map_err(|e| Error::io("read", path, e))? {
        let entry = Entry {
            label: path.display().to_string(),
            name: file_name(path),
            archive: None,
            content: Content::Parquet(file),
        };
        return Ok(vec![entry]);
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|e| Error::io("read", path, e))?;
    let name = file_name(path);
    let refuse = |message: String| Error::data(path, message);
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return unzip(path, &name);
    }
    let (name, bytes) = if bytes.starts_with(&[0x1f, 0x8b]) {
        let plain = read_limited(flate2::read::MultiGzDecoder::new(&bytes[..]))
            .map_err(|e| refuse(format!("the gzip data cannot be unpacked: {e}; the file may be cut off")))?;
        (name.strip_suffix(".gz").unwrap_or(&name).to_string(), plain)
    } else {
        (name, bytes)
    };
    let content = classify(&name, bytes).map_err(refuse)?;
    Ok(vec![Entry { label: path.display().to_string(), name, archive: None, content }])
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether a file begins like Parquet; leaves it at its start.
fn is_parquet(file: &mut File) -> std::io::Result<bool> {
    let mut magic = Vec::new();
    Read::by_ref(file).take(4).read_to_end(&mut magic)?;
    file.rewind()?;
    Ok(magic == b"PAR1")
}

fn unzip(path: &Path, archive: &str) -> Result<Vec<Entry>> {
    let bad = |e: &dyn std::fmt::Display| Error::data(path, format!("the zip archive cannot be read: {e}"));
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    let mut zip = zip::ZipArchive::new(file).map_err(|e| bad(&e))?;
    if zip.file_names().any(|n| n.is_ok_and(|n| n == "[Content_Types].xml")) {
        return Err(Error::data(path, "is an Excel workbook; save the sheet as CSV and import that"));
    }
    let mut entries = Vec::new();
    for index in 0..zip.len() {
        let member = zip.by_index(index).map_err(|e| bad(&e))?;
        let full_name = member.name().map_err(|e| bad(&e))?.into_owned();
        let name = full_name.rsplit('/').next().unwrap_or_default().to_string();
        let hidden = name.starts_with('.') || full_name.starts_with("__MACOSX");
        if member.is_dir() || hidden || name.to_ascii_uppercase().ends_with(".CHECKSUM") {
            continue;
        }
        let label = format!("{}/{}", path.display(), full_name);
        let bytes = read_limited(member).map_err(|e| bad(&e))?;
        let content = classify(&name, bytes).map_err(|e| Error::data(&label, e))?;
        entries.push(Entry { label, name, archive: Some(archive.to_string()), content });
    }
    if entries.is_empty() {
        return Err(Error::data(path, "the zip archive holds no files"));
    }
    Ok(entries)
}

fn read_limited(reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(std::io::Error::other(format!("more than {MAX_BYTES} bytes after unpacking")));
    }
    Ok(bytes)
}

/// Some bytes as a file without a name, because Parquet is read in pieces.
fn scratch(bytes: &[u8]) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}

/// The format of some bytes; the error says what a foreign format is and how to get bars out of it.
fn classify(name: &str, bytes: Vec<u8>) -> Result<Content, String> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let lower = name.to_ascii_lowercase();
    if starts(b"DBN") || lower.ends_with(".dbn") || lower.ends_with(".dbn.zst") {
        return Err("is Databento DBN, which is not read; convert it with `dbn FILE --csv --output bars.csv` (crate `dbn-cli`) or \
                    with `DBNStore.from_file(...).to_df().to_parquet(...)` in Python, and import that"
            .into());
    }
    if bytes.is_empty() {
        return Err("the file is empty".into());
    }
    let foreign = [
        (&[0x28, 0xb5, 0x2f, 0xfd][..], "is compressed with zstd; unpack it with `zstd -d` and import that"),
        (b"BZh", "is compressed with bzip2; unpack it with `bunzip2` and import that"),
        (b"\xfd7zXZ", "is compressed with xz; unpack it with `unxz` and import that"),
        (b"7z\xbc\xaf", "is a 7z archive; unpack it and import the files"),
        (b"Rar!", "is a RAR archive; unpack it and import the files"),
        (b"PK\x03\x04", "is an archive inside an archive; unpack it and import the files"),
        (b"\x89HDF", "is HDF5; in Python, `pandas.read_hdf(...).to_parquet(...)` makes a file that can be imported"),
        (b"SQLite format 3", "is an SQLite database; export the table as CSV and import that"),
        (b"FEA1", "is Feather version 1; write it anew with `pyarrow.feather.write_feather` and import that"),
        (b"\xd0\xcf\x11\xe0", "is an old Excel workbook; save the sheet as CSV and import that"),
        (b"\xff\xfe", "is UTF-16 text; save it as UTF-8 and import that"),
        (b"\xfe\xff", "is UTF-16 text; save it as UTF-8 and import that"),
        (b"<", "is HTML or XML, perhaps an error page of a web site, and holds no bars"),
    ];
    if let Some((_, what)) = foreign.iter().find(|(magic, _)| starts(magic)) {
        return Err((*what).to_string());
    }
    if starts(b"PAR1") {
        return scratch(&bytes)
            .map(Content::Parquet)
            .map_err(|e| format!("cannot be unpacked into a temporary file: {e}"));
    }
    if starts(b"ARROW1") {
        return Ok(Content::Arrow(bytes));
    }
    for extension in [".parquet", ".feather", ".arrow"] {
        if lower.ends_with(extension) {
            return Err(format!("is named {extension} but is something else"));
        }
    }
    if bytes.contains(&0) {
        return Err("is a binary file of an unknown format; bars are read from CSV, JSON, Parquet and Arrow, also in .gz and .zip".into());
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
    match text.iter().find(|b| !b.is_ascii_whitespace()) {
        None => Err("the file is empty".into()),
        Some(b'[' | b'{') => String::from_utf8(text).map(Content::Json).map_err(|_| "the JSON is not UTF-8".into()),
        Some(_) => Ok(Content::Text(text)),
    }
}
