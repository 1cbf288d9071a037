//! What `Debug` shows in place of a sensitive value.

use std::fmt;

/// Stands for a value that must not be shown.
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("*** hidden ***")
    }
}
