//! The limits of a value in words.

use crate::ir::{Bound, Limits, Type};
use crate::markdown::{code_span, longest_run};

/// Patterns that every text matches, without what they begin and end with.
const ANYTHING: &[&str] = &[
    ".*",
    "(.*)",
    "(.|\\n)*",
    "(?s).*",
    "[\\s\\S]*",
    "[\\S\\s]*",
    "[\\w\\W]*",
    "[\\d\\D]*",
];

/// The longest line that a pattern is part of.
const WIDTH: usize = 96;

/// What the service asks of a value, as documentation. A long pattern has a block of its own.
pub(super) fn limits(limits: &Limits, ty: &Type) -> Option<String> {
    let line = format!("Limits: {}.", limits_in_words(limits, ty)?);
    let pattern = limits.pattern.as_deref().unwrap_or_default();
    if is_anything(pattern) || line.chars().count() <= WIDTH {
        return Some(line);
    }
    let before = range(limits, ty).map_or_else(|| "matching".to_owned(), |range| format!("{range}, matching"));
    let fence = "`".repeat(longest_run(pattern, '`').max(2) + 1);
    Some(format!(
        "Limits: {before} this pattern:\n\n{fence}text\n{pattern}\n{fence}"
    ))
}

/// Limits in words, such as `1 to 64 characters`.
pub(crate) fn limits_in_words(limits: &Limits, ty: &Type) -> Option<String> {
    let pattern = limits.pattern.as_deref().filter(|pattern| !is_anything(pattern));
    let pattern = pattern.map(|pattern| format!("matching {}", code_span(pattern)));
    let parts: Vec<String> = range(limits, ty).into_iter().chain(pattern).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The length or value in words.
fn range(limits: &Limits, ty: &Type) -> Option<String> {
    let unit = match ty {
        Type::String | Type::JsonText | Type::Enum(_) => "character",
        Type::Blob => "byte",
        Type::List { .. } => "element",
        Type::Map { .. } => "entry",
        _ => "",
    };
    // Nothing is shorter than nothing.
    let min = limits.min.filter(|min| unit.is_empty() || *min != Bound::Integer(0));
    match (min, limits.max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {}", quantity(min, unit))),
        (Some(min), Some(max)) => Some(format!("{} to {}", grouped(min), quantity(max, unit))),
        (Some(min), None) => Some(format!("at least {}", quantity(min, unit))),
        (None, Some(max)) => Some(format!("at most {}", quantity(max, unit))),
        (None, None) => None,
    }
}

/// Whether a pattern says nothing.
fn is_anything(pattern: &str) -> bool {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    pattern.is_empty() || ANYTHING.contains(&pattern)
}

/// A number of things.
fn quantity(number: Bound, unit: &str) -> String {
    let number_text = grouped(number);
    match (unit, number) {
        ("", _) => number_text,
        (unit, Bound::Integer(1)) => format!("{number_text} {unit}"),
        ("entry", _) => format!("{number_text} entries"),
        (unit, _) => format!("{number_text} {unit}s"),
    }
}

/// A number as people read it: from five digits on with commas, such as `6,291,456`.
fn grouped(number: Bound) -> String {
    let text = number.to_string();
    let digits = text.trim_start_matches('-').len();
    if digits < 5 || !matches!(number, Bound::Integer(_)) {
        return text;
    }
    let mut grouped = String::new();
    for (index, digit) in text.chars().enumerate() {
        let following = text.len() - index;
        if following.is_multiple_of(3) && following < digits {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::ElementName;

    fn words(ty: Type, min: Option<Bound>, max: Option<Bound>) -> String {
        let pattern = None;
        limits(&Limits { min, max, pattern }, &ty).unwrap_or_default()
    }

    #[test]
    fn limits_in_words() {
        use Bound::{Decimal, Integer};
        let element_name = |name: &str| ElementName {
            name: name.to_owned(),
            namespace: None,
        };
        let list = || Type::List {
            element: Box::new(Type::String),
            sparse: false,
            name: Box::new(element_name("member")),
        };
        let map = || Type::Map {
            key: Box::new(Type::String),
            value: Box::new(Type::String),
            sparse: false,
            names: Box::new(["key", "value"].map(element_name)),
        };
        let cases = [
            (
                words(Type::String, Some(Integer(1)), Some(Integer(1024))),
                "1 to 1024 characters",
            ),
            (
                words(Type::String, Some(Integer(12)), Some(Integer(12))),
                "exactly 12 characters",
            ),
            (
                words(Type::Blob, None, Some(Integer(6_291_456))),
                "at most 6,291,456 bytes",
            ),
            (words(list(), Some(Integer(1)), None), "at least 1 element"),
            (words(list(), Some(Integer(0)), Some(Integer(5))), "at most 5 elements"),
            (words(Type::Integer, Some(Integer(0)), Some(Integer(5))), "0 to 5"),
            (words(map(), None, Some(Integer(50))), "at most 50 entries"),
            (words(map(), None, Some(Integer(1))), "at most 1 entry"),
            (
                words(Type::Integer, Some(Integer(-10_000)), Some(Integer(9999))),
                "-10,000 to 9999",
            ),
            (
                words(Type::Double, Some(Decimal(0.5)), Some(Decimal(12345.5))),
                "0.5 to 12345.5",
            ),
            // A float would make 9,223,372,036,854,775,808 of it.
            (
                words(Type::Long, None, Some(Integer(i64::MAX))),
                "at most 9,223,372,036,854,775,807",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(text, format!("Limits: {expected}."));
        }
        let pattern = Some("[a-z]`+".to_owned());
        let limits = limits(
            &Limits {
                pattern,
                ..Limits::default()
            },
            &Type::String,
        );
        assert_eq!(limits.as_deref(), Some("Limits: matching ``[a-z]`+``."));
    }

    fn pattern(pattern: &str) -> Option<String> {
        let pattern = Some(pattern.to_owned());
        let max = Some(Bound::Integer(9));
        let min = Some(Bound::Integer(0));
        limits(&Limits { min, max, pattern }, &Type::String)
    }

    #[test]
    fn a_pattern_that_allows_everything_is_none() {
        for anything in [".*", "^.*$", r"[\s\S]*", r"^[\S\s]*$"] {
            assert_eq!(pattern(anything).as_deref(), Some("Limits: at most 9 characters."));
        }
        assert_eq!(
            pattern("a.*").as_deref(),
            Some("Limits: at most 9 characters, matching `a.*`.")
        );
    }

    #[test]
    fn a_long_pattern_has_a_block_of_its_own() {
        let long = "(a|b)".repeat(20);
        let expected = format!("Limits: at most 9 characters, matching this pattern:\n\n```text\n{long}\n```");
        assert_eq!(pattern(&long), Some(expected));
    }
}
