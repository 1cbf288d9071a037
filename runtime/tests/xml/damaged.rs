//! Documents that are cut off, too deep, or anything at all: what roxmltree takes is taken, with the same content.

use std::iter::repeat_with;

use lean_aws_runtime::support::xml::{Error, ErrorBody, Reader};
use roxmltree::Node;

use super::{Order, problem, read, rich, skip, write};

#[test]
fn cut_off_anywhere() {
    let text = write(&rich()).replace("<Tags>", "<?p i?><!-- c --><![CDATA[d]]><Tags a = 'b'\n>&#x26;");
    assert!(skip(text.as_bytes()).is_ok());
    for end in 0..text.len() {
        let text = &text.as_bytes()[..end];
        for problem in [problem::<Order>(text), skip(text).unwrap_err().to_string()] {
            let is_early = problem.starts_with("XML: it ends too early");
            // A multi-byte character may be cut in two.
            assert!(
                is_early || problem.starts_with("XML: it is not UTF-8"),
                "{end}: {problem}"
            );
        }
    }
}

#[test]
fn depth_is_bounded() {
    let nest = |depth: usize, name: &str| {
        format!(
            "{}{}",
            format!("<{name}>").repeat(depth),
            format!("</{name}>").repeat(depth)
        )
    };
    assert!(skip(nest(128, "a").as_bytes()).is_ok());
    assert!(read::<Order>(nest(128, "Parent")).is_ok());
    for document in [
        nest(129, "a"),
        nest(129, "Parent"),
        nest(100_000, "Parent"),
        "<a>".repeat(1_000_000),
    ] {
        for problem in [
            skip(document.as_bytes()).unwrap_err().to_string(),
            problem::<Order>(&document),
        ] {
            assert!(
                problem.starts_with("XML: elements are nested too deeply (line 1"),
                "{problem}"
            );
        }
    }
    let parts = format!("<Order><Parts>{}</Parts></Order>", "<x><Parts>".repeat(1000));
    assert!(problem::<Order>(parts).contains("too deeply"));
}

/// Reads an element that roxmltree has read, with the calls that generated code makes, and compares.
fn compare(node: Node<'_, '_>, xml: &mut Reader<'_>) -> Result<(), Error> {
    let kind = xml.attribute("kind")?;
    let attribute = node.attributes().find(|attribute| attribute.name() == "kind");
    assert_eq!(kind.as_deref(), attribute.map(|attribute| attribute.value()));
    let mut children = node.children().filter(Node::is_element).peekable();
    if children.peek().is_none() {
        let text: String = node
            .children()
            .filter_map(|child| child.text().filter(|_| child.is_text()))
            .collect();
        // It keeps a carriage return before a reference; the standard has a line feed there.
        assert_eq!(xml.text()?, text.replace('\r', "\n"));
        return Ok(());
    }
    for child in children {
        assert_eq!(xml.next_child()?, Some(child.tag_name().name()));
        compare(child, xml)?;
    }
    assert_eq!(xml.next_child()?, None);
    Ok(())
}

fn compare_document(document: &roxmltree::Document<'_>, text: &[u8]) -> Result<(), Error> {
    let mut xml = Reader::new(text);
    let root = document.root_element();
    assert_eq!(xml.next_child()?, Some(root.tag_name().name()));
    compare(root, &mut xml)?;
    xml.end()
}

/// The text of any element.
fn any_element(random: &mut fastrand::Rng, depth: usize, text: &mut String) {
    let name = ["a", "Order", "p:b", "Parts", "Parent", "é", "Note", "State", "_-.1"][random.usize(..9)];
    let space = |random: &mut fastrand::Rng| ["", "", " ", "\n\t", "\r\n"][random.usize(..5)];
    text.push_str(&format!("<{name}"));
    for attribute in ["kind", "p:x", "other"] {
        if random.u8(..4) == 0 {
            let quote = ["'", "\""][random.usize(..2)];
            let (before, after) = (space(random), space(random));
            text.push_str(&format!(" {before}{attribute}{after}={before}{quote}"));
            any_text(random, text);
            text.push_str(quote);
        }
    }
    text.push_str(space(random));
    if random.u8(..6) == 0 {
        text.push_str("/>");
        return;
    }
    text.push('>');
    for _ in 0..random.usize(..5) {
        match random.u8(..8) {
            0 => text.push_str("<!-- <a> &b; -->"),
            1 => text.push_str("<?p <a> &b; ?>"),
            2 => text.push_str("<![CDATA[<a> &b; ]]\r\n]]>"),
            3..6 if depth > 0 => any_element(random, depth - 1, text),
            _ => any_text(random, text),
        }
    }
    text.push_str(&format!("</{name}{}>", space(random)));
}

fn any_text(random: &mut fastrand::Rng, text: &mut String) {
    const PARTS: &[&str] = &[
        "&lt;", "&amp;", "&#x41;", "&#10;", "&#9;", "\r", "\n", "\t", " ", "é", "🦀", "&quot;", "&apos;",
    ];
    for _ in 0..random.usize(..6) {
        match random.bool() {
            true => text.push_str(PARTS[random.usize(..PARTS.len())]),
            false => {
                let length = random.usize(1..12);
                text.extend(repeat_with(|| random.alphanumeric()).take(length));
            }
        }
    }
}

fn mutate(random: &mut fastrand::Rng, text: &mut Vec<u8>) {
    const LIKELY: &[u8] = b"<>/=!?-[]&;#x'\" :aAO0\r\n\0\x1f\x7f\xc3\xa9\xff";
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..=text.len());
        match random.u8(..4) {
            0 if at < text.len() => _ = text.remove(at),
            1 if at < text.len() => text[at] = LIKELY[random.usize(..LIKELY.len())],
            2 => text.truncate(at),
            _ => text.insert(at, LIKELY[random.usize(..LIKELY.len())]),
        }
    }
}

#[test]
fn what_roxmltree_takes_is_taken_with_the_same_content() {
    let mut random = fastrand::Rng::with_seed(20_191_216);
    let mut accepted = 0;
    for round in 0..40_000 {
        let mut text = "<?xml version='1.0'?><r xmlns:p='urn:p'>".to_owned();
        any_element(&mut random, 4, &mut text);
        text.push_str("</r>");
        let mut text = text.into_bytes();
        if round % 4 != 0 {
            mutate(&mut random, &mut text);
        }
        // It takes a prefix of no letters for none.
        let document = std::str::from_utf8(&text).ok();
        let document = document.filter(|text| !text.contains("<:") && !text.contains("/:"));
        let document = document.and_then(|text| roxmltree::Document::parse(text).ok());
        if let Some(document) = document {
            let shown = String::from_utf8_lossy(&text);
            assert!(skip(&text).is_ok(), "{shown}");
            compare_document(&document, &text).unwrap_or_else(|error| panic!("{error}: {shown}"));
            accepted += 1;
        }
        // It may be an order or none; it must come to an end.
        _ = read::<Order>(&text);
    }
    assert!((10_000..30_000).contains(&accepted), "{accepted}");
}

#[test]
fn orders_that_were_damaged() {
    let mut random = fastrand::Rng::with_seed(7);
    let text = write(&rich());
    for _ in 0..20_000 {
        let mut text = text.clone().into_bytes();
        mutate(&mut random, &mut text);
        if read::<Order>(&text).is_ok() {
            assert!(skip(&text).is_ok(), "{}", String::from_utf8_lossy(&text));
        }
    }
}

#[test]
fn any_bytes() {
    let mut random = fastrand::Rng::with_seed(1);
    for round in 0..50_000 {
        let mut bytes = vec![0; random.usize(..40)];
        random.fill(&mut bytes);
        if round % 2 == 0 {
            bytes
                .iter_mut()
                .for_each(|byte| *byte = b"<>/='\"!-[]?&;#a CDATx1\xc3\xa9"[usize::from(*byte) % 24]);
        }
        if let Some(first) = bytes.first_mut() {
            *first = b'<';
        }
        _ = skip(&bytes);
        _ = read::<Order>(&bytes);
        _ = ErrorBody::read(&bytes, &|name| name.len() == 1);
    }
}
