//! Bad models and exactly what is said about them. Each case changes one place of the model in `good/`.

mod caveats;
mod client;
mod context_params;
mod damage;
mod errors;
mod extras;
mod files;
mod hints;
mod json;
mod left_out;
mod members;
mod operations;
mod package;
mod paths;
mod rules;
mod selection;
mod service;
mod shapes;
mod types;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use codegen::Options;
use codegen::diagnostics::Diagnostics;
use codegen::ir::{self, Service};
use codegen::model::Model;

const SERVICE: &str = "service-2.json";
const RULES: &str = "endpoint-rule-set-1.json";
const CLIENT: &str = "client.json";

/// A copy of the good model, to be spoiled. The folder is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn good() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("model-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/good");
        for file in [SERVICE, RULES, CLIENT] {
            fs::copy(good.join(file), folder.join(file)).unwrap();
        }
        Self(folder)
    }

    fn write(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(file), text).unwrap();
        self
    }

    fn remove(self, file: &str) -> Self {
        fs::remove_file(self.0.join(file)).unwrap();
        self
    }

    /// Replaces a text that the file has once.
    fn replace(self, file: &str, old: &str, new: &str) -> Self {
        let text = fs::read_to_string(self.0.join(file)).unwrap();
        assert_eq!(text.matches(old).count(), 1, "occurrences of {old} in {file}");
        self.write(file, text.replace(old, new))
    }

    /// The service, and the text of the warnings.
    fn lower_with_warnings(&self) -> Result<(Service, String), Diagnostics> {
        let (model, warnings) = Model::load(&self.0)?;
        let (service, more) = ir::lower(&model, &Options::default())?;
        let warnings: Diagnostics = [warnings, more].concat().into();
        Ok((service, warnings.to_string()))
    }

    fn lower(&self, only: Option<&[&str]>) -> Result<Service, Diagnostics> {
        let (model, warnings) = Model::load(&self.0)?;
        let (service, more) = ir::lower(&model, &options(only))?;
        match warnings.is_empty() && more.is_empty() {
            true => Ok(service),
            false => Err([warnings, more].concat().into()),
        }
    }

    /// The whole text, with the names of files relative to the folder.
    fn diagnostics(&self) -> String {
        self.diagnostics_of(None)
    }

    fn diagnostics_of(&self, only: Option<&[&str]>) -> String {
        let text = match self.lower(only) {
            Ok(_) => "nothing is wrong".to_owned(),
            Err(diagnostics) => diagnostics.to_string(),
        };
        text.replace(&format!("{}/", self.0.display()), "")
    }
}

fn options(only: Option<&[&str]>) -> Options {
    let operations = only.map(|names| names.iter().map(ToString::to_string).collect());
    Options {
        operations,
        ..Options::default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// The good model with more shapes.
fn with_shapes(shapes: &str) -> Folder {
    Folder::good().replace(SERVICE, r#""Spare": { "type": "boolean" }"#, shapes)
}

/// What is said when one place of a file of the good model is changed.
fn change(file: &str, old: &str, new: &str) -> String {
    Folder::good().replace(file, old, new).diagnostics()
}

#[test]
fn the_good_model_is_good() {
    assert_eq!(Folder::good().diagnostics(), "nothing is wrong");
}

#[test]
fn all_faults_are_reported_at_once_in_the_order_of_the_text() {
    let folder = Folder::good()
        .replace(SERVICE, r#""PUT""#, r#""POTS""#)
        .replace(SERVICE, r#""responseCode": 201"#, r#""responseCode": 999"#)
        .replace(SERVICE, r#""X-Parent""#, r#""X Parent""#)
        .replace(SERVICE, r#""payload": "Body""#, r#""payload": "Bdoy""#)
        .replace(SERVICE, r#""type": "blob""#, r#""type": "bolb""#);
    let diagnostics = folder.lower(None).unwrap_err();
    let places: Vec<_> = diagnostics.iter().filter_map(|d| d.place.as_ref()).collect();
    assert_eq!(places.len(), 5, "{diagnostics}");
    assert!(places.is_sorted_by_key(|place| (&place.file, place.line, place.column)));
    insta::assert_snapshot!(folder.diagnostics(), @r#"
    error: `POTS` is not a known HTTP method
      --> service-2.json:28:19
       |
    28 |         "method": "POTS",
       |                   ^^^^^^
       |
       = at /operations/PutThing/http/method
       = help: use one of DELETE, GET, HEAD, PATCH, POST, PUT (did you mean `POST`?)

    error: 999 is not a success status
      --> service-2.json:30:25
       |
    30 |         "responseCode": 999
       |                         ^^^
       |
       = at /operations/PutThing/http/responseCode
       = help: use a status from 200 to 299, or leave the key out for 200

    error: `X Parent` is not a valid header name
      --> service-2.json:42:76
       |
    42 |         "Parent": { "shape": "Text", "location": "header", "locationName": "X Parent" }
       |                                                                            ^^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/locationName
       = help: use only letters, digits and !#$%&'*+-.^_`|~

    error: `PutThingInput` has no member `Bdoy`
      --> service-2.json:55:18
       |
    55 |       "payload": "Bdoy",
       |                  ^^^^^^
       |
       = at /shapes/PutThingInput/payload
       = help: add the member, or name one of those that are there (did you mean `Body`?)

    error: `bolb` is not a known shape type
      --> service-2.json:79:23
       |
    79 |     "Data": { "type": "bolb" },
       |                       ^^^^^^
       |
       = at /shapes/Data/type
       = help: use one of structure, list, map, string, character, blob, boolean, byte, short, integer, long, float, double, timestamp (did you mean `blob`?)

    5 errors
    "#);
}

#[test]
fn colour_is_left_to_the_caller() {
    let folder = Folder::good().replace(SERVICE, r#""PUT""#, r#""POTS""#);
    let diagnostics = folder.lower(None).unwrap_err();
    assert!(diagnostics.render(true).contains('\u{1b}'));
    assert!(!diagnostics.to_string().contains('\u{1b}'));
}
