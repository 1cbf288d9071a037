//! The crate as a whole.

use super::{Aspect, Group, Level, Recorder};
use crate::ir::{Hint, Service};

impl Recorder {
    pub(super) fn service(&mut self, old: &Service, new: &Service) {
        let (before, after) = (&old.package.name, &new.package.name);
        if before != after {
            self.api(Level::Major, format!("the crate is called `{after}`, was `{before}`"));
        }
        self.value(
            Aspect::Behavior,
            "the identifier of the service, which the user agent and the environment variables have",
            &old.id,
            &new.id,
        );
        self.value(
            Aspect::Wire,
            "the name of the service in signatures",
            &old.signing_name,
            &new.signing_name,
        );
        self.value(
            Aspect::Documentation,
            "the version of the API",
            &old.api_version,
            &new.api_version,
        );
        let seconds = |service: &Service| format!("{} s", service.read_timeout.as_secs());
        self.value(
            Aspect::Behavior,
            "the default of the read timeout",
            &seconds(old),
            &seconds(new),
        );
    }

    /// What the texts of errors suggest.
    pub(super) fn hints(&mut self, old: &Service, new: &Service) {
        self.group = Group::Crate;
        for hint in old.hints.iter().filter(|hint| !new.hints.contains(hint)) {
            self.hidden(Aspect::Behavior, format!("the hint {} is gone", shown(hint)));
        }
        for hint in new.hints.iter().filter(|hint| !old.hints.contains(hint)) {
            self.hidden(Aspect::Behavior, format!("the hint {} is new", shown(hint)));
        }
    }
}

fn shown(hint: &Hint) -> String {
    let mut text = format!("\"{}\"", hint.text);
    let status = hint.status.map(|status| status.to_string());
    for (word, value) in [
        ("for", &hint.code),
        ("for HTTP status", &status),
        ("of", &hint.operation),
    ] {
        if let Some(value) = value {
            text.push_str(&format!(" {word} {value}"));
        }
    }
    text
}
