//! Bars against their timeframe: order, repetitions, the step between bars and the grid they lie on.

use super::options::{Checked, OnError, Stamps};
use super::parse::{Group, Rejects};
use super::report::{Reason, Rejected};
use crate::engine::series::Bars;
use crate::engine::timeframe::{DAY_US, Timeframe, format_ts};
use crate::error::{Error, Result};

/// Rows of another step that make a stretch of another timeframe rather than a few gaps.
const STRETCH: usize = 20;
/// Offsets beside the most common one (a session that moves with the clocks) differ from it by multiples of this.
const SESSION_STEP_US: i64 = 15 * 60_000_000;
/// Rows, and share of all rows, that an offset beside the most common one must have.
const SESSION_ROWS: usize = 20;
const SESSION_SHARE: f64 = 0.05;

/// Bars of one series, checked and in order.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) timeframe: Timeframe,
    pub(super) bars: Bars,
    pub(super) duplicates: u64,
    pub(super) unsorted: u64,
    pub(super) rejects: Rejects,
    pub(super) notes: Vec<String>,
}

/// Sorts and checks the bars of a group. `named` is the timeframe that the caller or the file's name gives.
///
/// # Errors
/// A timeframe that cannot be told or that the bars contradict, and the first bad row where bad rows stop the import.
pub(super) fn settle(
    group: Group,
    named: Option<Timeframe>,
    options: &Checked,
    row_word: &'static str,
    label: &str,
) -> Result<Settled> {
    let mut work = Work {
        label,
        row_word,
        kept: (0..group.bars.len()).collect(),
        bars: group.bars,
        rows: group.rows,
        rejects: group.rejects,
        notes: group.notes,
    };
    let unsorted = work.sort();
    let duplicates = work.remove_duplicates();
    if options.on_error == OnError::Fail
        && let Some(error) = work.rejects.error()
    {
        return Err(error);
    }
    let ts: Vec<i64> = work.kept.iter().map(|&i| work.bars.ts[i]).collect();
    let timeframe = match options.timeframe.or(group.timeframe).or(named) {
        Some(timeframe) => contradiction(&ts, timeframe).map_or(Ok(timeframe), |text| Err(Error::data(label, text)))?,
        None => infer(&ts).map_err(|text| Error::data(label, text))?,
    };
    if options.stamps == Stamps::Close {
        work.bars.ts.iter_mut().for_each(|ts| *ts = timeframe.bucket_start(ts.saturating_sub(1)));
    }
    work.check_grid(timeframe);
    work.check_stretches(timeframe);
    if options.on_error == OnError::Fail
        && let Some(error) = work.rejects.error()
    {
        return Err(error);
    }
    let Work { bars, kept, rejects, notes, .. } = work;
    Ok(Settled { timeframe, bars: bars.take(&kept), duplicates, unsorted, rejects, notes })
}

struct Work<'a> {
    label: &'a str,
    row_word: &'static str,
    bars: Bars,
    rows: Vec<u64>,
    /// Indices of the bars that stay, in time order.
    kept: Vec<usize>,
    rejects: Rejects,
    notes: Vec<String>,
}

impl Work<'_> {
    fn reject(&mut self, index: usize, reason: Reason, detail: String) {
        let bar = self.bars.get(index);
        let numbers = [bar.open, bar.high, bar.low, bar.close, bar.volume].map(|v| v.to_string());
        let raw = std::iter::once(format_ts(bar.ts)).chain(numbers).collect();
        let (file, row_word, row) = (self.label.to_string(), self.row_word, self.rows[index]);
        self.rejects.add(Rejected { file, row_word, row, reason, detail, raw });
    }

    /// Puts the bars in time order; tells how many stood after a later one.
    fn sort(&mut self) -> u64 {
        let ts = &self.bars.ts;
        if ts.windows(2).all(|w| w[0] <= w[1]) {
            return 0;
        }
        let newest_first = ts.windows(2).all(|w| w[0] >= w[1]);
        let mut latest = i64::MIN;
        let late = ts.iter().filter(|&&t| {
            latest = latest.max(t);
            t < latest
        });
        let late = late.count() as u64;
        self.kept.sort_by_key(|&i| ts[i]);
        if newest_first {
            self.notes.push("the newest bar comes first in the file".into());
            return 0;
        }
        late
    }

    /// Leaves one bar per time. Equal repetitions go silently, and of different ones the last in the file stays.
    fn remove_duplicates(&mut self) -> u64 {
        let mut duplicates = 0;
        let mut kept: Vec<usize> = Vec::with_capacity(self.kept.len());
        for index in std::mem::take(&mut self.kept) {
            match kept.last().copied() {
                Some(last) if self.bars.ts[last] == self.bars.ts[index] => {
                    let (before, bar) = (self.bars.get(last), self.bars.get(index));
                    if before.same_values(&bar) {
                        duplicates += 1;
                    } else {
                        let (other, word) = (self.rows[index], self.row_word);
                        let detail =
                            format!("{word} {other} has the same time {} and other numbers", format_ts(bar.ts));
                        self.reject(last, Reason::ConflictingDuplicate, detail);
                    }
                    if let Some(slot) = kept.last_mut() {
                        *slot = index;
                    }
                }
                _ => kept.push(index),
            }
        }
        self.kept = kept;
        duplicates
    }

    /// Refuses bars that do not lie on the grid.
    ///
    /// Intraday, all bars may share one offset (hours of a market that opens at 09:15), and other offsets of many rows are
    /// taken for the same session in summer time. From a day upwards any time of day is taken, one bar per bucket.
    fn check_grid(&mut self, timeframe: Timeframe) {
        let offset = |ts: i64| ts - timeframe.bucket_start(ts);
        if timeframe >= Timeframe::D1 {
            return self.check_buckets(timeframe);
        }
        let mut counts: std::collections::HashMap<i64, usize> = std::collections::HashMap::new();
        self.kept.iter().for_each(|&i| *counts.entry(offset(self.bars.ts[i])).or_default() += 1);
        let rank = |(offset, n): (&i64, &usize)| (*n, std::cmp::Reverse(*offset));
        let Some(common) = counts.iter().max_by_key(|(o, n)| rank((o, n))).map(|(o, _)| *o) else { return };
        let least = SESSION_ROWS.max((self.kept.len() as f64 * SESSION_SHARE).ceil() as usize);
        let fits = |o: i64| o == common || ((o - common) % SESSION_STEP_US == 0 && counts[&o] >= least);
        // Most bars off the grid, at many different offsets: no offset stands for a session.
        let is_session =
            common == 0 || counts[&common] * 2 > self.kept.len() || fits_most(&counts, fits, self.kept.len());
        let mut kept = Vec::with_capacity(self.kept.len());
        for index in std::mem::take(&mut self.kept) {
            let ts = self.bars.ts[index];
            if is_session && fits(offset(ts)) {
                kept.push(index);
            } else {
                let grid = if common == 0 || !is_session { String::new() } else { format!(" + {}", length(common)) };
                self.reject(index, Reason::OffGrid, format!("{} is not on the {timeframe} grid{grid}", format_ts(ts)));
            }
        }
        self.kept = kept;
        if is_session && (common != 0 || counts.keys().filter(|o| fits(**o)).count() > 1) {
            let mut offsets: Vec<i64> = counts.keys().copied().filter(|o| fits(*o)).collect();
            offsets.sort_unstable();
            let offsets: Vec<String> = offsets.into_iter().map(length).collect();
            self.notes.push(format!(
                "bars open {} after the {timeframe} grid; times kept as in the file",
                offsets.join(" or ")
            ));
        }
    }

    /// One bar per day, week or month.
    fn check_buckets(&mut self, timeframe: Timeframe) {
        let mut kept: Vec<usize> = Vec::with_capacity(self.kept.len());
        let mut off = 0;
        for index in std::mem::take(&mut self.kept) {
            let ts = self.bars.ts[index];
            let bucket = timeframe.bucket_start(ts);
            let before = kept.last().map(|&last| self.bars.ts[last]).filter(|&t| timeframe.bucket_start(t) == bucket);
            if let Some(before) = before {
                let detail = format!("{} lies in the same {timeframe} bar as {}", format_ts(ts), format_ts(before));
                self.reject(index, Reason::OffGrid, detail);
                continue;
            }
            off += usize::from(ts != bucket);
            kept.push(index);
        }
        self.kept = kept;
        if off > 0 {
            let all = self.kept.len();
            self.notes.push(format!(
                "{off} of {all} bars are not stamped at the start of their {timeframe}; times kept as in the file"
            ));
        }
    }

    /// Refuses long stretches whose bars lie further apart by the length of another timeframe.
    fn check_stretches(&mut self, timeframe: Timeframe) {
        let ts: Vec<i64> = self.kept.iter().map(|&i| self.bars.ts[i]).collect();
        let mut foreign = vec![None; ts.len()];
        let mut start = 0;
        for run in ts.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>().chunk_by(|a, b| a == b) {
            let other = Timeframe::from_duration_us(run[0]).filter(|t| *t > timeframe && run.len() >= STRETCH);
            if let Some(other) = other {
                foreign[start..=start + run.len()].iter_mut().for_each(|slot| *slot = Some((other, run.len() + 1)));
            }
            start += run.len();
        }
        if foreign.iter().all(Option::is_none) {
            return;
        }
        let mut kept = Vec::with_capacity(ts.len());
        for (position, index) in std::mem::take(&mut self.kept).into_iter().enumerate() {
            match foreign[position] {
                None => kept.push(index),
                Some((other, rows)) => {
                    let detail = format!(
                        "part of {rows} bars that lie {other} apart, not {timeframe}: bars of another timeframe?"
                    );
                    self.reject(index, Reason::MixedInterval, detail);
                }
            }
        }
        self.kept = kept;
    }
}

fn fits_most(counts: &std::collections::HashMap<i64, usize>, fits: impl Fn(i64) -> bool, rows: usize) -> bool {
    counts.iter().filter(|(o, _)| fits(**o)).map(|(_, n)| n).sum::<usize>() * 2 > rows
}

/// The most common step between bars; of equally common ones the shortest.
fn modal_step(ts: &[i64]) -> Option<(i64, usize)> {
    let mut counts: std::collections::HashMap<i64, usize> = std::collections::HashMap::new();
    ts.windows(2).for_each(|w| *counts.entry(w[1] - w[0]).or_default() += 1);
    counts.into_iter().max_by_key(|(step, n)| (*n, std::cmp::Reverse(*step)))
}

fn is_month(step: i64) -> bool {
    (28 * DAY_US..=31 * DAY_US).contains(&step)
}

/// The timeframe of bars that nothing else tells.
pub(crate) fn infer(ts: &[i64]) -> Result<Timeframe, String> {
    let give = "give it with `--timeframe`";
    let Some((step, _)) = modal_step(ts) else {
        return Err(format!("the timeframe cannot be told from {} rows; {give}", ts.len()));
    };
    if is_month(step) && ts.windows(2).all(|w| w[1] - w[0] >= 28 * DAY_US) {
        return Ok(Timeframe::Month1);
    }
    Timeframe::from_duration_us(step).ok_or_else(|| {
        let names: Vec<&str> = Timeframe::ALL.iter().map(|t| t.name()).collect();
        format!(
            "most bars lie {} apart, which is no timeframe ({}); if gaps are the reason, {give}",
            length(step),
            names.join(", ")
        )
    })
}

/// Why the steps between bars do not fit a timeframe that was named.
fn contradiction(ts: &[i64], timeframe: Timeframe) -> Option<String> {
    let (step, n) = modal_step(ts)?;
    let fits =
        |step: i64| if timeframe == Timeframe::Month1 { is_month(step) } else { step == timeframe.duration_us() };
    if fits(step) || ts.windows(2).any(|w| fits(w[1] - w[0])) && step > timeframe.duration_us() {
        return None;
    }
    let many = n >= 3 || ts.len() <= 3;
    let finer = step < timeframe.duration_us() && n * 2 > ts.len() - 1;
    let coarser = step > timeframe.duration_us() && (Timeframe::from_duration_us(step).is_some() || is_month(step));
    (many && (finer || coarser)).then(|| {
        let found =
            Timeframe::from_duration_us(step).map(|t| format!("; if these are {t} bars, say `--timeframe {t}`"));
        format!("most bars lie {} apart, not {timeframe}{}", length(step), found.unwrap_or_default())
    })
}

/// A duration as people say it.
fn length(us: i64) -> String {
    let mut rest = us;
    let mut out = String::new();
    for (unit, name) in
        [(DAY_US, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms"), (1, "us")]
    {
        if rest / unit != 0 {
            out += &format!("{}{}{name}", if out.is_empty() { "" } else { " " }, rest / unit);
            rest %= unit;
        }
    }
    if out.is_empty() { "0s".into() } else { out }
}
