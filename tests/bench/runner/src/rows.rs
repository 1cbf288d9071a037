//! Tables as text: for Markdown and for a terminal.

use crate::results::{OFFICIAL, OURS, Results, Spread, Table};

/// Medians, with the smallest and largest sample; the ratio to the official SDK comes first.
pub(crate) fn markdown(table: &Table) -> String {
    let rows = rows(table);
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        text += &format!("| {} |\n", row.join(" | "));
        if at == 0 {
            text += &format!("|---|{}\n", "--:|".repeat(row.len() - 1));
        }
    }
    text
}

/// The same for a terminal.
pub(crate) fn text(results: &Results) -> String {
    let mut text = String::new();
    for table in &results.tables {
        text += &format!("\n{}\n", table.title);
        let rows = rows(table);
        let columns = rows.first().map_or(0, Vec::len);
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:>width$}"));
            text += &format!("  {}\n", cells.collect::<Vec<_>>().join("  "));
        }
    }
    for skipped in &results.skipped {
        text += &format!("\nnot measured: {skipped}\n");
    }
    text
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    let columns = table.columns();
    let compared = columns.contains(&OURS) && columns.contains(&OFFICIAL);
    let mut heading = vec![match table.unit.as_str() {
        "" => String::new(),
        unit => format!("in {unit}"),
    }];
    heading.extend(compared.then(|| "ours : official".to_owned()));
    heading.extend(columns.iter().map(|&column| column.to_owned()));
    let mut rows = vec![heading];
    for case in table.cases.keys() {
        let mut row = vec![case.clone()];
        if compared {
            let ratio = table.ratio(case, OURS, OFFICIAL);
            row.push(ratio.map_or("–".to_owned(), |ratio| format!("{} x", number(ratio.median))));
        }
        row.extend(
            columns
                .iter()
                .map(|who| table.spread(case, who).map_or("–".to_owned(), cell)),
        );
        rows.push(row);
    }
    rows
}

fn cell(spread: Spread) -> String {
    let Spread { median, min, max } = spread;
    let [median, min, max] = [median, min, max].map(number);
    match min == max {
        true => median,
        false => format!("{median} ({min}–{max})"),
    }
}

/// Three digits, as many as these measurements are worth.
pub(crate) fn number(value: f64) -> String {
    let digits = match value.abs() {
        0.0 => 0,
        below_one if below_one < 1.0 => 3,
        below_ten if below_ten < 10.0 => 2,
        below_hundred if below_hundred < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}
