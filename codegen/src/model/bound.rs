//! Bounds of lengths and values.

use std::cmp::Ordering;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// The least or the greatest length or value. A float alone would round large integers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Such as `6291456`.
    Integer(i64),
    /// Such as `0.5`.
    Decimal(f64),
}

impl Bound {
    fn as_f64(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Decimal(value) => value,
        }
    }
}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => one.partial_cmp(other),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Decimal(value) => value.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(BoundVisitor)
    }
}

struct BoundVisitor;

impl Visitor<'_> for BoundVisitor {
    type Value = Bound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Bound, E> {
        Ok(Bound::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Bound, E> {
        Ok(i64::try_from(value).map_or(Bound::Decimal(value as f64), Bound::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Bound, E> {
        Ok(Bound::Decimal(value))
    }
}
