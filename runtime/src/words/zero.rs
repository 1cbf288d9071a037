//! What stands for a value that has to be there and is missing.

use std::collections::HashMap;

use bytes::Bytes;

/// A type with a value for a required member that the service leaves out.
///
/// It is not [`Default`]: users must not make structures without their required members.
pub trait Zero {
    /// The empty value: zero, no text, no elements.
    fn zero() -> Self;
}

macro_rules! defaults {
    ($($ty:ty)*) => {$(
        impl Zero for $ty {
            fn zero() -> Self {
                Self::default()
            }
        }
    )*};
}

defaults!(String bool i8 i16 i32 i64 f32 f64 Bytes);

impl<T> Zero for Option<T> {
    fn zero() -> Self {
        None
    }
}

impl<T: Zero> Zero for Box<T> {
    fn zero() -> Self {
        Self::new(T::zero())
    }
}

impl<T> Zero for Vec<T> {
    fn zero() -> Self {
        Self::new()
    }
}

impl<K, V> Zero for HashMap<K, V> {
    fn zero() -> Self {
        Self::new()
    }
}
