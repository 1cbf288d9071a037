//! Every fault that a call can meet, a row each: what goes wrong, and what the client does about it. All rows together are
//! the chapter `guide::faults` of the runtime's documentation.

mod answers;
mod certificates;
mod connections;
mod dropped;
mod event_streams;
mod proxies;
mod scene;
mod service_errors;
mod silence;
mod timeouts;

use std::fmt::Write as _;
use std::path::Path;
use std::pin::Pin;

use self::scene::Outcome;

/// A fault and what comes of it.
pub(crate) struct Row {
    /// What goes wrong, for users, in Markdown.
    fault: &'static str,
    does: Does,
    /// What it bases that on, in the words of its logs; nothing where there is no such decision.
    why: &'static str,
    /// How many requests arrive at the service.
    requests: usize,
    /// The predicates of the error that hold.
    is: &'static [&'static str],
    /// The text of the error behind the name of the operation, with `HOST` for the host; empty where the call succeeds.
    says: &'static str,
    /// Makes it happen, in each of the ways in which it can.
    inject: fn() -> Injected,
}

type Injected = Pin<Box<dyn Future<Output = Vec<Outcome>>>>;

/// What the client does about a fault.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    /// There is no error.
    Succeeds,
    /// The error is returned without another request.
    Fails,
    /// The pause before the next attempt is that of a transient error.
    Retries,
    /// The pause is that of throttling.
    RetriesLater,
    /// The pause is as long as the service says.
    RetriesWhenTold,
    /// Without a pause, an attempt or a part of the quota, with the clock set right.
    SendsAgainWithItsTime,
    /// For as long as the caller is ready to wait.
    WaitsUntilReady,
    /// There are no more events.
    EndsTheStream,
    /// There is nobody to tell.
    Closes,
}

impl Does {
    fn text(self) -> &'static str {
        match self {
            Self::Succeeds => "succeeds",
            Self::Fails => "returns the error without a retry",
            Self::Retries => "retries after a short pause",
            Self::RetriesLater => "retries after a longer pause",
            Self::RetriesWhenTold => "retries after the pause that the service asks for, at most 20 s",
            Self::SendsAgainWithItsTime => {
                "retries at once, signs with the service's time from then on, and does not count the attempt"
            }
            Self::WaitsUntilReady => "retries until the model is ready or the time is over",
            Self::EndsTheStream => "ends the stream without a retry",
            Self::Closes => "closes the connection; other calls go on",
        }
    }

    /// The reason that the client logs for each attempt but the first.
    fn reason(self) -> Option<&'static str> {
        match self {
            Self::Retries | Self::RetriesWhenTold => Some("transient"),
            Self::RetriesLater => Some("throttling"),
            Self::SendsAgainWithItsTime => Some("clock-skew"),
            Self::WaitsUntilReady => Some("not-ready"),
            Self::Succeeds | Self::Fails | Self::EndsTheStream | Self::Closes => None,
        }
    }
}

/// Declares rows, with a test for each.
macro_rules! rows {
    ($($name:ident: $row:expr;)*) => {
        pub(super) const ROWS: &[crate::faults::Row] = &[$($row),*];

        $(
            #[tokio::test]
            async fn $name() {
                const ROW: crate::faults::Row = $row;
                ROW.check().await;
            }
        )*
    };
}
use rows;

const CHAPTER: [(&str, &[Row]); 9] = [
    ("Errors of the service", service_errors::ROWS),
    ("Connections", connections::ROWS),
    ("Certificates", certificates::ROWS),
    ("Proxies", proxies::ROWS),
    ("Silence", silence::ROWS),
    ("Timeouts", timeouts::ROWS),
    ("Responses that cannot be read", answers::ROWS),
    ("Event streams", event_streams::ROWS),
    ("Dropped calls", dropped::ROWS),
];

impl Row {
    async fn check(&self) {
        let outcomes = (self.inject)().await;
        assert!(!outcomes.is_empty());
        for outcome in &outcomes {
            self.check_outcome(outcome);
        }
    }

    fn check_outcome(&self, outcome: &Outcome) {
        let fault = self.fault;
        assert_eq!(outcome.requests, self.requests, "{fault}: requests");
        assert_eq!(outcome.why, self.why, "{fault}");
        let reasons = match self.does.reason() {
            Some(reason) => vec![reason; outcome.reasons.len().max(1)],
            None => Vec::new(),
        };
        assert_eq!(outcome.reasons, reasons, "{fault}");
        let Some(failure) = &outcome.failure else {
            assert_eq!(self.says, "", "{fault}: the call succeeds");
            return;
        };
        let text = &failure.text;
        let (_, says) = text
            .split_once(" failed: ")
            .unwrap_or_else(|| panic!("{fault}: {text}"));
        assert_eq!(says, self.says.replace("HOST", &outcome.host), "{fault}");
        assert_eq!(failure.is, self.is, "{fault}");
    }
}

/// The chapter, in Markdown: a paragraph for each row.
fn chapter() -> String {
    let mut text = include_str!("faults/introduction.md").to_owned();
    for (title, rows) in CHAPTER {
        let _ = writeln!(text, "\n## {title}");
        for row in rows {
            let why = if row.why.is_empty() { "" } else { ": " };
            let does = [row.does.text(), why, row.why].concat();
            let _ = writeln!(
                text,
                "\n**{}**\\\nThe client {does}. Requests: {}.",
                row.fault, row.requests
            );
            if !row.says.is_empty() {
                // Two backticks, because the text may have one.
                let _ = writeln!(text, "\n`` {} ``\\\n{}", row.says, list(row.is));
            }
        }
    }
    text + include_str!("faults/links.md")
}

fn list(predicates: &[&str]) -> String {
    let links = predicates
        .iter()
        .map(|name| format!("[`{name}`](crate::Error::{name})"));
    links.collect::<Vec<_>>().join(", ")
}

/// A changed row changes the documentation.
#[test]
fn the_chapter_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/guide/faults.md");
    let chapter = chapter();
    if std::env::var_os("UPDATE_FAULTS").is_some() {
        std::fs::write(&path, &chapter).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == chapter,
        "runtime/src/guide/faults.md is not what the rows say; run `cargo xtask test --accept`"
    );
}
