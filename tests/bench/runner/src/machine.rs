//! What all this ran on.

use std::fs;
use std::path::Path;
use std::process::Command;

use indexmap::IndexMap;

use crate::command_output;

/// Names and values, as far as they can be found.
pub(crate) fn describe(repository: &Path, has_python: bool) -> IndexMap<String, String> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| Some(line.split_once(':')?.1.trim().to_owned()))
    };
    let cpu = read("/proc/cpuinfo");
    let sha = cpu.split_whitespace().any(|flag| flag == "sha_ni" || flag == "sha2");
    let memory = field(&read("/proc/meminfo"), "MemTotal")
        .and_then(|memory| memory.trim_end_matches(" kB").parse::<f64>().ok())
        .map(|kilobytes| format!("{:.0} GB", kilobytes / 1024.0 / 1024.0));
    let lock = fs::read_to_string(repository.join("tests/bench/Cargo.lock")).unwrap_or_default();
    let requirements = fs::read_to_string(repository.join("tests/bench/requirements.txt")).unwrap_or_default();
    let boto3 = match has_python {
        true => requirements.lines().find_map(|line| line.strip_prefix("boto3==")),
        false => Some("left out: there is no Python for it"),
    };
    [
        (
            "processor",
            field(&cpu, "model name").or_else(|| Some(std::env::consts::ARCH.to_owned())),
        ),
        (
            "cores",
            // This process may use one of them alone.
            Some(cpu.lines().filter(|line| line.starts_with("processor")).count())
                .filter(|cores| *cores > 0)
                .map(|cores| cores.to_string()),
        ),
        (
            "instructions for SHA-256",
            Some(if sha { "yes" } else { "no" }.to_owned()),
        ),
        ("memory", memory),
        ("kernel", Some(read("/proc/sys/kernel/osrelease").trim().to_owned())),
        ("compiler", command_output(Command::new("rustc").arg("--version"))),
        ("aws-sdk-sagemakerruntime", locked(&lock, "aws-sdk-sagemakerruntime")),
        ("hyper", locked(&lock, "hyper")),
        ("hyper-util", locked(&lock, "hyper-util")),
        ("boto3", boto3.map(str::to_owned)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| !value.is_empty())?)))
    .collect()
}

/// The newest version of a package that the lock file has.
fn locked(lock: &str, package: &str) -> Option<String> {
    let named = format!("name = \"{package}\"\nversion = \"");
    let (_, after) = lock.rsplit_once(&named)?;
    after.split('"').next().map(str::to_owned)
}
