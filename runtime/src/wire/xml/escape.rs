//! What stands for something else in text and attributes: references and line ends.

use std::borrow::Cow;

/// Where in the text a reference is that nobody knows.
pub(super) type Unknown = usize;

/// Makes sure that all references in text are known.
pub(super) fn check(raw: &str) -> Result<(), Unknown> {
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        rest = reference(raw, &rest[at..])?.1;
    }
    Ok(())
}

/// Appends text with its references resolved and its line ends unified.
#[cold]
pub(super) fn unescape(raw: &str, text: &mut String) -> Result<(), Unknown> {
    text.reserve(raw.len());
    let mut rest = raw;
    while let Some(plain) = rest.bytes().position(|byte| matches!(byte, b'&' | b'\r')) {
        text.push_str(&rest[..plain]);
        rest = &rest[plain..];
        if let Some(after) = rest.strip_prefix('\r') {
            text.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else {
            let (character, after) = reference(raw, rest)?;
            text.push(character);
            rest = after;
        }
    }
    text.push_str(rest);
    Ok(())
}

/// Appends text without references, with its line ends unified.
#[cold]
pub(super) fn unify_line_ends(raw: &str, text: &mut String) {
    text.push_str(&raw.replace("\r\n", "\n").replace('\r', "\n"));
}

/// The value of an attribute, in which all white space is spaces.
pub(super) fn attribute(raw: &str) -> Result<Cow<'_, str>, Unknown> {
    if !raw.contains(['&', '\r', '\n', '\t']) {
        return Ok(raw.into());
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(first) = rest.chars().next() {
        let (character, after) = match first {
            '&' => reference(raw, rest)?,
            '\r' => (' ', rest[1..].strip_prefix('\n').unwrap_or(&rest[1..])),
            '\n' | '\t' => (' ', &rest[1..]),
            other => (other, &rest[other.len_utf8()..]),
        };
        text.push(character);
        rest = after;
    }
    Ok(text.into())
}

/// The character of the reference that the rest of a text begins with, and what follows it.
///
/// A numeric reference may be any character, even one that XML 1.0 does not have: keys in S3 may hold them.
fn reference<'t>(raw: &str, rest: &'t str) -> Result<(char, &'t str), Unknown> {
    let reference = rest[1..].split_once(';').and_then(|(name, after)| {
        let character = match (name, name.strip_prefix("#x"), name.strip_prefix('#')) {
            ("amp", ..) => '&',
            ("lt", ..) => '<',
            ("gt", ..) => '>',
            ("quot", ..) => '"',
            ("apos", ..) => '\'',
            (_, Some(digits), _) => numeric(digits, 16)?,
            (_, None, Some(digits)) => numeric(digits, 10)?,
            _ => return None,
        };
        Some((character, after))
    });
    reference.ok_or(raw.len() - rest.len())
}

fn numeric(digits: &str, radix: u32) -> Option<char> {
    // Parsing alone would take a sign.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| is_number)?;
    char::from_u32(code)
}
