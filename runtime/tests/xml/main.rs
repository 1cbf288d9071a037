//! XML as generated code reads and writes it: what each type takes, and the same content as roxmltree finds in any text.

mod answers;
mod damaged;
mod members;
mod text;
mod written;

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::Zero;
use lean_aws_runtime::support::text::Enum;
use lean_aws_runtime::support::timestamp::HttpDate;
use lean_aws_runtime::support::xml::{Error, FromXml, Reader, ToXml, Writer};

/// A structure with its code as the generator would write it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Order {
    id: String,
    /// An attribute.
    kind: Option<String>,
    count: Option<i32>,
    total: Option<i64>,
    price: Option<f64>,
    open: Option<bool>,
    photo: Option<Bytes>,
    placed: Option<DateTime>,
    due: Option<DateTime>,
    colour: Option<Colour>,
    tags: Option<Vec<String>>,
    /// A flattened list.
    notes: Vec<String>,
    /// A list of lists.
    grid: Option<Vec<Vec<i32>>>,
    stock: Option<HashMap<String, i32>>,
    /// A map whose entries have names of their own, and whose values are lists.
    labels: Option<HashMap<String, Vec<String>>>,
    /// A flattened map.
    limits: Option<HashMap<String, i64>>,
    parts: Option<Vec<Order>>,
    parent: Option<Box<Order>>,
    state: Option<State>,
}

impl FromXml for Order {
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        let mut value = Self::zero();
        value.kind = xml.read_attribute("kind")?;
        while let Some(name) = xml.next_child()? {
            match name {
                "Id" => xml.fill(&mut value.id)?,
                "Count" => xml.fill(&mut value.count)?,
                "Total" => xml.fill(&mut value.total)?,
                "Price" => xml.fill(&mut value.price)?,
                "Open" => xml.fill(&mut value.open)?,
                "Photo" => xml.fill(&mut value.photo)?,
                "Placed" => xml.fill(&mut value.placed)?,
                "Due" => xml.fill(&mut value.due)?,
                "Colour" => xml.fill(&mut value.colour)?,
                "Tags" => xml.fill(&mut value.tags)?,
                "Note" => xml.push(&mut value.notes)?,
                "Grid" => xml.fill(&mut value.grid)?,
                "Stock" => xml.fill(&mut value.stock)?,
                "Labels" => xml.fill_with(&mut value.labels, |xml| xml.map("Name", "Values", FromXml::from_xml))?,
                "Limit" => {
                    let map = value.limits.get_or_insert_default();
                    xml.entry(map, "key", "value", FromXml::from_xml)?;
                }
                "Parts" => xml.fill(&mut value.parts)?,
                "Parent" => value.parent = xml.read()?.map(Box::new),
                "State" => xml.fill(&mut value.state)?,
                _ => xml.skip()?,
            }
        }
        Ok(Some(value))
    }
}

impl Zero for Order {
    fn zero() -> Self {
        Self::default()
    }
}

impl ToXml for Order {
    fn to_xml(&self, xml: &mut Writer) {
        xml.attribute("o:kind", self.kind.as_ref());
        xml.member("Id", &self.id);
        xml.member("Count", &self.count);
        xml.member("Total", &self.total);
        xml.member("Price", &self.price);
        xml.member("Open", &self.open);
        xml.member("Photo", &self.photo);
        xml.member("Placed", &self.placed);
        xml.member_with("Due", self.due.as_ref(), |time, xml| {
            xml.text(&HttpDate(time).to_string())
        });
        xml.member("Colour", &self.colour);
        xml.list("Tags", "Tag", &self.tags, ToXml::to_xml);
        xml.each("Note", &self.notes, ToXml::to_xml);
        xml.list("Grid", "member", &self.grid, |row, xml| {
            xml.each("Cell", row, ToXml::to_xml);
        });
        xml.member_with("Stock", self.stock.as_ref(), |map, xml| {
            xml.entries("entry", map, |key, value, xml| {
                xml.member("key", key);
                xml.member("value", value);
            });
        });
        xml.member_with("Labels", self.labels.as_ref(), |map, xml| {
            xml.entries("entry", map, |key, value, xml| {
                xml.member("Name", key);
                xml.list("Values", "member", value, ToXml::to_xml);
            });
        });
        xml.entries("Limit", &self.limits, |key, value, xml| {
            xml.member("key", key);
            xml.member("value", value);
        });
        xml.list("Parts", "member", &self.parts, ToXml::to_xml);
        if let Some(parent) = &self.parent {
            xml.member("Parent", &**parent);
        }
        xml.member("State", &self.state);
    }
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Paid(i32),
    Nested(Box<Order>),
    Unknown(String),
}

impl FromXml for State {
    fn from_xml(xml: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        xml.union(
            |xml, name| {
                Ok(Some(match name {
                    "Paid" => xml.read()?.map(Self::Paid),
                    "Nested" => xml.read()?.map(Box::new).map(Self::Nested),
                    _ => return Ok(None),
                }))
            },
            |name| Self::Unknown(name.to_owned()),
        )
    }
}

impl Zero for State {
    fn zero() -> Self {
        Self::Unknown(String::new())
    }
}

impl ToXml for State {
    fn to_xml(&self, xml: &mut Writer) {
        match self {
            Self::Paid(value) => xml.member("Paid", value),
            Self::Nested(value) => xml.member("Nested", &**value),
            Self::Unknown(_) => {}
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Colour {
    Red,
    Unknown(String),
}

impl From<&str> for Colour {
    fn from(text: &str) -> Self {
        match text {
            "RED" => Self::Red,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl Zero for Colour {
    fn zero() -> Self {
        Self::from("")
    }
}

impl Enum for Colour {
    fn as_str(&self) -> &str {
        match self {
            Self::Red => "RED",
            Self::Unknown(text) => text,
        }
    }
}

/// Reads a document whose root is a value.
fn read<T: FromXml>(text: impl AsRef<[u8]>) -> Result<Option<T>, Error> {
    let mut xml = Reader::new(text.as_ref());
    if xml.next_child()?.is_none() {
        return Ok(None);
    }
    let value = xml.read()?;
    xml.end()?;
    Ok(value)
}

fn skip(text: &[u8]) -> Result<(), Error> {
    let mut xml = Reader::new(text);
    xml.next_child()?;
    xml.skip()?;
    xml.end()
}

/// Writes a document with this root.
fn write<T: ToXml>(value: &T) -> String {
    let mut xml = Writer::new();
    xml.begin("Order");
    xml.namespace("", "https://orders.example/");
    xml.namespace("o", "https://orders.example/o");
    value.to_xml(&mut xml);
    xml.end();
    String::from_utf8(xml.finish().unwrap()).unwrap()
}

#[track_caller]
fn problem<T: FromXml>(text: impl AsRef<[u8]>) -> String {
    match read::<T>(&text) {
        Ok(_) => panic!("it can be read: {}", String::from_utf8_lossy(text.as_ref())),
        Err(error) => error.to_string(),
    }
}

/// A value of every kind.
fn rich() -> Order {
    let small = Order {
        id: "é\"\n\r\u{85}\u{2028}<&>]]> ".to_owned(),
        kind: Some("a \"b\"\t&\n<c>'".to_owned()),
        parts: Some(Vec::new()),
        ..Order::default()
    };
    Order {
        id: "1".to_owned(),
        kind: None,
        count: Some(-5),
        total: Some(i64::MAX),
        price: Some(f64::NEG_INFINITY),
        open: Some(false),
        photo: Some(Bytes::from_static(b"\0\xff")),
        placed: Some(DateTime::from_millis(1_576_540_098_123)),
        due: Some(DateTime::from_secs(1_576_540_098)),
        colour: Some(Colour::Unknown("MAUVE".to_owned())),
        tags: Some(vec![String::new(), "x".repeat(100), " ".to_owned()]),
        notes: vec!["a".to_owned(), "b".to_owned()],
        grid: Some(vec![vec![1, 2], vec![], vec![3]]),
        stock: Some(HashMap::from([("a".to_owned(), 1), ("b\t".to_owned(), -1)])),
        labels: Some(HashMap::from([("k".to_owned(), vec!["v".to_owned()])])),
        limits: Some(HashMap::from([("l".to_owned(), i64::MIN)])),
        parts: Some(vec![small.clone(), Order::default()]),
        parent: Some(Box::new(small.clone())),
        state: Some(State::Nested(Box::new(small))),
    }
}
