//! What Markdown would read as its own, so that it appears as written.

/// Code within as many backticks as it takes, in one line. There is no span of nothing: empty code is shown as `""`.
pub(crate) fn code_span(code: &str) -> String {
    let mut code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if code.is_empty() {
        code.push_str("\"\"");
    }
    let fence = "`".repeat(longest_run(&code, '`') + 1);
    let pad = if code.starts_with('`') || code.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{code}{pad}{fence}")
}

pub(crate) fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or_default()
}

/// The target of a link, with what would end it too early percent-encoded.
pub(super) fn destination(href: &str) -> String {
    let mut encoded = String::new();
    for c in href.chars() {
        if c.is_whitespace() || "()<>\\`[]|\"".contains(c) {
            let bytes = c.to_string().into_bytes();
            encoded.extend(bytes.iter().map(|byte| format!("%{byte:02X}")));
        } else {
            encoded.push(c);
        }
    }
    encoded
}

/// Escapes a word, with URLs as the links that they are.
pub(super) fn with_urls(word: String, spaced: bool) -> String {
    if !word.contains(':') {
        return escape(word, spaced);
    }
    let mut text = String::new();
    let mut rest = &*word;
    while let Some((before, url, after)) = first_url(rest) {
        text.push_str(&escape(before.to_owned(), false));
        text.extend(["<", url, ">"]);
        rest = after;
    }
    text.push_str(&escape(rest.to_owned(), spaced));
    text
}

/// The first URL in a word, and what is before and after it.
fn first_url(word: &str) -> Option<(&str, &str, &str)> {
    let has_scheme = |at: &usize| {
        ["https://", "http://"]
            .iter()
            .any(|scheme| word[*at..].starts_with(scheme))
    };
    let start = word.match_indices("http").map(|(at, _)| at).find(has_scheme)?;
    let (before, url) = word.split_at(start);
    let end = url.find(['<', '>', '"', '`', '[', ']', '\\']);
    let url = url[..end.unwrap_or(url.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    let url = if url.contains('(') {
        url
    } else {
        url.trim_end_matches(')')
    };
    let is_bare_scheme = url.is_empty() || url.ends_with("://");
    (!is_bare_scheme).then(|| (before, url, &word[start + url.len()..]))
}

/// Escapes what at the start of a line would be a heading, a list, a quote, a ruler or a table. Inside of a paragraph, a
/// list begins with a bullet or 1 only.
pub(super) fn at_line_start(chunk: &str, begins_paragraph: bool) -> String {
    let number = chunk.strip_suffix(['.', ')']);
    let begins_list = |number: &str| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number && (begins_paragraph || number.trim_start_matches('0') == "1")
    };
    if number.is_some_and(begins_list) {
        let (number, dot) = chunk.split_at(chunk.len() - 1);
        format!("{number}\\{dot}")
    } else if chunk.starts_with('>') || chunk.bytes().all(|byte| b"#+-=|:".contains(&byte)) {
        format!("\\{chunk}")
    } else {
        chunk.to_owned()
    }
}

/// Escapes what Markdown would not show as it is. What follows a word without a space behind it is
/// a mark, code or a link, so the worst is assumed.
pub(super) fn escape(word: String, spaced: bool) -> String {
    // Hardly any word has such characters.
    if !word.contains(['*', '`', '[', ']', '~', '_', '\\', '<', '&', '-']) {
        return word;
    }
    let mut escaped = String::with_capacity(word.len() + 1);
    let mut before = ' ';
    let mut rest = word.chars();
    while let Some(c) = rest.next() {
        let after = rest.as_str().chars().next();
        let special = match c {
            '*' | '`' | '[' | ']' | '~' => true,
            '_' => !(before.is_alphanumeric() && after.is_some_and(char::is_alphanumeric)),
            '\\' => !after.is_some_and(char::is_alphanumeric),
            '<' => after.map_or(!spaced, |after| after.is_alphabetic() || "/!?".contains(after)),
            '&' => is_entity(rest.as_str()),
            // Two of them would become one dash.
            '-' => before == '-',
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

fn is_entity(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#')
        .starts_with(';')
}
