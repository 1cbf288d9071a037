//! What the description of a service does not say, or only its endpoint rules: headers, settings and tokens.

use super::{Aspect, Level, Recorder};
use crate::ir::endpoint::ParameterType;
use crate::ir::{BearerToken, Service};

impl Recorder {
    /// Headers that every request has.
    pub(super) fn fixed_headers(&mut self, old: &[(String, String)], new: &[(String, String)]) {
        let value = |headers: &[(String, String)], name: &str| {
            let header = headers.iter().find(|(known, _)| known == name);
            header.map_or_else(|| "none".to_owned(), |(_, value)| format!("`{value}`"))
        };
        let added = new
            .iter()
            .filter(|(name, _)| old.iter().all(|(known, _)| known != name));
        for (name, _) in old.iter().chain(added) {
            let sentence = format!("the header `{name}` of requests is now");
            self.value(Aspect::Wire, &sentence, &value(old, name), &value(new, name));
        }
    }

    /// Settings that only clients of this service have.
    pub(super) fn settings(&mut self, old: &Service, new: &Service) {
        let ty = |service: &Service, field: &str| {
            let mut settings = service.endpoint.own_settings();
            settings
                .find(|setting| setting.field == field)
                .map(|setting| setting.ty)
        };
        let of_old = old.endpoint.own_settings();
        let added = new
            .endpoint
            .own_settings()
            .filter(|setting| ty(old, &setting.field).is_none());
        for setting in of_old.chain(added) {
            let name = setting.field.trim_start_matches("r#");
            let subject = format!("the setting `{name}` of clients");
            match (ty(old, &setting.field), ty(new, &setting.field)) {
                (Some(before), Some(after)) if before != after => {
                    let text = format!("{subject} becomes `{}`, was `{}`", rust_type(after), rust_type(before));
                    self.api(Level::Major, text);
                }
                (before, after) => self.presence(&subject, before.is_some(), after.is_some()),
            }
        }
    }

    /// Tokens that stand for credentials.
    pub(super) fn bearer_token(&mut self, old: Option<&BearerToken>, new: Option<&BearerToken>) {
        self.presence("`Client::bearer_token`", old.is_some(), new.is_some());
        let (Some(old), Some(new)) = (old, new) else {
            return;
        };
        for (what, before, after) in [
            ("host", &old.host, &new.host),
            ("action", &old.action, &new.action),
            ("prefix", &old.prefix, &new.prefix),
        ] {
            let [before, after] = [before, after].map(|text| format!("`{text}`"));
            let sentence = format!("the {what} of bearer tokens is now");
            self.value(Aspect::Wire, &sentence, &before, &after);
        }
        let [before, after] = [old, new].map(|token| format!("{} s", token.max_seconds));
        let sentence = "the longest time that a bearer token is valid is now";
        self.value(Aspect::Behavior, sentence, &before, &after);
    }
}

fn rust_type(ty: ParameterType) -> &'static str {
    match ty {
        ParameterType::Boolean => "bool",
        ParameterType::Text => "String",
        ParameterType::List => "Vec<String>",
    }
}
