//! The files of a model folder into memory, and `partitions.json` from there or from above. This is all the input that
//! the generator ever does.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::smithy;
use crate::diagnostics::Diagnostic;
use crate::source::{File, Layer, Source, Sources};

/// What diagnostics call the partitions that come with the generator.
const BUILT_IN: &str = "partitions.json (built in)";

/// Stands in where no `partitions.json` is in the model folder or up to two folders above.
const BUILT_IN_PARTITIONS: &str = include_str!("../../../models/partitions.json");

/// Reads all files that are known. The rest of what can be said about the folder goes to `found`.
///
/// A file of Smithy's, here or in the folder, stands for all of them but those that are ours or AWS's alone.
pub(super) fn read(dir: &Path, found: &mut Vec<Diagnostic>) -> Sources {
    let mut sources = Sources::default();
    if dir.is_file()
        && let Some((name, document)) = smithy_file(dir)
    {
        convert(&name, &document, &mut sources, found);
        let above = dir.parent().unwrap_or(Path::new(""));
        sources.insert(File::Partitions, Layer::Base, partitions(&above.join("."), found));
        return sources;
    }
    if dir.is_file() {
        found.push(wrong_file(dir));
        return sources;
    }
    let names = match json_names(dir) {
        Ok(names) => names,
        Err(error) => {
            let path = dir.display();
            let message = match error.kind() {
                ErrorKind::NotFound => format!("there is no folder `{path}`"),
                _ => format!("cannot read the folder `{path}`: {error}"),
            };
            let help = "name a folder that holds `service-2.json` and `endpoint-rule-set-1.json`";
            found.push(Diagnostic::general_error(message, help));
            return sources;
        }
    };
    for file in File::ALL {
        for layer in [Layer::Base, Layer::Overlay] {
            if let Some(source) = read_file(dir, &file.name(layer), found) {
                sources.insert(file, layer, source);
            }
        }
    }
    if let Some(problem) = misplaced_smithy(dir, &names, &sources) {
        found.push(problem);
        return Sources::default();
    }
    let mut converted = None;
    if sources.get(File::Service, Layer::Base).is_none()
        && let Some((name, document)) = smithy_in(dir)
    {
        convert(&name, &document, &mut sources, found);
        converted = Some(name);
    }
    if sources.get(File::Partitions, Layer::Base).is_none() {
        sources.insert(File::Partitions, Layer::Base, partitions(dir, found));
    }
    if converted.is_none() {
        report_missing(dir, &sources, found);
    }
    let names: Vec<String> = names
        .into_iter()
        .filter(|name| converted.as_ref().is_none_or(|converted| !converted.ends_with(name)))
        .collect();
    report_unread(dir, &names, &sources, found);
    sources
}

/// What is wrong with a file that is not a description of Smithy's.
fn wrong_file(file: &Path) -> Diagnostic {
    let path = file.display();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if File::ALL.iter().any(|known| known.name(Layer::Base) == plain(&name)) {
        let parent = Path::new(".").join(file.parent().unwrap_or(Path::new("")));
        return Diagnostic::general_error(
            format!("`{path}` is a file, and not the folder of a model"),
            format!("name the folder that it is in: `{}`", parent.display()),
        );
    }
    let message = match any_text(file).map(|text| serde_json::from_str::<IgnoredAny>(&text)) {
        Err(error) => format!("cannot read `{path}`: {error}"),
        Ok(Err(error)) => format!("`{path}` is not valid JSON: {error}"),
        Ok(Ok(_)) => format!("`{path}` is not a description in Smithy's form"),
    };
    let help =
        "name a folder with `service-2.json`, or a file with a service as `{\"smithy\": \"2.0\", \"shapes\": ..}`";
    Diagnostic::general_error(message, help)
}

/// What is wrong with descriptions of Smithy's in a folder, if it is not clear which one is meant, or as what.
fn misplaced_smithy(dir: &Path, names: &[String], sources: &Sources) -> Option<Diagnostic> {
    if let Some(source) = sources.get(File::Service, Layer::Base) {
        smithy_document(source.text())?;
        let message = format!(
            "`{}` is a description in Smithy's form, and the name is that of botocore's form",
            source.name()
        );
        let help = "rename the file, or name the file itself instead of its folder";
        return Some(Diagnostic::general_error(message, help));
    }
    let files = names.iter().filter(|name| smithy_file(&dir.join(name)).is_some());
    let files: Vec<String> = files.map(|name| format!("`{name}`")).collect();
    (files.len() > 1).then(|| {
        let message = format!("the folder has {} descriptions in Smithy's form", files.len());
        Diagnostic::general_error(message, format!("name one of the files: {}", files.join(", ")))
    })
}

/// Adds what a description of Smithy's says, where the folder does not say it.
fn convert(name: &str, document: &Value, sources: &mut Sources, found: &mut Vec<Diagnostic>) {
    let needs_rules = sources.get(File::EndpointRules, Layer::Base).is_none();
    match smithy::convert(document, preferred_protocol(sources).as_deref(), needs_rules) {
        Ok(documents) => {
            for (file, document) in documents {
                if sources.get(file, Layer::Base).is_none() {
                    insert_converted(file, name, &document, sources);
                }
            }
        }
        Err((problem, help)) => found.push(Diagnostic::general_error(format!("`{name}`: {problem}"), help)),
    }
}

fn insert_converted(file: File, name: &str, document: &Value, sources: &mut Sources) {
    let name = format!("{name}, as {}", file.name(Layer::Base));
    sources.insert(file, Layer::Base, Source::new(name, format!("{document:#}")));
}

/// The protocol that `client.json` names. What is wrong with that file is reported when it is read.
fn preferred_protocol(sources: &Sources) -> Option<String> {
    let client = sources.get(File::Client, Layer::Base)?;
    let client: Value = serde_json::from_str(client.text()).ok()?;
    client["protocol"].as_str().map(str::to_owned)
}

/// The description of Smithy's in a file, with the name of the file.
pub(super) fn smithy_file(file: &Path) -> Option<(String, Value)> {
    let is_known = file.extension().is_some_and(|known| known == "json" || known == "gz");
    let text = is_known.then(|| any_text(file).ok())??;
    Some((file.display().to_string(), smithy_document(&text)?))
}

/// The description of Smithy's that a text is.
fn smithy_document(text: &str) -> Option<Value> {
    // Most files are others, and large: they need not be parsed.
    let is_candidate = text
        .get(..SMITHY_BEGINS_WITHIN.min(text.len()))
        .is_none_or(|start| start.contains("\"smithy\""));
    let document = is_candidate.then(|| serde_json::from_str(text).ok())??;
    smithy::is_smithy(&document).then_some(document)
}

/// How far from its beginning a description of Smithy's says that it is one.
const SMITHY_BEGINS_WITHIN: usize = 1000;

/// The only description of Smithy's in a folder.
pub(super) fn smithy_in(dir: &Path) -> Option<(String, Value)> {
    let mut names = json_names(dir).ok()?;
    names.retain(|name| !File::ALL.iter().any(|file| file.name(Layer::Base) == plain(name)));
    let mut found = names.iter().filter_map(|name| smithy_file(&dir.join(name)));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Reads endpoint rules, and partitions if not the built-in ones.
pub(super) fn read_endpoint_files(rules: &Path, partitions: Option<&Path>, found: &mut Vec<Diagnostic>) -> Sources {
    let mut sources = Sources::default();
    let mut add = |file: File, path: &Path| {
        if let Some((name, document)) = smithy_file(path).filter(|_| file == File::EndpointRules) {
            match smithy::endpoint_rules(&document) {
                Ok(rules) => insert_converted(file, &name, &rules, &mut sources),
                Err((problem, help)) => found.push(Diagnostic::general_error(format!("`{name}`: {problem}"), help)),
            }
            return;
        }
        let (dir, name) = (path.parent().unwrap_or(Path::new("")), path.file_name());
        let name = name.unwrap_or_default().to_string_lossy();
        match read_file(dir, &name, found) {
            Some(source) => sources.insert(file, Layer::Base, source),
            None if path.exists() => {}
            None => {
                let message = format!("there is no `{}`", path.display());
                found.push(Diagnostic::general_error(message, "name a file that exists"));
            }
        }
    };
    add(File::EndpointRules, rules);
    match partitions {
        Some(partitions) => add(File::Partitions, partitions),
        None => sources.insert(File::Partitions, Layer::Base, built_in_partitions()),
    }
    sources
}

/// Nothing but the built-in partitions.
pub(super) fn only_partitions() -> Sources {
    let mut sources = Sources::default();
    sources.insert(File::Partitions, Layer::Base, built_in_partitions());
    sources
}

/// The file that tells users what has changed from version to version.
const CHANGELOG: &str = "CHANGELOG.md";

/// What has changed from version to version, if the folder tells.
pub(super) fn changelog(dir: &Path, found: &mut Vec<Diagnostic>) -> Option<String> {
    read_file(dir, CHANGELOG, found).map(|source| source.text().to_owned())
}

fn json_names(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if plain(&name).ends_with(".json") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The name of a file without what tells that it is compressed.
fn plain(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

/// A file, or `None` where there is none, which is reported if it cannot be read.
fn read_file(dir: &Path, name: &str, found: &mut Vec<Diagnostic>) -> Option<Source> {
    match text(dir, name) {
        Ok(file) => file.map(|(path, text)| Source::new(path.display().to_string(), text)),
        Err(error) => {
            let help = "make it a readable file in UTF-8";
            found.push(Diagnostic::general_error(error.to_string(), help));
            None
        }
    }
}

/// The path and the text of a file. Botocore's package has the files compressed, its repository has not.
pub(super) fn text(dir: &Path, name: &str) -> io::Result<Option<(PathBuf, String)>> {
    for (path, is_packed) in [(dir.join(name), false), (dir.join(format!("{name}.gz")), true)] {
        let text = if is_packed {
            unpack(&path)
        } else {
            fs::read_to_string(&path)
        };
        match text {
            Ok(text) => return Ok(Some((path, text))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", path.display());
                return Err(io::Error::new(error.kind(), message));
            }
        }
    }
    Ok(None)
}

/// The text of a file, which is compressed if its name says so.
fn any_text(path: &Path) -> io::Result<String> {
    match path.extension().is_some_and(|known| known == "gz") {
        true => unpack(path),
        false => fs::read_to_string(path),
    }
}

fn unpack(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    MultiGzDecoder::new(fs::File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}

/// The partitions of all services, which lie one folder up in `models/`, and two in botocore's layout,
/// `data/<service>/<version>`. What they are called in diagnostics tells which they are.
fn partitions(dir: &Path, found: &mut Vec<Diagnostic>) -> Source {
    let name = File::Partitions.name(Layer::Base);
    ["..", "../.."]
        .into_iter()
        .find_map(|up| read_file(&dir.join(up), &name, found))
        .unwrap_or_else(built_in_partitions)
}

fn built_in_partitions() -> Source {
    Source::new(BUILT_IN, BUILT_IN_PARTITIONS)
}

/// Whether partitions come from a folder.
pub(super) fn has_partitions(sources: &Sources) -> bool {
    let partitions = sources.get(File::Partitions, Layer::Base);
    partitions.is_some_and(|partitions| partitions.name() != BUILT_IN)
}

fn report_missing(dir: &Path, sources: &Sources, found: &mut Vec<Diagnostic>) {
    for file in [File::Service, File::EndpointRules] {
        // What is there and cannot be read has been reported.
        if sources.get(file, Layer::Base).is_none() && !has(dir, file) {
            let path = dir.join(file.name(Layer::Base));
            let message = format!("there is no `{}`", path.display());
            found.push(Diagnostic::general_error(message, find_elsewhere(dir, file)));
        }
    }
}

/// Whether a file is there, compressed or not.
fn has(dir: &Path, file: File) -> bool {
    let name = file.name(Layer::Base);
    dir.join(&name).exists() || dir.join(format!("{name}.gz")).exists()
}

/// Where the file may be instead.
fn find_elsewhere(dir: &Path, file: File) -> String {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let versions = entries.map(|entry| entry.path());
    match versions.filter(|version| has(version, file)).max() {
        Some(version) => format!("did you mean the folder `{}`?", version.display()),
        None => format!(
            "put the service's `{}` there, as botocore publishes it",
            file.name(Layer::Base)
        ),
    }
}

fn report_unread(dir: &Path, names: &[String], sources: &Sources, found: &mut Vec<Diagnostic>) {
    for name in names {
        let known = File::ALL.into_iter().find_map(|file| {
            [Layer::Base, Layer::Overlay]
                .into_iter()
                .find(|&layer| file.name(layer) == plain(name))
                .map(|layer| (file, layer))
        });
        let path = dir.join(name);
        let path = path.display();
        let (message, help) = match known {
            None => (
                format!("`{path}` is not read"),
                "remove the file if it is not needed".to_owned(),
            ),
            Some(_) if plain(name) != name && names.iter().any(|other| other == plain(name)) => (
                format!("`{path}` is not read: it is also there without `.gz`"),
                "remove one of the two files".to_owned(),
            ),
            Some((file, Layer::Overlay)) if sources.get(file, Layer::Base).is_none() => (
                format!("`{path}` is not read: there is nothing to merge it into"),
                format!("add `{}` or remove the overlay", file.name(Layer::Base)),
            ),
            Some(_) => continue,
        };
        found.push(Diagnostic::general_warning(message, help));
    }
}
