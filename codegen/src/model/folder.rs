//! The files of a model folder into memory. This is all the input that the generator ever does.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::diagnostics::Diagnostic;
use crate::source::{File, Layer, Source, Sources};

/// Stands in where no `partitions.json` is near the model.
const BUILT_IN_PARTITIONS: &str = include_str!("../../../models/partitions.json");

/// Reads all files that are known. The rest of what can be said about the folder goes to `found`.
pub(super) fn read(dir: &Path, found: &mut Vec<Diagnostic>) -> Sources {
    let mut sources = Sources::default();
    let names = match json_names(dir) {
        Ok(names) => names,
        Err(error) => {
            let dir = dir.display();
            let message = match error.kind() {
                ErrorKind::NotFound => format!("there is no folder `{dir}`"),
                _ => format!("cannot read the folder `{dir}`: {error}"),
            };
            let help = "name a folder that holds `service-2.json` and `endpoint-rule-set-1.json`";
            found.push(Diagnostic::general_error(message, help));
            return sources;
        }
    };
    for file in File::ALL {
        for layer in [Layer::Base, Layer::Overlay] {
            let path = dir.join(file.name(layer));
            if let Some(source) = read_file(&path, found) {
                sources.insert(file, layer, source);
            }
        }
    }
    if sources.get(File::Partitions, Layer::Base).is_none() {
        sources.insert(File::Partitions, Layer::Base, partitions(dir, found));
    }
    report_missing(dir, &sources, found);
    report_unread(dir, &names, &sources, found);
    sources
}

fn json_names(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A file's text, or `None` where there is no such file.
fn read_file(path: &Path, found: &mut Vec<Diagnostic>) -> Option<Source> {
    let name = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Some(Source::new(name, text)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            let message = format!("cannot read `{name}`: {error}");
            let help = "make it a readable file in UTF-8";
            found.push(Diagnostic::general_error(message, help));
            None
        }
    }
}

/// In botocore's layout, `data/<service>/<version>`, the file lies two folders up.
fn partitions(dir: &Path, found: &mut Vec<Diagnostic>) -> Source {
    let name = File::Partitions.name(Layer::Base);
    ["..", "../.."]
        .into_iter()
        .find_map(|up| read_file(&dir.join(up).join(&name), found))
        .unwrap_or_else(|| Source::new(format!("{name} (built in)"), BUILT_IN_PARTITIONS))
}

fn report_missing(dir: &Path, sources: &Sources, found: &mut Vec<Diagnostic>) {
    for file in [File::Service, File::EndpointRules] {
        let path = dir.join(file.name(Layer::Base));
        let is_unreadable = path.exists();
        if sources.get(file, Layer::Base).is_none() && !is_unreadable {
            let message = format!("there is no `{}`", path.display());
            found.push(Diagnostic::general_error(message, find_elsewhere(dir, file)));
        }
    }
}

/// Where the file may be instead.
fn find_elsewhere(dir: &Path, file: File) -> String {
    let name = file.name(Layer::Base);
    if dir.join(format!("{name}.gz")).exists() {
        return format!("unpack the files: `gunzip {}/*.gz`", dir.display());
    }
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let versions = entries.map(|entry| entry.path());
    match versions.filter(|version| version.join(&name).exists()).max() {
        Some(version) => format!("did you mean the folder `{}`?", version.display()),
        None => format!("put the service's `{name}` there, as botocore publishes it"),
    }
}

fn report_unread(dir: &Path, names: &[String], sources: &Sources, found: &mut Vec<Diagnostic>) {
    for name in names {
        let path: PathBuf = dir.join(name);
        let known = File::ALL.into_iter().find_map(|file| {
            [Layer::Base, Layer::Overlay]
                .into_iter()
                .find(|&layer| file.name(layer) == *name)
                .map(|layer| (file, layer))
        });
        let path = path.display();
        let (message, help) = match known {
            None => (
                format!("`{path}` is not read"),
                "remove the file if it is not needed".to_owned(),
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
