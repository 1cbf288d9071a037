//! Text that is cut off, too deep, or anything at all: the verdict is that of serde_json.

use std::collections::BTreeMap;

use lean_aws_runtime::support::json::{Error, Members, Reader};
use serde_json::Value;

use super::{Order, read, rich, skip, write};

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
}

/// The error stands where the limit is passed: however long the rest is, nobody waits until it has been read.
#[test]
fn what_is_too_deep_is_not_read_on() {
    for (open, close) in [
        ("[", "]"),
        (r#"{"parent":"#, "}"),
        (r#"{"notes":"#, "}"),
        (r#"{"x":"#, "}"),
        ("[", "}"),
    ] {
        let begun = open.repeat(100_000);
        let ended = format!("{begun}{}", close.repeat(100_000));
        for text in [begun, ended] {
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
                let column = error
                    .rsplit_once("column ")
                    .and_then(|(_, end)| end.trim_end_matches(')').parse().ok());
                assert!(
                    column.is_some_and(|column: usize| column <= 20 + 129 * open.len()),
                    "{error}"
                );
            }
        }
    }
}

/// A caller that goes on after the end of an object or array finds no other bracket to close.
#[test]
fn a_bracket_that_closes_nothing() {
    for text in ["}", "]"] {
        assert!(Reader::new(text.as_bytes()).next_member().is_err(), "{text}");
        assert!(Reader::new(text.as_bytes()).next_element().is_err(), "{text}");
        assert!(skip(text.as_bytes()).is_err(), "{text}");
    }
    let mut json = Reader::new(b"{}}");
    json.begin_object().unwrap();
    assert_eq!(json.next_member().unwrap(), None);
    let error = json.next_member().unwrap_err();
    assert_eq!(error.to_string(), "JSON: it is not valid (line 1, column 3)");
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
        _ = text.parse::<lean_aws_runtime::DateTime>();
    }
}
