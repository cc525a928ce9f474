//! Groups the points of a sweep by what they share: points of one group have the same exits, points of one set also the
//! same entries, so that they are simulated once.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use threadx_kernels::sim::{ColumnKind, ContractColumn};

use super::bind::{Binder, Bound, Distinct, Work};
use super::template::Template;
use crate::engine::strategy::ParamValue;
use crate::error::Result;

/// Most sets that one part has: their bitmaps and accounts are in memory together.
const MOST_SETS: usize = 1024;

/// Bytes that the entries of one part may take.
const SETS_BYTES: usize = 32 << 20;

/// Most groups that one part has.
const MOST_GROUPS: usize = 512;

/// Bytes that the columns which the groups of one part have for themselves may take: they are in memory together.
const GROUPS_BYTES: usize = 64 << 20;

/// Parts per thread, so that threads which are done early find more.
const PARTS_PER_THREAD: usize = 4;

/// Some sets of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Number of the group.
    pub group: usize,
    /// Its sets.
    pub sets: Range<usize>,
}

/// Some points of a sweep, grouped. It depends on no series.
#[derive(Debug)]
pub struct Plan {
    /// The expressions that the numbers mean.
    pub bound: Vec<Arc<Bound>>,
    /// The groups.
    pub groups: Vec<Group>,
    /// For each point its group and its set in the group.
    pub places: Vec<(u32, u32)>,
    /// For each expression whether more than one group needs it.
    pub is_shared: Vec<bool>,
}

/// Points with the same exit and sizing columns.
#[derive(Debug, Default)]
pub struct Group {
    /// Every contract column that is no entry, with its expression.
    pub exits: Vec<(&'static ContractColumn, Distinct)>,
    /// Distinct entries: long and short, `None` where the strategy has no such column.
    pub sets: Vec<[Option<Distinct>; 2]>,
}

impl Plan {
    /// Groups `points`.
    pub fn new(template: &Template, binder: &mut Binder, points: &[Vec<ParamValue>]) -> Result<Self> {
        let contract = template.contract();
        let entry = |column: &ContractColumn| match column.name {
            "enter_long" => Some(0),
            "enter_short" => Some(1),
            _ => None,
        };
        let mut groups: Vec<Group> = vec![];
        let mut group_of: HashMap<Vec<Distinct>, u32> = HashMap::new();
        let mut set_of: HashMap<(u32, [Option<Distinct>; 2]), u32> = HashMap::new();
        let mut places = Vec::with_capacity(points.len());
        for point in points {
            let mut exits = Vec::with_capacity(contract.len());
            let mut set = [None, None];
            binder.begin(point);
            for (column, node) in &contract {
                let id = binder.bind_next(*node, point)?;
                match entry(column) {
                    Some(side) => set[side] = Some(id),
                    None => exits.push(id),
                }
            }
            let group = match group_of.get(&exits) {
                Some(group) => *group,
                None => {
                    let columns = contract.iter().map(|(column, _)| *column).filter(|column| entry(column).is_none());
                    groups.push(Group { exits: columns.zip(exits.iter().copied()).collect(), sets: vec![] });
                    let group = groups.len() as u32 - 1;
                    group_of.insert(exits, group);
                    group
                }
            };
            let sets = &mut groups[group as usize].sets;
            let number = *set_of.entry((group, set)).or_insert_with(|| {
                sets.push(set);
                sets.len() as u32 - 1
            });
            places.push((group, number));
        }
        let bound = binder.bound().to_vec();
        let is_shared = needed_by(&bound, &groups).into_iter().map(|groups| groups > 1).collect();
        Ok(Plan { bound, groups, places, is_shared })
    }

    /// The plan of some of its points, given by their numbers.
    pub fn of(&self, points: &[usize]) -> Plan {
        let mut groups: Vec<Group> = vec![];
        let mut place_of: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
        let mut group_of: HashMap<u32, u32> = HashMap::new();
        let mut places = Vec::with_capacity(points.len());
        for &point in points {
            let (group, set) = self.places[point];
            let place = *place_of.entry((group, set)).or_insert_with(|| {
                let old = &self.groups[group as usize];
                let number = *group_of.entry(group).or_insert_with(|| {
                    groups.push(Group { exits: old.exits.clone(), sets: vec![] });
                    groups.len() as u32 - 1
                });
                let sets = &mut groups[number as usize].sets;
                sets.push(old.sets[set as usize]);
                (number, sets.len() as u32 - 1)
            });
            places.push(place);
        }
        let bound = self.bound.clone();
        let is_shared = needed_by(&bound, &groups).into_iter().map(|groups| groups > 1).collect();
        Plan { bound, groups, places, is_shared }
    }

    /// The work on `bars` bars in parts for `threads` threads, in the order of the groups: several groups together, because
    /// they share the bars and the ways of their positions; large ones cut, so that every thread has work, though each part
    /// then traces for itself. `finer` = how many times smaller than usual they are.
    pub fn parts(&self, threads: usize, bars: usize, finer: usize) -> Vec<Vec<Part>> {
        // Two bits per bar and set.
        let fitting = (SETS_BYTES / finer / (bars / 4 + 1)).clamp(1, MOST_SETS);
        let even = self.simulations().div_ceil(PARTS_PER_THREAD * finer * threads.max(1));
        let most = even.clamp(1, fitting);
        let cut = if self.groups.len() >= PARTS_PER_THREAD * finer * threads { fitting } else { most };
        let mut parts: Vec<Vec<Part>> = vec![];
        let (mut room, mut bytes) = (0, 0);
        for (number, group) in self.groups.iter().enumerate() {
            let own = self.own_bytes(group, bars);
            for start in (0..group.sets.len()).step_by(cut) {
                let sets = start..group.sets.len().min(start + cut);
                let part = Part { group: number, sets };
                match parts.last_mut() {
                    Some(last)
                        if room >= part.sets.len()
                            && last.len() < MOST_GROUPS
                            && bytes + own <= GROUPS_BYTES / finer =>
                    {
                        room -= part.sets.len();
                        bytes += own;
                        last.push(part);
                    }
                    _ => {
                        bytes = own;
                        room = most.saturating_sub(part.sets.len());
                        parts.push(vec![part]);
                    }
                }
            }
        }
        parts
    }

    /// Bytes of the columns that no other group needs, at most: each as it is computed and as it is read.
    fn own_bytes(&self, group: &Group, bars: usize) -> usize {
        let exits = group.exits.iter().map(|(column, id)| (*id, column.kind));
        let entries = group.sets.iter().flatten().flatten().map(|id| (*id, ColumnKind::Bool));
        let mut open: Vec<(Distinct, ColumnKind)> = exits.chain(entries).collect();
        let mut seen: HashSet<Distinct> = HashSet::new();
        let mut bytes = 0;
        while let Some((id, kind)) = open.pop() {
            let is_constant = matches!(self.bound[id].work, Work::Constant(_));
            if self.is_shared[id] || is_constant || !seen.insert(id) {
                continue;
            }
            bytes += 2 * if kind == ColumnKind::Bool { bars / 8 } else { 8 * bars };
            open.extend(self.bound[id].under.iter().map(|under| (*under, ColumnKind::Number)));
        }
        bytes
    }

    /// The expressions that any group needs; what an expression reads stands before it.
    pub fn needed(&self) -> Vec<Distinct> {
        let needed_by = needed_by(&self.bound, &self.groups);
        (0..self.bound.len()).filter(|id| needed_by[*id] > 0).collect()
    }

    /// Number of simulations: points that differ in no column that matters share one.
    pub fn simulations(&self) -> usize {
        self.groups.iter().map(|group| group.sets.len()).sum()
    }
}

/// How many groups need each expression, directly or under another one.
fn needed_by(bound: &[Arc<Bound>], groups: &[Group]) -> Vec<u32> {
    let mut needed_by = vec![0_u32; bound.len()];
    let mut last_group = vec![usize::MAX; bound.len()];
    for (number, group) in groups.iter().enumerate() {
        let mut open: Vec<Distinct> = group.exits.iter().map(|(_, id)| *id).collect();
        open.extend(group.sets.iter().flatten().flatten());
        while let Some(id) = open.pop() {
            if last_group[id] != number {
                last_group[id] = number;
                needed_by[id] += 1;
                open.extend(&bound[id].under);
            }
        }
    }
    needed_by
}
