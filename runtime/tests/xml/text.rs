//! What documents may look like, and the text of leaves.

use bytes::Bytes;
use lean_aws_runtime::DateTime;

use super::{Colour, Order, problem, read, skip};

#[track_caller]
fn text(document: &str) -> String {
    read(document).unwrap().unwrap()
}

#[test]
fn text_is_taken_as_it_is() {
    for (document, expected) in [
        ("<a>x</a>", "x"),
        ("<a> x\n </a>", " x\n "),
        ("<a/>", ""),
        ("<a />", ""),
        ("<a></a >", ""),
        ("<a>x<!-- y -->z<?p q?>!</a>", "xz!"),
        ("<a><![CDATA[<&amp;>]]]]><![CDATA[>]]></a>", "<&amp;>]]>"),
        ("<a>1<![CDATA[]]>2</a>", "12"),
        ("<a>&lt;&gt;&amp;&quot;&apos;</a>", "<>&\"'"),
        ("<a>&#38;&#x26;&#x00000026;</a>", "&&&"),
        ("<a>a\r\nb\rc\n</a>", "a\nb\nc\n"),
        ("<a>a&#13;&#xD;\n\r&amp;</a>", "a\r\r\n\n&"),
        ("<a>\r<![CDATA[\r\n\r&#10;]]>\r</a>", "\n\n\n&#10;\n"),
        ("<a>é€🦀&#x1F980;&#233;</a>", "é€🦀🦀é"),
        // Keys in S3 may have such characters, and the service sends them so.
        ("<a>&#x1;&#0;</a>", "\u{1}\0"),
        ("<a b='>' c=\"/>'\">x</a>", "x"),
    ] {
        assert_eq!(text(document), expected, "{document}");
    }
}

/// The reader looks at eight bytes at a time.
#[test]
fn what_stands_for_something_else_is_found_at_any_place() {
    for (written, meant) in [
        ("&amp;", "&"),
        ("\r", "\n"),
        ("<![CDATA[<]]>", "<"),
        ("<!-- a -->", ""),
        // Their last bytes differ from those of `<`, `&` and `\r` in one bit.
        ("=\u{c}'", "=\u{c}'"),
        ("üĦč", "üĦč"),
    ] {
        for (before, after) in (0..20).flat_map(|before| (0..20).map(move |after| (before, after))) {
            let [before, after] = [before, after].map(|length| "x".repeat(length));
            let document = format!("<a>{before}{written}{after}</a>");
            assert_eq!(text(&document), format!("{before}{meant}{after}"), "{document}");
        }
    }
}

#[test]
fn declarations_prefixes_and_encodings_mean_nothing() {
    for document in [
        "<?xml version='1.0' encoding=\"ISO-8859-1\" ?>\n<!-- c --> <Order><Id>7</Id></Order>\n<!-- d -->\n",
        "\u{feff}<?xml version=\"1.0\"?><Order><Id>7</Id></Order>",
        "<Order xmlns=\"urn:a\" xmlns:b = 'urn:b'><b:Id x:y='z'>7</b:Id></Order>",
        "<o:Order xmlns:o='urn:o'\n\t>text<o:Id\r\n>7</o:Id\n>text<![CDATA[more]]></o:Order>",
    ] {
        assert_eq!(read::<Order>(document).unwrap().unwrap().id, "7", "{document}");
    }
}

#[test]
fn leaves() {
    assert_eq!(read::<i32>("<a> 5\n</a>").unwrap(), Some(5));
    assert_eq!(read::<i64>("<a>-9223372036854775808</a>").unwrap(), Some(i64::MIN));
    assert_eq!(read::<i64>("<a>1.0</a>").unwrap(), Some(1));
    assert_eq!(read::<f32>("<a>-Infinity</a>").unwrap(), Some(f32::NEG_INFINITY));
    assert_eq!(read::<f64>("<a> 1.5e3 </a>").unwrap(), Some(1500.0));
    assert!(read::<f64>("<a>NaN</a>").unwrap().unwrap().is_nan());
    assert_eq!(read::<bool>("<a>TRUE</a>").unwrap(), Some(true));
    assert_eq!(read::<bool>("<a> false </a>").unwrap(), Some(false));
    assert_eq!(read::<Colour>("<a>RED</a>").unwrap(), Some(Colour::Red));
    assert_eq!(
        read::<Colour>("<a>MAUVE</a>").unwrap(),
        Some(Colour::Unknown("MAUVE".to_owned()))
    );
    assert_eq!(read::<Colour>("<a/>").unwrap(), None);
    assert_eq!(
        read::<Bytes>("<a>\n AP8=\n </a>").unwrap(),
        Some(Bytes::from_static(b"\0\xff"))
    );
    assert_eq!(read::<Bytes>("<a/>").unwrap(), Some(Bytes::new()));
    for time in [
        "2020-01-01T00:00:00.500Z",
        "2020-01-01T01:00:00.5+01:00",
        " 1577836800.5 ",
    ] {
        let time = read::<DateTime>(format!("<a>{time}</a>")).unwrap();
        assert_eq!(time, Some(DateTime::from_millis(1_577_836_800_500)));
    }
    assert_eq!(
        read::<DateTime>("<a>Wed, 01 Jan 2020 00:00:00 GMT</a>").unwrap(),
        Some(DateTime::from_secs(1_577_836_800))
    );
}

#[test]
fn an_empty_element_is_a_value_only_of_what_may_be_empty() {
    for document in ["<a/>", "<a></a>", "<a>\n </a>"] {
        assert_eq!(read::<i32>(document).unwrap(), None);
        assert_eq!(read::<f64>(document).unwrap(), None);
        assert_eq!(read::<bool>(document).unwrap(), None);
        assert_eq!(read::<DateTime>(document).unwrap(), None);
    }
    let order = read::<Order>("<Order><Count>1</Count><Count/><Parts/><Parent/><State/></Order>").unwrap();
    let order = order.unwrap();
    assert_eq!((order.count, order.state), (None, None));
    assert_eq!(order.parts, Some(Vec::new()));
    assert_eq!(order.parent, Some(Box::default()));
}

#[test]
fn values_of_another_type() {
    for (message, expected) in [
        (
            problem::<i32>("<a>x</a>"),
            "XML: a value is of another type (line 1, column 4)",
        ),
        (
            problem::<i32>("<a>2147483648</a>"),
            "XML: a value is of another type (line 1, column 4)",
        ),
        (
            problem::<i8>("<a\n>\n128</a>"),
            "XML: a value is of another type (line 2, column 2)",
        ),
        (
            problem::<DateTime>("<a>soon</a>"),
            "XML: a value is of another type (line 1, column 4)",
        ),
        (
            problem::<Bytes>("<a>AP8</a>"),
            "XML: a value is not Base64 (line 1, column 4)",
        ),
        (
            problem::<String>("<a>x<b/></a>"),
            "XML: an element has children instead of text (line 1, column 9)",
        ),
    ] {
        assert_eq!(message, expected);
    }
}

#[test]
fn what_is_not_xml() {
    for (document, expected) in [
        ("", "it ends too early (line 1, column 1)"),
        ("<!-- a -->", "it ends too early (line 1, column 11)"),
        ("a", "there is text outside of the root (line 1, column 1)"),
        ("<a></a>b", "there is text outside of the root (line 1, column 8)"),
        ("<a></a>\n<b/>", "it has more than one root (line 2, column 1)"),
        ("<a></a></a>", "an element ends that has not begun (line 1, column 8)"),
        (
            "<a>\n<b></a></b>",
            "another element ends than the one that is open (line 2, column 4)",
        ),
        (
            "<a></ab>",
            "another element ends than the one that is open (line 1, column 4)",
        ),
        (
            "<x:a></a>",
            "another element ends than the one that is open (line 1, column 6)",
        ),
        (
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "it has a document type, which is not allowed (line 1, column 1)",
        ),
        ("<a>&b;</a>", "an entity is not known (line 1, column 4)"),
        ("<a>&b</a>", "an entity is not known (line 1, column 4)"),
        ("<a>&#xD800;</a>", "an entity is not known (line 1, column 4)"),
        ("<a>&#+65;</a>", "an entity is not known (line 1, column 4)"),
        ("<a>&#X26;</a>", "an entity is not known (line 1, column 4)"),
        ("<a>&#;</a>", "an entity is not known (line 1, column 4)"),
        ("<a>& b</a>", "an entity is not known (line 1, column 4)"),
        ("<1/>", "it is not valid (line 1, column 2)"),
        ("<a: />", "it is not valid (line 1, column 4)"),
        ("< a/>", "it is not valid (line 1, column 2)"),
        ("<a/ >", "it is not valid (line 1, column 4)"),
        ("<a b/>", "it is not valid (line 1, column 5)"),
        ("<a b=c/>", "it is not valid (line 1, column 6)"),
        ("<a b='c'd='e'/>", "it is not valid (line 1, column 9)"),
        ("<a b='<'/>", "it is not valid (line 1, column 7)"),
        ("<a><!ELEMENT b></a>", "it is not valid (line 1, column 4)"),
        ("<![CDATA[x]]>", "it is not valid (line 1, column 1)"),
    ] {
        assert_eq!(problem::<Order>(document), format!("XML: {expected}"), "{document}");
        assert_eq!(
            skip(document.as_bytes()).unwrap_err().to_string(),
            format!("XML: {expected}"),
            "{document}"
        );
    }
    assert_eq!(
        problem::<String>(b"<a>\xff</a>"),
        "XML: it is not UTF-8 (line 1, column 4)"
    );
    assert_eq!(
        problem::<String>(b"<a></a>\xff"),
        "XML: it is not UTF-8 (line 1, column 8)"
    );
}

#[test]
fn errors_never_show_what_the_document_says() {
    for document in [
        "<a>secret&b;</a>",
        "<a><secret></a>",
        "<a secret=x>",
        "<Order><Count>secret</Count></Order>",
    ] {
        assert!(!problem::<Order>(document).contains("secret"));
    }
}
