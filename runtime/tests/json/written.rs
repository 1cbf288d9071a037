//! What is written.

use serde_json::{Value, json};

use super::{Order, read, rich, write};

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
