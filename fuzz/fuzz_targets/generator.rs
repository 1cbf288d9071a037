//! Descriptions that are damaged in any way: there are files or diagnostics, the same each time, and never a panic.
//!
//! The first byte chooses a description, the others what becomes of it; or all that follows it is the description.

#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use codegen::Options;
use codegen::diagnostics::Diagnostics;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use tempfile::TempDir;

/// The files of a description that are damaged.
const FILES: [&str; 5] = [
    "service-2.json",
    "client.json",
    "endpoint-rule-set-1.json",
    "paginators-1.json",
    "waiters-2.json",
];

const MODELS: [&str; 4] = [
    "codegen/tests/diagnostics/good",
    "tests/models/small",
    "tests/models/harbour",
    "tests/models/type-course",
];

/// The descriptions as they are, and where damaged ones are written.
static ALL: LazyLock<Vec<Model>> = LazyLock::new(|| MODELS.iter().map(|path| Model::read(path)).collect());
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));

#[derive(Clone)]
struct Model(Vec<(&'static str, Value)>);

impl Model {
    fn read(path: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
        let read = |name| {
            let text = fs::read_to_string(folder.join(name)).ok()?;
            Some((name, serde_json::from_str(&text).expect("a good description is JSON")))
        };
        Self(FILES.into_iter().filter_map(read).collect())
    }

    fn write(&self) -> PathBuf {
        for name in FILES {
            let file = FOLDER.path().join(name);
            match self.0.iter().find(|(own, _)| *own == name) {
                Some((_, value)) => fs::write(file, value.to_string()).expect("the folder can be written to"),
                None => _ = fs::remove_file(file),
            }
        }
        FOLDER.path().to_owned()
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    if first == b'{' {
        let folder = ALL[0].write();
        fs::write(folder.join(FILES[0]), data).expect("the folder can be written to");
        return check(&folder, false);
    }
    let mut model = ALL[usize::from(first) % ALL.len()].clone();
    let mut choices = Unstructured::new(rest);
    while !choices.is_empty() && damage(&mut model, &mut choices).is_ok() {}
    check(&model.write(), first >= 0xf0);
});

/// Doing it again takes as long as doing it, so that is not done each time.
fn check(folder: &Path, again: bool) {
    let generate = || codegen::generate(folder, &Options::default());
    match generate() {
        Ok(client) if again => {
            let again = generate().expect("it has been good");
            assert!(client.files == again.files, "other files from the same description");
        }
        Ok(_) => {}
        Err(diagnostics) => check_text(&diagnostics),
    }
}

fn check_text(diagnostics: &Diagnostics) {
    let text = diagnostics.to_string();
    assert!(text.contains("error: "), "{text}");
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
}

/// One change in one place.
fn damage(model: &mut Model, choices: &mut Unstructured<'_>) -> Result<()> {
    let file = choices.choose_index(model.0.len())?;
    let mut value = &mut model.0[file].1;
    // Down to any depth, so that what is at the top is not hit all the time.
    for _ in 0..choices.int_in_range(1..=8)? {
        let is_leaf = match &*value {
            Value::Object(members) => members.is_empty(),
            Value::Array(elements) => elements.is_empty(),
            _ => true,
        };
        if is_leaf {
            break;
        }
        value = match value {
            Value::Object(members) => {
                let key = choices.choose_iter(members.keys().cloned().collect::<Vec<_>>())?;
                if choices.ratio(1, 16)? {
                    return change_member(members, &key, choices);
                }
                &mut members[&key]
            }
            Value::Array(elements) => {
                let index = choices.choose_index(elements.len())?;
                if choices.ratio(1, 16)? {
                    return change_element(elements, index, choices);
                }
                &mut elements[index]
            }
            _ => break,
        };
    }
    replace(value, choices)
}

fn change_element(elements: &mut Vec<Value>, index: usize, choices: &mut Unstructured<'_>) -> Result<()> {
    let element = elements.remove(index);
    if choices.arbitrary()? {
        elements.extend([element.clone(), element]);
    }
    Ok(())
}

fn change_member(members: &mut Map<String, Value>, key: &str, choices: &mut Unstructured<'_>) -> Result<()> {
    let name = text(choices)?;
    match choices.int_in_range(0..=2)? {
        0 => _ = members.remove(key),
        1 => {
            let value = members.remove(key).unwrap_or_default();
            members.insert(name, value);
        }
        _ => {
            let value = members[key].clone();
            members.insert(name, value);
        }
    }
    Ok(())
}

fn replace(value: &mut Value, choices: &mut Unstructured<'_>) -> Result<()> {
    *value = match choices.int_in_range(0..=6)? {
        0 => Value::Null,
        1 => choices.arbitrary::<bool>()?.into(),
        2 => choices.arbitrary::<i64>()?.into(),
        3 => choices.arbitrary::<f64>()?.into(),
        4 => Value::Array(vec![std::mem::take(value)]),
        5 => Value::Object(Map::from_iter([(text(choices)?, std::mem::take(value))])),
        _ => text(choices)?.into(),
    };
    Ok(())
}

/// A word of descriptions, or any text.
fn text(choices: &mut Unstructured<'_>) -> Result<String> {
    const WORDS: [&str; 40] = [
        "",
        "a",
        "A",
        "Type",
        "self",
        "crate",
        "type",
        "string",
        "integer",
        "long",
        "float",
        "boolean",
        "blob",
        "timestamp",
        "list",
        "map",
        "structure",
        "shape",
        "members",
        "member",
        "key",
        "value",
        "required",
        "location",
        "uri",
        "header",
        "headers",
        "querystring",
        "statusCode",
        "payload",
        "streaming",
        "exception",
        "error",
        "enum",
        "/{Name+}?a=b",
        "a.b[].c || `1`",
        "<p>&amp;</p>lt;<a href='http://x'>",
        "{Region}#x",
        "É",
        "\u{202e}\u{1b}",
    ];
    match choices.int_in_range(0..=3)? {
        0 => Ok(choices.arbitrary::<&str>()?.chars().take(24).collect()),
        _ => Ok((*choices.choose(&WORDS)?).to_owned()),
    }
}
