//! Durations in words.

use std::fmt;
use std::time::Duration;

/// A duration in words: `20 s`, `1.5 s` or `300 ms`.
pub(crate) struct Spelled(pub(crate) Duration);

impl fmt::Display for Spelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() {
            return f.write_str("0 s");
        }
        let text = format!("{:?}", self.0);
        let unit = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(unit);
        write!(f, "{number} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_space_before_the_unit() {
        for (millis, expected) in [(70_000, "70 s"), (1500, "1.5 s"), (300, "300 ms"), (0, "0 s")] {
            assert_eq!(Spelled(Duration::from_millis(millis)).to_string(), expected);
        }
        assert_eq!(Spelled(Duration::from_micros(7)).to_string(), "7 µs");
    }
}
