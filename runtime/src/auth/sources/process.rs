//! Credentials that a command prints.

use std::io;
use std::time::Duration;

use super::json_keys::read;
use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::error::CredentialsError;
use crate::auth::json::Object;
use crate::auth::profile::ProcessBase;
use crate::auth::system::Output;
use crate::words::one_line::OneLine;

/// How long the command may take.
const LIMIT: Duration = Duration::from_secs(60);

/// How much of its complaint is shown, in characters.
const MAX_COMPLAINT: usize = 300;

/// Runs the command, and reads what it prints.
pub(super) async fn load(
    context: &LoadContext,
    process: &ProcessBase,
    profile: &str,
) -> Result<Credentials, CredentialsError> {
    let failed = |problem: String| {
        CredentialsError::failed(format!("the `credential_process` of the profile `{profile}` {problem}"))
    };
    let output = context.system().run(&process.command, LIMIT).await;
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => failed(format!("did not end within {LIMIT:?}")),
        io::ErrorKind::FileTooLarge => failed("printed too much".to_owned()),
        _ => failed(format!("cannot be run: {error}")),
    })?;
    if output.code != Some(0) {
        return Err(failed(complaint(&output, &process.command)));
    }
    let unusable = |problem: String| failed(format!("printed unusable output: {problem}"));
    let object = Object::read(&output.stdout).map_err(|error| unusable(error.to_string()))?;
    match object.number("Version") {
        Some(1) => {}
        Some(version) => return Err(unusable(format!("its `Version` is {version}, but must be 1"))),
        None => return Err(unusable("it has no `Version`, which must be 1".to_owned())),
    }
    let credentials = read(&object, "SessionToken", "process").map_err(unusable)?;
    Ok(match (credentials.account_id(), &process.account_id) {
        (None, Some(account_id)) => credentials.with_account_id(account_id),
        _ => credentials,
    })
}

/// How the command ended, and the last line that it wrote about it.
fn complaint(output: &Output, command: &str) -> String {
    let ended = match output.code {
        Some(code) => format!("failed with exit code {code}"),
        None => "was killed".to_owned(),
    };
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().map(str::trim).rfind(|line| !line.is_empty());
    match last {
        Some(line) => {
            let line: String = without_arguments(line, command).chars().take(MAX_COMPLAINT).collect();
            format!("{ended}: {}", OneLine(&line))
        }
        None => ended,
    }
}

/// A text without the arguments of a command, which may be secrets.
fn without_arguments(text: &str, command: &str) -> String {
    let is_between = |c: char| c.is_whitespace() || "\"'`\\=;|&<>(){}$,:".contains(c);
    let quoted = command.split(['"', '\'']).skip(1).step_by(2);
    let words = command
        .split_whitespace()
        .skip(1)
        .chain(command.split(is_between).skip(1));
    // Shorter ones are no secrets, and would take letters out of other words.
    let mut arguments: Vec<&str> = words.chain(quoted).filter(|word| word.len() > 2).collect();
    // The longest first: others may be a part of it.
    arguments.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    arguments
        .iter()
        .fold(text.to_owned(), |text, argument| text.replace(argument, "***"))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn arguments_are_not_shown() {
        let command = "/opt/helper --token=S3CR3T --password 'two words' \"$NAME\" x | grep -v abc";
        for (text, expected) in [
            ("helper: unknown option --token=S3CR3T", "helper: unknown option ***"),
            ("the token S3CR3T has expired", "the token *** has expired"),
            ("wrong password `two words`", "wrong password `***`"),
            ("abc and x", "*** and x"),
            ("log in first", "log in first"),
        ] {
            assert_eq!(without_arguments(text, command), expected, "{text}");
        }
    }

    #[test]
    fn complaints() {
        let output = |code, stderr: &str| Output {
            code,
            stdout: Zeroizing::default(),
            stderr: stderr.as_bytes().to_vec(),
        };
        assert_eq!(complaint(&output(Some(1), ""), "a"), "failed with exit code 1");
        assert_eq!(complaint(&output(None, "\n"), "a"), "was killed");
        let text = complaint(&output(Some(255), "first\nlog in\u{1b}[1m again\n\n"), "helper");
        assert_eq!(text, "failed with exit code 255: log in\\u{1b}[1m again");
        let text = complaint(&output(Some(1), &"é".repeat(1000)), "helper");
        assert_eq!(text.chars().filter(|c| *c == 'é').count(), MAX_COMPLAINT);
    }
}
