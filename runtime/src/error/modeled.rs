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
    fn hides_message(&self) -> bool;

    /// Calls `visit` with the label and the value of each member besides the message.
    fn visit_details(&self, visit: &mut dyn FnMut(&'static str, &dyn fmt::Display));
}
