//! Errors that the description of a service knows, without their type.

use std::any::Any;
use std::fmt;

/// An error that the description of a service knows, as the service reported it.
///
/// Generated clients implement it for their `ServiceError`.
pub trait ModeledError: Any + fmt::Debug + Send + Sync {
    /// What the service says of the error.
    fn message(&self) -> Option<&str>;

    /// Whether what the service says of the error must not be shown.
    fn hides_message(&self) -> bool {
        false
    }

    /// Gives `details` each member besides the message, with its label.
    fn visit_details(&self, details: &mut Details<'_>);
}

/// Takes what an error says besides its message.
#[allow(missing_debug_implementations, reason = "it is a function")]
pub struct Details<'v>(&'v mut dyn FnMut(&'static str, &dyn fmt::Display));

impl<'v> Details<'v> {
    pub(super) fn new(visit: &'v mut dyn FnMut(&'static str, &dyn fmt::Display)) -> Self {
        Self(visit)
    }

    /// Takes a member, if it is set.
    pub fn member(&mut self, label: &'static str, value: &Option<impl fmt::Display>) {
        if let Some(value) = value {
            (self.0)(label, value);
        }
    }
}
