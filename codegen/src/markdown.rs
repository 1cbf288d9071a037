//! The HTML in which a model documents itself as Markdown for rustdoc.
//!
//! Broken HTML is no error: tags that make no sense are passed over, their text stays.

mod escape;
mod frame;
mod inline;
mod render;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::mem;

use html5gum::{StartTag, Token, Tokenizer};

pub(crate) use self::escape::{code_span, longest_run};
use self::frame::Frame;
use self::inline::Inline;
use self::render::wrap;
use self::table::Table;

/// The longest line, so that it fits in 100 columns behind `/// ` at the margin.
const WIDTH: usize = 96;
const STRONG: &str = "**";
const EMPHASIS: &str = "*";

/// Markdown that rustdoc shows as a browser would show the HTML, and has no warning for. The first
/// paragraph is the summary.
pub(crate) fn from_html(html: &str) -> String {
    let mut writer = Writer::default();
    writer.read(html, |writer, text| match writer.is_prose() && is_html(text) {
        true => writer.read(text, Writer::text),
        false => writer.text(text),
    });
    writer.finish()
}

/// Whether a text has the end of a tag that no prose is about: some models escape their HTML twice.
fn is_html(text: &str) -> bool {
    text.contains("</") && ["</p>", "</code>", "</li>"].iter().any(|tag| text.contains(tag))
}

/// Words in lines that are not too long.
pub(crate) fn in_lines(words: Vec<String>) -> String {
    wrap(&[words], WIDTH).join("\n")
}

/// Writes block after block while the tags come.
#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    /// The open elements that indent, outermost first.
    frames: Vec<Frame>,
    inline: Inline,
    preformatted: Option<String>,
    table: Option<Table>,
}

impl Writer {
    fn read(&mut self, html: &str, write: impl Fn(&mut Self, &str)) {
        for Ok(token) in Tokenizer::new(html) {
            match token {
                Token::StartTag(tag) => self.start(&tag),
                Token::EndTag(tag) => self.end(&tag.name),
                Token::String(text) => write(self, &String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
    }

    /// Whether a text is neither code nor preformatted.
    fn is_prose(&self) -> bool {
        self.preformatted.is_none() && !self.inline.is_code()
    }

    fn start(&mut self, tag: &StartTag<()>) {
        if self.preformatted.is_some() {
            return;
        }
        match tag.name.as_slice() {
            b"a" => self.start_link(tag),
            b"code" => self.inline.open_code(),
            b"b" | b"strong" => self.inline.open(STRONG),
            b"i" | b"em" => self.inline.open(EMPHASIS),
            b"br" => self.inline.line_break(),
            name => match &mut self.table {
                Some(table) => table.tag(name, &mut self.inline),
                None => self.start_block(name),
            },
        }
    }

    fn start_link(&mut self, tag: &StartTag<()>) {
        let href = tag
            .attributes
            .get(b"href".as_slice())
            .map(|href| String::from_utf8_lossy(href));
        let href = href.as_deref().map(str::trim).unwrap_or_default();
        if href.starts_with("https://") || href.starts_with("http://") {
            self.inline.open_link(href);
        } else if href.is_empty() {
            self.inline.open_name();
        }
    }

    fn start_block(&mut self, name: &[u8]) {
        match name {
            b"ul" | b"dl" => self.open(Frame::list(false)),
            b"ol" => self.open(Frame::list(true)),
            b"li" => self.open_item(),
            b"dt" => {
                self.open_item();
                self.inline.open(STRONG);
            }
            b"dd" => self.paragraph(),
            b"blockquote" => self.open(Frame::QUOTE),
            b"note" => self.open_note("Note:"),
            b"important" => self.open_note("Important:"),
            b"warning" => self.open_note("Warning:"),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.flush();
                self.inline.open(STRONG);
            }
            b"pre" => {
                self.flush();
                self.preformatted = Some(String::new());
            }
            b"table" => {
                self.flush();
                self.table = Some(Table::default());
            }
            b"p" | b"para" | b"div" | b"fullname" | b"title" => self.paragraph(),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        if self.preformatted.is_some() {
            if name == b"pre" {
                self.end_preformatted();
            }
            return;
        }
        match name {
            b"a" => self.inline.close_link(),
            b"code" => self.inline.close_code(),
            b"b" | b"strong" => self.inline.close(STRONG),
            b"i" | b"em" => self.inline.close(EMPHASIS),
            b"table" => self.end_table(),
            _ if self.table.is_some() => self.inline.space(),
            _ => self.end_block(name),
        }
    }

    fn end_block(&mut self, name: &[u8]) {
        match name {
            b"ul" | b"ol" | b"dl" => self.close(Frame::is_list),
            b"li" => self.end_item(),
            b"blockquote" | b"note" | b"important" | b"warning" => self.close(|frame| !frame.is_list()),
            b"dt" => {
                self.inline.close(STRONG);
                if !self.inline.is_empty() {
                    self.inline.text(":");
                    self.inline.end_label();
                }
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.inline.close(STRONG);
                self.flush();
            }
            b"p" | b"div" | b"fullname" | b"title" | b"dd" => self.paragraph(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let text = printable(text);
        match &mut self.preformatted {
            Some(preformatted) => preformatted.push_str(&text),
            None => self.inline.text(&text),
        }
    }

    fn finish(mut self) -> String {
        self.end_preformatted();
        self.end_table();
        self.flush();
        // What should follow the colon has been left out by whoever made the description.
        if let Some(last) = self.lines.last_mut()
            && last.ends_with(':')
        {
            last.pop();
            last.push('.');
        }
        self.lines.join("\n")
    }

    fn open(&mut self, frame: Frame) {
        self.flush();
        self.frames.push(frame);
    }

    fn open_item(&mut self) {
        if !self.frames.iter().any(Frame::is_list) {
            self.open(Frame::list(false));
        }
        self.end_item();
        if let Some(list) = self.frames.last_mut() {
            list.next_item();
        }
    }

    /// Ends what is open inside of the innermost list. Text before the next item still belongs to
    /// the last one.
    fn end_item(&mut self) {
        self.flush();
        let list = self.frames.iter().rposition(Frame::is_list);
        self.frames.truncate(list.map_or(0, |list| list + 1));
    }

    fn open_note(&mut self, label: &str) {
        self.open(Frame::QUOTE);
        self.inline.open(STRONG);
        self.inline.text(label);
        self.inline.close(STRONG);
        self.inline.end_label();
    }

    fn close(&mut self, kind: impl Fn(&Frame) -> bool) {
        self.flush();
        if let Some(innermost) = self.frames.iter().rposition(kind) {
            self.frames.truncate(innermost);
        }
    }

    /// Ends a paragraph. A label alone is none.
    fn paragraph(&mut self) {
        if !self.inline.is_empty() {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let text = mem::take(&mut self.inline).finish();
        if !text.is_empty() {
            self.write(|width| wrap(&text, width));
        }
    }

    fn end_preformatted(&mut self) {
        let Some(text) = self.preformatted.take() else {
            return;
        };
        let text = text.trim_start_matches(['\r', '\n']).trim_end();
        if !text.is_empty() {
            let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
            // Without a language rustdoc would compile it.
            let mut lines = vec![format!("{fence}text")];
            lines.extend(text.split(['\r', '\n']).map(str::to_owned));
            lines.push(fence);
            self.write(|_| lines);
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let lines = table.finish(&mut self.inline);
        if !lines.is_empty() {
            self.write(|_| lines);
        }
    }

    /// Writes one block, each line behind what the open frames ask for.
    fn write(&mut self, block: impl FnOnce(usize) -> Vec<String>) {
        self.separate();
        let first: String = self.frames.iter_mut().map(Frame::start).collect();
        let rest: String = self.frames.iter().map(Frame::indent).collect();
        for (number, line) in block(WIDTH.saturating_sub(rest.len())).iter().enumerate() {
            let prefix = if number == 0 { &first } else { &rest };
            let mut line = format!("{prefix}{line}");
            line.truncate(line.trim_end().len());
            self.lines.push(line);
        }
    }

    /// Writes an empty line, except before an item that continues a list or starts one in an item.
    fn separate(&mut self) {
        let started = self.frames.iter().take_while(|frame| frame.is_started()).count();
        let (started, new) = self.frames.split_at(started);
        let inside = started.iter().any(Frame::is_list);
        let tight = matches!(new, [Frame::List { items, .. }, ..] if *items > 0 || inside);
        if !tight && !self.lines.is_empty() {
            let prefix: String = started.iter().map(Frame::indent).collect();
            self.lines.push(prefix.trim_end().to_owned());
        }
    }
}

/// A text without what does not show. Most texts have nothing to take out, and are not copied then.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        text.into()
    } else {
        text.chars().filter(|&c| is_printable(c)).collect()
    }
}

/// Control characters do not show, and the compiler refuses those that turn the direction of text.
pub(crate) fn is_printable(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return true;
    }
    let directs = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !directs && (c.is_whitespace() || !c.is_control())
}
