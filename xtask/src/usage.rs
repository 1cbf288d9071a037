//! The command line: help for each command, and what to do about one that is wrong.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use codegen::diagnostics::did_you_mean;

use crate::flags::Xtask;

/// What a wrong command line ends with, as with clap.
const WRONG: u8 = 2;

/// Reads the command line.
///
/// # Errors
///
/// The exit code, after help or a message has been printed.
pub(crate) fn read() -> Result<Xtask, ExitCode> {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    parse(&args).map_err(|reply| match reply {
        Reply::Help(text) => {
            let _ = writeln!(std::io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Reply::Wrong(text) => {
            let _ = writeln!(std::io::stderr(), "{text}");
            ExitCode::from(WRONG)
        }
    })
}

/// What there is to say instead of running a command.
#[derive(Debug)]
enum Reply {
    Help(String),
    Wrong(String),
}

fn parse(args: &[OsString]) -> Result<Xtask, Reply> {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let wants_help = texts.iter().any(|text| matches!(*text, "--help" | "-h")) || texts.first() == Some(&"help");
    let name = texts.iter().find(|text| !text.starts_with('-') && **text != "help");
    let all = help();
    let command = name.and_then(|name| section(&all, name));
    match (name, command) {
        (None, _) if wants_help => Err(Reply::Help(overview(&all))),
        (None, _) => Err(Reply::Wrong(format!("error: name a command\n\n{}", overview(&all)))),
        (Some(name), None) => {
            let suggestion = did_you_mean(name, commands(&all).map(|(name, _)| name));
            let text = format!("error: there is no command `{name}`{suggestion}\n\n{}", overview(&all));
            Err(Reply::Wrong(text))
        }
        (Some(_), Some(command)) if wants_help => Err(Reply::Help(command.to_owned())),
        (Some(name), Some(command)) => Xtask::from_vec(args.to_vec()).map_err(|error| {
            let error = error.to_string();
            // xflags calls arguments flags as well.
            let error = match error.strip_prefix("flag is required: ") {
                Some(name) => format!("{name} is missing"),
                None => error,
            };
            let suggestion = match error.strip_prefix("unexpected flag: ") {
                Some(flag) => did_you_mean(flag.trim_matches('`'), flags(command)),
                None => String::new(),
            };
            Reply::Wrong(format!(
                "error: {error}{suggestion}\n  = help: `cargo xtask {name} --help` lists what the command takes"
            ))
        }),
    }
}

/// The help of all commands, as xflags writes it.
fn help() -> String {
    match Xtask::from_vec(vec!["--help".into()]) {
        Err(help) => help.to_string(),
        Ok(_) => String::new(),
    }
}

/// Each command, and its part of the help.
fn sections(help: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = help.split("\nxtask ").skip(1);
    parts.filter_map(|part| Some((part.split_once('\n')?.0, part.trim_end())))
}

fn section<'h>(help: &'h str, name: &str) -> Option<&'h str> {
    sections(help)
        .find(|(command, _)| *command == name)
        .map(|(_, text)| text)
}

/// The name of each command, and its line.
fn commands(help: &str) -> impl Iterator<Item = (&str, &str)> {
    sections(help).filter_map(|(name, text)| Some((name, text.lines().nth(1)?.trim())))
}

/// The flags of a command.
fn flags(section: &str) -> impl Iterator<Item = &str> {
    let words = section.lines().filter_map(|line| line.split_whitespace().next());
    words.filter(|word| word.starts_with("--"))
}

/// All commands, a line each.
fn overview(help: &str) -> String {
    let width = commands(help).map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines = commands(help).map(|(name, line)| format!("  {name:width$}  {line}\n"));
    format!(
        "Usage: cargo xtask COMMAND\n\nCommands:\n{}\n`cargo xtask COMMAND --help` says what a command takes.",
        lines.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(line: &str) -> String {
        let args: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        match parse(&args).expect_err("it says something") {
            Reply::Help(text) => format!("help: {text}"),
            Reply::Wrong(text) => text,
        }
    }

    #[test]
    fn a_wrong_command_line_says_what_would_be_right() {
        let none = reply("");
        assert!(none.starts_with("error: name a command\n\nUsage: "), "{none}");
        assert!(none.contains("  codegen           Writes the clients"), "{none}");
        let unknown = reply("codgen");
        assert!(
            unknown.starts_with("error: there is no command `codgen` (did you mean `codegen`?)\n"),
            "{unknown}"
        );
        assert_eq!(
            reply("codegen --modle x"),
            "error: unexpected flag: `--modle` (did you mean `--model`?)\n  = help: `cargo xtask codegen --help` lists what \
             the command takes"
        );
        assert!(
            reply("diff old").starts_with("error: `new` is missing\n"),
            "{}",
            reply("diff old")
        );
        assert_eq!(
            reply("codegen --frobnicate"),
            "error: unexpected flag: `--frobnicate`\n  = help: `cargo xtask codegen --help` lists what the command takes"
        );
    }

    #[test]
    fn each_command_has_help_of_its_own() {
        for line in ["soak --help", "soak -h", "help soak", "--help soak"] {
            let help = reply(line);
            assert!(help.starts_with("help: soak\n  Tries a million"), "{line}: {help}");
            assert!(
                help.contains("--seed <seed>") && !help.contains("codegen"),
                "{line}: {help}"
            );
        }
        for line in ["--help", "-h", "help"] {
            assert!(reply(line).starts_with("help: Usage: cargo xtask COMMAND\n"), "{line}");
        }
    }
}
