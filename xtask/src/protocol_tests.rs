//! `cargo xtask protocol-tests`: suites of botocore or Smithy, each tried with a client that is generated for it.
//!
//! The clients are called as users call them, by a program that is generated, too: it has a function for each case and prints
//! what it observes. Expectations are not in it; they are compared here. So expectations may change, or be changed to see
//! whether that is noticed, without compiling anything.

mod alter;
pub(crate) mod api;
mod client;
mod contradictions;
pub(crate) mod input;
mod judge;
mod model;
pub(crate) mod output;
mod program;
mod run;
mod smithy;
mod suite;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::flags;
use client::{Client, Failure};
use judge::Difference;
use model::SuiteModel;
use program::Fakes;
use run::{Build, Observed};
use suite::{CaseId, Suite};

/// The suites of this repository.
const OWN_SUITES: &str = "tests/protocol";

/// Prints what fails, and how many cases do. Returns whether all is well.
///
/// Without files, it takes the suites of this repository, tries the fakes of the clients as well, and shows that nothing that
/// the suites expect can be changed without being noticed. Fakes lose what no typed value has, such as the message of an
/// error without such a member, so suites of others are for clients alone.
pub(crate) fn run(flags: &flags::ProtocolTests) -> Result<bool> {
    let is_proof = flags.files.is_empty();
    let files = if is_proof { own_suites()? } else { flags.files.clone() };
    let fakes = if is_proof { Fakes::Tried } else { Fakes::LeftOut };
    let mut trial = Trial::new(&files, fakes)?;
    let failures = trial.failures();
    for (id, differences) in &failures {
        println!("FAILED {}", id.describe(&trial.suites));
        for difference in differences {
            println!("  {}", difference.what);
            println!("    expected: {}", indented(&difference.expected));
            println!("    actual:   {}", indented(&difference.actual));
        }
    }
    let mut known = 0;
    for (id, reason) in trial.contradictions() {
        println!("EXPECTED TO FAIL {}: {reason}", id.describe(&trial.suites));
        known += 1;
    }
    let is_noticed = !is_proof || trial.notices_alterations();
    let (all, failed) = (CaseId::all(&trial.suites).count(), failures.len());
    println!("{} passed, {failed} failed", all - known - failed);
    Ok(failed == 0 && is_noticed)
}

fn own_suites() -> Result<Vec<PathBuf>> {
    let folder = crate::root().join(OWN_SUITES);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

fn indented(text: &str) -> String {
    text.trim_end().replace('\n', "\n      ")
}

/// Suites, and all that has been seen of them.
struct Trial {
    suites: Vec<Suite>,
    clients: Vec<Client>,
    fakes: Fakes,
    /// Suites without a client.
    without_client: BTreeMap<usize, Failure>,
    /// Cases without code, or with code that does not compile.
    without_code: BTreeMap<CaseId, Failure>,
    observations: BTreeMap<String, Observed>,
}

impl Trial {
    fn new(files: &[PathBuf], fakes: Fakes) -> Result<Self> {
        let mut suites = Vec::new();
        for file in files {
            suites.extend(suite::read(file)?);
        }
        let models: Vec<SuiteModel> = suites.iter().map(SuiteModel::new).collect();
        let folder = folder(files);
        let (clients, without_client) = client::generate(&(0..models.len()).collect::<Vec<_>>(), &models, &folder)?;
        let mut trial = Self {
            suites,
            clients,
            fakes,
            without_client,
            without_code: BTreeMap::new(),
            observations: BTreeMap::new(),
        };
        let program = trial.build(&models, &folder)?;
        trial.observations = run::run(&program)?;
        Ok(trial)
    }

    /// The program of all cases whose code compiles.
    fn build(&mut self, models: &[SuiteModel], folder: &Path) -> Result<PathBuf> {
        loop {
            let left_out: BTreeSet<CaseId> = self.without_code.keys().copied().collect();
            self.without_code.extend(program::write(
                &self.suites,
                &self.clients,
                &left_out,
                self.fakes,
                folder,
            )?);
            match run::build(folder)? {
                Build::Program(program) => return Ok(program),
                Build::Errors(errors) => self.do_without(errors, models, folder)?,
            }
        }
    }

    /// Takes out what does not compile.
    fn do_without(
        &mut self,
        errors: BTreeMap<(String, String), String>,
        models: &[SuiteModel],
        folder: &Path,
    ) -> Result<()> {
        // A client's errors are put down to one suite where that is possible, else each of its suites gets its own client.
        let (mut to_blame, mut to_separate) = (BTreeMap::new(), BTreeSet::new());
        let mut is_progress = false;
        for ((krate, file), text) in &errors {
            let module = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
            let case = CaseId::all(&self.suites).find(|case| case.module() == module);
            if let (Some(case), true) = (case, krate.starts_with(program::PACKAGE)) {
                self.without_code.insert(case, text.clone());
                is_progress = true;
                continue;
            }
            let is_it = |client: &&Client| client.api.crate_name() == krate || output::views(&client.api) == module;
            let Some(client) = self.clients.iter().find(is_it) else {
                continue;
            };
            match (client.suites.as_slice(), client.suite_of(file)) {
                (&[suite], _) | (_, Some(suite)) => {
                    to_blame.insert(suite, text.clone());
                }
                (suites, None) => to_separate.extend(suites.to_owned()),
            }
        }
        let affected = |client: &Client| {
            client
                .suites
                .iter()
                .any(|suite| to_blame.contains_key(suite) || to_separate.contains(suite))
        };
        let (again, unaffected) = std::mem::take(&mut self.clients).into_iter().partition(affected);
        self.clients = unaffected;
        for client in again {
            let mut suites = client.suites;
            suites.retain(|suite| !to_blame.contains_key(suite));
            let is_separate = suites.iter().any(|suite| to_separate.contains(suite)) && to_blame.is_empty();
            let generate = if is_separate {
                client::separate
            } else {
                client::generate
            };
            let (clients, failed) = generate(&suites, models, folder)?;
            self.clients.extend(clients);
            self.without_client.extend(failed);
            is_progress = true;
        }
        self.without_client.extend(to_blame);
        if !is_progress {
            let texts: String = errors.into_values().collect();
            bail!("the clients cannot be built:\n{texts}");
        }
        Ok(())
    }

    /// The cases that fail as expected, and why that is expected.
    fn contradictions(&self) -> impl Iterator<Item = (CaseId, &'static str)> {
        let listed = |id| Some((id, contradictions::reason(&self.suites, id)?));
        CaseId::all(&self.suites)
            .filter_map(listed)
            .filter(|(id, _)| self.differences(*id).is_empty())
    }

    /// The cases that fail, unless that is expected, and those that pass although it is.
    fn failures(&self) -> Vec<(CaseId, Vec<Difference>)> {
        let cases = CaseId::all(&self.suites).map(|id| (id, self.differences(id)));
        cases.filter(|(_, differences)| !differences.is_empty()).collect()
    }

    /// Changes each expectation, one at a time. Prints the changes that make no difference; returns whether there are none.
    fn notices_alterations(&mut self) -> bool {
        let (mut noticed, mut missed) = (0, 0);
        let originals = self.suites.clone();
        for id in CaseId::all(&originals) {
            let original = id.of(&originals);
            for (what, case) in alter::alterations(original) {
                self.suites[id.suite].cases[id.case] = case;
                if self.differences(id).is_empty() {
                    println!("NOT NOTICED {}: {what}", id.describe(&originals));
                    missed += 1;
                } else {
                    noticed += 1;
                }
            }
            self.suites[id.suite].cases[id.case] = original.clone();
        }
        println!("{noticed} altered expectations noticed, {missed} not");
        missed == 0
    }

    /// What is not as expected. A case that is listed as a contradiction is expected to fail.
    fn differences(&self, id: CaseId) -> Vec<Difference> {
        contradictions::apply(&self.suites, id, self.differences_from_suite(id))
    }

    fn differences_from_suite(&self, id: CaseId) -> Vec<Difference> {
        let because = |what: &str, expected: &str, failure: &str| vec![Difference::new(what, expected, failure)];
        if let Some(failure) = self.without_client.get(&id.suite) {
            return because("client", "to be generated", failure);
        }
        if let Some(failure) = self.without_code.get(&id) {
            return because("code of the case", "to be written and to compile", failure);
        }
        let client = self.clients.iter().find(|client| client.suites.contains(&id.suite));
        match (client, self.observations.get(&id.module())) {
            (Some(client), Some(observed)) => {
                let differences = judge::judge(client, &self.suites, id, &observed.plain);
                if !differences.is_empty() || contradictions::only_read(&self.suites, id).is_some() {
                    return differences;
                }
                let with_fake = observed.with_fake.iter();
                with_fake
                    .flat_map(|observed| judge::judge(client, &self.suites, id, observed))
                    .map(|difference| difference.of("with a fake"))
                    .collect()
            }
            _ => because("call", "to be made", "nothing was observed"),
        }
    }
}

/// Where the clients of these files go. They are compiled again only where something changes.
///
/// The names of all files would be too long for the name of a folder.
fn folder(files: &[PathBuf]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    crate::target()
        .join("protocol-tests")
        .join(format!("{:016x}", hasher.finish()))
}
