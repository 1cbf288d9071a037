//! What is written.

use std::collections::HashMap;

use lean_aws_runtime::support::xml::{ToXml, Writer};

use super::{Order, State, read, rich, write};

fn content(write: impl FnOnce(&mut Writer)) -> String {
    let mut xml = Writer::new();
    xml.begin("r");
    write(&mut xml);
    xml.end();
    String::from_utf8(xml.finish().unwrap()).unwrap()
}

#[test]
fn what_is_written_can_be_read() {
    let text = write(&rich());
    assert_eq!(read::<Order>(&text).unwrap().unwrap(), rich());
    let tree = roxmltree::Document::parse(&text).unwrap();
    let order = tree.root_element();
    assert_eq!(order.tag_name().namespace(), Some("https://orders.example/"));
    let leaf = |name: &str| {
        let mut children = order.children();
        children
            .find(|child| child.has_tag_name(("https://orders.example/", name)))
            .unwrap()
            .text()
    };
    assert_eq!(leaf("Price"), Some("-Infinity"));
    assert_eq!(leaf("Placed"), Some("2019-12-16T23:48:18.123Z"));
    assert_eq!(leaf("Due"), Some("Mon, 16 Dec 2019 23:48:18 GMT"));
    assert_eq!(leaf("Photo"), Some("AP8="));
    assert_eq!(leaf("Colour"), Some("MAUVE"));
    let parent = order
        .children()
        .find(|child| child.tag_name().name() == "Parent")
        .unwrap();
    assert_eq!(
        parent.attribute(("https://orders.example/o", "kind")),
        Some("a \"b\"\t&\n<c>'")
    );
    assert_eq!(
        parent.first_element_child().unwrap().text(),
        Some("é\"\n\r\u{85}\u{2028}<&>]]> ")
    );
}

#[test]
fn elements() {
    let none: Option<Vec<String>> = None;
    let empty = Vec::<String>::new();
    for (actual, expected) in [
        (content(|_| {}), "<r/>"),
        (content(|xml| xml.text("")), "<r></r>"),
        (content(|xml| xml.member("A", &None::<String>)), "<r/>"),
        (content(|xml| xml.member("A", &String::new())), "<r><A></A></r>"),
        (content(|xml| xml.member("A", &Some(false))), "<r><A>false</A></r>"),
        (content(|xml| xml.list("A", "m", &none, ToXml::to_xml)), "<r/>"),
        (content(|xml| xml.list("A", "m", &empty, ToXml::to_xml)), "<r><A/></r>"),
        (content(|xml| xml.each("A", &empty, ToXml::to_xml)), "<r/>"),
        (
            content(|xml| xml.each("A", &vec![1, 2], ToXml::to_xml)),
            "<r><A>1</A><A>2</A></r>",
        ),
        (
            content(|xml| {
                xml.entries(
                    "A",
                    &HashMap::from([("l".to_owned(), 2), ("k".to_owned(), 1)]),
                    |key, value, xml| {
                        xml.member_with("K", Some(key), |key, xml| {
                            xml.namespace("", "urn:k");
                            key.to_xml(xml);
                        });
                        xml.member("V", value);
                    },
                )
            }),
            "<r><A><K xmlns=\"urn:k\">k</K><V>1</V></A><A><K xmlns=\"urn:k\">l</K><V>2</V></A></r>",
        ),
        (
            content(|xml| {
                xml.namespace("xsi", "urn:\"a&b\"");
                xml.attribute("xsi:type", Some(&"x".to_owned()));
                xml.attribute::<String>("none", None);
                xml.attribute("flag", Some(&true));
                xml.member("A", &1);
            }),
            "<r xmlns:xsi=\"urn:&quot;a&amp;b&quot;\" xsi:type=\"x\" flag=\"true\"><A>1</A></r>",
        ),
        (content(|xml| State::Paid(1).to_xml(xml)), "<r><Paid>1</Paid></r>"),
    ] {
        assert_eq!(actual, expected);
    }
}

#[test]
fn characters_that_parsers_change_are_escaped() {
    assert_eq!(
        content(|xml| xml.text("a\tb\r\n\u{85}\u{2028}<&>\"'")),
        "<r>a\tb&#xD;&#xA;&#x85;&#x2028;&lt;&amp;&gt;\"'</r>"
    );
    assert_eq!(
        content(|xml| xml.attribute("a", Some(&"\t\r\n<&>\"'é".to_owned()))),
        "<r a=\"&#x9;&#xD;&#xA;&lt;&amp;&gt;&quot;'é\"/>"
    );
}

#[test]
fn a_value_that_xml_cannot_hold_is_named() {
    for (text, code) in [
        ("secret\0", "0000"),
        ("\u{1b}[secret", "001B"),
        ("a\u{fffe}b\u{1}", "FFFE"),
        ("\u{ffff}", "FFFF"),
    ] {
        let mut xml = Writer::new();
        xml.begin("Order");
        let order = Order {
            notes: vec!["fine \u{7f}\u{fffd}".to_owned()],
            stock: Some(HashMap::from([(text.to_owned(), 1)])),
            id: "a".to_owned(),
            ..Order::default()
        };
        order.to_xml(&mut xml);
        xml.member("Later", &"\u{2}".to_owned());
        xml.end();
        let problem = xml.finish().unwrap_err().to_string();
        assert_eq!(
            problem,
            format!("has the character U+{code} in `Order.Stock.entry.key`, which XML cannot hold")
        );
    }
    let mut xml = Writer::new();
    xml.begin("Order");
    xml.attribute("o:kind", Some(&"\u{8}".to_owned()));
    xml.end();
    let problem = xml.finish().unwrap_err().to_string();
    assert_eq!(
        problem,
        "has the character U+0008 in `Order.o:kind`, which XML cannot hold"
    );
}
