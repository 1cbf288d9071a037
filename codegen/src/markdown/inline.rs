//! The running text of one paragraph: pieces, collected as the tags come.

use super::escape::{destination, escape, with_urls};
use super::render::{join, render};

/// Collects what is inside a paragraph.
#[derive(Default)]
pub(super) struct Inline {
    pieces: Vec<Piece>,
    /// What comes before is a label: it wants a paragraph to stand in front of.
    label: usize,
    /// Where the open code span begins.
    code: Option<usize>,
    link: Option<Link>,
    /// Where the open name begins.
    name: Option<usize>,
}

struct Link {
    href: String,
    start: usize,
}

pub(super) enum Piece {
    /// A word of the text, or a part of one, as it is to be shown.
    Word(String),
    /// Finished Markdown without a place to break a line.
    Markdown(String),
    Code(String),
    Space,
    /// A space before a closing tag. The models have one after every nested element, wanted or not:
    /// it goes away before punctuation.
    WeakSpace,
    Break,
    Open(&'static str),
    Close(&'static str),
}

impl Piece {
    pub(super) fn is_content(&self) -> bool {
        matches!(self, Self::Word(_) | Self::Markdown(_) | Self::Code(_))
    }

    /// Whether it begins with what never has a space in front.
    pub(super) fn is_punctuation(&self) -> bool {
        matches!(self, Self::Word(text) if text.starts_with(['.', ',', ';', ':', ')']))
    }

    /// Whether it ends what it stands behind, and is nothing else.
    pub(super) fn is_stop(&self) -> bool {
        matches!(self, Self::Word(text) if text == "." || text == ",")
    }

    /// Whether it ends what a tag is around.
    pub(super) fn is_marked(&self) -> bool {
        matches!(self, Self::Close(_) | Self::Code(_) | Self::Markdown(_))
    }

    pub(super) fn is_mark(&self) -> bool {
        matches!(self, Self::Open(_) | Self::Close(_))
    }

    pub(super) fn is_space(&self) -> bool {
        matches!(self, Self::Space | Self::WeakSpace | Self::Break)
    }
}

impl Inline {
    /// Whether nothing was written after the label.
    pub(super) fn is_empty(&self) -> bool {
        !self.pieces.iter().skip(self.label).any(Piece::is_content)
    }

    /// Text that may have code in backticks, as people write it.
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, code, after)) = backticked(rest).filter(|_| self.code.is_none()) {
            self.plain_text(before);
            self.open_code();
            self.plain_text(code);
            self.close_code();
            rest = after;
        }
        self.plain_text(rest);
    }

    fn plain_text(&mut self, text: &str) {
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            let spaced = word.len() < part.len();
            if !word.is_empty() {
                self.word(word);
            }
            if spaced {
                self.space();
            }
        }
    }

    fn word(&mut self, word: &str) {
        if self.code.is_some() {
            self.code_word(word);
        } else {
            self.pieces.push(Piece::Word(word.to_owned()));
        }
    }

    /// Code that touches is one span, as is code with spaces in it; a link is a border.
    fn code_word(&mut self, word: &str) {
        let border = self.link.as_ref().map_or(0, |link| link.start);
        let start = self.code.unwrap_or_default();
        match &mut self.pieces[border..] {
            [.., Piece::Code(code)] => code.push_str(word),
            [before @ .., Piece::Code(code), Piece::Space] if border + before.len() >= start => {
                code.push(' ');
                code.push_str(word);
                self.pieces.pop();
            }
            _ => self.pieces.push(Piece::Code(word.to_owned())),
        }
    }

    pub(super) fn space(&mut self) {
        match self.last().map(|last| &mut self.pieces[last]) {
            Some(weak @ Piece::WeakSpace) => *weak = Piece::Space,
            Some(last) if last.is_content() => self.pieces.push(Piece::Space),
            _ => {}
        }
    }

    pub(super) fn line_break(&mut self) {
        match self.last().map(|last| &mut self.pieces[last]) {
            Some(last) if last.is_space() => *last = Piece::Break,
            Some(_) => self.pieces.push(Piece::Break),
            None => {}
        }
    }

    pub(super) fn open(&mut self, mark: &'static str) {
        if self.code.is_none() {
            self.pieces.push(Piece::Open(mark));
        }
    }

    pub(super) fn close(&mut self, mark: &'static str) {
        self.weaken();
        if self.code.is_none() {
            self.pieces.push(Piece::Close(mark));
        }
    }

    pub(super) fn open_code(&mut self) {
        self.code.get_or_insert(self.pieces.len());
    }

    pub(super) fn is_code(&self) -> bool {
        self.code.is_some()
    }

    pub(super) fn close_code(&mut self) {
        self.weaken();
        self.code = None;
    }

    pub(super) fn open_link(&mut self, href: &str) {
        self.close_link();
        self.link = Some(Link {
            href: href.to_owned(),
            start: self.pieces.len(),
        });
    }

    /// Begins what is marked as a link and leads nowhere: the name of an operation or type.
    pub(super) fn open_name(&mut self) {
        self.close_link();
        self.name = Some(self.pieces.len());
    }

    /// One word in such a mark is code.
    fn close_name(&mut self) {
        let Some(start) = self.name.take().filter(|_| self.code.is_none()) else {
            return;
        };
        if let [Piece::Word(word)] = &self.pieces[start.min(self.pieces.len())..]
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && word.bytes().any(|byte| byte.is_ascii_uppercase())
        {
            let code = Piece::Code(word.clone());
            self.pieces.truncate(start);
            self.pieces.push(code);
        }
    }

    pub(super) fn close_link(&mut self) {
        self.close_name();
        self.weaken();
        let Some(Link { href, start }) = self.link.take() else {
            return;
        };
        let mut inside = self.pieces.split_off(start);
        let space = inside.pop_if(|last| last.is_space());
        if inside.first().is_some_and(Piece::is_space) {
            self.space();
        }
        let text = join(&render(inside, escape));
        if !text.is_empty() {
            let link = format!("[{text}]({})", destination(&href));
            self.pieces.push(Piece::Markdown(link));
        }
        self.pieces.extend(space);
    }

    /// Makes what was written so far a label of the text to come.
    pub(super) fn end_label(&mut self) {
        self.close_link();
        self.space();
        self.label = self.pieces.len();
    }

    /// Ends the paragraph: lines to keep apart, each as the chunks to keep together.
    pub(super) fn finish(mut self) -> Vec<Vec<String>> {
        self.close_link();
        render(self.pieces, with_urls)
    }

    fn last(&self) -> Option<usize> {
        self.pieces.iter().rposition(|piece| !piece.is_mark())
    }

    fn weaken(&mut self) {
        if let Some(last) = self.last()
            && let space @ Piece::Space = &mut self.pieces[last]
        {
            *space = Piece::WeakSpace;
        }
    }
}

/// The first code in backticks, and what is before and after it.
fn backticked(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find('`')?;
    let (before, rest) = text.split_at(start);
    let inside = rest.trim_start_matches('`');
    let fence = &rest[..rest.len() - inside.len()];
    let end = inside.find(fence)?;
    let (code, after) = inside.split_at(end);
    let after = &after[fence.len()..];
    let is_code = !after.starts_with('`') && !code.trim().is_empty();
    is_code.then_some((before, code, after))
}
