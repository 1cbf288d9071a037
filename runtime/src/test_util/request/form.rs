//! Payloads that are forms.

use super::{ReceivedRequest, pairs, unreadable};
use crate::test_util::form::{Error, Form, Reader};

impl ReceivedRequest {
    /// Reads the form that the payload is, or the query of a presigned request.
    ///
    /// # Errors
    ///
    /// When a name is nested too deeply, or a member is of the wrong type.
    pub fn read_form(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<(), Error>) -> Result<(), String> {
        let form = Form::of(pairs(self.form_text())).map_err(unreadable)?;
        read(&mut form.reader()).map_err(unreadable)
    }
}
