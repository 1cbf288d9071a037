//! The crate as a whole.

use super::{Aspect, Group, Level, Recorder};
use crate::ir::{Hint, Protocol, Service};

impl Recorder {
    pub(super) fn service(&mut self, old: &Service, new: &Service) {
        let (before, after) = (&old.package.name, &new.package.name);
        if before != after {
            self.api(
                Level::Major,
                format!("the crate is now called `{after}`, was `{before}`"),
            );
        }
        let code = |text: &str| format!("`{text}`");
        self.value(
            Aspect::Behavior,
            "the service ID, of which the user agent and environment variables are made, is now",
            &code(&old.id),
            &code(&new.id),
        );
        let protocols = [old, new].map(|service| protocol(&service.protocol));
        self.value(Aspect::Wire, "the protocol is now", &protocols[0], &protocols[1]);
        let compatible = ("errors", "keep the codes that they had in the `query` protocol");
        self.fact(Aspect::Wire, compatible, old.query_compatible, new.query_compatible);
        self.value(
            Aspect::Wire,
            "the signing name is now",
            &code(&old.signing_name),
            &code(&new.signing_name),
        );
        self.value(
            Aspect::Documentation,
            "the API version is now",
            &old.api_version,
            &new.api_version,
        );
        let seconds = |service: &Service| format!("{} s", service.read_timeout.as_secs());
        self.value(
            Aspect::Behavior,
            "the default read timeout is now",
            &seconds(old),
            &seconds(new),
        );
        let members = |service: &Service| match service.error_message.as_slice() {
            [] => "`message` alone".to_owned(),
            members => format!("`{}`, then `message`", members.join("`, `")),
        };
        self.value(
            Aspect::Behavior,
            "the members that hold the message of an error are now",
            &members(old),
            &members(new),
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

fn protocol(protocol: &Protocol) -> String {
    match protocol {
        Protocol::RestJson => "`rest-json`".to_owned(),
        Protocol::RestXml => "`rest-xml`".to_owned(),
        Protocol::Query => "`query`".to_owned(),
        Protocol::Ec2 => "`ec2`".to_owned(),
        Protocol::AwsJson {
            content_type,
            target_prefix,
        } => format!("`json` with the target `{target_prefix}` and the media type `{content_type}`"),
        Protocol::RpcV2Cbor { target_prefix } => format!("`smithy-rpc-v2-cbor` with the target `{target_prefix}`"),
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
