//! Models that are damaged at random. There is an answer to each: files, or what is wrong. Never a panic.

use std::fs;
use std::path::{Path, PathBuf};

use codegen::Options;
use codegen::diagnostics::Diagnostics;
use codegen::ir::Service;
use serde_json::{Map, Value, json};

use super::{CLIENT, Folder, RULES, SERVICE};

/// Random numbers that are the same in each run: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % end.max(1)
    }
}

#[test]
fn no_text_makes_the_generator_panic() {
    let good = fs::read_to_string(Folder::good().0.join(SERVICE)).unwrap();
    let ends = (0..good.len()).step_by(37);
    for end in ends.filter(|end| good.is_char_boundary(*end)) {
        let (start, rest) = good.split_at(end);
        let without_next: String = rest.chars().skip(1).collect();
        for text in [
            start.to_owned(),
            format!("{start}{without_next}"),
            format!("{start}\r\n[{rest}"),
        ] {
            let folder = Folder::good().write(SERVICE, text);
            let _: Result<Service, Diagnostics> = folder.lower(None).inspect_err(|diagnostics| {
                assert!(!diagnostics.render(true).is_empty());
            });
        }
    }
}

#[test]
fn no_model_makes_the_generator_panic() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/models");
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/good");
    let mut generated = 0;
    for (model, count) in [
        (good, 200),
        (models.join("small"), 100),
        (models.join("type-course"), 400),
    ] {
        let files = [SERVICE, RULES, CLIENT].map(|file| (file, read(&model.join(file))));
        for seed in 1..=count {
            // Multiplied, so that seeds that are neighbours go different ways.
            let mut random = Random(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
            let mut damaged = files.clone();
            keep_one_operation(&mut damaged[0].1, &mut random);
            // It names what may be gone now.
            for key in ["error_details", "example", "retries"] {
                damaged[2].1.as_object_mut().unwrap().remove(key);
            }
            for _ in 0..=random.below(3) {
                // Most of what can be wrong is in the description of the service.
                let file = [0, 0, 0, 0, 1, 2][random.below(6)];
                damage(&mut damaged[file].1, &mut random);
            }
            let folder = damaged.into_iter().fold(Folder::good(), |folder, (file, value)| {
                folder.write(file, value.to_string())
            });
            generated += usize::from(answer(&folder.0, seed));
        }
    }
    assert!(generated > 100, "some damage does no harm: {generated}");
}

/// Removes all other operations and what only they reach, so that most damage is to something that matters.
fn keep_one_operation(service: &mut Value, random: &mut Random) {
    let operations = service["operations"].as_object().unwrap();
    let (name, operation) = operations.iter().nth(random.below(operations.len())).unwrap();
    let mut shapes = Map::new();
    let mut waiting = shape_names(operation);
    while let Some(shape) = waiting.pop() {
        if !shapes.contains_key(&shape) {
            let definition = service["shapes"][&shape].clone();
            waiting.extend(shape_names(&definition));
            shapes.insert(shape, definition);
        }
    }
    let operations = json!({ name: operation });
    service["operations"] = operations;
    service["shapes"] = shapes.into();
}

/// All references in a part of a document.
fn shape_names(value: &Value) -> Vec<String> {
    let names = pointers(value)
        .into_iter()
        .filter(|pointer| pointer.ends_with("/shape"));
    let names = names.filter_map(|pointer| value.pointer(&pointer)?.as_str().map(str::to_owned));
    names.collect()
}

fn read(file: &PathBuf) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Whether there are files. Otherwise there is a text.
fn answer(folder: &Path, seed: u64) -> bool {
    let result = std::panic::catch_unwind(|| codegen::generate(folder, &Options::default()));
    match result {
        Ok(Ok(client)) => {
            assert!(client.files.contains_key("src/lib.rs"));
            true
        }
        Ok(Err(diagnostics)) => {
            assert!(diagnostics.to_string().contains("error: "), "seed {seed}");
            false
        }
        Err(_) => panic!("seed {seed} makes it panic: {}", folder.display()),
    }
}

/// Removes, replaces, adds or renames a part of a document. Mostly a part takes the place of one with the same key, which
/// is what gets furthest.
fn damage(document: &mut Value, random: &mut Random) {
    let paths = pointers(document);
    let path = &paths[random.below(paths.len())];
    let Some((parent, key)) = path.rsplit_once('/') else {
        return;
    };
    let index = random.below(1000);
    let kind = random.below(10);
    let others: Vec<&String> = match kind {
        0..5 => paths
            .iter()
            .filter(|other| other.rsplit('/').next() == Some(key))
            .collect(),
        _ => paths.iter().collect(),
    };
    let other = others[random.below(others.len())];
    let copy = document.pointer(other).cloned().unwrap_or_default();
    match (kind, document.pointer_mut(parent)) {
        (5, Some(Value::Object(map))) if !map.is_empty() => {
            let name = map.keys().nth(index % map.len()).cloned().unwrap_or_default();
            map.remove(&name);
        }
        (6, Some(Value::Object(map))) if !map.is_empty() => rename(map, index, random),
        (7, Some(Value::Object(map))) => {
            let name = other.rsplit('/').next().unwrap_or_default();
            map.insert(name.to_owned(), copy);
        }
        (0..5 | 8, _) => {
            if let Some(value) = document.pointer_mut(path) {
                *value = copy;
            }
        }
        _ => {
            if let Some(value) = document.pointer_mut(path) {
                *value = odd(random);
            }
        }
    }
}

fn rename(map: &mut Map<String, Value>, index: usize, random: &mut Random) {
    let names: Vec<String> = map.keys().cloned().collect();
    let name = &names[index % names.len()];
    if let Some(value) = map.remove(name) {
        let odd = ["", "_", "self", "Größe", "a b", "{x}", "🦀", "Unknown", "\"", "2"];
        map.insert(odd[random.below(odd.len())].to_owned(), value);
    }
}

/// A value that most places do not expect.
fn odd(random: &mut Random) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("{"),
        json!("}a{"),
        json!("/{a+}/{b}"),
        json!("Größe 🦀"),
        json!("<p>[`</"),
        json!("structure"),
        json!("map"),
        json!("list"),
        json!("string"),
        json!("header"),
        json!("querystring"),
        json!("statusCode"),
        json!("headers"),
        json!([]),
        json!({}),
        json!({"shape": "Text"}),
        json!(["a", "A", "", "a"]),
    ];
    odd[random.below(odd.len())].clone()
}

/// The JSON pointers to all parts of a document.
fn pointers(document: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    let mut waiting = vec![(String::new(), document)];
    while let Some((pointer, value)) = waiting.pop() {
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    waiting.push((format!("{pointer}/{name}"), value));
                }
            }
            Value::Array(list) => {
                waiting.extend(
                    list.iter()
                        .enumerate()
                        .map(|(index, value)| (format!("{pointer}/{index}"), value)),
                );
            }
            _ => {}
        }
        pointers.push(pointer);
    }
    pointers
}
