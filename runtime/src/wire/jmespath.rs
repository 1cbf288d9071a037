//! What JMESPath expressions ask for and iterators do not have.

/// How many items there are.
pub fn length(items: impl Iterator) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

/// The item at this place, counted from the end where negative.
pub fn at<T>(mut items: impl Iterator<Item = T>, index: i32) -> Option<T> {
    match usize::try_from(index) {
        Ok(index) => items.nth(index),
        Err(_) => {
            let from_end = usize::try_from(index.unsigned_abs()).ok()?;
            let mut items: Vec<T> = items.collect();
            let index = items.len().checked_sub(from_end)?;
            Some(items.swap_remove(index))
        }
    }
}

/// Whether an item passes the test.
pub fn any<T>(mut items: impl Iterator<Item = T>, test: impl FnMut(T) -> bool) -> bool {
    items.any(test)
}

/// Whether there are items, and all of them pass the test.
pub fn all<T>(items: impl Iterator<Item = T>, test: impl FnMut(T) -> bool) -> bool {
    let mut items = items.peekable();
    items.peek().is_some() && items.all(test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_counted_from_both_ends() {
        let items = || ["a", "b", "c"].into_iter();
        assert_eq!(
            [at(items(), 0), at(items(), 2), at(items(), 3)],
            [Some("a"), Some("c"), None]
        );
        assert_eq!(
            [at(items(), -1), at(items(), -3), at(items(), -4)],
            [Some("c"), Some("a"), None]
        );
        assert_eq!((length(items()), length([0; 0].into_iter())), (3, 0));
    }

    #[test]
    fn nothing_is_not_all() {
        assert!(all([1, 1].into_iter(), |item| item == 1));
        assert!(!all([1, 2].into_iter(), |item| item == 1));
        assert!(!all([0; 0].into_iter(), |item| item == 1));
    }
}
