//! Published cases that lie outside of the repository. `CONTRIBUTING.md` explains what they are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::report::Report;
use crate::{cargo, cargo_test, credential_tests, endpoint_tests, flags, protocol_tests};

/// Names their folder, to this command and to the tests.
const VARIABLE: &str = "PUBLISHED_CASES";
/// The default, from the root of the repository.
const DEFAULT: &str = "../shared";
/// Rules and cases for endpoints, in a folder for each service.
const ENDPOINTS: &str = "aws/endpoint-tests";
/// Rules, and cases for them.
const ENDPOINT_FILES: [&str; 2] = ["endpoint-rule-set-1.json", "endpoint-tests-1.json"];
/// Suites of protocols: of rest-json, and of all others.
const SUITES: [(&str, &str); 2] = [
    ("published suites of rest-json", "protocol-tests"),
    ("published suites of the other protocols", "protocol-suites"),
];
/// Cases of the credential chain.
const CREDENTIALS: &str = "credentials";
/// The service whose client runs its own endpoint cases, too.
const SERVICE: &str = "sagemaker-runtime";

/// Where the cases are.
pub(crate) struct Published(PathBuf);

impl Published {
    /// Uses the folder of the flag, else that of the variable, else the default.
    ///
    /// # Errors
    ///
    /// When the flag or the variable names a folder that does not exist.
    pub(crate) fn find(flag: Option<&Path>) -> Result<Self> {
        let variable = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
        let named = flag.map(Path::to_owned).or(variable.map(PathBuf::from));
        let Some(folder) = named else {
            return Ok(Self(crate::root().join(DEFAULT)));
        };
        let folder = std::path::absolute(&folder)?;
        ensure!(
            folder.is_dir(),
            "the folder of published cases, {}, does not exist",
            folder.display()
        );
        Ok(Self(folder))
    }

    /// Runs the cases that are there, and notes those that are not.
    pub(super) fn check(&self, report: &mut Report) -> Result<()> {
        self.check_endpoints(report)?;
        self.check_protocol(report)?;
        self.check_credentials(report)
    }

    /// The folder with cases of the credential chain.
    pub(crate) fn credentials(&self) -> PathBuf {
        self.0.join(CREDENTIALS)
    }

    fn check_endpoints(&self, report: &mut Report) -> Result<()> {
        let services = list(&self.0.join(ENDPOINTS))?;
        let has_cases = |service: &PathBuf| ENDPOINT_FILES.iter().all(|file| service.join(file).is_file());
        let services: Vec<PathBuf> = services.into_iter().filter(has_cases).collect();
        if services.is_empty() {
            self.leave_out(report, "published cases for endpoints", ENDPOINTS);
            return Ok(());
        }
        for service in &services {
            println!("{}", service.display());
            let [rules, tests] = ENDPOINT_FILES.map(|file| service.join(file));
            endpoint_tests::run(&flags::EndpointTests {
                rules,
                tests: Some(tests),
                partitions: None,
            })?;
        }
        if services.iter().any(|service| service.ends_with(SERVICE)) {
            let mut tests = cargo();
            // The program that the tests have built: for one package alone, its dependencies have other features.
            tests.args(["test", "--workspace", "--locked", "--quiet", "--test", "endpoints"]);
            tests.args(["--", "--ignored", "published_cases"]);
            return cargo_test::run_selected(tests.env(VARIABLE, &self.0));
        }
        self.leave_out(
            report,
            "published cases for the endpoints of the client",
            &format!("{ENDPOINTS}/{SERVICE}"),
        );
        Ok(())
    }

    fn check_protocol(&self, report: &mut Report) -> Result<()> {
        for (what, folder) in SUITES {
            let files = suites(&self.0.join(folder))?;
            if files.is_empty() {
                self.leave_out(report, what, folder);
                continue;
            }
            let is_well = protocol_tests::run(&flags::ProtocolTests { files })?;
            ensure!(is_well, "the clients differ from the {what}");
        }
        Ok(())
    }

    fn check_credentials(&self, report: &mut Report) -> Result<()> {
        let folder = self.credentials();
        if !folder.is_dir() {
            self.leave_out(report, "published cases for the credential chain", CREDENTIALS);
            return Ok(());
        }
        ensure!(
            credential_tests::replay(&folder)?,
            "the credential chain differs from the published cases"
        );
        Ok(())
    }

    fn leave_out(&self, report: &mut Report, what: &str, part: &str) {
        let folder = self.0.join(part);
        report.leave_out(
            what,
            format_args!("{} has none; CONTRIBUTING.md says where to get them", folder.display()),
        );
    }
}

/// The files of suites in a folder and below it, sorted.
fn suites(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in list(folder)? {
        if path.is_dir() {
            files.extend(suites(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(files)
}

/// What is in a folder, sorted; nothing if it does not exist.
fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_found_in_all_folders_below() {
        let folder = tempfile::tempdir().expect("a folder");
        for file in [
            "README.md",
            "output/query.json",
            "input/query.json",
            "legacy/input/ec2.json",
        ] {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a folder");
            fs::write(file, "[]").expect("written");
        }
        let found = suites(folder.path()).expect("a list");
        let expected = ["input/query.json", "legacy/input/ec2.json", "output/query.json"];
        assert_eq!(found, expected.map(|file| folder.path().join(file)));
    }
}
