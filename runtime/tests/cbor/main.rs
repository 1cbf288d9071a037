//! CBOR as generated code reads and writes it: what each type takes, and the verdict of RFC 8949 on any bytes.

mod damaged;
mod examples;
mod members;
mod values;

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::Zero;
use lean_aws_runtime::support::cbor::{Error, FromCbor, Reader, ToCbor, Writer, to_bytes};
use lean_aws_runtime::support::text::Enum;

/// A structure with its code as the generator would write it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Order {
    id: String,
    count: Option<i32>,
    total: Option<i64>,
    price: Option<f64>,
    weight: Option<f32>,
    open: Option<bool>,
    photo: Option<Bytes>,
    placed: Option<DateTime>,
    colour: Option<Colour>,
    tags: Option<Vec<String>>,
    stock: Option<HashMap<String, Option<i32>>>,
    parts: Vec<Order>,
    parent: Option<Box<Order>>,
    state: Option<State>,
}

impl FromCbor for Order {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        let mut value = Self::default();
        cbor.begin_object()?;
        while let Some(name) = cbor.next_member()? {
            match &*name {
                "id" => cbor.fill(&mut value.id)?,
                "count" => cbor.fill(&mut value.count)?,
                "total" => cbor.fill(&mut value.total)?,
                "price" => cbor.fill(&mut value.price)?,
                "weight" => cbor.fill(&mut value.weight)?,
                "open" => cbor.fill(&mut value.open)?,
                "photo" => cbor.fill(&mut value.photo)?,
                "placed" => cbor.fill(&mut value.placed)?,
                "colour" => cbor.fill(&mut value.colour)?,
                "tags" => cbor.fill(&mut value.tags)?,
                "stock" => cbor.fill(&mut value.stock)?,
                "parts" => cbor.fill(&mut value.parts)?,
                "parent" => value.parent = cbor.read::<Option<_>>()?.map(Box::new),
                "state" => cbor.fill(&mut value.state)?,
                _ => cbor.skip()?,
            }
        }
        Ok(value)
    }
}

impl Zero for Order {
    fn zero() -> Self {
        Self::default()
    }
}

impl ToCbor for Order {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.begin_object();
        cbor.member("id", &self.id);
        cbor.member("count", &self.count);
        cbor.member("total", &self.total);
        cbor.member("price", &self.price);
        cbor.member("weight", &self.weight);
        cbor.member("open", &self.open);
        cbor.member("photo", &self.photo);
        cbor.member("placed", &self.placed);
        cbor.member("colour", &self.colour);
        cbor.member("tags", &self.tags);
        cbor.member("stock", &self.stock);
        cbor.member("parts", &self.parts);
        if let Some(parent) = &self.parent {
            cbor.member("parent", &**parent);
        }
        cbor.member("state", &self.state);
        cbor.end_object();
    }
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Paid(i32),
    Nested(Box<Order>),
    Gone,
    Unknown(String),
}

impl FromCbor for State {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        cbor.union(|cbor, name| {
            Ok(match name {
                "paid" => Self::Paid(cbor.read()?),
                "nested" => Self::Nested(Box::new(cbor.read()?)),
                "gone" => {
                    cbor.skip()?;
                    Self::Gone
                }
                other => {
                    cbor.skip()?;
                    Self::Unknown(other.to_owned())
                }
            })
        })
    }
}

impl Zero for State {
    fn zero() -> Self {
        Self::Unknown(String::new())
    }
}

impl ToCbor for State {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.begin_object();
        match self {
            Self::Paid(value) => cbor.member("paid", value),
            Self::Nested(value) => cbor.member("nested", &**value),
            Self::Gone => cbor.unit("gone"),
            Self::Unknown(_) => {}
        }
        cbor.end_object();
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

/// The bytes of hexadecimal digits, between which there may be spaces.
fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|c| c.to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_bytes<T: FromCbor>(bytes: &[u8]) -> Result<T, Error> {
    let mut cbor = Reader::new(bytes);
    let value = cbor.read()?;
    cbor.end()?;
    Ok(value)
}

fn read<T: FromCbor>(hex: &str) -> Result<T, Error> {
    read_bytes(&bytes(hex))
}

fn skip(bytes: &[u8]) -> Result<(), Error> {
    let mut cbor = Reader::new(bytes);
    cbor.skip()?;
    cbor.end()
}

fn write<T: ToCbor>(value: &T) -> String {
    hex(&to_bytes(value))
}

#[track_caller]
fn refused<T: FromCbor>(all: &[&str], expected: &str) {
    for hex in all {
        let problem = read::<T>(hex).err().unwrap_or_else(|| panic!("{hex}")).to_string();
        assert!(
            problem.starts_with(&format!("CBOR: {expected} (byte ")),
            "{hex}: {problem}"
        );
    }
}

/// A value of every kind.
fn rich() -> Order {
    let small = Order {
        id: "é🦀".to_owned(),
        state: Some(State::Gone),
        ..Order::default()
    };
    Order {
        id: "1".to_owned(),
        count: Some(-5),
        total: Some(i64::MAX),
        price: Some(0.1),
        weight: Some(f32::NEG_INFINITY),
        open: Some(false),
        photo: Some(Bytes::from_static(b"\0\xff")),
        placed: Some(DateTime::from_millis(1_576_540_098_123)),
        colour: Some(Colour::Unknown("teal".to_owned())),
        tags: Some(vec![String::new(), "x".repeat(300)]),
        stock: Some(HashMap::from([("a".to_owned(), None), ("b".to_owned(), Some(1))])),
        parts: vec![small.clone(), Order::default()],
        parent: Some(Box::new(small.clone())),
        state: Some(State::Nested(Box::new(small))),
    }
}
