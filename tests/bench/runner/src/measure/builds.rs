//! Clean release builds of programs that make one call.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::Bench;
use crate::process::cpu_of_children;
use crate::results::{Better, OFFICIAL, OURS, Results, Table};

const PROGRAMS: [(&str, &str, &str); 5] = [
    ("static credentials", OURS, "hello-ours"),
    ("static credentials", OFFICIAL, "hello-official"),
    ("default features", OURS, "hello-ours-default"),
    ("default chain of credentials", OURS, "hello-ours-chain"),
    ("default chain of credentials", OFFICIAL, "hello-official-aws-config"),
];

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    let mut seconds = Table::new("build-time", "Clean release build of a hello-world", "s", Better::Less);
    let mut cpu = Table::new("build-cpu", "CPU of that build, all cores together", "s", Better::Less);
    let mut crates = Table::new("crates", "Crates in that build, without itself", "", Better::Less);
    let mut size = Table::new("binary", "Its stripped binary", "MB", Better::Less);
    bench.cores.everywhere()?;
    // Fetching is not building.
    run(&mut cargo(bench, &["fetch", "--locked", "--quiet"]))?;
    for (case, who, package) in PROGRAMS {
        eprintln!("  {package}");
        let folder = bench.target.join("hello").join(package);
        remove(&folder)?;
        let (cpu_before, started) = (cpu_of_children()?, Instant::now());
        let build = [
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--offline",
            "--package",
            package,
            "--target-dir",
        ];
        run(cargo(bench, &build).arg(&folder))?;
        seconds.add(case, who, started.elapsed().as_secs_f64());
        cpu.add(case, who, cpu_of_children()? - cpu_before);
        let binary = fs::metadata(folder.join("release").join(package))?.len();
        size.add(case, who, binary as f64 / 1e6);
        crates.add(case, who, count_crates(bench, package)? as f64);
        remove(&folder)?;
    }
    let second_client = second_client(bench)?;
    bench.cores.client()?;
    Ok(Results {
        tables: [vec![seconds, cpu, crates, size], second_client].concat(),
        ..Results::default()
    })
}

/// What a client of another service adds to the program with static credentials. The runtime and everything below it are
/// there already, so the CPU is what is left to build, less that of the program with one client.
fn second_client(bench: &Bench) -> Result<Vec<Table>> {
    let mut size = Table::new(
        "second-client-binary",
        "What a second client adds to that binary",
        "MB",
        Better::Less,
    );
    let title = "CPU to build what a second client adds";
    let mut cpu = Table::new("second-client-cpu", title, "s", Better::Less);
    let [manifest, folder] = ["", "target"].map(|name| bench.target.join("second-client").join(name));
    let manifest = manifest.join("Cargo.toml");
    let cargo = |command: &str, package: &str| {
        let mut cargo = cargo_in(
            &manifest,
            &[command, "--quiet", "--release", "--offline", "--package", package],
        );
        cargo.arg("--target-dir").arg(&folder);
        cargo
    };
    let build = |package: &str| {
        eprintln!("  {package}");
        let before = cpu_of_children()?;
        run(&mut cargo("build", package))?;
        let binary = fs::metadata(folder.join("release").join(package))?.len();
        anyhow::Ok((cpu_of_children()? - before, binary as f64 / 1e6))
    };
    remove(&folder)?;
    build("one-client")?;
    run(&mut cargo("clean", "one-client"))?;
    let (cpu_of_one, size_of_one) = build("one-client")?;
    let (cpu_of_two, size_of_two) = build("two-clients")?;
    remove(&folder)?;
    cpu.add("static credentials", OURS, cpu_of_two - cpu_of_one);
    size.add("static credentials", OURS, size_of_two - size_of_one);
    Ok(vec![cpu.without_chart(), size.without_chart()])
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn count_crates(bench: &Bench, package: &str) -> Result<usize> {
    let tree = [
        "tree",
        "--locked",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ];
    let output = cargo(bench, &tree).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    // Such as `syn v2.0.0 (proc-macro) (*)`. The first one is the program itself.
    let versions = text.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>());
    Ok(versions.collect::<BTreeSet<_>>().len() - 1)
}

fn cargo(bench: &Bench, arguments: &[&str]) -> Command {
    cargo_in(&bench.repository.join("tests/bench/Cargo.toml"), arguments)
}

/// `cargo xtask bench` has taken away what would make these builds faster or different.
fn cargo_in(manifest: &Path, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let (command, arguments) = arguments.split_first().unwrap_or((&"", &[]));
    cargo.arg(command).arg("--manifest-path").arg(manifest).args(arguments);
    cargo
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context("cannot start cargo")?;
    ensure!(status.success(), "{command:?} failed ({status})");
    Ok(())
}
