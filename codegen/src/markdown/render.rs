//! Pieces of text glued to chunks that no line may break, and chunks wrapped to lines.

use std::mem;

use super::escape::{at_line_start, code_span};
use super::inline::Piece;

/// All on one line, for a place that can have no other.
pub(super) fn join(lines: &[Vec<String>]) -> String {
    lines.concat().join(" ")
}

pub(super) fn wrap(lines: &[Vec<String>], width: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    for chunks in lines {
        if let Some(last) = wrapped.last_mut() {
            last.push('\\');
        }
        let mut line = String::new();
        // Counted along, since the length of a text in characters is not free.
        let mut taken = 0;
        for chunk in chunks {
            let length = chunk.chars().count();
            if !line.is_empty() && taken + 1 + length <= width {
                line.push(' ');
                line.push_str(chunk);
                taken += 1 + length;
                continue;
            }
            if !line.is_empty() {
                wrapped.push(mem::take(&mut line));
            }
            line = at_line_start(chunk, wrapped.is_empty());
            line.reserve(width.saturating_sub(line.len()));
            taken = line.chars().count();
        }
        wrapped.push(line);
    }
    wrapped
}

/// Lines to keep apart, each as the chunks to keep together. Words are escaped by a function that is told whether a space
/// follows.
pub(super) fn render(pieces: Vec<Piece>, escape: fn(String, bool) -> String) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let mut pieces = without_stray_spaces(settle(pieces)).peekable();
    while let Some(piece) = pieces.next() {
        let Some(line) = lines.last_mut() else {
            continue;
        };
        match piece {
            Piece::Break => lines.push(vec![String::new()]),
            Piece::Space | Piece::WeakSpace => line.push(String::new()),
            Piece::Open(text) | Piece::Close(text) => glue(line, text),
            Piece::Word(mut word) => {
                // Words that touch are one: only together do they show what Markdown would react to.
                while let Some(Piece::Word(more)) = pieces.next_if(|next| matches!(next, Piece::Word(_))) {
                    word.push_str(&more);
                }
                let spaced = pieces.peek().is_some_and(Piece::is_space);
                append(line, escape(word, spaced));
            }
            Piece::Markdown(text) => append(line, text),
            Piece::Code(code) => glue(line, &code_span(&code)),
        }
    }
    for line in &mut lines {
        line.retain(|chunk| !chunk.is_empty());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Leaves out the spaces that a closing tag has left before punctuation, and those behind one before a full stop or comma.
fn without_stray_spaces(pieces: Vec<Piece>) -> impl Iterator<Item = Piece> {
    let mut pieces = pieces.into_iter().peekable();
    let mut is_behind_mark = false;
    std::iter::from_fn(move || {
        let piece = pieces.next()?;
        let next = pieces.peek();
        let is_stray = match piece {
            Piece::WeakSpace => next.is_some_and(Piece::is_punctuation),
            Piece::Space => is_behind_mark && next.is_some_and(Piece::is_stop),
            _ => false,
        };
        let piece = if is_stray { pieces.next()? } else { piece };
        is_behind_mark = piece.is_marked();
        Some(piece)
    })
}

fn append(line: &mut [String], text: String) {
    match line.last_mut() {
        Some(chunk) if chunk.is_empty() => *chunk = text,
        _ => glue(line, &text),
    }
}

fn glue(line: &mut [String], text: &str) {
    let Some(chunk) = line.last_mut() else { return };
    // An exclamation mark would turn a link into an image.
    if text.starts_with('[') && chunk.ends_with('!') {
        chunk.insert(chunk.len() - 1, '\\');
    }
    chunk.push_str(text);
}

/// Moves spaces out of emphasis, and drops the marks that Markdown would not take as such: without a
/// partner, around nothing, inside their own kind, and next to another mark or between a letter and
/// punctuation, where the rules are intricate.
fn settle(mut pieces: Vec<Piece>) -> Vec<Piece> {
    if !pieces.iter().any(Piece::is_mark) {
        return pieces;
    }
    space_label(&mut pieces);
    for at in (1..pieces.len()).rev() {
        if matches!(pieces[at - 1], Piece::Open(_)) && pieces[at].is_space() {
            pieces.swap(at - 1, at);
        }
    }
    for at in 1..pieces.len() {
        if pieces[at - 1].is_space() && matches!(pieces[at], Piece::Close(_)) {
            pieces.swap(at - 1, at);
        }
    }

    let mut keep: Vec<bool> = pieces.iter().map(|piece| !piece.is_mark()).collect();
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (end, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Open(mark) => open.push((mark, end)),
            Piece::Close(mark) => {
                let Some(partner) = open.iter().rposition(|(opened, _)| opened == mark) else {
                    continue;
                };
                let (_, start) = open[partner];
                open.truncate(partner);
                let nested = open.iter().any(|(opened, _)| opened == mark);
                let mut inside = pieces[start..end].iter().filter(|piece| !piece.is_mark());
                let content =
                    inside.next().is_some_and(Piece::is_content) && inside.next_back().is_none_or(Piece::is_content);
                let free = is_free_before(&pieces[..start], &pieces[start + 1])
                    && is_free_after(&pieces[end + 1..], &pieces[end - 1]);
                keep[start] = content && free && !nested;
                keep[end] = keep[start];
            }
            _ => {}
        }
    }
    pieces
        .into_iter()
        .zip(keep)
        .filter_map(|(piece, keep)| keep.then_some(piece))
        .collect()
}

/// Puts a space between a paragraph's label and the sentence behind it: some models have none.
fn space_label(pieces: &mut Vec<Piece>) {
    let close = pieces.iter().position(|piece| matches!(piece, Piece::Close(_)));
    if let (Some(Piece::Open(_)), Some(close)) = (pieces.first(), close)
        && let Some(Piece::Word(text)) = pieces.get(close + 1)
        && text.starts_with(char::is_uppercase)
    {
        pieces.insert(close + 1, Piece::Space);
    }
}

/// Whether a mark can open after these pieces and before what it is around.
fn is_free_before(before: &[Piece], inside: &Piece) -> bool {
    match before {
        [.., Piece::Word(text)] if begins_with_letter(inside) && text.ends_with(char::is_alphanumeric) => true,
        _ => match before.iter().rfind(|piece| !matches!(piece, Piece::Open(_))) {
            Some(Piece::Word(text) | Piece::Markdown(text)) => text.ends_with(|last: char| last.is_ascii_punctuation()),
            Some(Piece::Close(_)) => false,
            _ => true,
        },
    }
}

/// Whether a mark can close before these pieces and after what it is around.
fn is_free_after(after: &[Piece], inside: &Piece) -> bool {
    match after {
        [Piece::Word(text), ..] if ends_with_letter(inside) && text.starts_with(char::is_alphanumeric) => true,
        _ => match after.iter().find(|piece| !matches!(piece, Piece::Close(_))) {
            Some(Piece::Word(text) | Piece::Markdown(text)) => {
                text.starts_with(|first: char| first.is_ascii_punctuation())
            }
            Some(Piece::Open(_)) => false,
            _ => true,
        },
    }
}

fn begins_with_letter(piece: &Piece) -> bool {
    matches!(piece, Piece::Word(text) if text.starts_with(char::is_alphanumeric))
}

fn ends_with_letter(piece: &Piece) -> bool {
    matches!(piece, Piece::Word(text) if text.ends_with(char::is_alphanumeric))
}
