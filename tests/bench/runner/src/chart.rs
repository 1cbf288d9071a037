//! Bars, in a file for light pages and one for dark ones.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::page::number;
use crate::results::{BARE, BOTO3, GENERATOR, MIMALLOC, OFFICIAL, OURS, Table};

const WIDTH: i32 = 790;
const MARGIN: i32 = 16;
/// Where bars begin, behind the names of cases and clients.
const LEFT: i32 = 280;
/// What is left for the number behind the longest bar.
const NUMBER: i32 = 90;
const HEAD: i32 = 60;
const BAR: i32 = 18;
const GAP: i32 = 4;
const BETWEEN_CASES: i32 = 12;
const FONT: &str = "-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";
/// The bars of someone slower than this would leave nothing of the others.
const LONGEST: f64 = 12.0;

/// Names of files.
pub(crate) struct Files {
    pub(crate) light: String,
    pub(crate) dark: String,
}

struct Theme {
    background: RGBColor,
    text: RGBColor,
    faint: RGBColor,
    ours: RGBColor,
    official: RGBColor,
    bare: RGBColor,
    other: RGBColor,
}

const LIGHT: Theme = Theme {
    background: RGBColor(255, 255, 255),
    text: RGBColor(31, 35, 40),
    faint: RGBColor(89, 99, 110),
    ours: RGBColor(9, 105, 218),
    official: RGBColor(207, 125, 13),
    bare: RGBColor(129, 139, 152),
    other: RGBColor(130, 80, 223),
};

const DARK: Theme = Theme {
    background: RGBColor(13, 17, 23),
    text: RGBColor(240, 246, 252),
    faint: RGBColor(145, 152, 161),
    ours: RGBColor(68, 147, 248),
    official: RGBColor(219, 143, 42),
    bare: RGBColor(110, 118, 129),
    other: RGBColor(163, 113, 247),
};

/// Draws a table that has something to compare.
pub(crate) fn draw(table: &Table, folder: &Path) -> Result<Option<Files>> {
    if table.cases.is_empty() {
        return Ok(None);
    }
    let files = Files {
        light: format!("{}-light.svg", table.name),
        dark: format!("{}-dark.svg", table.name),
    };
    for (file, theme) in [(&files.light, &LIGHT), (&files.dark, &DARK)] {
        chart(table, &folder.join(file), theme).map_err(|error| anyhow!("cannot draw {file}: {error}"))?;
    }
    Ok(Some(files))
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

fn chart(table: &Table, file: &Path, theme: &Theme) -> Drawn {
    let (shown, left_out) = columns(table);
    let bars: i32 = table
        .cases
        .keys()
        .map(|case| present(table, case, &shown).len() as i32)
        .sum();
    let cases = table.cases.len() as i32;
    let height = HEAD + bars * (BAR + GAP) + cases * BETWEEN_CASES + MARGIN;
    let area = SVGBackend::new(file, (WIDTH as u32, height as u32)).into_drawing_area();
    area.fill(&theme.background)?;
    text(&area, &table.title, (MARGIN, 22), 16, theme.text, HPos::Left)?;
    text(
        &area,
        &hint(table, &left_out),
        (MARGIN, 44),
        12,
        theme.faint,
        HPos::Left,
    )?;

    let mut y = HEAD;
    for case in table.cases.keys() {
        let present = present(table, case, &shown);
        let own_scale = present.iter().map(|(_, value)| *value).fold(0.0, f64::max);
        let scale = if table.scaled_by_case() {
            own_scale
        } else {
            largest(table, &shown)
        };
        for (at, (who, value)) in present.iter().enumerate() {
            let middle = y + BAR / 2;
            if at == 0 {
                text(&area, case, (MARGIN, middle), 13, theme.text, HPos::Left)?;
            }
            text(&area, who, (LEFT - 8, middle), 12, theme.faint, HPos::Right)?;
            let length = f64::from(WIDTH - LEFT - NUMBER) * value / scale;
            let end = LEFT + (length.round() as i32).max(1);
            area.draw(&Rectangle::new([(LEFT, y), (end, y + BAR)], theme.color(who).filled()))?;
            text(&area, &number(*value), (end + 6, middle), 12, theme.text, HPos::Left)?;
            y += BAR + GAP;
        }
        y += BETWEEN_CASES;
    }
    area.present()?;
    Ok(())
}

fn text(area: &Area<'_>, text: &str, at: (i32, i32), size: u32, color: RGBColor, side: HPos) -> Drawn {
    let style = (FONT, size).into_font().color(&color).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

fn hint(table: &Table, left_out: &[&str]) -> String {
    let mut hint = table.better.hint().to_owned();
    if !table.unit.is_empty() {
        hint = format!("{}, {hint}", table.unit);
    }
    if table.scaled_by_case() {
        hint += "; each group has its own scale";
    }
    for who in left_out {
        hint += &format!("; {who} is in the table alone");
    }
    hint
}

/// Who has bars, and who is too far off.
fn columns(table: &Table) -> (Vec<&str>, Vec<&str>) {
    let far_off = |who: &&str| {
        *who != OURS
            && table.cases.keys().any(|case| {
                let median = |who| table.spread(case, who).map(|spread| spread.median);
                let others = [OURS, OFFICIAL].into_iter().filter_map(median).fold(0.0, f64::max);
                *who == BOTO3 && median(who).is_some_and(|value| value > others * LONGEST)
            })
    };
    table.columns().into_iter().partition(|who| !far_off(who))
}

fn present<'t>(table: &Table, case: &str, shown: &[&'t str]) -> Vec<(&'t str, f64)> {
    let bar = |who: &&'t str| Some((*who, table.spread(case, who)?.median));
    shown.iter().filter_map(bar).collect()
}

fn largest(table: &Table, shown: &[&str]) -> f64 {
    let bars = table.cases.keys().flat_map(|case| present(table, case, shown));
    bars.map(|(_, value)| value).fold(0.0, f64::max)
}

impl Table {
    /// Where the cases lie so far apart that the small ones would have no bars.
    fn scaled_by_case(&self) -> bool {
        let (shown, _) = columns(self);
        let longest = |case: &String| {
            present(self, case, &shown)
                .iter()
                .map(|(_, value)| *value)
                .fold(0.0, f64::max)
        };
        let smallest = self.cases.keys().map(longest).fold(f64::MAX, f64::min);
        !self.columns().contains(&GENERATOR) && largest(self, &shown) > smallest * LONGEST
    }
}

impl Theme {
    fn color(&self, who: &str) -> RGBColor {
        match who {
            OURS | MIMALLOC => self.ours,
            OFFICIAL => self.official,
            BARE | GENERATOR => self.bare,
            _ => self.other,
        }
    }
}
