//! How the types of a description look in CBOR.

use std::collections::HashMap;
use std::hash::Hash;

use bytes::Bytes;

use super::{Error, Reader, Writer};
use crate::words::text::Enum;
use crate::words::zero::Zero;

/// A type that can be read from CBOR.
pub trait FromCbor: Zero + Sized {
    /// Takes a value of this type.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error>;

    /// What null is as an element of a list or map. It is left out where it is nothing.
    fn null() -> Option<Self> {
        None
    }
}

/// A type that can be written as CBOR.
pub trait ToCbor {
    /// Writes the value.
    fn to_cbor(&self, cbor: &mut Writer);

    /// Whether there is no value, so that a member is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// The CBOR of a value.
pub fn to_bytes<T: ToCbor>(value: &T) -> Vec<u8> {
    let mut cbor = Writer::new();
    value.to_cbor(&mut cbor);
    cbor.into_bytes()
}

impl FromCbor for String {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        cbor.string().map(Into::into)
    }
}

impl ToCbor for String {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.string(self);
    }
}

impl<E: Enum + Zero> FromCbor for E {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        cbor.string().map(|text| Self::from(&*text))
    }
}

impl<E: Enum> ToCbor for E {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.string(self.as_str());
    }
}

impl FromCbor for bool {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        cbor.boolean()
    }
}

impl ToCbor for bool {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.boolean(*self);
    }
}

macro_rules! whole_number {
    ($($ty:ty)*) => {$(
        impl FromCbor for $ty {
            /// Takes a number of any form. A fraction is dropped.
            fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
                let place = cbor.place();
                let number = cbor.number()?.to_i64().and_then(|number| number.try_into().ok());
                number.ok_or_else(|| cbor.error("a number is out of range", place))
            }
        }

        impl ToCbor for $ty {
            fn to_cbor(&self, cbor: &mut Writer) {
                cbor.integer((*self).into());
            }
        }
    )*};
}

whole_number!(i8 i16 i32 i64);

impl FromCbor for f32 {
    /// Takes a number of any form.
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        cbor.number().map(|number| number.to_f64() as Self)
    }
}

impl ToCbor for f32 {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.float(*self);
    }
}

impl FromCbor for f64 {
    /// Takes a number of any form.
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        cbor.number().map(|number| number.to_f64())
    }
}

impl ToCbor for f64 {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.double(*self);
    }
}

impl FromCbor for Bytes {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        cbor.bytes().map(|bytes| bytes.into_owned().into())
    }
}

impl ToCbor for Bytes {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.bytes(self);
    }
}

impl<T: FromCbor> FromCbor for Option<T> {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        if cbor.null()? {
            return Ok(None);
        }
        T::from_cbor(cbor).map(Some)
    }

    fn null() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToCbor> ToCbor for Option<T> {
    fn to_cbor(&self, cbor: &mut Writer) {
        match self {
            Some(value) => value.to_cbor(cbor),
            None => cbor.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: FromCbor> FromCbor for Vec<T> {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        let mut list = Self::new();
        cbor.begin_array()?;
        while cbor.next_element()? {
            let value = if cbor.null()? {
                T::null()
            } else {
                Some(T::from_cbor(cbor)?)
            };
            // `extend` would take much longer to compile, for each type of list.
            if let Some(value) = value {
                list.push(value);
            }
        }
        Ok(list)
    }
}

impl<T: ToCbor> ToCbor for Vec<T> {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.array(self.len());
        for value in self {
            value.to_cbor(cbor);
        }
    }
}

impl<K: From<String> + Eq + Hash, V: FromCbor> FromCbor for HashMap<K, V> {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        let mut map = Self::new();
        cbor.begin_object()?;
        while let Some(key) = cbor.next_member()? {
            let key = K::from(key.into_owned());
            let value = if cbor.null()? {
                V::null()
            } else {
                Some(V::from_cbor(cbor)?)
            };
            // The last one counts where a key comes several times, and it may be a null.
            match value {
                Some(value) => _ = map.insert(key, value),
                None => _ = map.remove(&key),
            }
        }
        Ok(map)
    }
}

impl<K: AsRef<str>, V: ToCbor> ToCbor for HashMap<K, V> {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.map(self.len());
        for (key, value) in self {
            cbor.string(key.as_ref());
            value.to_cbor(cbor);
        }
    }
}
