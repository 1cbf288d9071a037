//! Unions: maps with one member, whose name says which variant it is.

use super::{Error, Reader};

const NOT_ONE: &str = "a union has not exactly one member";

impl Reader<'_> {
    /// Takes a union. `member` gets the name of the one member that is there, and takes its value.
    ///
    /// # Errors
    ///
    /// When there is none or several, or its value is of another type.
    pub fn union<T>(&mut self, mut member: impl FnMut(&mut Self, &str) -> Result<T, Error>) -> Result<T, Error> {
        let place = self.place();
        let mut value = None;
        self.only_member(&mut |cbor, name| {
            value = Some(member(cbor, name)?);
            Ok(())
        })?;
        value.ok_or_else(|| self.error(NOT_ONE, place))
    }

    /// The part that need not be compiled for each union.
    fn only_member(&mut self, member: &mut dyn FnMut(&mut Self, &str) -> Result<(), Error>) -> Result<(), Error> {
        let mut found = None;
        self.begin_object()?;
        while let Some(name) = self.next_member()? {
            let place = self.place();
            if self.null()? {
                continue;
            }
            if name == "__type" {
                self.skip()?;
                continue;
            }
            // Where a name comes several times the last one counts.
            if *found.get_or_insert_with(|| name.clone()) != name {
                return Err(self.error(NOT_ONE, place));
            }
            member(self, &name)?;
        }
        Ok(())
    }
}
