//! Forms that mean the same.

use percent_encoding::percent_decode_str;

/// The pairs of a form, decoded and sorted: their order does not count.
pub(super) fn pairs(form: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let pairs = form.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs.map(|(key, value)| (decode(key), decode(value))).collect();
    pairs.sort();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_encoding_do_not_count() {
        assert_eq!(pairs("a=1+2&b="), pairs("b=&a=1%202"));
        assert_ne!(pairs("a=1&a=1"), pairs("a=1"));
    }
}
