//! Commands that print credentials.
//!
//! A thread of its own waits for each, not one of the runtime's: a runtime that shuts down would wait for a command that
//! hangs. The processes of tokio would need one more crate, and a handler for a signal in the whole program.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::{Output, SecretBytes};

/// How much a command may print, in bytes.
const MAX_STDOUT: usize = 64_000;

/// How much of what it complains about is kept, in bytes: the end.
const MAX_STDERR: usize = 4_096;

/// How long to wait for the rest of its complaints after it has exited. What it has started may go on for ever.
const STDERR_LIMIT: Duration = Duration::from_millis(200);

/// What happens while a command runs.
enum Event {
    /// It has closed its output, or printed too much.
    Stdout(io::Result<SecretBytes>),
    /// It complains no more. This was the end of it.
    Stderr(Vec<u8>),
    /// Nobody waits for it any more.
    Abandoned,
}

/// Tells that nobody waits any more, when it is dropped.
struct Waiting(Sender<Event>);

impl Drop for Waiting {
    fn drop(&mut self) {
        // The thread may have ended.
        let _ = self.0.send(Event::Abandoned);
    }
}

/// Runs a command of the shell. It is killed when it takes too long, prints too much, or nobody waits for it any more.
pub(super) async fn run(command: &str, limit: Duration) -> io::Result<Output> {
    let mut command = shell(command);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (events, happens) = mpsc::channel();
    let (tell, result) = oneshot::channel();
    let _waiting = Waiting(events.clone());
    // The receiver is gone when nobody waits.
    in_background(Box::new(move || {
        _ = tell.send(supervise(command, limit, events, &happens))
    }))?;
    result
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the thread that waits for it has panicked")))
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// As it stands: `cmd.exe` has rules of its own for quotes.
#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;

    let mut shell = Command::new("cmd.exe");
    shell.arg("/C").raw_arg(format!("\"{command}\""));
    shell
}

fn supervise(
    mut command: Command,
    limit: Duration,
    events: Sender<Event>,
    happens: &Receiver<Event>,
) -> io::Result<Output> {
    let end = Instant::now() + limit;
    let mut child = command.spawn()?;
    let result = wait(&mut child, end, events, happens);
    if result.is_err() {
        // It may have exited meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    result
}

fn wait(child: &mut Child, end: Instant, events: Sender<Event>, happens: &Receiver<Event>) -> io::Result<Output> {
    // Of the same type as the other, so that a program has the code of channels once.
    let (complaints, complained) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        in_background(Box::new(move || _ = complaints.send(Event::Stderr(read_end(stderr)))))?;
    }
    if let Some(stdout) = child.stdout.take() {
        in_background(Box::new(move || _ = events.send(Event::Stdout(read_all(stdout)))))?;
    }
    let stdout = match happens.recv_timeout(end.saturating_duration_since(Instant::now())) {
        Ok(Event::Stdout(stdout)) => stdout?,
        Ok(Event::Stderr(_) | Event::Abandoned) => return Err(io::ErrorKind::Interrupted.into()),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::TimedOut.into()),
    };
    let status = exit(child, end, happens)?;
    let stderr = match complained.recv_timeout(STDERR_LIMIT) {
        Ok(Event::Stderr(end)) => end,
        _ => Vec::new(),
    };
    Ok(Output {
        code: status.code(),
        stdout,
        stderr,
    })
}

/// Waits for the exit, which usually comes right after the output is closed.
fn exit(child: &mut Child, end: Instant, happens: &Receiver<Event>) -> io::Result<ExitStatus> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if let Ok(Event::Abandoned) = happens.recv_timeout(pause) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn in_background(work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    thread::Builder::new()
        .name("credential-process".to_owned())
        .spawn(work)
        .map(drop)
}

/// Reads all that it prints, if that is not too much.
fn read_all(stdout: impl Read) -> io::Result<SecretBytes> {
    // With room for all of it, no copy is left behind by growing.
    let mut content = Zeroizing::new(Vec::with_capacity(MAX_STDOUT + 1));
    stdout.take(MAX_STDOUT as u64 + 1).read_to_end(&mut content)?;
    match content.len() {
        ..=MAX_STDOUT => Ok(content),
        _ => Err(io::ErrorKind::FileTooLarge.into()),
    }
}

/// Reads to the end, and keeps the last part.
fn read_end(mut stderr: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut piece = [0; MAX_STDERR];
    while let Ok(read @ 1..) = stderr.read(&mut piece) {
        kept.extend_from_slice(&piece[..read]);
        if kept.len() > MAX_STDERR {
            kept.drain(..kept.len() - MAX_STDERR);
        }
    }
    kept
}

#[cfg(all(test, unix))]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn output_and_exit_code() {
        let output = run("printf abc; echo first >&2; echo last >&2; exit 3", LONG)
            .await
            .expect("it ran");
        assert_eq!(output.code, Some(3));
        assert_eq!(*output.stdout, b"abc");
        assert_eq!(output.stderr, b"first\nlast\n");
        let output = run("kill -9 $$", LONG).await.expect("it ran");
        assert_eq!(output.code, None);
        // There is nothing to read for it.
        let output = run("cat", LONG).await.expect("it ran");
        assert_eq!((output.code, output.stdout.len()), (Some(0), 0));
        let output = run("no-such-command-anywhere", LONG).await.expect("the shell ran");
        assert_eq!(output.code, Some(127));
    }

    #[tokio::test]
    async fn it_is_killed_when_it_takes_too_long() {
        // Silent, and after it has closed its output.
        for command in ["exec sleep 600", "exec sleep 600 >&- 2>&-"] {
            let error = run(command, Duration::from_millis(50)).await.map(|_| ());
            assert_eq!(error.unwrap_err().kind(), io::ErrorKind::TimedOut, "{command}");
        }
    }

    #[tokio::test]
    async fn it_is_killed_when_it_prints_too_much() {
        let error = run("exec cat /dev/zero", LONG).await.map(|_| ());
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[tokio::test]
    async fn the_end_of_long_complaints_is_kept() {
        let command = "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done";
        let output = run(command, LONG).await.expect("it ran");
        assert_eq!(output.stderr.len(), MAX_STDERR);
        assert!(output.stderr.ends_with(b"line 2999\n"));
    }

    /// What it has started in the background keeps its output for errors open.
    #[tokio::test]
    async fn what_it_leaves_behind_is_not_waited_for() {
        let output = run("sleep 600 >&- & echo $!", LONG).await.expect("it ran");
        let pid = String::from_utf8(output.stdout.to_vec()).expect("a number");
        let killed = Command::new("kill").arg(pid.trim()).status().expect("it ran");
        assert!(killed.success());
    }

    #[tokio::test]
    async fn it_is_killed_when_nobody_waits_any_more() {
        let file = std::env::temp_dir()
            .join(String::from_utf8(crate::words::uuid::random().expect("random bytes").to_vec()).unwrap());
        let command = format!("echo $$ > {}; exec sleep 600", file.display());
        let mut running = Box::pin(run(&command, LONG));
        let polled = pin!(running.as_mut()).poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        let pid = loop {
            match std::fs::read_to_string(&file) {
                Ok(pid) if pid.ends_with('\n') => break pid,
                _ => thread::yield_now(),
            }
        };
        drop(running);
        let is_alive = || {
            let check = Command::new("kill")
                .args(["-0", pid.trim()])
                .stderr(Stdio::null())
                .status();
            check.expect("it ran").success()
        };
        while is_alive() {
            thread::yield_now();
        }
        std::fs::remove_file(file).expect("a file");
    }
}
