//! The sentence that stands for a text where there is room for one only.

/// What looks like the end of a sentence and is none.
const ABBREVIATIONS: &[&str] = &["e.g.", "i.e.", "etc.", "vs.", "cf.", "No.", "Inc.", "approx."];

/// The first sentence of the first paragraph that is no admonition, list or code. If there is none, that of the first
/// admonition. It keeps its line breaks.
pub(in crate::emit) fn summary(markdown: &str) -> Option<String> {
    let paragraphs = || markdown.trim().split("\n\n").map(str::trim);
    let sentence = paragraphs().find(|paragraph| is_prose(paragraph)).map(first_sentence);
    let sentence = sentence.or_else(|| paragraphs().find_map(admonition))?;
    // What follows the colon is not here.
    let sentence = match sentence.strip_suffix(':') {
        Some(sentence) => format!("{sentence}."),
        None => sentence,
    };
    let definitions = markdown.lines().filter(|line| {
        let definition = line.split_once("]: ").map(|(name, _)| format!("{name}]"));
        line.starts_with("[`") && definition.is_some_and(|name| sentence.contains(&name))
    });
    let definitions: Vec<&str> = definitions.collect();
    Some(match definitions.is_empty() {
        true => sentence,
        false => format!("{sentence}\n\n{}", definitions.join("\n")),
    })
}

/// The longest sentence in a row of a table.
const ROW: usize = 240;

/// The same in one line without links, for a row of a table. A sentence that is too long there is cut.
pub(in crate::emit) fn plain_summary(markdown: &str) -> Option<String> {
    let summary = summary(markdown)?;
    let sentence = summary.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let sentence = without_addresses(&sentence).replace("[`", "`").replace("`]", "`");
    Some(cut(sentence))
}

/// Links as their texts.
fn without_addresses(sentence: &str) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once("](") {
        let is_code = !text.matches('`').count().is_multiple_of(2);
        match opening(before, is_code).zip(after.split_once(')')) {
            Some((open, (_, after))) => {
                text.extend([&before[..open], &before[open + 1..]]);
                rest = after;
            }
            None => {
                text.extend([before, "]("]);
                rest = after;
            }
        }
    }
    text + rest
}

/// Where the bracket is that one behind this text closes, unless they are code. The text may begin as code.
fn opening(text: &str, is_code: bool) -> Option<usize> {
    let mut open = 0;
    let brackets = text.char_indices().rev().filter(|(at, _)| !text[..*at].ends_with('\\'));
    for (at, c) in brackets {
        match c {
            '[' if open == 0 => return (text[..at].matches('`').count().is_multiple_of(2) != is_code).then_some(at),
            '[' => open -= 1,
            ']' => open += 1,
            _ => {}
        }
    }
    None
}

/// The words for which there is room.
fn cut(sentence: String) -> String {
    if sentence.chars().count() <= ROW {
        return sentence;
    }
    let ends = sentence
        .char_indices()
        .take(ROW)
        .filter(|(_, c)| *c == ' ')
        .map(|(at, _)| at);
    let ends: Vec<usize> = ends.collect();
    let whole = ends
        .into_iter()
        .rev()
        .map(|end| &sentence[..end])
        .find(|words| is_whole(words));
    match whole {
        Some(words) => format!("{} …", words.trim_end_matches([',', ';', ':'])),
        None => sentence,
    }
}

/// The first sentence of a block quote, without its label.
fn admonition(paragraph: &str) -> Option<String> {
    let lines = paragraph
        .lines()
        .map(|line| line.strip_prefix('>').map(str::trim_start));
    let lines: Option<Vec<&str>> = lines.collect();
    let text = lines?.join("\n");
    let text = match text.split_once(":**") {
        Some((label, text)) if label.starts_with("**") => text,
        _ => &text,
    };
    let paragraph = text.trim_start_matches(' ').split("\n\n").next().unwrap_or_default();
    is_prose(paragraph).then(|| first_sentence(paragraph))
}

fn is_prose(paragraph: &str) -> bool {
    let begins = |marks: &[&str]| marks.iter().any(|mark| paragraph.starts_with(mark));
    let number = paragraph.split(['.', ')']).next().unwrap_or_default();
    let is_numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    !paragraph.is_empty() && !is_numbered && !begins(&["> ", "- ", "```", "| ", "[`"])
        || paragraph.starts_with("[`") && !paragraph.contains("`]: ")
}

/// A paragraph up to the end of its first sentence. Marks, code and links are not cut.
fn first_sentence(paragraph: &str) -> String {
    let ends = paragraph.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?'));
    let mut ends = ends.map(|(at, _)| at + 1).filter(|&end| {
        let (sentence, rest) = paragraph.split_at(end);
        let begins_next = rest.starts_with(char::is_whitespace)
            && rest
                .trim_start()
                .starts_with(|c: char| c.is_uppercase() || "`[*\"(<".contains(c));
        let is_abbreviation = ABBREVIATIONS
            .iter()
            .any(|abbreviation| sentence.ends_with(abbreviation));
        begins_next && !is_abbreviation && is_whole(sentence)
    });
    let end = ends.next().unwrap_or(paragraph.len());
    paragraph[..end].to_owned()
}

/// Whether nothing is open at the end.
fn is_whole(text: &str) -> bool {
    let count = |mark: char| {
        let mut escaped = false;
        let is_mark = |c: char| {
            let is_mark = c == mark && !escaped;
            escaped = c == '\\' && !escaped;
            is_mark
        };
        text.chars().map(is_mark).filter(|is_mark| *is_mark).count()
    };
    let is_paired = |mark: &str| text.matches(mark).count().is_multiple_of(2);
    is_paired("**")
        && count('`') % 2 == 0
        && count('*') % 2 == 0
        && count('[') == count(']')
        && count('(') == count(')')
}

#[cfg(test)]
mod tests {
    use super::{plain_summary, summary};

    #[test]
    fn the_first_sentence_of_the_first_paragraph_that_is_no_admonition() {
        for (markdown, expected) in [
            ("One. Two.\n\nThree.", "One."),
            ("One\ntwo. Three.", "One\ntwo."),
            ("No end", "No end"),
            (
                "Version 1.2 of e.g. This, or `a. B`. More.",
                "Version 1.2 of e.g. This, or `a. B`.",
            ),
            (
                "See [the guide. Really](https://x.y). More.",
                "See [the guide. Really](https://x.y).",
            ),
            ("**One. Two.** Three. Four.", "**One. Two.** Three."),
            ("> **Note:** Stop.\n\nDoes it. Well.", "Does it."),
            ("> **Note:** Stop\n> here. Now.", "Stop\nhere."),
            ("> **Important:**\n>\n> - a", ""),
            ("- a\n- b\n\nText.", "Text."),
            ("The key of these:\n\n- a", "The key of these."),
            ("1. a", ""),
            ("", ""),
            ("A [`B`]. C [`D`].\n\n[`B`]: b\n[`D`]: d", "A [`B`].\n\n[`B`]: b"),
        ] {
            assert_eq!(summary(markdown).unwrap_or_default(), expected, "{markdown}");
        }
    }

    #[test]
    fn a_plain_summary_has_no_links() {
        let text = "Calls\n[`B`] of [the [1] `a[0]`](https://x.y), `a[b](c)` and \\[[d](e)\\](f). More.\n\n[`B`]: b";
        let plain = "Calls `B` of the [1] `a[0]`, `a[b](c)` and \\[d\\](f).";
        assert_eq!(plain_summary(text).as_deref(), Some(plain));
    }

    #[test]
    fn a_plain_summary_is_cut_where_it_is_too_long() {
        let words = |count: usize, last: &str| format!("{}{last}", "nine char ".repeat(count));
        let summary = |last: &str| plain_summary(&words(22, last));
        assert_eq!(summary("nine char nine char."), Some(words(22, "nine char nine char.")));
        assert_eq!(
            summary("nine char nine, anything."),
            Some(words(22, "nine char nine …"))
        );
        assert_eq!(summary("nine **which goes on and on**."), Some(words(22, "nine …")));
        assert_eq!(plain_summary(&"x".repeat(300)), Some("x".repeat(300)));
    }
}
