//! `cargo xtask endpoint-tests`: whether the resolver that is generated for endpoint rules says what cases expect.
//!
//! The resolver gets a crate of its own below the target folder, without the rest of a client, which reads the cases and
//! compares. What is in `xtask/endpoint-tests/` is the rest of that crate.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, ensure};
use codegen::Files;
use codegen::diagnostics::Diagnostics;

use crate::{cargo, flags, show};

macro_rules! parts {
    ($($path:literal)*) => {
        [$(($path, include_str!(concat!("../endpoint-tests/", $path)))),*]
    };
}

/// What is the same for all rules.
const PARTS: [(&str, &str); 4] = parts! {
    "src/main.rs"
    "src/values.rs"
    "src/runtime.rs"
    "src/runtime/endpoint.rs"
};

pub(crate) fn run(flags: &flags::EndpointTests) -> Result<()> {
    let resolver = Resolver::build(&flags.rules, flags.partitions.as_deref())?;
    let tests = flags.tests.as_ref().unwrap_or(&flags.rules);
    let status = resolver.check(tests).status();
    let status: ExitStatus = status.context("cannot start what has been built")?;
    ensure!(
        status.success(),
        "the resolver does not say what {} expects",
        tests.display()
    );
    Ok(())
}

/// The resolver for a set of rules, ready to be asked.
struct Resolver {
    program: PathBuf,
}

impl Resolver {
    fn build(rules: &Path, partitions: Option<&Path>) -> Result<Self> {
        let generated = codegen::generate_resolver(rules, partitions);
        let (mut files, warnings) = generated.map_err(|diagnostics| {
            show(&diagnostics);
            anyhow::anyhow!("nothing was tested")
        })?;
        if !warnings.is_empty() {
            show(&Diagnostics::from(warnings));
        }
        files.extend(PARTS.map(|(path, text)| (path.to_owned(), text.to_owned())));

        // Other rules have another name, so that they can be tested at the same time and the same ones need no building.
        let mut hasher = DefaultHasher::new();
        files.hash(&mut hasher);
        let name = format!("resolver-{:016x}", hasher.finish());
        files.insert("Cargo.toml".to_owned(), manifest(&name));
        let scratch = crate::target().join("endpoint-tests");
        let folder = scratch.join(&name);
        write(&folder, &files)?;
        let target = scratch.join("target");
        crate::run(
            cargo()
                .args(["build", "--quiet", "--manifest-path"])
                .arg(folder.join("Cargo.toml"))
                .arg("--target-dir")
                .arg(&target),
        )?;
        let program = target
            .join("debug")
            .join(name)
            .with_extension(std::env::consts::EXE_EXTENSION);
        Ok(Self { program })
    }

    /// The command that checks the cases of a file.
    fn check(&self, tests: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(tests);
        command
    }
}

fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\npercent-encoding = \
         \"2\"\nserde_json = \"1\"\n\n[profile.dev]\ndebug = false\n\n[workspace]\n"
    )
}

/// Files that are as they should be stay untouched, so that cargo builds nothing again.
fn write(folder: &Path, files: &Files) -> Result<()> {
    for (path, text) in files {
        let path = folder.join(path);
        if fs::read_to_string(&path).is_ok_and(|there| there == *text) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let lock = folder.join("Cargo.lock");
    if !lock.exists() {
        // The versions that are there already.
        fs::copy(crate::root().join("Cargo.lock"), &lock).context("cannot copy Cargo.lock")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/endpoint-tests/language-rules.json");
    const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/endpoint-tests/language-tests.json");

    /// What is printed, and whether all cases passed.
    fn check(resolver: &Resolver, tests: &Path) -> (String, bool) {
        let output = resolver.check(tests).output().expect("what has been built starts");
        let text = String::from_utf8(output.stdout).expect("it prints text");
        (text, output.status.success())
    }

    #[test]
    fn the_rule_language_and_expectations_that_are_wrong() {
        let resolver = Resolver::build(RULES.as_ref(), None).expect("the rules can be generated and built");
        let cases = fs::read_to_string(CASES).expect("there are cases");
        let count = cases.matches("\"expect\":").count();
        assert_eq!(
            check(&resolver, CASES.as_ref()),
            (format!("{count} passed, 0 failed\n"), true)
        );

        let folder = tempfile::tempdir().expect("a folder can be made");
        let altered = folder.path().join("altered.json");
        for (right, wrong) in [
            (r#""error": "b--c""#, r#""error": "b""#),
            (r#""error": "b--c""#, r#""endpoint": {"url": "b--c"}"#),
            (
                r#""url": "https://{r1}.example.com""#,
                r#""url": "https://{r2}.example.com""#,
            ),
            (r#""x-encoded": ["r1%2F"]"#, r#""x-encoded": ["r1/"]"#),
            (r#""x-region": ["r1", "in r1"]"#, r#""x-region": ["r1"]"#),
            (r#""signingName": "small""#, r#""signingName": "large""#),
            (r#""list": [1, true,"#, r#""list": [1, false,"#),
            (r#""expect": {"error": "b--c"}"#, r#""expect": {}"#),
        ] {
            assert_eq!(cases.matches(right).count(), 1, "occurrences of {right}");
            fs::write(&altered, cases.replace(right, wrong)).expect("the file can be written");
            let (text, passed) = check(&resolver, &altered);
            let end = format!("{} passed, 1 failed\n", count - 1);
            assert!(
                text.starts_with("FAILED case ") && text.ends_with(&end),
                "{wrong}: {text}"
            );
            assert!(
                text.contains("  expected: ") || text.contains("the case is not one"),
                "{text}"
            );
            assert!(!passed, "{text}");
        }
    }

    #[test]
    fn rules_and_cases_in_one_description_of_smithys() {
        let json = |path: &str| -> serde_json::Value {
            serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
        };
        let traits = serde_json::json!({
            "smithy.rules#endpointRuleSet": json(RULES),
            "smithy.rules#endpointTests": json(CASES),
        });
        let service = serde_json::json!({ "type": "service", "version": "1", "traits": traits });
        let description = serde_json::json!({ "smithy": "2.0", "shapes": { "com.example#Language": service } });
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("language.json");
        fs::write(&file, description.to_string()).expect("the file can be written");

        let resolver = Resolver::build(&file, None).expect("the rules can be generated and built");
        let (text, passed) = check(&resolver, &file);
        assert!(passed && text.ends_with(" passed, 0 failed\n"), "{text}");
        let (text, passed) = check(&resolver, RULES.as_ref());
        assert!(!passed && text.is_empty(), "these are rules: {text}");
    }

    #[test]
    fn rules_and_cases_that_cannot_be_read() {
        assert!(Resolver::build("no-such-rules.json".as_ref(), None).is_err());
        assert!(Resolver::build(RULES.as_ref(), Some(CASES.as_ref())).is_err());
    }
}
