//! JSON as generated code reads and writes it: what each type takes, and the same verdict as serde_json on any text.

mod damaged;
mod members;
mod values;
mod written;

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::Zero;
use lean_aws_runtime::support::json::{Error, FromJson, Reader, ToJson, Writer};
use lean_aws_runtime::support::timestamp::DateTimeText;
use serde_json::{Value, json};

/// A structure with its code as the generator writes it.
#[derive(Clone, Debug, PartialEq)]
struct Order {
    id: String,
    count: Option<i32>,
    total: Option<i64>,
    price: Option<f64>,
    open: Option<bool>,
    photo: Option<Bytes>,
    placed: Option<DateTime>,
    due: Option<DateTime>,
    notes: Option<Value>,
    tags: Option<Vec<String>>,
    stock: Option<HashMap<String, Option<i32>>>,
    parts: Vec<Order>,
    parent: Option<Box<Order>>,
    state: Option<State>,
}

impl FromJson for Order {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        let mut value = Self::zero();
        json.begin_object()?;
        while let Some(name) = json.next_member()? {
            match &*name {
                "id" => json.fill(&mut value.id)?,
                "count" => json.fill(&mut value.count)?,
                "total" => json.fill(&mut value.total)?,
                "price" => json.fill(&mut value.price)?,
                "open" => json.fill(&mut value.open)?,
                "photo" => json.fill(&mut value.photo)?,
                "placed" => json.fill(&mut value.placed)?,
                "due" => json.fill(&mut value.due)?,
                "notes" => json.fill(&mut value.notes)?,
                "tags" => json.fill(&mut value.tags)?,
                "stock" => json.fill(&mut value.stock)?,
                "parts" => json.fill(&mut value.parts)?,
                "parent" => json.fill(&mut value.parent)?,
                "state" => json.fill(&mut value.state)?,
                _ => json.skip()?,
            }
        }
        Ok(value)
    }
}

impl Zero for Order {
    fn zero() -> Self {
        Self {
            id: Zero::zero(),
            count: None,
            total: None,
            price: None,
            open: None,
            photo: None,
            placed: None,
            due: None,
            notes: None,
            tags: None,
            stock: None,
            parts: Zero::zero(),
            parent: None,
            state: None,
        }
    }
}

impl ToJson for Order {
    fn to_json(&self, json: &mut Writer) {
        json.begin_object();
        json.member("id", &self.id);
        json.member("count", &self.count);
        json.member("total", &self.total);
        json.member("price", &self.price);
        json.member("open", &self.open);
        json.member("photo", &self.photo);
        json.member("placed", &self.placed);
        json.member("due", &DateTimeText(&self.due));
        json.member("notes", &self.notes);
        json.member("tags", &self.tags);
        json.member("stock", &self.stock);
        json.member("parts", &self.parts);
        json.member("parent", &self.parent);
        json.member("state", &self.state);
        json.end_object();
    }
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Paid(i32),
    Nested(Box<Order>),
    Gone,
    Other(String),
}

impl FromJson for State {
    fn from_json(json: &mut Reader<'_>) -> Result<Self, Error> {
        json.union(|json, name| {
            Ok(match name {
                "paid" => Self::Paid(json.read()?),
                "nested" => Self::Nested(json.read()?),
                "gone" => {
                    json.skip()?;
                    Self::Gone
                }
                _ => {
                    json.skip()?;
                    Self::Other(name.to_owned())
                }
            })
        })
    }
}

impl Zero for State {
    fn zero() -> Self {
        Self::Other(String::new())
    }
}

impl ToJson for State {
    fn to_json(&self, json: &mut Writer) {
        json.begin_object();
        match self {
            Self::Paid(value) => json.member("paid", value),
            Self::Nested(value) => json.member("nested", value),
            Self::Gone => json.unit("gone"),
            Self::Other(_) => {}
        }
        json.end_object();
    }
}

fn read<T: FromJson>(text: impl AsRef<[u8]>) -> Result<T, Error> {
    let mut json = Reader::new(text.as_ref());
    let value = json.read()?;
    json.end()?;
    Ok(value)
}

fn skip(text: &[u8]) -> Result<(), Error> {
    let mut json = Reader::new(text);
    json.skip()?;
    json.end()
}

fn write<T: ToJson + ?Sized>(value: &T) -> String {
    let mut json = Writer::new();
    value.to_json(&mut json);
    String::from_utf8(json.into_bytes()).unwrap()
}

#[track_caller]
fn refused<T: FromJson>(texts: &[&str]) {
    for text in texts {
        assert!(read::<T>(text).is_err(), "{text}");
    }
}

/// A value of every kind.
fn rich() -> Order {
    let small = Order {
        id: "é\"\n\u{1}".to_owned(),
        state: Some(State::Gone),
        ..Order::zero()
    };
    Order {
        id: "1".to_owned(),
        count: Some(-5),
        total: Some(i64::MAX),
        price: Some(0.1),
        open: Some(false),
        photo: Some(Bytes::from_static(b"\0\xff")),
        placed: Some(DateTime::from_millis(1_576_540_098_123)),
        due: Some(DateTime::from_millis(-1)),
        notes: Some(json!({"a": [null, 1.5, {"b": "{[\\\""}], "é": true})),
        tags: Some(vec![String::new(), "x".repeat(100)]),
        stock: Some(HashMap::from([("a".to_owned(), None), ("b\t".to_owned(), Some(1))])),
        parts: vec![small.clone(), Order::zero()],
        parent: Some(Box::new(small.clone())),
        state: Some(State::Nested(Box::new(small))),
    }
}
