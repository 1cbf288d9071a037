//! Snapshots in string literals: finding one in a source, and writing one as insta reads it.

use std::ops::Range;

/// The source with another snapshot in the assertion that begins on a line; lines count from 1. Nothing where there is none.
pub(super) fn replace(source: &str, line: usize, snapshot: &str) -> Option<String> {
    let start = source
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let indentation = source.get(start..)?;
    let indentation = &indentation[..indentation.len() - indentation.trim_start_matches(' ').len()];
    let old = find(source, start)?;
    let new = literal(snapshot, indentation);
    Some([&source[..old.start], &new, &source[old.end..]].concat())
}

/// The first literal behind an `@`, the one way in which such a literal begins.
fn find(source: &str, start: usize) -> Option<Range<usize>> {
    let mut at = start;
    loop {
        let rest = &source[at..];
        let first = rest.chars().next()?;
        at += match first {
            '@' if string(&rest[1..]).is_some() => {
                let length = string(&rest[1..])?;
                return Some(at + 1..at + 1 + length);
            }
            '/' if rest.starts_with("//") => rest.find('\n')?,
            '"' | 'r' => string(rest).unwrap_or(1),
            '\'' => character(rest),
            other => other.len_utf8(),
        };
    }
}

/// The length of the string literal that a text begins with.
fn string(text: &str) -> Option<usize> {
    if let Some(inner) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = inner.char_indices().find(|(_, character)| {
            let is_end = *character == '"' && !escaped;
            escaped = *character == '\\' && !escaped;
            is_end
        });
        return end.map(|(end, _)| end + 2);
    }
    let hashes = text.strip_prefix('r')?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    let inner = hashes[count..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(count));
    Some(1 + count + 1 + inner.find(&end)? + end.len())
}

/// The length of a character literal, or of the quote that a lifetime begins with.
fn character(text: &str) -> usize {
    let inner = &text[1..];
    let escape = usize::from(inner.starts_with('\\'));
    let length = inner.chars().take(1 + escape).map(char::len_utf8).sum::<usize>();
    match inner.get(length..).is_some_and(|rest| rest.starts_with('\'')) {
        true => 1 + length + 1,
        false => 1,
    }
}

/// A snapshot as a literal: several lines begin below the quote, indented like the assertion.
fn literal(snapshot: &str, indentation: &str) -> String {
    let text = snapshot.trim_end();
    if text.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\t')) {
        return format!("{text:?}");
    }
    let raw = if text.contains(['\\', '"']) { "r" } else { "" };
    let hashes = text.split('"').skip(1);
    let hashes = hashes.map(|after| 1 + after.len() - after.trim_start_matches('#').len());
    let hashes = "#".repeat(hashes.max().unwrap_or(0));
    let text = match text.contains('\n') {
        false => text.to_owned(),
        true => {
            let lines = text.lines().map(|line| match line {
                "" => "\n".to_owned(),
                line => format!("\n{indentation}{line}"),
            });
            format!("{}\n{indentation}", lines.collect::<String>())
        }
    };
    format!("{raw}{hashes}\"{text}\"{hashes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A raw literal of a snapshot would end at the quotes of the sources below.
    const SOURCE: &str = "fn test() {
    other(\"@\\\"\", '\"', r#\"@\"\"#); // @\"
    assert_snapshot!(shown::<'_>('@', \"@\"), @\"old\");
    assert_snapshot!(
        shown(1),
        @r#\"
    {\"a\": 1}
    \"#
    );
}
";

    #[test]
    fn a_snapshot_of_one_line() {
        let changed = replace(SOURCE, 3, "new \"text\" \\ #").unwrap();
        assert_eq!(changed, SOURCE.replace("@\"old\"", "@r#\"new \"text\" \\ #\"#"));
        // What stands in other literals and in comments is none.
        assert_eq!(replace(SOURCE, 2, "new"), replace(SOURCE, 3, "new"));
        let changed = replace(SOURCE, 3, "").unwrap();
        assert_eq!(changed, SOURCE.replace("@\"old\"", "@\"\""));
    }

    #[test]
    fn a_snapshot_of_several_lines() {
        let changed = replace(SOURCE, 4, "first\n\n  \"second\"#\n").unwrap();
        let (before, _) = SOURCE.split_once("@r#").unwrap();
        let literal = "@r##\"\n    first\n\n      \"second\"#\n    \"##\n    );\n}\n";
        assert_eq!(changed, format!("{before}{literal}"));
    }

    #[test]
    fn a_snapshot_that_no_raw_literal_holds() {
        assert_eq!(literal("a\rb\nc\"", "  "), r#""a\rb\nc\"""#);
    }

    #[test]
    fn no_snapshot() {
        assert_eq!(replace(SOURCE, 9, "new"), None);
        assert_eq!(replace(SOURCE, 100, "new"), None);
    }
}
