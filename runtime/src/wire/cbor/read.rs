//! The reader: each call takes the next piece of the data.

use std::borrow::Cow;

use super::item::{Items, unexpected};
use super::{Error, FromCbor, Number, kind};

const FALSE: u64 = 20;
const TRUE: u64 = 21;
const NULL: u64 = 22;
const UNDEFINED: u64 = 23;

const BIG_UNSIGNED: u64 = 2;
const BIG_NEGATIVE: u64 = 3;

/// Reads CBOR from its beginning to its end.
///
/// A map is read by [`begin_object`](Self::begin_object), then [`next_member`](Self::next_member) and the member's value in
/// turn, until there is none; an array likewise. After an error the reader is of no further use.
///
/// Lengths and nesting are checked before anything is allocated. Tags are ignored but for those of big numbers.
pub struct Reader<'a> {
    items: Items<'a>,
}

impl<'a> Reader<'a> {
    /// Reads these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            items: Items::new(bytes),
        }
    }

    /// Enters a map.
    ///
    /// # Errors
    ///
    /// When something else is next, or maps and arrays are nested more than 128 deep.
    pub fn begin_object(&mut self) -> Result<(), Error> {
        self.items.begin(kind::MAP)
    }

    /// The name of the next member, whose value has to be taken then; `None` at the end of the map, which is left. Members
    /// whose names are not text are left out.
    ///
    /// # Errors
    ///
    /// When the data is not CBOR.
    pub fn next_member(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        while self.items.has_more()? {
            let start = self.items.place();
            let key = self.items.head()?;
            if key.kind == kind::TEXT {
                let name = self.items.rest_of_text(key)?;
                self.items.has_more()?;
                return Ok(Some(name));
            }
            self.items.go_back(start);
            self.skip()?;
            self.items.has_more()?;
            self.skip()?;
        }
        Ok(None)
    }

    /// Enters an array.
    ///
    /// # Errors
    ///
    /// When something else is next, or maps and arrays are nested more than 128 deep.
    pub fn begin_array(&mut self) -> Result<(), Error> {
        self.items.begin(kind::ARRAY)
    }

    /// Whether an element is next, which has to be taken then; `false` at the end of the array, which is left.
    ///
    /// # Errors
    ///
    /// When the data is not CBOR.
    pub fn next_element(&mut self) -> Result<bool, Error> {
        self.items.has_more()
    }

    /// Takes a null or an undefined value, if it is next.
    ///
    /// # Errors
    ///
    /// When the data is not CBOR.
    pub fn null(&mut self) -> Result<bool, Error> {
        if !self.items.may_be_null() {
            return Ok(false);
        }
        let start = self.items.place();
        let head = self.items.untagged()?.0;
        let is_null =
            head.kind == kind::SIMPLE && matches!((head.info, head.argument), (0..24, Some(NULL | UNDEFINED)));
        if !is_null {
            self.items.go_back(start);
        }
        Ok(is_null)
    }

    /// Takes the next item, whatever it is. Nesting costs no stack.
    ///
    /// # Errors
    ///
    /// When the data is not CBOR.
    pub fn skip(&mut self) -> Result<(), Error> {
        let outside = self.items.depth();
        self.items.enter_or_skip()?;
        while self.items.depth() > outside {
            if self.items.has_more()? {
                self.items.enter_or_skip()?;
            }
        }
        Ok(())
    }

    /// Takes the next item, and returns its bytes.
    ///
    /// # Errors
    ///
    /// When the data is not CBOR.
    pub fn raw(&mut self) -> Result<&'a [u8], Error> {
        let start = self.items.place();
        self.skip()?;
        Ok(self.items.since(start))
    }

    /// Takes text.
    ///
    /// # Errors
    ///
    /// When something else is next, or the text is not UTF-8.
    pub fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        let (head, _) = self.items.expect(kind::TEXT)?;
        self.items.rest_of_text(head)
    }

    /// Takes bytes.
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn bytes(&mut self) -> Result<Cow<'a, [u8]>, Error> {
        let (head, _) = self.items.expect(kind::BYTES)?;
        self.items.rest_of_bytes(head)
    }

    /// Takes true or false.
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn boolean(&mut self) -> Result<bool, Error> {
        let (head, place) = self.items.expect(kind::SIMPLE)?;
        match (head.info, head.argument) {
            (0..24, Some(FALSE)) => Ok(false),
            (0..24, Some(TRUE)) => Ok(true),
            _ => Err(unexpected(place)),
        }
    }

    /// Takes a number in any form: an integer of any size or a float.
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn number(&mut self) -> Result<Number, Error> {
        let place = self.items.place();
        let (head, tag) = self.items.untagged()?;
        let argument = head.argument.unwrap_or_default();
        Ok(match (head.kind, head.info) {
            (kind::UNSIGNED, _) => Number::Integer(argument.into()),
            (kind::NEGATIVE, _) => Number::Integer(-1 - i128::from(argument)),
            (kind::SIMPLE, 25) => Number::from_half(argument as u16),
            (kind::SIMPLE, 26) => Number::Float(f32::from_bits(argument as u32).into()),
            (kind::SIMPLE, 27) => Number::Float(f64::from_bits(argument)),
            (kind::BYTES, _) if matches!(tag, Some(BIG_UNSIGNED | BIG_NEGATIVE)) => {
                let bytes = self.items.rest_of_bytes(head)?;
                Number::from_bytes(&bytes, tag == Some(BIG_NEGATIVE))
            }
            _ => return Err(unexpected(place)),
        })
    }

    /// Takes a value of this type.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    pub fn read<T: FromCbor>(&mut self) -> Result<T, Error> {
        T::from_cbor(self)
    }

    /// Takes the value of a member into its field. A null leaves a field that always has a value as it is.
    ///
    /// This compiles faster than an assignment, whose code would be repeated for each member.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    #[inline(never)]
    pub fn fill<T: FromCbor>(&mut self, field: &mut T) -> Result<(), Error> {
        if !self.null()? {
            *field = T::from_cbor(self)?;
        } else if let Some(null) = T::null() {
            *field = null;
        }
        Ok(())
    }

    /// Makes sure that nothing follows.
    ///
    /// # Errors
    ///
    /// When there is more.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.items.is_at_end() {
            true => Ok(()),
            false => Err(self.error("it goes on after its end", self.items.place())),
        }
    }

    /// Where the next item begins, to tell where a problem is.
    pub(crate) fn place(&self) -> usize {
        self.items.place()
    }

    /// A problem with the item at this place.
    #[cold]
    pub(crate) fn error(&self, what: &'static str, place: usize) -> Error {
        Error::new(what, place)
    }
}
