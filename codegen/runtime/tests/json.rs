//! JSON as generated code reads and writes it: what each type takes, and the same verdict as serde_json on any text.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use aws_smithy_types::DateTime;
use bytes::Bytes;
use codegen_runtime::runtime::features::timestamp::{DateTimeText, EpochSeconds, HttpDate};
use codegen_runtime::runtime::json::{Error, FromJson, Members, Reader, ToJson, Writer};
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

    fn zero() -> Self {
        Self {
            id: FromJson::zero(),
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
            parts: FromJson::zero(),
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

#[test]
fn whole_numbers() {
    for (text, expected) in [
        ("0", 0),
        ("-0", 0),
        ("2147483647", i32::MAX),
        ("-2147483648", i32::MIN),
        ("1.5", 1),
        ("-1.9", -1),
        ("1e3", 1000),
        ("2147483647.9", i32::MAX),
        (r#""12""#, 12),
        (r#"" -7 ""#, -7),
        (r#""1.5""#, 1),
        (" \n 5 \t", 5),
    ] {
        assert_eq!(read::<i32>(text).unwrap(), expected, "{text}");
    }
    refused::<i32>(&[
        "2147483648",
        "-2147483649",
        "1e10",
        r#""""#,
        r#""x""#,
        r#""NaN""#,
        "true",
        "[]",
        "null",
    ]);
    refused::<i32>(&["01", "1.", ".5", "+1", "-", "1e", "1e+", "0x1", "1 2"]);
    assert_eq!(read::<i8>("-128.5").unwrap(), -128);
    assert_eq!(read::<i16>("32767").unwrap(), i16::MAX);
    refused::<i8>(&["128", "-129"]);
    refused::<i16>(&["32768"]);
    assert_eq!(read::<i64>("9223372036854775807").unwrap(), i64::MAX);
    assert_eq!(read::<i64>("-9223372036854775808").unwrap(), i64::MIN);
    assert_eq!(read::<i64>("-9223372036854775808.0").unwrap(), i64::MIN);
    refused::<i64>(&[
        "9223372036854775808",
        "9223372036854775807.0",
        "-9223372036854777857",
        "1e999",
    ]);
}

#[test]
fn floats() {
    for (text, expected) in [
        ("1", 1.0),
        ("0.1", 0.1),
        ("-1.5E-3", -0.0015),
        (r#""2.5""#, 2.5),
        (r#""Infinity""#, f64::INFINITY),
        (r#""-Infinity""#, f64::NEG_INFINITY),
    ] {
        assert_eq!(read::<f64>(text).unwrap(), expected, "{text}");
    }
    assert!(read::<f64>(r#""NaN""#).unwrap().is_nan());
    assert!(read::<f32>(r#""NaN""#).unwrap().is_nan());
    assert_eq!(read::<f32>("16777217").unwrap(), 16_777_216.0);
    refused::<f64>(&[
        "NaN",
        "Infinity",
        "-Infinity",
        r#""""#,
        r#""1,5""#,
        "true",
        "{}",
        "null",
    ]);
}

#[test]
fn booleans_and_strings() {
    for (text, expected) in [
        ("true", true),
        ("false", false),
        (r#""TRUE""#, true),
        (r#""false""#, false),
        (r#""yes""#, false),
    ] {
        assert_eq!(read::<bool>(text).unwrap(), expected, "{text}");
    }
    refused::<bool>(&["1", "tru", "truex", "null", "[]"]);
    let text = r#""a\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83e\udd80é🦀""#;
    assert_eq!(read::<String>(text).unwrap(), "a\"\\/\u{8}\u{c}\n\r\té€🦀é🦀");
    refused::<String>(&[
        "1",
        "true",
        "\"",
        "\"a",
        "\"\n\"",
        r#""\x""#,
        r#""\u12""#,
        r#""\u12g4""#,
        r#""\"#,
    ]);
    // Half of a pair is no character.
    refused::<String>(&[
        r#""\ud83e""#,
        r#""\udd80""#,
        r#""\ud83e\ud83e""#,
        r#""\ud83ex""#,
        r#""\udd80\ud83e""#,
    ]);
    assert!(read::<String>(b"\"\xff\"").is_err());
}

#[test]
fn blobs() {
    for (text, expected) in [
        (r#""""#, &b""[..]),
        (r#""aGk=""#, b"hi"),
        (r#""/+8=""#, b"\xff\xef"),
        // Characters that are not in the alphabet are left out.
        (r#""aG\nk=\n""#, b"hi"),
        (r#""_/+8-=""#, b"\xff\xef"),
    ] {
        assert_eq!(read::<Bytes>(text).unwrap(), expected, "{text}");
    }
    refused::<Bytes>(&[r#""aGk""#, r#""a""#, r#""=aGk""#, "true", "[]"]);
    assert_eq!(write(&Bytes::from_static(b"\xff\xef")), r#""/+8=""#);
}

#[test]
fn times() {
    let time = |seconds, nanos| DateTime::from_secs_and_nanos(seconds, nanos);
    for (text, expected) in [
        ("1576540098", time(1_576_540_098, 0)),
        ("1576540098.52", time(1_576_540_098, 520_000_000)),
        ("1.576540098018E9", time(1_576_540_098, 18_000_000)),
        ("-0.5", time(-1, 500_000_000)),
        (r#""1576540098""#, time(1_576_540_098, 0)),
        (r#""2019-12-16T23:48:18Z""#, time(1_576_540_098, 0)),
        (r#""2019-12-16T23:48:18.123456789Z""#, time(1_576_540_098, 123_456_789)),
        (r#""2019-12-16T22:48:18-01:00""#, time(1_576_540_098, 0)),
        (r#""2019-12-17T00:48:18.5+0100""#, time(1_576_540_098, 500_000_000)),
        (r#""2019-12-16 23:48:18""#, time(1_576_540_098, 0)),
        (r#""2019-12-16""#, time(1_576_454_400, 0)),
        (r#""Mon, 16 Dec 2019 23:48:18 GMT""#, time(1_576_540_098, 0)),
        (
            r#""Mon, 16 Dec 2019 23:48:18.25 GMT""#,
            time(1_576_540_098, 250_000_000),
        ),
    ] {
        assert_eq!(read::<DateTime>(text).unwrap(), expected, "{text}");
    }
    refused::<DateTime>(&[
        r#""""#,
        r#""soon""#,
        r#""2019-13-16T23:48:18Z""#,
        "1e999",
        "-1e300",
        "true",
        r#""NaN""#,
    ]);
    refused::<DateTime>(&[
        r#""2019-12-1éT23:48:18+0é""#,
        r#""2019-12-16T23:48:18+01é0""#,
        r#""2019-12-16T""#,
    ]);

    let moment = time(1_576_540_098, 123_999_999);
    assert_eq!(write(&moment), "1576540098.123");
    assert_eq!(write(&time(1_576_540_098, 999_999)), "1576540098");
    assert_eq!(write(&time(-1, 500_000_000)), "-0.5");
    assert_eq!(write(&DateTimeText(&moment)), r#""2019-12-16T23:48:18.123Z""#);
    assert_eq!(write(&HttpDate(&moment)), r#""Mon, 16 Dec 2019 23:48:18 GMT""#);
    assert_eq!(write(&EpochSeconds(&vec![moment])), "[1576540098.123]");
    assert_eq!(
        write(&HttpDate(&vec![Some(moment), None])),
        r#"["Mon, 16 Dec 2019 23:48:18 GMT",null]"#
    );
    assert_eq!(
        write(&DateTimeText(&HashMap::from([("a".to_owned(), Box::new(moment))]))),
        r#"{"a":"2019-12-16T23:48:18.123Z"}"#
    );
    assert!(DateTimeText(&None::<DateTime>).is_absent());
    // No format but seconds has these.
    for far in [time(i64::MAX, 999_999_999), time(i64::MIN, 0)] {
        assert_eq!(read::<DateTime>(write(&far)).unwrap().secs(), far.secs());
        assert_eq!(HttpDate(&far).to_string(), EpochSeconds(&far).to_string());
    }
}

#[test]
fn lists_and_maps() {
    assert_eq!(read::<Vec<i32>>("[1,null, 2 ]").unwrap(), [1, 2]);
    assert_eq!(read::<Vec<Option<i32>>>("[1,null]").unwrap(), [Some(1), None]);
    assert_eq!(read::<Vec<Value>>("[1,null]").unwrap(), [json!(1), json!(null)]);
    assert_eq!(read::<Vec<Vec<i32>>>("[[],[1]]").unwrap(), [vec![], vec![1]]);
    let map = |pairs: &[(&str, i32)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect();
    let dense: HashMap<String, i32> = map(&[("a", 1)]);
    assert_eq!(read::<HashMap<String, i32>>(r#"{"a":1,"b":null}"#).unwrap(), dense);
    assert_eq!(
        read::<HashMap<String, i32>>(r#"{"b":2,"a":2,"a":1,"b":null}"#).unwrap(),
        dense
    );
    let sparse = HashMap::from([("a".to_owned(), None)]);
    assert_eq!(read::<HashMap<String, Option<i32>>>(r#"{"a":null}"#).unwrap(), sparse);
    assert_eq!(write(&sparse), r#"{"a":null}"#);
    assert_eq!(write(&vec![None, Some(1)]), "[null,1]");
    refused::<Vec<i32>>(&["[1,]", "[,1]", "[1 2]", "[", "[1", "[1,", "[1}", "]", "{}", "1", "null"]);
    refused::<HashMap<String, i32>>(&[
        r#"{"a":1,}"#,
        r#"{"a"}"#,
        r#"{"a" 1}"#,
        "{1:1}",
        "{",
        r#"{"a":1]"#,
        "[]",
    ]);
}

#[test]
fn documents_are_kept() {
    for text in [
        "null",
        r#"{"a":[1,-2,18446744073709551615,0.1,1e300,true,null,"é"],"b":{}}"#,
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
    ] {
        let value = read::<Value>(text).unwrap();
        assert_eq!(value, text.parse::<Value>().unwrap());
        assert_eq!(read::<Value>(write(&value)).unwrap(), value);
    }
    // The nearest number, not one next to it.
    assert_eq!(
        read::<Value>("9007199254740993e-5").unwrap(),
        json!(9_007_199_254_740_993e-5_f64)
    );
}

#[test]
fn structures() {
    let order: Order =
        read(r#"{"id":null,"count":1,"count":null,"parts":null,"x":[{}],"tags":["a"],"tags":["b"]}"#).unwrap();
    assert_eq!(order.id, "");
    assert_eq!((order.count, order.parts), (None, vec![]));
    assert_eq!(order.tags.unwrap(), ["b"]);
    assert_eq!(write(&Order::zero()), r#"{"id":"","parts":[]}"#);
    assert_eq!(read::<Order>(r#"{"\u0069d":"x"}"#).unwrap().id, "x");
    refused::<Order>(&["null", "[]", "", r#"{"id":"a"} x"#, r#"{"id":1}"#, r#"{"count":[]}"#]);
}

#[test]
fn unions() {
    for (text, expected) in [
        (r#"{"paid":5}"#, State::Paid(5)),
        (r#"{"__type":"State","gone":null,"paid":5}"#, State::Paid(5)),
        (r#"{"gone":{}}"#, State::Gone),
        (r#"{"new":{"a":[1]}}"#, State::Other("new".to_owned())),
        (r#"{"paid":5,"paid":6}"#, State::Paid(6)),
    ] {
        assert_eq!(read::<State>(text).unwrap(), expected, "{text}");
    }
    for text in ["{}", r#"{"paid":null}"#, r#"{"__type":"x"}"#, r#"{"paid":5,"gone":{}}"#] {
        let error = read::<State>(text).unwrap_err().to_string();
        assert!(
            error.starts_with("JSON: a union has not exactly one member (line 1"),
            "{error}"
        );
    }
    assert_eq!(write(&State::Gone), r#"{"gone":{}}"#);
}

#[test]
fn errors_tell_the_place_but_not_the_text() {
    for (text, expected) in [
        (
            "{\n \"count\": \"secret\"}",
            "a value is no whole number, or out of range (line 2, column 11)",
        ),
        ("{\"count\":[]}", "a value is of another type (line 1, column 10)"),
        ("{\"count\":5", "it ends too early (line 1, column 11)"),
        ("{\"count\":?}", "it is not valid (line 1, column 10)"),
        ("{\"open\":tr", "it ends too early (line 1, column 11)"),
        ("{}\n\n}", "it is not valid (line 3, column 1)"),
        ("{\"placed\":\"secret\"}", "a value is no time (line 1, column 11)"),
        ("{\"photo\":\"se-cret\"}", "a value is not Base64 (line 1, column 10)"),
        ("{\"price\":\"secret\"}", "a value is no number (line 1, column 10)"),
    ] {
        let error = read::<Order>(text).unwrap_err();
        assert_eq!(error.to_string(), format!("JSON: {expected}"), "{text}");
        assert!(!format!("{error:?}").contains("cret"));
    }
    let error = read::<Order>(b"{\"x\":\"\xff\"}").unwrap_err();
    assert_eq!(error.to_string(), "JSON: it is not UTF-8 (line 1, column 7)");
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[test]
fn members_by_name() {
    let members = Members::read(br#" {"a":1,"b":"x","a":2,"c":null,"d":[1]} "#).unwrap();
    assert_eq!(members.get::<i32>("a"), Some(2));
    assert_eq!(members.get::<i32>("b"), None);
    assert_eq!(members.get::<String>("c"), None);
    assert_eq!(members.get::<Vec<i32>>("d"), Some(vec![1]));
    assert_eq!(members.get::<i32>("missing"), None);
    assert_eq!(members.text("a").as_deref(), Some("2"));
    assert_eq!(members.text("d"), None);
    assert!(Members::read(b" \n").unwrap().get::<i32>("a").is_none());
    assert!(Members::read(b"[]").is_err());
    assert!(Members::read(b"{}x").is_err());
}

#[test]
fn what_is_written_is_json() {
    for number in [0.0, -0.0, 1.0, 0.1, 1e16, 1e-7, f64::MAX, f64::MIN_POSITIVE, 5e-324] {
        let text = write(&number);
        assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
        assert!(text.parse::<Value>().unwrap().is_f64(), "{text}");
        assert!(text.len() <= format!("{number:e}").len() + 4, "{text}");
    }
    assert_eq!(write(&0.1_f32), "0.1");
    assert_eq!(write(&f64::NAN), r#""NaN""#);
    assert_eq!(write(&f32::INFINITY), r#""Infinity""#);
    assert_eq!(write(&f64::NEG_INFINITY), r#""-Infinity""#);
    assert_eq!(write(&i64::MIN), i64::MIN.to_string());
    assert_eq!(write(&i8::MIN), "-128");
    let all: String = ('\0'..='\u{ff}').chain("€🦀{[".chars()).collect();
    assert_eq!(serde_json::from_str::<String>(&write(&all)).unwrap(), all);
    assert_eq!(read::<String>(write(&all)).unwrap(), all);
    // A comma follows text that ends in a bracket.
    assert_eq!(write(&vec!["{".to_owned(), "[".to_owned()]), r#"["{","["]"#);
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

#[test]
fn what_is_written_can_be_read() {
    let text = write(&rich());
    assert_eq!(read::<Order>(&text).unwrap(), rich());
    let value: Value = text.parse().unwrap();
    assert_eq!(value["placed"], json!(1_576_540_098.123));
    assert_eq!(value["due"], json!("1969-12-31T23:59:59.999Z"));
    assert_eq!(value["stock"], json!({"a": null, "b\t": 1}));
    assert_eq!(value["state"]["nested"]["id"], json!("é\"\n\u{1}"));
    // The order of members and white space mean nothing.
    assert_eq!(
        read::<Order>(serde_json::to_string_pretty(&value).unwrap()).unwrap(),
        rich()
    );
}

#[test]
fn cut_off_anywhere() {
    let text = write(&rich());
    for end in 0..text.len() {
        let text = &text.as_bytes()[..end];
        let error = read::<Order>(text).unwrap_err().to_string();
        assert!(!error.contains("another type"), "{end}: {error}");
        assert!(skip(text).is_err() && read::<Value>(text).is_err(), "{end}");
    }
}

#[test]
fn depth_is_bounded() {
    type Deep = Vec<Vec<Vec<i32>>>;
    let nest = |depth: usize, open: &str, close: &str| format!("{}{}", open.repeat(depth), close.repeat(depth));
    assert!(skip(nest(128, "[", "]").as_bytes()).is_ok());
    assert!(skip(nest(129, "[", "]").as_bytes()).is_err());
    assert!(read::<Value>(nest(127, "[", "]")).is_ok());
    assert!(read::<Deep>(nest(3, "[", "]")).is_ok());
    let parents = |depth: usize| format!("{}{}", r#"{"parent":"#.repeat(depth) + "{}", "}".repeat(depth));
    assert!(read::<Order>(parents(127)).is_ok());
    assert!(read::<Order>(parents(128)).is_err());

    let begin = Instant::now();
    for (open, close) in [
        ("[", "]"),
        (r#"{"parent":"#, "}"),
        (r#"{"notes":"#, "}"),
        (r#"{"x":"#, "}"),
        ("[", "}"),
    ] {
        for text in [nest(100_000, open, close), open.repeat(100_000)] {
            for error in [
                skip(text.as_bytes()).unwrap_err(),
                read::<Value>(&text).unwrap_err(),
                read::<Order>(format!(r#"{{"parts":[{text}]}}"#)).unwrap_err(),
                read::<Order>(format!(r#"{{"unknown":{text}}}"#)).unwrap_err(),
            ] {
                // Brackets as elements of `parts` are of another type.
                let error = error.to_string();
                assert!(
                    error.contains("too deeply") || error.contains("another type"),
                    "{error}"
                );
            }
        }
    }
    assert!(begin.elapsed().as_secs() < 10);
}

/// Reads any value with the calls that generated code makes.
fn tree(text: &[u8]) -> Result<Value, Error> {
    let mut json = Reader::new(text);
    if json.null()? {
        return Ok(Value::Null);
    }
    Ok(match text.first() {
        Some(b'{') => {
            let mut members = serde_json::Map::new();
            json.begin_object()?;
            while let Some(name) = json.next_member()? {
                members.insert(name.into_owned(), tree(json.raw()?)?);
            }
            Value::Object(members)
        }
        Some(b'[') => {
            let mut elements = Vec::new();
            json.begin_array()?;
            while json.next_element()? {
                elements.push(tree(json.raw()?)?);
            }
            Value::Array(elements)
        }
        Some(b'"') => Value::String(json.string()?.into_owned()),
        Some(b't' | b'f') => Value::Bool(json.boolean()?),
        _ => number(&json.text()?),
    })
}

/// The value of a number, for numbers that serde_json has.
fn number(text: &str) -> Value {
    let whole = text
        .parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<u64>().map(Value::from));
    match whole {
        Ok(whole) if text != "-0" => whole,
        _ => text.parse::<f64>().map_or(Value::Null, Value::from),
    }
}

/// The text of any value.
fn any_value(random: &mut fastrand::Rng, depth: usize, text: &mut String) {
    let space = |random: &mut fastrand::Rng, text: &mut String| {
        let spaces = ["", "", "", " ", "\n", "\t\r "];
        text.push_str(spaces[random.usize(..spaces.len())]);
    };
    space(random, text);
    match random.u8(..if depth == 0 { 6 } else { 10 }) {
        0 => text.push_str(["null", "true", "false"][random.usize(..3)]),
        1 => text.push_str(&random.i64(..).to_string()),
        2 => text.push_str(
            &f64::from_bits(random.u64(..))
                .clamp(-1e300, 1e300)
                .to_string()
                .replace("NaN", "0"),
        ),
        3 => text.push_str(["0", "-0", "1E5", "1.50e-3", "18446744073709551615", "-1.0"][random.usize(..6)]),
        4 | 5 => any_string(random, text),
        6 | 7 => {
            text.push('[');
            for index in 0..random.usize(..5) {
                text.push_str(if index == 0 { "" } else { "," });
                any_value(random, depth - 1, text);
            }
            space(random, text);
            text.push(']');
        }
        _ => {
            text.push('{');
            for index in 0..random.usize(..5) {
                text.push_str(if index == 0 { "" } else { "," });
                space(random, text);
                any_string(random, text);
                space(random, text);
                text.push(':');
                any_value(random, depth - 1, text);
            }
            text.push('}');
        }
    }
    space(random, text);
}

fn any_string(random: &mut fastrand::Rng, text: &mut String) {
    text.push('"');
    for _ in 0..random.usize(..8) {
        match random.u8(..6) {
            0 => {
                text.push_str(["\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83e\\udd80", "\\u0000"][random.usize(..7)])
            }
            1 => text.push(['é', '€', '🦀', '\u{7f}', '{', ']'][random.usize(..6)]),
            _ => text.push(random.alphanumeric()),
        }
    }
    text.push('"');
}

fn mutate(random: &mut fastrand::Rng, text: &mut Vec<u8>) {
    const LIKELY: &[u8] = b"{}[]\",:\\u0123456789abcdefDdE+-. \ntrulns\x00\x1f\x7f\xc3\xa9\xff";
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
fn the_verdict_is_that_of_serde_json() {
    let mut random = fastrand::Rng::with_seed(20_191_216);
    let mut verdicts = BTreeMap::new();
    for round in 0..40_000 {
        let mut text = String::new();
        any_value(&mut random, 4, &mut text);
        let mut text = text.into_bytes();
        if round % 4 != 0 {
            mutate(&mut random, &mut text);
        }
        let shown = String::from_utf8_lossy(&text);
        let ignored =
            serde_json::from_slice::<serde_core::de::IgnoredAny>(&text).is_ok() && std::str::from_utf8(&text).is_ok();
        assert_eq!(skip(&text).is_ok(), ignored, "{shown}");
        let expected = serde_json::from_slice::<Value>(&text).ok();
        let actual = skip(&text).and_then(|()| tree(text.trim_ascii())).ok();
        // An infinite number is none to serde_json.
        let infinite = expected.is_none() && actual.is_some() && shown.contains(['e', 'E']);
        assert!(actual == expected || infinite, "{shown}: {actual:?}, not {expected:?}");
        assert_eq!(read::<Value>(&text).ok(), expected, "{shown}");
        *verdicts.entry(expected.is_some()).or_insert(0) += 1;
        // It may be an order or none; it must come to an end.
        _ = read::<Order>(&text);
    }
    assert!(verdicts[&true] > 10_000 && verdicts[&false] > 10_000, "{verdicts:?}");
}

#[test]
fn orders_that_were_damaged() {
    let mut random = fastrand::Rng::with_seed(7);
    let text = write(&rich());
    for _ in 0..20_000 {
        let mut text = text.clone().into_bytes();
        mutate(&mut random, &mut text);
        if read::<Order>(&text).is_ok() {
            let shown = String::from_utf8_lossy(&text);
            assert!(
                serde_json::from_slice::<serde_core::de::IgnoredAny>(&text).is_ok(),
                "{shown}"
            );
        }
    }
}

#[test]
fn any_bytes() {
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..50_000 {
        let mut bytes = vec![0; random.usize(..40)];
        random.fill(&mut bytes);
        if let Some(first) = bytes.first_mut() {
            *first = b"{[\"1t-n"[random.usize(..7)];
        }
        let accepted = serde_json::from_slice::<serde_core::de::IgnoredAny>(&bytes).is_ok();
        assert!(skip(&bytes).is_err() || accepted);
        _ = read::<Order>(&bytes);
        _ = Members::read(&bytes);
    }
    for text in 0..20_000 {
        let text: String = (0..random.usize(..34))
            .map(|_| char::from(b"0123456789-+:.TZ ,GMTonDec"[random.usize(..26)]))
            .chain((text % 2 == 0).then_some('Z'))
            .collect();
        _ = codegen_runtime::runtime::features::timestamp::parse(&text);
    }
}
