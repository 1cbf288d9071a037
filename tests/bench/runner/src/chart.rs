//! Bars, in a file for light pages and one for dark ones.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::results::{BARE, BOTO3, Better, GENERATOR, MIMALLOC, OFFICIAL, OURS, PARALLEL, Table};
use crate::rows::number;

const WIDTH: i32 = 790;
const MARGIN: i32 = 16;
/// The room for a character of a name. Few fonts need as much.
const CHARACTER: i32 = 7;
/// What is left for the number behind the longest bar.
const NUMBER: i32 = 90;
const HEAD: i32 = 60;
const BAR: i32 = 18;
const GAP: i32 = 4;
const BETWEEN_CASES: i32 = 12;
const FONT: &str = "-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";
/// A bar so many times as long as the others leaves little of them.
const FAR_OFF: f64 = 4.0;
/// Where cases lie so far apart, the small ones would have no bars.
const APART: f64 = 12.0;

struct Theme {
    background: RGBColor,
    text: RGBColor,
    faint: RGBColor,
    ours: RGBColor,
    official: RGBColor,
    bare: RGBColor,
    boto3: RGBColor,
    generator: RGBColor,
    mimalloc: RGBColor,
}

const LIGHT: Theme = Theme {
    background: RGBColor(255, 255, 255),
    text: RGBColor(31, 35, 40),
    faint: RGBColor(89, 99, 110),
    ours: RGBColor(9, 105, 218),
    official: RGBColor(207, 125, 13),
    bare: RGBColor(129, 139, 152),
    boto3: RGBColor(130, 80, 223),
    generator: RGBColor(120, 170, 130),
    mimalloc: RGBColor(26, 127, 55),
};

const DARK: Theme = Theme {
    background: RGBColor(13, 17, 23),
    text: RGBColor(240, 246, 252),
    faint: RGBColor(145, 152, 161),
    ours: RGBColor(68, 147, 248),
    official: RGBColor(219, 143, 42),
    bare: RGBColor(110, 118, 129),
    boto3: RGBColor(163, 113, 247),
    generator: RGBColor(65, 110, 75),
    mimalloc: RGBColor(63, 185, 80),
};

/// The text of a file with light bars, or dark ones.
pub(crate) fn draw(table: &Table, is_dark: bool) -> Result<String> {
    let mut text = String::new();
    Chart::of(table)
        .draw(&mut text, if is_dark { &DARK } else { &LIGHT })
        .map_err(|error| anyhow!("cannot draw {}: {error}", table.name))?;
    Ok(text)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// What is to be drawn.
struct Chart<'t> {
    table: &'t Table,
    /// The bars of each case, and the name of each.
    cases: Vec<(&'t str, Vec<(&'t str, f64)>)>,
    /// Whether somebody has no bars: it is always boto3.
    without_boto3: bool,
    /// Whether the longest bar of each case is as long as that of others.
    scaled_by_case: bool,
}

impl<'t> Chart<'t> {
    fn of(table: &'t Table) -> Self {
        let without_boto3 = boto3_is_far_off(table);
        let mut shown = table.columns();
        shown.retain(|who| !(without_boto3 && *who == BOTO3));
        let bars = |case| {
            let bar = |who: &&'t str| Some((*who, table.spread(case, who)?.median));
            shown.iter().filter_map(bar).collect()
        };
        let cases: Vec<(_, Vec<_>)> = table.cases.keys().map(|case| (case.as_str(), bars(case))).collect();
        let smallest = cases.iter().map(|(_, bars)| longest(bars)).fold(f64::MAX, f64::min);
        let largest = cases.iter().map(|(_, bars)| longest(bars)).fold(0.0, f64::max);
        Self {
            table,
            cases,
            without_boto3,
            // How the generator's numbers grow is what they are about.
            scaled_by_case: !shown.contains(&GENERATOR) && largest > smallest * APART,
        }
    }

    fn draw(&self, svg: &mut String, theme: &Theme) -> Drawn {
        let bars: usize = self.cases.iter().map(|(_, bars)| bars.len()).sum();
        let height = HEAD + bars as i32 * (BAR + GAP) + self.cases.len() as i32 * BETWEEN_CASES + MARGIN;
        let area = SVGBackend::with_string(svg, (WIDTH as u32, height as u32)).into_drawing_area();
        area.fill(&theme.background)?;
        text(&area, &self.table.title, (MARGIN, 22), 16, theme.text, HPos::Left)?;
        text(&area, &self.hint(), (MARGIN, 44), 12, theme.faint, HPos::Left)?;

        let left = self.left();
        let largest = self.cases.iter().map(|(_, bars)| longest(bars)).fold(0.0, f64::max);
        let mut y = HEAD;
        for (case, bars) in &self.cases {
            text(&area, case, (MARGIN, y + BAR / 2), 13, theme.text, HPos::Left)?;
            let scale = if self.scaled_by_case { longest(bars) } else { largest };
            for (who, value) in bars {
                let middle = y + BAR / 2;
                text(&area, who, (left - 8, middle), 12, theme.faint, HPos::Right)?;
                let length = f64::from(WIDTH - left - NUMBER) * value / scale;
                let end = left + (length.round() as i32).max(1);
                area.draw(&Rectangle::new([(left, y), (end, y + BAR)], theme.color(who).filled()))?;
                text(&area, &number(*value), (end + 6, middle), 12, theme.text, HPos::Left)?;
                y += BAR + GAP;
            }
            y += BETWEEN_CASES;
        }
        area.present()?;
        Ok(())
    }

    /// Where bars begin, behind the names of cases and of who has them.
    fn left(&self) -> i32 {
        let width = |text: &&str| text.chars().count() as i32 * CHARACTER;
        let cases = self.cases.iter().map(|(case, _)| width(case)).max();
        let bars = self.cases.iter().flat_map(|(_, bars)| bars);
        let names = bars.map(|(who, _)| width(who)).max();
        MARGIN + cases.unwrap_or(0) + 2 * MARGIN + names.unwrap_or(0)
    }

    fn hint(&self) -> String {
        let mut hint = match self.table.better {
            Better::Less => "shorter is better".to_owned(),
            Better::More => "longer is better".to_owned(),
        };
        if !self.table.unit.is_empty() {
            hint = format!("{}, {hint}", self.table.unit);
        }
        if self.scaled_by_case {
            hint += "; each group has its own scale";
        }
        if self.without_boto3 {
            hint += "; boto3 is in the table alone";
        }
        hint
    }
}

/// Whether its bars would leave little of the others.
fn boto3_is_far_off(table: &Table) -> bool {
    let columns = table.columns();
    table.cases.keys().any(|case| {
        let median = |who: &str| table.spread(case, who).map(|spread| spread.median);
        let others = columns.iter().filter(|who| **who != BOTO3);
        let others = others.filter_map(|who| median(who)).fold(0.0, f64::max);
        median(BOTO3).is_some_and(|value| value > others * FAR_OFF)
    })
}

fn longest(bars: &[(&str, f64)]) -> f64 {
    bars.iter().map(|(_, value)| *value).fold(0.0, f64::max)
}

fn text(area: &Area<'_>, text: &str, at: (i32, i32), size: u32, color: RGBColor, side: HPos) -> Drawn {
    let style = (FONT, size).into_font().color(&color).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

impl Theme {
    fn color(&self, who: &str) -> RGBColor {
        match who {
            OURS => self.ours,
            OFFICIAL => self.official,
            BARE | PARALLEL => self.bare,
            GENERATOR => self.generator,
            MIMALLOC => self.mimalloc,
            _ => self.boto3,
        }
    }
}
