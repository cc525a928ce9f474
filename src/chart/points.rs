//! The rows of a result in the order of an axis, and what divides them into series.

use std::collections::HashMap;

use super::choose::Request;
use super::model::Series;
use super::table::{Role, Table};
use crate::error::{Error, Result};

/// Most lines, colours of points or bars beside each other: more cannot be told apart.
pub(super) const MOST_SERIES: usize = 8;

/// Rows of a result whose x is known, in the order of x.
pub(super) struct Points {
    /// The x of every row of the result.
    pub(super) x: Vec<f64>,
    /// Positions of the rows.
    pub(super) rows: Vec<usize>,
}

impl Points {
    pub(super) fn read(table: &Table, column: usize, notes: &mut Vec<String>) -> Result<Self> {
        let x = table.numbers(column)?;
        let mut rows: Vec<usize> = (0..x.len()).filter(|row| x[*row].is_finite()).collect();
        if rows.len() < x.len() {
            notes.push(format!("{} of {} rows have no {}", x.len() - rows.len(), x.len(), table.name(column)));
        }
        if !rows.is_sorted_by(|a, b| x[*a] <= x[*b]) {
            rows.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
        }
        Ok(Points { x, rows })
    }

    fn has_repeats(&self) -> bool {
        self.rows.windows(2).any(|pair| self.x[pair[0]] == self.x[pair[1]])
    }

    /// For each row its number among the distinct values of x.
    pub(super) fn bars(&self) -> Vec<usize> {
        let mut bar = 0;
        let mut of = Vec::with_capacity(self.rows.len());
        for (at, row) in self.rows.iter().enumerate() {
            bar += usize::from(at > 0 && self.x[self.rows[at - 1]] != self.x[*row]);
            of.push(bar);
        }
        of
    }

    /// The columns as series, each divided by the values of another column.
    pub(super) fn series(&self, table: &Table, columns: &[usize], group: Option<usize>) -> Result<Vec<Series>> {
        let (groups, group_of) = match group {
            Some(group) => distinct(table, group)?,
            None => (vec![String::new()], vec![Some(0); table.rows]),
        };
        if let Some(group) = group {
            few_series(table, group, groups.len() * columns.len())?;
        } else if columns.len() > MOST_SERIES {
            return Err(Error::argument(format!("a chart draws at most {MOST_SERIES} columns, got {}", columns.len())));
        }
        let mut all = vec![];
        for column in columns {
            let values = table.numbers(*column)?;
            if !values.iter().any(|value| value.is_finite()) {
                let name = table.name(*column);
                return Err(Error::argument(format!("column `{name}` has no values to plot")));
            }
            let name_of = |group: &String| match (group.is_empty(), columns.len()) {
                (true, _) => table.name(*column).to_string(),
                (false, 1) => group.clone(),
                (false, _) => format!("{} {group}", table.name(*column)),
            };
            let mut series: Vec<Series> =
                groups.iter().map(|group| Series { name: name_of(group), ..Series::default() }).collect();
            for row in &self.rows {
                let Some(group) = group_of[*row] else { continue };
                series[group].x.push(self.x[*row]);
                series[group].y.push(values[*row]);
            }
            all.extend(series);
        }
        Ok(all)
    }
}

/// The column that divides lines: the one asked for, or the first text of several values where times repeat.
pub(super) fn group(table: &Table, request: &Request, points: &Points) -> Result<Option<usize>> {
    if let Some(name) = &request.color {
        return table.named(name).map(Some);
    }
    if !points.has_repeats() {
        return Ok(None);
    }
    for column in table.all(Role::Text) {
        if table.distinct(column, 1)? > 1 {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

pub(super) fn few_series(table: &Table, column: usize, count: usize) -> Result<()> {
    if count <= MOST_SERIES {
        return Ok(());
    }
    Err(Error::argument(format!(
        "`{}` divides the chart into {count}, and at most {MOST_SERIES} can be told apart; select fewer with WHERE",
        table.name(column)
    )))
}

/// The distinct values of a column in order, numbers by size and texts as they come, and for each row the position of its
/// value; `None` for a number that is missing.
pub(super) fn distinct(table: &Table, column: usize) -> Result<(Vec<String>, Vec<Option<usize>>)> {
    let texts = table.texts(column)?;
    let numbers = matches!(table.role(column), Role::Number | Role::Time).then(|| table.numbers(column)).transpose()?;
    let is_missing = |row: usize| numbers.as_ref().is_some_and(|numbers| numbers[row].is_nan());
    let mut order: Vec<usize> = (0..texts.len()).filter(|row| !is_missing(*row)).collect();
    if let Some(numbers) = &numbers {
        order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut values = vec![];
    for row in order {
        places.entry(&texts[row]).or_insert_with(|| {
            values.push(texts[row].clone());
            values.len() - 1
        });
    }
    let of = (0..texts.len()).map(|row| (!is_missing(row)).then(|| places[texts[row].as_str()])).collect();
    Ok((values, of))
}
