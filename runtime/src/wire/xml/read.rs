//! The reader: each call takes the next piece of the document.

use std::borrow::Cow;

use super::token::{Token, Tokens};
use super::{Error, escape};

/// Reads a document from its beginning to its end.
///
/// [`next_child`](Self::next_child) enters an element. Its content is then taken as a whole: its children one by one until
/// there are none, its [`text`](Self::text), or neither by [`skip`](Self::skip). The document itself is read like an
/// element, whose only child is the root. After an error the reader is of no further use.
///
/// A document type, and with it every entity but the five predefined ones, is an error.
pub struct Reader<'a> {
    tokens: Tokens<'a>,
}

impl<'a> Reader<'a> {
    /// Reads this document. Its encoding is UTF-8, whatever it declares.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            tokens: Tokens::new(bytes),
        }
    }

    /// Enters the next child, and returns its local name; `None` at the end of the element, which is left, or at the end
    /// of the document. Text between children is ignored.
    ///
    /// # Errors
    ///
    /// When the document is malformed or ends early, or elements are nested more than 128 deep.
    pub fn next_child(&mut self) -> Result<Option<&'a str>, Error> {
        loop {
            match self.tokens.next()? {
                Token::Start(name) => return Ok(Some(name)),
                Token::End | Token::Done => return Ok(None),
                Token::Text { raw, is_plain } => self.check_ignored(raw, is_plain)?,
                Token::CData(_) => {}
            }
        }
    }

    /// Enters the first child with this name, past all others.
    ///
    /// # Errors
    ///
    /// When there is none, or the document is malformed.
    pub fn enter(&mut self, name: &'static str) -> Result<(), Error> {
        while let Some(child) = self.next_child()? {
            if child == name {
                return Ok(());
            }
            self.skip()?;
        }
        Err(self.tokens.error(format!("there is no `{name}`"), self.place()))
    }

    /// Takes the rest of an element that holds nothing but text: all its character data, not trimmed.
    ///
    /// # Errors
    ///
    /// When the element has children, or the document is malformed.
    pub fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.tokens.next()? {
                Token::End => return Ok(text),
                Token::Text { raw, is_plain: true } if text.is_empty() => text = Cow::Borrowed(raw),
                Token::Text { raw, .. } => {
                    let unescaped = escape::unescape(raw, text.to_mut());
                    unescaped.map_err(|unknown| self.tokens.unknown_entity(raw, unknown))?;
                }
                Token::CData(raw) => escape::unify_line_ends(raw, text.to_mut()),
                Token::Start(_) => return Err(self.error("an element has children instead of text", self.place())),
                Token::Done => return Err(self.error("there is no element", self.place())),
            }
        }
    }

    /// Takes the rest of an element, whatever it is. Nothing is allocated, and nesting costs no stack.
    ///
    /// # Errors
    ///
    /// When the document is malformed.
    pub fn skip(&mut self) -> Result<(), Error> {
        let outside = self.tokens.depth().saturating_sub(1);
        while self.tokens.depth() > outside {
            if let Token::Text { raw, is_plain } = self.tokens.next()? {
                self.check_ignored(raw, is_plain)?;
            }
        }
        Ok(())
    }

    /// Takes the rest of the element that was just entered, and returns it as a document of its own.
    pub(super) fn raw(&mut self) -> Result<&'a str, Error> {
        let start = self.tokens.element_start();
        self.skip()?;
        Ok(self.tokens.since(start))
    }

    /// The attribute with this local name of the element that was just entered; `None` once its content is read.
    ///
    /// # Errors
    ///
    /// When its value has an unknown entity.
    pub fn attribute(&self, local_name: &str) -> Result<Option<Cow<'a, str>>, Error> {
        self.tokens.attribute(local_name)
    }

    /// Makes sure that nothing but comments and white space follows the root, which was taken.
    ///
    /// # Errors
    ///
    /// When there is more, or something of the root is left.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.tokens.next()? {
            Token::Done => Ok(()),
            _ => Err(self.error("it goes on after its end", self.place())),
        }
    }

    /// Where the next piece begins, to tell where a problem is.
    pub(super) fn place(&self) -> usize {
        self.tokens.place()
    }

    /// A problem at this place.
    #[cold]
    pub(super) fn error(&self, what: &'static str, place: usize) -> Error {
        self.tokens.error(what, place)
    }

    /// Text that means nothing must still be XML.
    fn check_ignored(&self, raw: &str, is_plain: bool) -> Result<(), Error> {
        if is_plain {
            return Ok(());
        }
        escape::check(raw).map_err(|unknown| self.tokens.unknown_entity(raw, unknown))
    }
}
