//! Changes of a small description, with the verdict on each: for a test, and for `cargo xtask semver`.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// A change of the description in `base/`.
pub(crate) struct Case {
    pub(crate) name: String,
    /// For each file a JSON merge patch (RFC 7396).
    change: Map<String, Value>,
    /// `none`, `patch`, `minor` or `major`.
    pub(crate) verdict: String,
    /// The change that decides the verdict.
    #[allow(dead_code, reason = "only the test compares it")]
    pub(crate) because: Option<String>,
    /// What a minor release makes possible.
    #[allow(dead_code, reason = "only the test compiles it")]
    pub(crate) new: Option<String>,
    /// Why cargo-semver-checks does not agree with the verdict.
    #[allow(dead_code, reason = "only `cargo xtask semver` compares it")]
    pub(crate) semver_checks: Option<String>,
}

/// All cases in a folder.
pub(crate) fn all(folder: &Path) -> Vec<Case> {
    let files = fs::read_dir(folder).expect("there are cases");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let cases = files
        .iter()
        .flat_map(|file| json(file).as_array().expect("a list").clone());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let cases = cases.map(|case| Case {
        name: text(&case["name"]).expect("a name"),
        change: case["change"].as_object().expect("changes of files").clone(),
        verdict: text(&case["verdict"]).expect("a verdict"),
        because: text(&case["because"]),
        new: text(&case["new"]),
        semver_checks: text(&case["semver_checks"]),
    });
    cases.collect()
}

impl Case {
    /// Writes the description of a folder after the change.
    pub(crate) fn describe(&self, base: &Path, model: &Path) {
        for file in fs::read_dir(base).expect("there is a base") {
            let file = file.expect("a file");
            let mut document = json(&file.path());
            let name = file.file_name().into_string().expect("a name");
            if let Some(change) = self.change.get(&name) {
                merge(&mut document, change);
            }
            fs::write(model.join(name), document.to_string()).expect("the file can be written");
        }
    }
}

fn json(file: &Path) -> Value {
    let text = fs::read_to_string(file).expect("the file can be read");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Objects are merged key by key, null removes, everything else replaces.
fn merge(base: &mut Value, change: &Value) {
    let Some(change) = change.as_object() else {
        base.clone_from(change);
        return;
    };
    if !base.is_object() {
        *base = Value::Object(Map::new());
    }
    let base = base.as_object_mut().expect("it is an object now");
    for (key, value) in change {
        if value.is_null() {
            base.shift_remove(key);
        } else {
            merge(base.entry(key).or_insert(Value::Null), value);
        }
    }
}
