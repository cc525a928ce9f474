//! The way of a position through the closes, gone once for all exits that it may have.
//!
//! What a position has come to at a close depends on its entry alone, not on how it ends. So the entries of a tile are
//! collected with the ends that the exits find for them; then each way is gone from bar to bar, and at each end the sums up to
//! there are written down.
//!
//! Cost: one pass over the bars up to the last end of each distinct entry bar, direction and weight, and a constant number of
//! operations per distinct end. Memory: an outcome for each of these, and four bytes per bar of the longest way.

use std::ops::Range;

use super::contract::Bars;
use super::entries::PerEntry;
use super::options::Options;
use super::outcome::{Fate, Outcome, TINY};
use super::position::Line;
use super::record::Direction;
use super::summary::Needs;
use super::sums::{Block, Interior, InteriorSums, LANES, Lanes};
use super::watch::block_at;
use crate::quotient::Quotient;
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// The outcome of an entry that is rejected, and of one that depends on the equity.
pub(super) const REJECTED: u32 = 1;
pub(super) const DEPENDS: u32 = 2;

/// What outcomes depend on besides the entries and their ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) bars: &'a Bars<'a>,
    pub(super) options: &'a Options,
    pub(super) kept: Needs,
    /// The returns of the market, if they are wanted.
    pub(super) market: &'a [f64],
}

/// One end of a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) bar: u32,
    /// With slippage: `X`.
    pub(super) price: f64,
    pub(super) bars_in_market: u32,
    pub(super) ambiguous: bool,
    /// It is the end of the data, whose close is a mark before it is an exit.
    pub(super) is_last: bool,
}

/// An end that somebody asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    end: End,
    number: u32,
    walk: u32,
    /// Another one in the same bar of the walk, plus one; 0 = none.
    other: u32,
}

/// One entry: everything that its way depends on.
#[derive(Debug, Clone, Copy)]
struct Walk {
    entry_bar: u32,
    direction: Direction,
    weight: f64,
    fill: f64,
    /// How many ends were asked for.
    asked: u32,
    /// Another one from the same bar in the same direction, plus one.
    other: u32,
}

/// The entries of a tile and their outcomes.
#[derive(Debug, Default)]
pub(super) struct Walks {
    /// Numbers, plus one, of the walks that were added last.
    numbers: PerEntry<u32>,
    list: Vec<Walk>,
    asked: Vec<Asked>,
    /// Places in `asked`, by walk.
    order: Vec<u32>,
    /// For each number the place of its outcome.
    places: Vec<u32>,
    outcomes: Vec<Outcome>,
    /// For each bar of the way that is gone, from the first whole block on, the last end in it plus one.
    ends: Vec<u32>,
}

impl Walks {
    /// Forgets them; a tile has `bars` bars.
    pub(super) fn clear(&mut self, bars: usize) {
        self.numbers.clear(bars);
        self.list.clear();
        self.asked.clear();
        self.outcomes.clear();
        let nothing = |fate| Outcome { fate, ..Outcome::empty(0, Direction::Long) };
        self.outcomes.extend([nothing(Fate::Rejected), nothing(Fate::Depends)]);
        self.places.clear();
        // There is no outcome of number 0.
        self.places.extend([0, REJECTED - 1, DEPENDS - 1]);
    }

    /// The number of the walk from an entry bar, which the bar `offset` of the tile decided.
    pub(super) fn of(
        &mut self,
        (offset, entry_bar): (usize, usize),
        direction: Direction,
        weight: f64,
        fill: f64,
    ) -> u32 {
        let first = *self.numbers.at(offset, direction);
        let mut next = first;
        while next != 0 {
            let walk = &self.list[next as usize - 1];
            if walk.weight.to_bits() == weight.to_bits() {
                return next - 1;
            }
            next = walk.other;
        }
        self.list.push(Walk { entry_bar: entry_bar as u32, direction, weight, fill, asked: 0, other: first });
        let number = self.list.len() as u32;
        self.numbers.set(offset, direction, number);
        number - 1
    }

    /// Asks for the outcome of an end, and gives its number.
    pub(super) fn ask(&mut self, walk: u32, end: End) -> u32 {
        let number = self.new_number();
        self.list[walk as usize].asked += 1;
        self.asked.push(Asked { end, number, walk, other: 0 });
        number
    }

    /// Takes an outcome that was traced otherwise, and gives its number.
    pub(super) fn push(&mut self, outcome: Outcome) -> u32 {
        let number = self.new_number();
        self.places[number as usize] = self.outcomes.len() as u32;
        self.outcomes.push(outcome);
        number
    }

    fn new_number(&mut self) -> u32 {
        self.places.push(0);
        self.places.len() as u32 - 1
    }

    /// The outcome of a number, once all ways are gone.
    #[inline(always)]
    pub(super) fn outcome(&self, number: u32) -> &Outcome {
        &self.outcomes[self.places[number as usize] as usize]
    }

    /// Goes all ways.
    pub(super) fn go(&mut self, rules: &Rules) {
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has AVX2 and FMA, which is all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { self.go_avx2(rules) };
        }
        self.go_either::<false>(rules);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn go_avx2(&mut self, rules: &Rules) {
        self.go_either::<true>(rules);
    }

    #[inline(always)]
    fn go_either<const FMA: bool>(&mut self, rules: &Rules) {
        self.sort();
        let mut first = 0;
        for i in 0..self.list.len() {
            let end = first + self.list[i].asked as usize;
            self.go_one::<FMA>(&Way::new(rules, &self.list[i]), first..end);
            first = end;
        }
    }

    /// Sorts what was asked for by walk. A list per walk would be followed from one cache miss to the next.
    fn sort(&mut self) {
        let mut end = 0;
        let mut ends: Vec<u32> = Vec::with_capacity(self.list.len());
        for walk in &self.list {
            ends.push(end);
            end += walk.asked;
        }
        self.order.resize(self.asked.len(), 0);
        for (i, asked) in self.asked.iter().enumerate() {
            let place = &mut ends[asked.walk as usize];
            self.order[*place as usize] = i as u32;
            *place += 1;
        }
    }

    /// Goes one way to its last end; `asked` are its ends in the order.
    #[inline(always)]
    fn go_one<const FMA: bool>(&mut self, way: &Way, asked: Range<usize>) {
        let (last, at_entry) = self.spread(way, asked);
        self.write(way, at_entry, &Mark::new(way.entry_bar));
        if last == way.entry_bar {
            return;
        }
        let quotient = Quotient::new(way.line.fill());
        let mut so_far = SoFar::new(way);
        let mut start = way.base;
        while start <= last {
            let mut growth = quotient.of::<FMA>(block_at(way.rules.bars.close, start));
            for growth in &mut growth {
                *growth = way.line.at_ratio(*growth);
            }
            let first = way.entry_bar + 1;
            let mut block = Block::new(growth, so_far.previous, first.saturating_sub(start), way.rules.kept);
            if way.rules.kept.market {
                let end = LANES.min(way.rules.market.len() - start);
                block.multiply((start, end), |t| way.rules.market[t]);
            }
            for lane in block.first..LANES {
                let asked = std::mem::take(&mut self.ends[start - way.base + lane]);
                if asked != 0 {
                    let mark = so_far.mark(way, &block, (start, lane));
                    self.write(way, asked, &mark);
                }
            }
            so_far.add(&block, way.rules.kept);
            start += LANES;
        }
    }

    /// Spreads the ends that were asked for over the bars of the way; gives the last bar with one, and an end at the entry bar
    /// plus one.
    #[inline(always)]
    fn spread(&mut self, way: &Way, order: Range<usize>) -> (usize, u32) {
        let (mut last, mut at_entry) = (way.entry_bar, 0);
        for &i in &self.order[order] {
            let this = &mut self.asked[i as usize];
            let bar = this.end.bar as usize;
            if bar == way.entry_bar {
                this.other = std::mem::replace(&mut at_entry, i + 1);
                continue;
            }
            let place = bar - way.base;
            if place >= self.ends.len() {
                self.ends.resize((place + 1).next_multiple_of(LANES), 0);
            }
            this.other = std::mem::replace(&mut self.ends[place], i + 1);
            last = last.max(bar);
        }
        (last, at_entry)
    }

    /// Writes down the outcomes of the ends in one bar.
    #[inline(always)]
    fn write(&mut self, way: &Way, mut asked: u32, mark: &Mark) {
        let first = self.outcomes.len();
        while asked != 0 {
            let Asked { end, number, other, .. } = self.asked[asked as usize - 1];
            asked = other;
            let is_same = |outcome: &Outcome| {
                outcome.price.to_bits() == end.price.to_bits()
                    && outcome.bars_in_market == end.bars_in_market
                    && outcome.ambiguous == end.ambiguous
                    && !end.is_last
            };
            let place = match self.outcomes[first..].iter().position(is_same) {
                Some(place) => first + place,
                None => {
                    self.outcomes.push(way.outcome(mark, &end));
                    self.outcomes.len() - 1
                }
            };
            self.places[number as usize] = place as u32;
        }
    }
}

/// A walk that is gone.
struct Way<'a> {
    rules: &'a Rules<'a>,
    direction: Direction,
    line: Line,
    weight: f64,
    entry_bar: usize,
    /// The first bar of the block in which the interior begins.
    base: usize,
    /// `g` at the close of the entry bar.
    entry_growth: f64,
    rf: f64,
}

/// What a position has come to at the open of a bar.
struct Mark {
    bar: usize,
    /// `g` at the close before, 1 at the entry.
    before: f64,
    interior: InteriorSums,
    highest: f64,
    lowest: f64,
}

/// What a position has come to before a block.
struct SoFar {
    interior: Interior,
    /// Largest and smallest growth, by lane.
    highest: Lanes,
    lowest: Lanes,
    /// Growth at the last close.
    previous: f64,
}

impl<'a> Way<'a> {
    #[inline(always)]
    fn new(rules: &'a Rules<'a>, walk: &Walk) -> Self {
        let line = Line::new(walk.direction, walk.weight, rules.options.fee(), walk.fill);
        let entry_bar = walk.entry_bar as usize;
        Way {
            rules,
            direction: walk.direction,
            line,
            weight: walk.weight,
            entry_bar,
            base: entry_bar + 1 - (entry_bar + 1) % LANES,
            entry_growth: line.at(rules.bars.close[entry_bar]),
            rf: rules.options.risk_free_per_bar(),
        }
    }

    /// The outcome of an end in the bar of a mark.
    #[inline(always)]
    fn outcome(&self, mark: &Mark, end: &End) -> Outcome {
        let exit_growth = self.line.after_exit(end.price);
        let has_mark = mark.bar > self.entry_bar;
        let mut out = Outcome {
            exit_growth,
            exit_bar: end.bar,
            bars_in_market: end.bars_in_market,
            ambiguous: end.ambiguous,
            fill: self.line.fill(),
            price: end.price,
            weight: self.weight,
            entry_growth: if has_mark { self.entry_growth } else { f64::NAN },
            exit_factor: exit_growth / mark.before,
            interior: mark.interior,
            highest: mark.highest,
            lowest: mark.lowest,
            ..Outcome::empty(self.entry_bar, self.direction)
        };
        out.complete(self.rf);
        let last = if end.is_last { self.line.at(self.rules.bars.close[mark.bar]) } else { 1.0 };
        let is_left = out.entry_growth > TINY || !has_mark;
        // Written so that a growth that is no number depends, too.
        if !(exit_growth > TINY && out.lowest > TINY && last > TINY && is_left) {
            out.fate = Fate::Depends;
        }
        out
    }
}

impl Mark {
    /// That of the entry bar.
    fn new(bar: usize) -> Self {
        let (highest, lowest) = (f64::NEG_INFINITY, f64::INFINITY);
        Mark { bar, before: 1.0, interior: InteriorSums::default(), highest, lowest }
    }
}

impl SoFar {
    #[inline(always)]
    fn new(way: &Way) -> Self {
        SoFar {
            interior: Interior::new(way.rf),
            highest: [f64::NEG_INFINITY; LANES],
            lowest: [f64::INFINITY; LANES],
            previous: way.entry_growth,
        }
    }

    /// At the open of the bar of a block that begins at `start`.
    #[inline(always)]
    fn mark(&self, way: &Way, block: &Block, (start, lane): (usize, usize)) -> Mark {
        let [highest, lowest] = self.extremes(block, lane);
        Mark {
            bar: start + lane,
            before: if lane == block.first { self.previous } else { block.growth[lane - 1] },
            interior: self.interior.with_part(block, lane, way.rules.kept),
            highest: highest.into_iter().fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a }),
            lowest: lowest.into_iter().fold(f64::INFINITY, |a, b| if b < a { b } else { a }),
        }
    }

    /// The largest and smallest growth with that of the bars of a block before its bar `end`.
    #[inline(always)]
    fn extremes(&self, block: &Block, end: usize) -> [Lanes; 2] {
        let (mut highest, mut lowest) = (self.highest, self.lowest);
        for i in 0..LANES {
            let inside = i >= block.first && i < end;
            highest[i] = if inside && block.growth[i] > highest[i] { block.growth[i] } else { highest[i] };
            lowest[i] = if inside && block.growth[i] < lowest[i] { block.growth[i] } else { lowest[i] };
        }
        [highest, lowest]
    }

    /// The bars of a whole block.
    #[inline(always)]
    fn add(&mut self, block: &Block, kept: Needs) {
        self.interior.add_part(block, LANES, kept);
        [self.highest, self.lowest] = self.extremes(block, LANES);
        self.previous = block.growth[LANES - 1];
    }
}
