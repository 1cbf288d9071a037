//! The syntax of all commands.

use std::path::PathBuf;

xflags::xflags! {
    src "./src/flags.rs"

    /// The commands of this repository. CONTRIBUTING.md says what they need.
    cmd xtask {
        /// Writes the clients in `generated/` from the descriptions in `models/`.
        cmd codegen {
            /// Write nothing; list what is out of date, and fail if there is any.
            optional --check
            /// Generate from this model folder or Smithy file instead. Needs --out.
            optional --model model: PathBuf
            /// Write the crate into this folder. Needs --model.
            optional --out out: PathBuf
            /// Only these operations, separated by commas, and the shapes that they use. Needs --model.
            optional --operations operations: String
            /// The name of the package. Default: that of client.json, else `lean-aws-` and the service's identifier.
            /// Needs --model.
            optional --name name: String
            /// Depend on this version of the runtime, or on the runtime in this folder. Default: a copy in OUT/runtime,
            /// which makes the crate complete. Needs --model.
            optional --runtime runtime: String
        }

        /// Measures the client beside the official SDK, bare hyper and boto3.
        cmd bench {
            /// Fail if a measurement of this run exceeds its budget in `tests/bench/budgets.toml`.
            optional --check
            /// Make short runs, skip what takes minutes to build and keep nothing: a quick look while working.
            optional --quick
            /// Measure nothing: rewrite the page from the results that are kept.
            optional --page
            /// What to measure: build, calls, blocking, payloads, tls, allocations, instructions, start, memory, events, pages, generator.
            /// Without any: all. For the others, the page shows the results that are kept.
            repeated names: String
        }

        /// Generates a client for each service of AWS.
        cmd corpus {
            /// Only these services, separated by commas.
            optional --services services: String
            /// Only these operations, separated by commas. Needs --services with one service.
            optional --operations operations: String
            /// Read the models from this folder, which is laid out like botocore's `data/`.
            optional --models models: PathBuf
            /// Also lint and document the clients, with warnings as errors: those of --services, else of
            /// `xtask/src/corpus/checked.rs`.
            optional --check
            /// Also compile the examples in the documentation of the clients, likewise.
            optional --examples
            /// Also compare each member, paginator and waiter with the description, without the generator.
            optional --members
        }

        /// Says what a change of a description means for users.
        cmd diff {
            /// The folder of a description, or one with many: `models/` or botocore's `data/`.
            required old: PathBuf
            /// The later state of the same.
            required new: PathBuf
            /// Write JSON for machines.
            optional --json
        }

        /// Takes over what AWS has changed in the descriptions.
        cmd update {
            /// The folder of descriptions to take over, instead of the newest botocore's: its `data/`, or that of one service.
            optional --from from: PathBuf
            /// Write nothing; fail if there is anything to take over.
            optional --check
            /// Only these services, by the names of their folders in `models/`. Without any: all.
            repeated services: String
        }

        /// Adds a service to `models/`, from the newest botocore.
        cmd new {
            /// The service, as botocore calls it: such as `sagemaker-runtime`.
            required service: String
            /// Only these operations, separated by commas, and the shapes that they use.
            optional --operations operations: String
            /// The folder of descriptions to take it from, as for `update`.
            optional --from from: PathBuf
        }

        /// Asks cargo-semver-checks about the verdicts of `diff`.
        cmd semver {
            /// Only these cases, separated by commas, and not the committed crates.
            optional --cases cases: String
            /// Only the committed crates since the last release tag, and no cases.
            optional --clients
        }

        /// Tries published cases on compiled endpoint rules.
        cmd endpoint-tests {
            /// The rules: an `endpoint-rule-set-1.json`, or a description in Smithy's form.
            required --rules rules: PathBuf
            /// The cases: an `endpoint-tests-1.json`, or a description in Smithy's form. Default: those beside the rules in
            /// the same description.
            optional --tests tests: PathBuf
            /// The partitions, as in `partitions.json`, instead of those of the generator.
            optional --partitions partitions: PathBuf
        }

        /// Replays cases of the credential chain, in the formats of other SDKs.
        cmd credential-tests {
            /// Folders and files with cases. Without any: the published ones, and then with altered expectations, which must fail.
            repeated paths: PathBuf
        }

        /// Runs everything that must pass: format, freshness of `generated/`, lints, tests, documentation, packages.
        cmd test {
            /// Run only the tests, and replace every snapshot that differs. Read the changes before you commit them.
            optional --accept
            /// The folder of published cases; see CONTRIBUTING.md. Default: that of PUBLISHED_CASES, else `../shared`.
            optional --published published: PathBuf
        }

        /// Runs protocol suites, in the format of botocore or Smithy, through generated clients.
        cmd protocol-tests {
            /// The files of the suites. Without any: those of this repository, and then with altered expectations, which must fail.
            repeated files: PathBuf
        }

        /// Tries a million arbitrary inputs, 100,000 calls in a row and payloads of gigabytes.
        cmd soak {
            /// The number of cases, over all properties. Default: 1000000.
            optional --cases cases: u32
            /// The seed of the cases, as an earlier run printed it. Default: a new one each time.
            optional --seed seed: u64
        }

        /// Compares requests, objects and bearer tokens with boto3, and credentials with boto3 and the official SDK.
        cmd interop {
            /// The number of home folders to make up. Default: 300.
            optional --homes homes: u32
            /// The seed of random cases, as an earlier run printed it. Default: a new one each time.
            optional --seed seed: u64
            /// Let the official SDK call the fake of the service as well. It takes minutes to build.
            optional --official-sdk
            /// Only compare services of all protocols with boto3. Their clients take minutes to build.
            optional --services
            /// The number of calls of each operation of those services. Default: 20.
            optional --cases cases: u32
            /// Only these of those services. Without any: all.
            repeated names: String
        }
    }
}

// What stands below is written by xflags: `UPDATE_XFLAGS=1 cargo build --package xtask`.
// generated start
// The following code is generated by `xflags` macro.
// Run `env UPDATE_XFLAGS=1 cargo build` to regenerate.
#[derive(Debug)]
pub struct Xtask {
    pub subcommand: XtaskCmd,
}

#[derive(Debug)]
pub enum XtaskCmd {
    Codegen(Codegen),
    Bench(Bench),
    Corpus(Corpus),
    Diff(Diff),
    Update(Update),
    New(New),
    Semver(Semver),
    EndpointTests(EndpointTests),
    CredentialTests(CredentialTests),
    Test(Test),
    ProtocolTests(ProtocolTests),
    Soak(Soak),
    Interop(Interop),
}

#[derive(Debug)]
pub struct Codegen {
    pub check: bool,
    pub model: Option<PathBuf>,
    pub out: Option<PathBuf>,
    pub operations: Option<String>,
    pub name: Option<String>,
    pub runtime: Option<String>,
}

#[derive(Debug)]
pub struct Bench {
    pub names: Vec<String>,

    pub check: bool,
    pub quick: bool,
    pub page: bool,
}

#[derive(Debug)]
pub struct Corpus {
    pub services: Option<String>,
    pub operations: Option<String>,
    pub models: Option<PathBuf>,
    pub check: bool,
    pub examples: bool,
    pub members: bool,
}

#[derive(Debug)]
pub struct Diff {
    pub old: PathBuf,
    pub new: PathBuf,

    pub json: bool,
}

#[derive(Debug)]
pub struct Update {
    pub services: Vec<String>,

    pub from: Option<PathBuf>,
    pub check: bool,
}

#[derive(Debug)]
pub struct New {
    pub service: String,

    pub operations: Option<String>,
    pub from: Option<PathBuf>,
}

#[derive(Debug)]
pub struct Semver {
    pub cases: Option<String>,
    pub clients: bool,
}

#[derive(Debug)]
pub struct EndpointTests {
    pub rules: PathBuf,
    pub tests: Option<PathBuf>,
    pub partitions: Option<PathBuf>,
}

#[derive(Debug)]
pub struct CredentialTests {
    pub paths: Vec<PathBuf>,
}

#[derive(Debug)]
pub struct Test {
    pub accept: bool,
    pub published: Option<PathBuf>,
}

#[derive(Debug)]
pub struct ProtocolTests {
    pub files: Vec<PathBuf>,
}

#[derive(Debug)]
pub struct Soak {
    pub cases: Option<u32>,
    pub seed: Option<u64>,
}

#[derive(Debug)]
pub struct Interop {
    pub names: Vec<String>,

    pub homes: Option<u32>,
    pub seed: Option<u64>,
    pub official_sdk: bool,
    pub services: bool,
    pub cases: Option<u32>,
}

impl Xtask {
    #[allow(dead_code)]
    pub fn from_env_or_exit() -> Self {
        Self::from_env_or_exit_()
    }

    #[allow(dead_code)]
    pub fn from_env() -> xflags::Result<Self> {
        Self::from_env_()
    }

    #[allow(dead_code)]
    pub fn from_vec(args: Vec<std::ffi::OsString>) -> xflags::Result<Self> {
        Self::from_vec_(args)
    }
}
// generated end

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Xtask;

    /// Each command that the help lists, with its line.
    fn commands() -> BTreeMap<String, String> {
        let help = Xtask::from_vec(vec!["--help".into()])
            .expect_err("it is help")
            .to_string();
        let chapters = help.split("\n\n").filter_map(|chapter| {
            let (name, line) = chapter.trim_start().strip_prefix("xtask ")?.split_once('\n')?;
            Some((name.to_owned(), line.trim().to_owned()))
        });
        chapters.collect()
    }

    /// Each command that CONTRIBUTING.md has a row for, with what it does.
    fn rows() -> BTreeMap<String, String> {
        let file = crate::root().join("CONTRIBUTING.md");
        let text = std::fs::read_to_string(file).expect("it is there");
        let rows = text.lines().filter_map(|row| {
            let (command, text) = row.strip_prefix("| `cargo xtask ")?.split_once("` | ")?;
            let name = command.split(' ').next()?;
            Some((name.to_owned(), text.trim_end_matches(" |").to_owned()))
        });
        rows.collect()
    }

    #[test]
    fn help_has_one_line_for_each_command_and_contributing_says_the_same() {
        let (commands, rows) = (commands(), rows());
        assert!(commands.contains_key("codegen"), "{commands:?}");
        assert!(commands.keys().eq(rows.keys()), "{commands:?}\n{rows:?}");
        for (command, line) in commands {
            let row = &rows[&command];
            // A row is no sentence, and may go on after a semicolon.
            let (first, line) = line.split_at(1);
            let line = first.to_lowercase() + line.trim_end_matches('.');
            assert_eq!(row.split("; ").next(), Some(&*line), "{command}");
        }
    }
}
