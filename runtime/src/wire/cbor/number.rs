//! Numbers, in whichever form they come.

/// A number. Services may send one of any form where another is expected, such as an integer for a float.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer.
    Integer(i128),
    /// A float, or an integer of more than 127 bits.
    Float(f64),
}

impl Number {
    /// An integer from its big-endian bytes, of which there may be any number.
    pub(super) fn from_bytes(bytes: &[u8], is_negative: bool) -> Self {
        let is_small = bytes.iter().skip_while(|byte| **byte == 0).count() < 16;
        match (is_small, is_negative) {
            (true, _) => {
                let value = bytes.iter().fold(0, |value, byte| value << 8 | i128::from(*byte));
                Self::Integer(if is_negative { -1 - value } else { value })
            }
            (false, false) => Self::Float(bytes.iter().fold(0.0, |value, byte| value * 256.0 + f64::from(*byte))),
            (false, true) => match Self::from_bytes(bytes, false) {
                Self::Float(value) => Self::Float(-value),
                integer @ Self::Integer(_) => integer,
            },
        }
    }

    /// A float of 16 bits.
    pub(super) fn from_half(bits: u16) -> Self {
        let exponent = i32::from(bits >> 10 & 0x1f);
        let fraction = f64::from(bits & 0x3ff);
        let value = match exponent {
            0 => fraction * 2_f64.powi(-24),
            0x1f if fraction == 0.0 => f64::INFINITY,
            0x1f => f64::NAN,
            _ => (fraction + 1024.0) * 2_f64.powi(exponent - 25),
        };
        Self::Float(if bits >> 15 == 0 { value } else { -value })
    }

    /// The whole part, if 64 bits hold it.
    pub fn to_i64(self) -> Option<i64> {
        match self {
            Self::Integer(value) => value.try_into().ok(),
            // A float cannot be the greatest `i64`, but the one after it.
            Self::Float(value) if value >= i64::MIN as f64 && value < -(i64::MIN as f64) => Some(value as i64),
            Self::Float(_) => None,
        }
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}
