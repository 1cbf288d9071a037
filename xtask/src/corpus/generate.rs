//! Generates many clients at the same time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use codegen::diagnostics::{Diagnostic, Diagnostics};
use codegen::{Caveat, Crate, Files, Options};

use super::{count, progress};
use crate::models::Service;
use crate::output::Plan;
use crate::runtime;

/// What became of a service.
#[derive(Debug)]
pub(super) struct Generated<'s> {
    pub(super) service: &'s Service,
    pub(super) outcome: Outcome,
    /// What generating took, without writing.
    pub(super) time: Duration,
}

#[derive(Debug)]
pub(super) enum Outcome {
    Good(Client),
    Refused(Diagnostics),
    /// A bug of the generator, which has been shown when it happened.
    Panicked,
}

/// What is left of a crate once it is written.
#[derive(Debug)]
pub(super) struct Client {
    /// The name of its package.
    pub(super) package: String,
    pub(super) protocol: String,
    pub(super) operations: usize,
    /// Lines of Rust, without those that all clients share.
    pub(super) lines: usize,
    pub(super) warnings: Vec<Diagnostic>,
    pub(super) caveats: Vec<Caveat>,
    /// Whether it was checked, and what the compiler, clippy and rustdoc said then.
    pub(super) checked: bool,
    pub(super) problems: Vec<String>,
}

impl Generated<'_> {
    pub(super) fn client(&self) -> Option<&Client> {
        match &self.outcome {
            Outcome::Good(client) => Some(client),
            Outcome::Refused(_) | Outcome::Panicked => None,
        }
    }

    pub(super) fn is_good(&self) -> bool {
        self.client().is_some_and(|client| client.problems.is_empty())
    }

    /// Whether no client can have an operation of the service.
    pub(super) fn has_no_operation(&self) -> bool {
        let is_so = |diagnostics: &Diagnostics| {
            let mut diagnostics = diagnostics.iter();
            diagnostics.any(|diagnostic| diagnostic.message == "the client would have no operation")
        };
        matches!(&self.outcome, Outcome::Refused(diagnostics) if is_so(diagnostics))
    }

    /// In a word or two.
    pub(super) fn result(&self) -> String {
        match &self.outcome {
            Outcome::Good(client) if !client.problems.is_empty() => count(client.problems.len(), "problem"),
            Outcome::Good(client) if client.checked => "checked".to_owned(),
            Outcome::Good(_) => "ok".to_owned(),
            Outcome::Refused(_) if self.has_no_operation() => "no operation".to_owned(),
            Outcome::Refused(diagnostics) => count(diagnostics.iter().count(), "error"),
            Outcome::Panicked => "panicked".to_owned(),
        }
    }
}

pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Generates all services on all cores, each into a folder of its name.
pub(super) fn all<'s>(services: &'s [Service], operations: Option<&[String]>, crates: &Path) -> Vec<Generated<'s>> {
    // The largest take longest: none of them should be the last to begin.
    let mut queue: Vec<&Service> = services.iter().collect();
    queue.sort_by_key(|service| std::cmp::Reverse(service.bytes));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let bar = progress(queue.len());
    thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(|| {
                while let Some(service) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                    bar.set_message(service.name.clone());
                    let generated = one(service, operations, &crates.join(&service.name));
                    done.lock().unwrap_or_else(|poison| poison.into_inner()).push(generated);
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut done = done.into_inner().unwrap_or_else(|poison| poison.into_inner());
    done.sort_by(|a, b| a.service.name.cmp(&b.service.name));
    done
}

fn one<'s>(service: &'s Service, operations: Option<&[String]>, folder: &Path) -> Generated<'s> {
    let started = Instant::now();
    let options = Options {
        operations: operations.map(<[String]>::to_owned),
        runtime: runtime::here(),
        ..Options::default()
    };
    let result = catch_unwind(AssertUnwindSafe(|| codegen::generate(&service.model, &options)));
    let time = started.elapsed();
    let outcome = match result {
        Ok(Ok(client)) => write(client, folder),
        Ok(Err(diagnostics)) => {
            // What an earlier run has left would look like the result of this one.
            let emptied = Plan::new(folder, &Files::new()).and_then(|plan| plan.carry_out());
            emptied.map_or_else(|error| unwritten(&error), |()| Outcome::Refused(diagnostics))
        }
        Err(_) => Outcome::Panicked,
    };
    Generated { service, outcome, time }
}

fn write(client: Crate, folder: &Path) -> Outcome {
    match Plan::new(folder, &client.files).and_then(|plan| plan.carry_out()) {
        Ok(()) => Outcome::Good(Client {
            lines: lines(&client.files),
            package: client.name,
            protocol: client.protocol,
            operations: client.operations,
            warnings: client.warnings,
            caveats: client.caveats,
            checked: false,
            problems: Vec::new(),
        }),
        Err(error) => unwritten(&error),
    }
}

fn unwritten(error: &anyhow::Error) -> Outcome {
    let help = "choose another place with CARGO_TARGET_DIR";
    Outcome::Refused(vec![Diagnostic::general_error(format!("{error:#}"), help)].into())
}

/// Lines of Rust that are this service's own.
fn lines(files: &Files) -> usize {
    let own = |path: &str| path.ends_with(".rs") && !path.starts_with("src/runtime");
    let texts = files.iter().filter(|(path, _)| own(path)).map(|(_, text)| text);
    texts.map(|text| text.lines().count()).sum()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::models;

    fn write(file: &Path, text: &[u8]) {
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        if file.extension().is_some_and(|extension| extension == "gz") {
            let mut encoder = GzEncoder::new(fs::File::create(file).expect("a file"), Compression::fast());
            encoder.write_all(text).expect("written");
            encoder.finish().expect("written");
        } else {
            fs::write(file, text).expect("written");
        }
    }

    /// Botocore's `data/` in small: a service plain and in two versions, the same one compressed, one that is broken,
    /// and one without a description.
    fn data(folder: &Path) {
        let model = crate::root().join("models/sagemaker-runtime");
        let read = |name: &str| fs::read_to_string(model.join(name)).expect("a model");
        let (service, rules) = (read("service-2.json"), read("endpoint-rule-set-1.json"));
        let put = |path: &str, text: &str| write(&folder.join(path), text.as_bytes());
        put("plain/2016-01-01/service-2.json", "no JSON, and not read");
        put("plain/2017-05-13/service-2.json", &service);
        put("plain/2017-05-13/endpoint-rule-set-1.json", &rules);
        put("plain/2018-01-01/README", "no version");
        put("packed/2017-05-13/service-2.json.gz", &service);
        put("packed/2017-05-13/endpoint-rule-set-1.json.gz", &rules);
        put(
            "broken/2017-05-13/service-2.json",
            &service.replacen("\"blob\"", "\"bolb\"", 1),
        );
        put("broken/2017-05-13/endpoint-rule-set-1.json", &rules);
        put("empty/2018-01-01/README", "no description");
        put("endpoints.json", "{}");
    }

    #[test]
    fn a_folder_like_botocores_becomes_crates() {
        let folder = tempfile::tempdir().expect("a folder");
        let (models, crates) = (folder.path().join("data"), folder.path().join("crates"));
        data(&models);
        let services = models::services(&models, None).expect("services");
        let names: Vec<_> = services.iter().map(|service| service.name.as_str()).collect();
        assert_eq!(names, ["broken", "packed", "plain"]);
        assert_eq!(services[1].bytes, services[2].bytes);

        // As if it had been good before.
        write(
            &crates.join("broken/Cargo.toml"),
            b"# @generated by `cargo xtask codegen`",
        );
        let generated = all(&services, None, &crates);
        let results: Vec<_> = generated.iter().map(Generated::result).collect();
        assert_eq!(results, ["1 error", "ok", "ok"]);
        assert!(!crates.join("broken/Cargo.toml").exists());
        let lib = |name: &str| fs::read(crates.join(name).join("src/lib.rs")).expect("a file");
        assert_eq!(lib("packed"), lib("plain"));
        let (packed, plain) = (
            generated[1].client().expect("good"),
            generated[2].client().expect("good"),
        );
        assert_eq!((packed.operations, packed.lines), (plain.operations, plain.lines));
        assert_eq!(packed.protocol, "rest-json");
        assert!(packed.operations >= 2 && packed.lines > 1000);

        let one = ["InvokeEndpoint".to_owned()];
        let generated = all(&services[2..], Some(&one), &crates);
        assert_eq!(generated[0].client().map(|client| client.operations), Some(1));
    }

    #[test]
    fn services_that_are_named_must_be_there() {
        let folder = tempfile::tempdir().expect("a folder");
        data(folder.path());
        let services = |names: &[&str]| models::services(folder.path(), Some(names));
        assert_eq!(services(&["plain", "packed", "plain"]).expect("services").len(), 2);
        let error = |name| services(&["plain", name]).expect_err("an error").to_string();
        assert!(error("plian").starts_with("there is no service `plian` in "));
        assert_eq!(error("empty"), "`empty` has no description");
    }
}
