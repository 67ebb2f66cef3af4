//! Plain text tables: a head, a rule, rows; numbers stand right.

use std::fmt;

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A table.
pub(crate) struct Table {
    columns: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these columns.
    pub(crate) fn new(columns: &[(&str, Side)]) -> Self {
        Self { columns: columns.iter().map(|(name, side)| ((*name).to_owned(), *side)).collect(), rows: Vec::new() }
    }

    /// One more row; cells that are not given stay empty.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let widths = cells.map(|cell| cell.chars().count());
        widths.chain([self.columns[column].0.chars().count()]).max().unwrap_or(0)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, cells: &[String]) -> fmt::Result {
        let mut line = String::new();
        for (i, (_, side)) in self.columns.iter().enumerate() {
            let cell = cells.get(i).map_or("", String::as_str);
            let width = self.width(i);
            let gap = if i == 0 { "" } else { "  " };
            line += &match side {
                Side::Left => format!("{gap}{cell:<width$}"),
                Side::Right => format!("{gap}{cell:>width$}"),
            };
        }
        writeln!(f, "{}", line.trim_end())
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        self.line(f, &head)?;
        let widths = (0..self.columns.len()).map(|i| self.width(i) + 2);
        writeln!(f, "{}", "─".repeat(widths.sum::<usize>().saturating_sub(2)))?;
        self.rows.iter().try_for_each(|row| self.line(f, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&[("line", Side::Left), ("net", Side::Right)]);
        table.row(["seats".into(), "300.00".into()]);
        table.row(["total".into()]);
        assert_eq!(table.to_string(), "line      net\n─────────────\nseats  300.00\ntotal\n");
    }
}
