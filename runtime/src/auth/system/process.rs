//! Commands that print credentials.
//!
//! A thread of its own waits for each, not one of the runtime's: a runtime that shuts down would wait for a command that
//! hangs. The processes of tokio would need one more crate, and a handler for a signal in the whole program.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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

/// What is known of a command that runs. Channels would need several times the code.
#[derive(Default)]
struct Watch {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    /// Once it has closed its output, or printed too much.
    stdout: Option<io::Result<SecretBytes>>,
    /// Once it complains no more: the end of its complaints.
    stderr: Option<Vec<u8>>,
    /// Whether no call waits for it any longer.
    is_abandoned: bool,
}

impl Watch {
    fn note(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Waits for something, or until no call waits for the command any longer.
    fn wait(&self, limit: Duration, is_there: fn(&Seen) -> bool) -> MutexGuard<'_, Seen> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_missing = |seen: &mut Seen| !is_there(seen) && !seen.is_abandoned;
        let waited = self.changed.wait_timeout_while(seen, limit, is_missing);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Notes that no call waits any longer, when it is dropped.
struct Waiting(Arc<Watch>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.note(|seen| seen.is_abandoned = true);
    }
}

/// Runs a command of the shell. It is killed when it takes too long, prints too much, or no call waits for it any longer.
pub(super) async fn run(command: &str, limit: Duration) -> io::Result<Output> {
    let mut command = shell(command);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let watch = Arc::new(Watch::default());
    let (tell, result) = oneshot::channel();
    let _waiting = Waiting(Arc::clone(&watch));
    // The receiver is gone when nobody waits.
    in_background(Box::new(move || _ = tell.send(supervise(command, limit, &watch))))?;
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

fn supervise(mut command: Command, limit: Duration, watch: &Arc<Watch>) -> io::Result<Output> {
    let end = Instant::now() + limit;
    let mut child = command.spawn()?;
    let result = wait(&mut child, end, watch);
    if result.is_err() {
        // It may have exited meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    result
}

fn wait(child: &mut Child, end: Instant, watch: &Arc<Watch>) -> io::Result<Output> {
    if let Some(stderr) = child.stderr.take() {
        let watch = Arc::clone(watch);
        in_background(Box::new(move || {
            let end = read_end(stderr);
            watch.note(|seen| seen.stderr = Some(end));
        }))?;
    }
    if let Some(stdout) = child.stdout.take() {
        let watch = Arc::clone(watch);
        in_background(Box::new(move || {
            let all = read_all(stdout);
            watch.note(|seen| seen.stdout = Some(all));
        }))?;
    }
    let stdout = {
        let left = end.saturating_duration_since(Instant::now());
        let mut seen = watch.wait(left, |seen| seen.stdout.is_some());
        match seen.stdout.take() {
            _ if seen.is_abandoned => return Err(io::ErrorKind::Interrupted.into()),
            Some(stdout) => stdout?,
            None => return Err(io::ErrorKind::TimedOut.into()),
        }
    };
    let status = exit(child, end, watch)?;
    let stderr = watch.wait(STDERR_LIMIT, |seen| seen.stderr.is_some()).stderr.take();
    Ok(Output {
        code: status.code(),
        stdout,
        stderr: stderr.unwrap_or_default(),
    })
}

/// Waits for the exit, which usually comes right after the output is closed.
fn exit(child: &mut Child, end: Instant, watch: &Watch) -> io::Result<ExitStatus> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if watch.wait(pause, |_| false).is_abandoned {
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
