//! Values that are made once.

use std::sync::OnceLock;

/// A value that is made once. A failure to make it may pass.
pub(crate) fn get_or_try_init<T>(place: &OnceLock<T>, make: impl FnOnce() -> Result<T, String>) -> Result<&T, String> {
    match place.get() {
        Some(value) => Ok(value),
        None => make().map(|value| place.get_or_init(|| value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_not_kept() {
        let place = OnceLock::new();
        assert_eq!(
            get_or_try_init(&place, || Err("too many open files".to_owned())),
            Err("too many open files".to_owned())
        );
        assert_eq!(get_or_try_init(&place, || Ok(1)), Ok(&1));
        assert_eq!(get_or_try_init(&place, || Ok(2)), Ok(&1));
    }
}
