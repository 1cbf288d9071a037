//! Documentation: of items, of the crate, and the crate's README.

mod crate_docs;
mod events;
mod example;
mod guide;
mod limits;
mod summary;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::ir::Member;
use crate::markdown::{code_span, longest_run, printable};

pub(super) use self::crate_docs::{crate_docs, readme};
pub(super) use self::example::{builder_example, example_setters, operation_example};
pub(super) use self::guide::guide;
use self::limits::limits;
pub(crate) use self::limits::limits_in_words;
pub(super) use self::summary::{plain_summary, summary};

/// Documentation of an item.
pub(super) fn docs(markdown: &str) -> TokenStream {
    attributes(markdown, "#")
}

/// Documentation of a file or of the crate.
pub(super) fn inner_docs(markdown: &str) -> TokenStream {
    attributes(markdown, "#!")
}

/// An attribute for each line. Made without `quote`, which would copy the lines.
fn attributes(markdown: &str, start: &str) -> TokenStream {
    let punct = |c| Punct::new(c, Spacing::Alone);
    let start: Vec<Punct> = start.chars().map(punct).collect();
    let (doc, equals) = (Ident::new("doc", Span::call_site()), punct('='));
    let attribute = |line: Literal| {
        let content: [TokenTree; 3] = [doc.clone().into(), equals.clone().into(), line.into()];
        let group = Group::new(Delimiter::Bracket, content.into_iter().collect());
        let start = start.iter().cloned().map(TokenTree::from);
        start.chain([group.into()])
    };
    lines(markdown).flat_map(attribute).collect()
}

/// What follows the slashes, line by line. All comments come through here, so what the compiler refuses in them is taken
/// out here: much of what they say is no HTML, and has been through nothing else.
fn lines(markdown: &str) -> impl Iterator<Item = Literal> {
    let markdown = printable(markdown.trim());
    // A carriage return alone ends a line, too.
    let lines: Vec<Literal> = markdown
        .lines()
        .flat_map(|line| line.split('\r'))
        .map(|line| match line.trim_end_matches(' ') {
            "" => raw("", ""),
            line => raw(" ", line),
        })
        .collect();
    lines.into_iter()
}

/// A raw string, which is several times faster to make and to read than one with escapes.
fn raw(indent: &str, text: &str) -> Literal {
    let hashes = match text.contains('"') {
        true => "#".repeat(longest_run(text, '#') + 1),
        false => String::new(),
    };
    let literal = ["r", &hashes, "\"", indent, text, "\"", &hashes].concat().parse();
    // Whatever is printable can be in a raw string.
    literal.unwrap_or_else(|_| Literal::string(&[indent, text].concat()))
}

/// An identifier that may be raw.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Documentation of a member that somebody gives a value: what the description says, and the limits in words.
pub(super) fn given_member(member: &Member) -> String {
    let limits = limits(&member.limits, &member.ty);
    let default = member
        .default
        .as_ref()
        .map(|value| format!("Default: {}.", code_span(value)));
    let bare_id = "Only what follows its last `/` is sent, so an ID from a response can be passed as it is.";
    let bare_id = member.bare_id.then(|| bare_id.to_owned());
    let origin = "The request is sent to the scheme, host and port of this URL.";
    let origin = member.origin.then(|| origin.to_owned());
    let paragraphs = [Some(self::member(member)), limits, default, bare_id, origin];
    paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// Documentation of a member that is only read. The service keeps to its limits.
pub(super) fn member(member: &Member) -> String {
    match member.docs.trim() {
        "" => format!("The member `{}`.", member.name),
        docs => docs.to_owned(),
    }
}

/// What is not longer than this stands wherever it belongs, in lines.
const SHORT: usize = 4;

/// The first sentence about a member, and where the rest is: much text stands once, where most people look for it.
pub(super) fn member_in_short(member: &Member, owner: &str, path: &str) -> String {
    let text = given_member(member);
    let short = summary(&text).unwrap_or_else(|| format!("The member `{}`.", member.name));
    if text.lines().count() <= SHORT || short == text.trim() {
        return text;
    }
    let field = member.field.trim_start_matches("r#");
    // Where links lead stands below the text.
    let (sentence, links) = short.split_at(short.find("\n\n[").unwrap_or(short.len()));
    format!("{sentence}\nMore at [`{field}`]({path}{owner}::{field}).{links}")
}
