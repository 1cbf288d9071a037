//! The processes that are measured, and the server that they talk to.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::unistd::Pid;
use workload::{Report, Work};

use crate::results::{BARE, BOTO3, OFFICIAL, OURS};

/// Someone who can do the work.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) name: &'static str,
    command: Vec<OsString>,
    /// The same program, counting allocations.
    counting: Option<PathBuf>,
    /// The file with the certificates to trust, where it is not for the platform to say.
    trusted: Option<PathBuf>,
}

impl Client {
    pub(crate) fn all(programs: &Path, python: Option<&Path>, script: &Path) -> Vec<Self> {
        let rust = |name, program: &str| Self {
            name,
            command: vec![programs.join(program).into()],
            counting: Some(programs.join(format!("{program}-counting"))),
            trusted: None,
        };
        let mut clients = vec![
            rust(OURS, "client-ours"),
            rust(OFFICIAL, "client-official"),
            rust(BARE, "client-bare"),
        ];
        clients.extend(python.map(|python| Self {
            name: BOTO3,
            command: vec![python.into(), script.into()],
            counting: None,
            trusted: None,
        }));
        clients
    }

    /// A program that does work of one kind.
    pub(crate) fn program(name: &'static str, program: &Path) -> Self {
        Self {
            name,
            command: vec![program.into()],
            counting: None,
            trusted: None,
        }
    }

    /// The same, trusting the certificates of a file. Each client looks at one of the two variables by itself.
    pub(crate) fn trusting(&self, file: &Path) -> Self {
        Self {
            trusted: Some(file.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) fn run(&self, work: &Work) -> Result<Report> {
        Ok(self.start(work)?.report)
    }

    pub(crate) fn start(&self, work: &Work) -> Result<Finished> {
        let mut command = command(&self.command);
        for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
            command.envs(self.trusted.iter().map(|file| (variable, file)));
        }
        finish(&mut command, work).with_context(|| format!("{} failed at {work:?}", self.name))
    }

    /// As [`run`](Self::run), with allocations counted, if that can be.
    pub(crate) fn run_counting(&self, work: &Work) -> Result<Option<Report>> {
        let Some(program) = &self.counting else {
            return Ok(None);
        };
        Ok(Some(finish(&mut command(&[program.into()]), work)?.report))
    }

    /// How many instructions the whole process takes, if it is a program that callgrind can watch.
    pub(crate) fn instructions(&self, work: &Work) -> Result<Option<f64>> {
        if self.counting.is_none() {
            return Ok(None);
        }
        let callgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
        let callgrind: Vec<OsString> = callgrind
            .iter()
            .map(OsString::from)
            .chain(self.command.clone())
            .collect();
        let output = command(&callgrind).arg(serde_json::to_string(work)?).output()?;
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "{} failed under valgrind: {log}", self.name);
        let collected = log.lines().find_map(|line| line.split_once("Collected :"));
        let (_, collected) = collected.with_context(|| format!("valgrind says no `Collected`: {log}"))?;
        Ok(Some(collected.trim().parse()?))
    }
}

/// A process that has ended.
pub(crate) struct Finished {
    pub(crate) report: Report,
    /// Seconds from its start to its first line.
    pub(crate) first_line: f64,
    /// User and system time, in seconds.
    pub(crate) cpu: f64,
}

/// A command that nothing in the environment influences.
pub(crate) fn command(parts: &[OsString]) -> Command {
    let mut command = Command::new(&parts[0]);
    command.args(&parts[1..]).env_clear();
    command.envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    // Files in the home folder would influence boto3.
    command
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    command
}

fn finish(command: &mut Command, work: &Work) -> Result<Finished> {
    let Ended { line, first_line, cpu } = run(command.arg(serde_json::to_string(work)?))?;
    Ok(Finished {
        report: serde_json::from_str(&line).with_context(|| format!("`{line}` is no report"))?,
        first_line,
        cpu,
    })
}

/// What a process printed first, and what it took.
pub(crate) struct Ended {
    pub(crate) line: String,
    /// Seconds from its start to that line.
    pub(crate) first_line: f64,
    /// User and system time, in seconds.
    pub(crate) cpu: f64,
}

/// Runs a process to its end.
pub(crate) fn run(command: &mut Command) -> Result<Ended> {
    let before = cpu_of_children()?;
    let started = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("its output is not piped")?).read_line(&mut line)?;
    let first_line = started.elapsed().as_secs_f64();
    let status = child.wait()?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(Ended {
        line,
        first_line,
        cpu: cpu_of_children()? - before,
    })
}

/// User and system time of all children that have ended, in seconds.
pub(crate) fn cpu_of_children() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(micros as f64 / 1e6)
}

/// The server, until this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    /// The same with TLS.
    pub(crate) secure_url: String,
    /// The certificates that its clients have to trust.
    pub(crate) trusted: PathBuf,
}

impl Server {
    pub(crate) fn start(programs: &Path) -> Result<Self> {
        let trusted = programs.join("trusted.pem");
        let mut child = command(&[programs.join("server").into(), trusted.clone().into()])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("its output is not piped")?;
        let mut lines = BufReader::new(output).lines();
        let (Some(url), Some(secure_url)) = (lines.next().transpose()?, lines.next().transpose()?) else {
            bail!("the server does not start: {}", child.wait()?);
        };
        Ok(Self {
            child,
            url,
            secure_url,
            trusted,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to lose, and may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processors of this machine, for the server and for who talks to it.
pub(crate) struct Cores {
    all: CpuSet,
    first: CpuSet,
    last: CpuSet,
}

impl Cores {
    pub(crate) fn find() -> Result<Self> {
        let all = sched_getaffinity(Pid::from_raw(0))?;
        let mut cores = (0..CpuSet::count()).filter(|core| all.is_set(*core).unwrap_or(false));
        let first = cores.next().context("this process may use no core")?;
        let last = cores
            .next_back()
            .context("this process may use one core alone, and the server needs another")?;
        let one = |core| {
            let mut set = CpuSet::new();
            set.set(core).map(|()| set)
        };
        Ok(Self {
            all,
            first: one(first)?,
            last: one(last)?,
        })
    }

    /// What is started from now on runs where nothing else does.
    pub(crate) fn server(&self) -> Result<()> {
        Ok(sched_setaffinity(Pid::from_raw(0), &self.first)?)
    }

    pub(crate) fn client(&self) -> Result<()> {
        Ok(sched_setaffinity(Pid::from_raw(0), &self.last)?)
    }

    pub(crate) fn everywhere(&self) -> Result<()> {
        Ok(sched_setaffinity(Pid::from_raw(0), &self.all)?)
    }
}
