//! Writes seeds into `fuzz/corpus/`, all of them taken from the tests: `cargo run --example seeds` in `fuzz/`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn main() -> io::Result<()> {
    let requests = cases("requests.json", "serialized")?;
    let responses = cases("responses.json", "response")?;
    write("json", requests.iter().chain(&responses).filter_map(body))?;
    write("json", literals("runtime/tests/json/values.rs")?)?;
    write("requests", requests.iter().map(request))?;
    write("responses", responses.iter().map(response))?;
    write("endpoints", literals("tests/tests/configuration.rs")?)?;
    write("endpoints", literals("tests/tests/endpoints.rs")?)?;
    write("frames", frames())?;
    let description = fs::read(Path::new(ROOT).join("codegen/tests/diagnostics/good/service-2.json"))?;
    write(
        "generator",
        [description].into_iter().chain((0..4).map(|model| vec![model; 64])),
    )
}

/// A file for each seed of a target.
fn write(target: &str, seeds: impl IntoIterator<Item = Vec<u8>>) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    let seeds: BTreeSet<Vec<u8>> = seeds.into_iter().collect();
    for seed in &seeds {
        let name = format!("seed-{:08x}", crc32fast::hash(seed));
        fs::write(folder.join(name), seed)?;
    }
    println!("{}: {} seeds", folder.display(), seeds.len());
    Ok(())
}

/// What is sent or answered in the cases of our protocol suites.
fn cases(file: &str, part: &str) -> io::Result<Vec<Value>> {
    let text = fs::read(Path::new(ROOT).join("tests/protocol").join(file))?;
    let suites: Vec<Value> = serde_json::from_slice(&text)?;
    let cases = suites.iter().filter_map(|suite| suite["cases"].as_array()).flatten();
    Ok(cases.map(|case| case[part].clone()).collect())
}

fn body(part: &Value) -> Option<Vec<u8>> {
    let body = part["body"].as_str()?;
    (!body.is_empty()).then(|| body.into())
}

fn head(first_line: &str, part: &Value) -> String {
    let headers = part["headers"].as_object().into_iter().flatten();
    let headers = headers.filter_map(|(name, value)| Some(format!("{name}: {}\r\n", value.as_str()?)));
    format!("{first_line}\r\n{}\r\n", headers.collect::<String>())
}

fn request(part: &Value) -> Vec<u8> {
    let (method, uri) = (part["method"].as_str(), part["uri"].as_str());
    let first_line = format!("{} {} HTTP/1.1", method.unwrap_or("POST"), uri.unwrap_or("/"));
    let body = body(part).unwrap_or_default();
    [b"\x01", head(&first_line, part).as_bytes(), &body].concat()
}

fn response(part: &Value) -> Vec<u8> {
    let first_line = format!("HTTP/1.1 {} .", part["status_code"]);
    let body = body(part).unwrap_or_default();
    [b"\x07", head(&first_line, part).as_bytes(), &body].concat()
}

/// The texts between quotes in the source of tests.
fn literals(file: &str) -> io::Result<Vec<Vec<u8>>> {
    let source = fs::read_to_string(Path::new(ROOT).join(file))?;
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let literals = lines.filter_map(|line| {
        let (_, rest) = line.split_once('"')?;
        let (literal, _) = rest.rsplit_once('"')?;
        (1..100).contains(&literal.len()).then(|| literal.into())
    });
    Ok(literals.collect())
}

/// Streams of frames, with a mark of how they are read before them.
fn frames() -> Vec<Vec<u8>> {
    let text = |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let event = |name, payload: &'static [u8]| {
        let headers = vec![text(":message-type", "event"), text(":event-type", name)];
        headers.into_iter().fold(Message::new(payload), Message::add_header)
    };
    let messages = [
        event("initial-response", b"{}"),
        event("photo", b"\x00\xff"),
        event("report", b"rain").add_header(text("text", "a text")),
        event("wind", br#"{"speed":7}"#).add_header(Header::new("number", HeaderValue::Int32(7))),
        event("probe", b"")
            .add_header(Header::new("on", HeaderValue::Bool(true)))
            .add_header(Header::new("byte", HeaderValue::Byte(-1)))
            .add_header(Header::new("short", HeaderValue::Int16(-2)))
            .add_header(Header::new("long", HeaderValue::Int64(-3)))
            .add_header(Header::new("blob", HeaderValue::ByteArray(b"\x00".as_slice().into())))
            .add_header(Header::new(
                "time",
                HeaderValue::Timestamp(aws_smithy_types::DateTime::from_secs(1)),
            ))
            .add_header(Header::new("uuid", HeaderValue::Uuid(7))),
        Message::new(br#"{"message":"broken"}"#.as_slice())
            .add_header(text(":message-type", "exception"))
            .add_header(text(":exception-type", "rainExc")),
        Message::new(b"".as_slice())
            .add_header(text(":message-type", "error"))
            .add_header(text(":error-code", "Overloaded"))
            .add_header(text(":error-message", "come back later")),
    ];
    let encoded = messages.map(|message| {
        let mut bytes = Vec::new();
        write_message_to(&message, &mut bytes).expect("a message that is not too large");
        bytes
    });
    let all = encoded.concat();
    let starts = [[0, 255, 255, 255], [1, 0, 0, 0], [1, 11, 3, 40]];
    let streams = encoded.iter().chain([&all]);
    streams
        .flat_map(|stream| starts.map(|start| [&start, &stream[..]].concat()))
        .collect()
}
