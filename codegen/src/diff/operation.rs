//! Operations: how they are called, and what they take and return.

use std::collections::BTreeSet;

use super::member::has_stream;
use super::rust::{Owner, in_namespace};
use super::{Aspect, Group, Level, Recorder, matched};
use crate::ir::endpoint::EndpointParamValue;
use crate::ir::{Checksum, ElementName, HostPart, Operation, PathPart, PresignedPayload, Service, Signing};
use crate::model::word::Word;

impl Recorder {
    pub(super) fn operations(&mut self, old: &Service, new: &Service) {
        let matched = matched(&old.operations, &new.operations, |operation| &operation.name);
        for (before, after) in matched.both {
            self.group = group(after);
            self.operation((old, before), (new, after));
        }
        for operation in matched.added {
            self.group = group(operation);
            self.api(Level::Minor, format!("the operation `{}` is new", function(operation)));
        }
        for operation in matched.removed {
            self.group = group(operation);
            self.api(Level::Major, format!("the operation `{}` is gone", function(operation)));
        }
    }

    fn operation(&mut self, (old_service, old): (&Service, &Operation), (new_service, new): (&Service, &Operation)) {
        for (before, after) in [
            (function(old), function(new)),
            (old.type_name.as_str(), new.type_name.as_str()),
        ] {
            if before != after {
                self.api(Level::Major, format!("`{before}` is renamed to `{after}`"));
            }
        }
        let subject = format!("`{}`", function(new));
        self.deprecation(&subject, old.deprecated.as_deref(), new.deprecated.as_deref());
        let input = format!("{}Input", new.type_name);
        self.members(&input, (&old.input, Owner::Input), (&new.input, Owner::Input));
        let output = format!("{}Output", new.type_name);
        self.members(&output, (&old.output, Owner::Output), (&new.output, Owner::Output));
        match (has_stream(&old.output), has_stream(&new.output)) {
            (false, true) => self.api(Level::Major, format!("`{output}` no longer implements `Clone`")),
            (true, false) => self.api(Level::Minor, format!("`{output}` now implements `Clone`")),
            _ => {}
        }
        self.paginator(old, new);
        self.locations(old, new);
        self.presigned(old, new);

        let lines = [request_line(old), request_line(new)];
        self.value(Aspect::Wire, "the request line is now", &lines[0], &lines[1]);
        let prefixes = [host_prefix(old), host_prefix(new)];
        self.value(Aspect::Wire, "the host prefix is now", &prefixes[0], &prefixes[1]);
        self.value(Aspect::Wire, "requests are now", signing(old), signing(new));
        if self.has_elements {
            let roots = [root(old), root(new)];
            self.value(Aspect::Wire, "the root of the body is now", &roots[0], &roots[1]);
        }
        for (aspect, sentence, of) in FACTS {
            self.fact(aspect, sentence, of(old), of(new));
        }
        if let (Some(before), Some(after)) = (old.checksum, new.checksum) {
            let sentence = "the checksum of request bodies is now";
            self.value(Aspect::Wire, sentence, checksum(before), checksum(after));
        }
        self.value(
            Aspect::Behavior,
            "the parameters for the endpoint rules are now",
            &endpoint_params(old),
            &endpoint_params(new),
        );
        self.value(
            Aspect::Documentation,
            "the HTTP status of success is now",
            &old.success_status.to_string(),
            &new.success_status.to_string(),
        );
        let (before, after) = (errors(old_service, old), errors(new_service, new));
        for (verb, from, to) in [("now lists", &before, &after), ("no longer lists", &after, &before)] {
            for error in to.difference(from) {
                let text = format!("`{}` {verb} the error `{error}`", function(new));
                self.hidden(Aspect::Documentation, text);
            }
        }
    }
}

impl Recorder {
    /// `presign` of a builder.
    fn presigned(&mut self, old: &Operation, new: &Operation) {
        let subject = format!("`presign` of `{}`", function(new));
        self.presence(&subject, old.presigned.is_some(), new.presigned.is_some());
        if let (Some(before), Some(after)) = (old.presigned, new.presigned) {
            let sentence = "presigned requests are now";
            self.value(Aspect::Wire, sentence, payload(before), payload(after));
        }
    }
}

type Fact = (Aspect, (&'static str, &'static str), fn(&Operation) -> bool);

/// What operations have or have not.
const FACTS: [Fact; 6] = [
    (Aspect::Wire, ("request bodies are", "compressed"), |it| it.compressed),
    (Aspect::Wire, ("request bodies", "have a checksum"), |it| {
        it.checksum.is_some()
    }),
    (Aspect::Wire, ("the checksum of the response is", "checked"), |it| {
        it.validates
    }),
    (Aspect::Wire, ("request bodies", "have a tree hash"), |it| it.tree_hash),
    (
        Aspect::Wire,
        ("query parameters are", "sent as a form in the body"),
        |it| it.form,
    ),
    (Aspect::Behavior, ("the payload", "needs a known length"), |it| {
        it.requires_length
    }),
];

fn group(operation: &Operation) -> Group {
    Group::Operation {
        name: operation.name.clone(),
    }
}

fn function(operation: &Operation) -> &str {
    operation.fn_name.trim_start_matches("r#")
}

fn member(operation: &Operation, index: usize) -> &str {
    &operation.input[index].name
}

fn request_line(operation: &Operation) -> String {
    let parts = operation.path.iter().map(|part| match part {
        PathPart::Literal(text) => text.clone(),
        PathPart::InEndpoint(index) => format!("/{{{}}}", member(operation, *index)),
        PathPart::Label { member: index, greedy } => {
            let plus = if *greedy { "+" } else { "" };
            format!("{{{}{plus}}}", member(operation, *index))
        }
    });
    let path: String = parts.collect();
    let query = operation.literal_query.as_ref();
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("`{} {path}{query}`", Word::Known(operation.method))
}

fn root(operation: &Operation) -> String {
    match &operation.root {
        Some(ElementName { name, namespace }) => format!("`{name}`{}", in_namespace(namespace.as_ref())),
        None => "none".to_owned(),
    }
}

fn host_prefix(operation: &Operation) -> String {
    let parts = operation.host_prefix.iter().map(|part| match part {
        HostPart::Literal(text) => text.clone(),
        HostPart::Label(index) => format!("{{{}}}", member(operation, *index)),
    });
    let prefix: String = parts.collect();
    match prefix.as_str() {
        "" => "none".to_owned(),
        prefix => format!("`{prefix}`"),
    }
}

fn signing(operation: &Operation) -> &'static str {
    match operation.signing {
        Signing::SigV4 => "signed with their body",
        Signing::UnsignedOverTls => "signed without their body where TLS protects it",
        Signing::UnsignedPayload => "signed without their body",
        Signing::Bearer => "authorized by a bearer token",
        Signing::None => "unsigned",
    }
}

fn checksum(checksum: Checksum) -> &'static str {
    match checksum {
        Checksum::Md5 => "MD5",
        Checksum::Flexible { required: false, .. } => "one of several, and optional",
        Checksum::Flexible { named: true, .. } => "one of several, which a header names",
        Checksum::Flexible { named: false, .. } => "one of several",
    }
}

fn payload(presigned: PresignedPayload) -> &'static str {
    match presigned {
        PresignedPayload::Empty => "signed without a payload",
        PresignedPayload::Unsigned => "signed for any payload",
        PresignedPayload::InQuery => "signed with the form in the query",
    }
}

fn endpoint_params(operation: &Operation) -> String {
    let mut params: Vec<String> = operation
        .endpoint_params
        .iter()
        .map(|param| match &param.value {
            EndpointParamValue::Static(value) => format!("`{}` is {value:?}", param.field),
            EndpointParamValue::Member(index) => format!("`{}` is `{}`", param.field, member(operation, *index)),
        })
        .collect();
    params.sort();
    match params.as_slice() {
        [] => "none".to_owned(),
        params => params.join(", "),
    }
}

fn errors<'s>(service: &'s Service, operation: &Operation) -> BTreeSet<&'s str> {
    let errors = operation.errors.iter();
    errors.map(|index| service.errors[*index].type_name.as_str()).collect()
}
