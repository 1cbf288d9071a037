//! Structures, unions, lists and maps.

use std::collections::HashMap;

use lean_aws_runtime::support::xml::Reader;

use super::{Order, State, problem, read};

fn order(content: &str) -> Order {
    read(format!("<Order>{content}</Order>")).unwrap().unwrap()
}

#[test]
fn structures() {
    let order =
        order("<New a='b'><Id>no</Id><x/>&lt;</New> <Count>1</Count> stray <Id>a</Id><Id>b</Id><Count>2</Count>");
    assert_eq!((&*order.id, order.count), ("b", Some(2)));
    assert_eq!(read::<Order>("<Anything/>").unwrap(), Some(Order::default()));
}

#[test]
fn attributes() {
    for document in [
        "<Order kind='a &amp; &quot;b&quot;'/>",
        "<Order xmlns:kind='x' x = \"kind='y'\" o:kind\n=\n\"a &#38; &#x22;b&#34;\"></Order>",
    ] {
        assert_eq!(read::<Order>(document).unwrap().unwrap().kind.unwrap(), "a & \"b\"");
    }
    assert_eq!(
        read::<Order>("<Order kind='a\r\nb\tc'/>")
            .unwrap()
            .unwrap()
            .kind
            .unwrap(),
        "a b c"
    );
    assert_eq!(
        read::<Order>("<Order Kind='a' mankind='b'/>").unwrap().unwrap().kind,
        None
    );
    assert!(problem::<Order>("<Order kind='&b;'/>").starts_with("XML: an entity is not known (line 1"));

    let mut xml = Reader::new(b"<a n=' 5 ' t='x'/>");
    xml.next_child().unwrap();
    assert_eq!(xml.read_attribute::<i32>("n").unwrap(), Some(5));
    assert_eq!(xml.read_attribute::<i32>("m").unwrap(), None);
    let problem = xml.read_attribute::<i32>("t").unwrap_err().to_string();
    assert_eq!(problem, "XML: a value is of another type (line 1, column 19)");

    let mut xml = Reader::new(b"<a b='1'>x<c b='2'/></a>");
    assert_eq!(xml.attribute("b").unwrap(), None);
    assert_eq!(xml.next_child().unwrap(), Some("a"));
    assert_eq!(xml.attribute("b").unwrap().unwrap(), "1");
    assert_eq!(xml.attribute("b").unwrap().unwrap(), "1");
    assert_eq!(xml.next_child().unwrap(), Some("c"));
    assert_eq!(xml.attribute("b").unwrap().unwrap(), "2");
    assert_eq!(xml.next_child().unwrap(), None);
    assert_eq!(xml.attribute("b").unwrap(), None);
}

#[test]
fn lists() {
    let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        order("<Tags><Tag>a</Tag><member/> <item>c</item></Tags>").tags.unwrap(),
        strings(&["a", "", "c"])
    );
    assert_eq!(order("<Tags/>").tags.unwrap(), strings(&[]));
    assert_eq!(order("").tags, None);
    // The elements of a flattened list need not stand together.
    assert_eq!(
        order("<Note>a</Note><Id>1</Id><x/><Note/><Note>c</Note>").notes,
        strings(&["a", "", "c"])
    );
    assert_eq!(
        order("<Grid><r><c>1</c><c>2</c></r><r/><r><c/><c>3</c></r></Grid>")
            .grid
            .unwrap(),
        [vec![1, 2], vec![], vec![3]]
    );
    assert_eq!(order("<Parts><x><Id>a</Id></x><x/></Parts>").parts.unwrap()[0].id, "a");
}

#[test]
fn maps() {
    let map = |entries: &[(&str, i32)]| {
        let entries = entries.iter().map(|(key, value)| ((*key).to_owned(), *value));
        entries.collect::<HashMap<_, _>>()
    };
    for (content, expected) in [
        ("", map(&[])),
        ("<entry><key>a</key><value>1</value></entry>", map(&[("a", 1)])),
        ("<x><new/><value>1</value><key>a</key></x>", map(&[("a", 1)])),
        ("<entry><key/><value>1</value></entry>", map(&[("", 1)])),
        (
            "<entry><key>a</key><value>1</value></entry><entry><key>a</key><value>2</value></entry>",
            map(&[("a", 2)]),
        ),
        (
            "<entry><key>a</key><value/></entry><entry><key>b</key></entry><entry><value>1</value></entry>",
            map(&[]),
        ),
    ] {
        assert_eq!(
            order(&format!("<Stock>{content}</Stock>")).stock.unwrap(),
            expected,
            "{content}"
        );
    }
    let labels = order("<Labels><entry><Name>k</Name><Values><x>a</x><x>b</x></Values></entry></Labels>").labels;
    assert_eq!(labels.unwrap()["k"], ["a", "b"]);
    let limits = order("<Limit><key>a</key><value>1</value></Limit><Id/><Limit><key>b</key><value>2</value></Limit>");
    assert_eq!(
        limits.limits.unwrap(),
        HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)])
    );
}

#[test]
fn unions() {
    let unknown = |name: &str| Some(State::Unknown(name.to_owned()));
    for (content, expected) in [
        ("<Paid>5</Paid>", Some(State::Paid(5))),
        (
            "<New><Paid>1</Paid></New><Paid>5</Paid><Paid>6</Paid><Newer/>",
            Some(State::Paid(5)),
        ),
        ("<New>x</New><Newer/>", unknown("New")),
        ("", None),
        ("<Paid/>", None),
    ] {
        assert_eq!(order(&format!("<State>{content}</State>")).state, expected, "{content}");
    }
    assert!(problem::<Order>("<Order><State><Paid>x</Paid></State></Order>").contains("another type"));
}
