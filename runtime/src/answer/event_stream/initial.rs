//! The members of an output beside its stream, where no header of HTTP has them.

use std::future::poll_fn;

use bytes::Bytes;

use super::{Event, EventStream, Frame, Malformed};
use crate::error::{Error, Kind};

/// What the event with these members is called. It is the first of its stream.
pub(crate) const EVENT_TYPE: &str = "initial-response";

impl<E: Event> EventStream<E> {
    /// Waits for the first event, and reads the members from it if it has them.
    ///
    /// A service may leave them out: then the first event stays to be received, and no member is read. That is an error if
    /// `required` names one that the service has promised.
    ///
    /// # Errors
    ///
    /// What the service reports in place of the first event, or why that cannot be read.
    pub async fn initial_response(
        &mut self,
        required: Option<&'static str>,
        read: impl FnOnce(&Frame<'_>) -> Result<(), Malformed>,
    ) -> Result<(), Error> {
        let first = poll_fn(|context| self.poll_frame(context)).await?;
        if let Some(frame) = &first
            && self.read_initial(frame, read).map_err(Error::before_output)?
        {
            return Ok(());
        }
        if let Some(member) = required {
            let problem = format!("it does not begin with `{EVENT_TYPE}`, which has the required member `{member}`");
            return Err(self.bytes.error(Kind::EventStream(problem)));
        }
        if let Some(frame) = first {
            self.frames.put_back(&frame);
        }
        Ok(())
    }

    /// Reads the members from a frame, unless it is another event.
    fn read_initial(
        &self,
        frame: &Bytes,
        read: impl FnOnce(&Frame<'_>) -> Result<(), Malformed>,
    ) -> Result<bool, Error> {
        let frame = Frame::read(frame).map_err(|problem| self.broken(problem))?;
        if self.event_type(&frame)? != EVENT_TYPE {
            return Ok(false);
        }
        read(&frame).map_err(|malformed| self.malformed(EVENT_TYPE, &frame, malformed))?;
        Ok(true)
    }
}
