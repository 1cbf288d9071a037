//! Where requests go: what resolves differently, by example, and what is known of partitions.

use std::collections::{BTreeMap, BTreeSet};

use super::resolver::{Answer, Question, resolve};
use super::{Aspect, Group, Recorder, matched};
use crate::ir::Service;
use crate::ir::endpoint::{Constant, EndpointParamValue, Outcome, ParameterType, Partition, Rule};

/// How many regions are shown of those that a change concerns.
const EXAMPLES: usize = 2;

impl Recorder {
    pub(super) fn endpoints(&mut self, old: &Service, new: &Service) {
        self.group = Group::Endpoints;
        if same_answers(old, new) {
            return;
        }
        self.partitions(&old.endpoint.partitions, &new.endpoint.partitions);
        let before = self.changes.len();
        let regions = regions(&[&new.endpoint.partitions, &old.endpoint.partitions]);
        let mut params: Vec<(String, BTreeMap<String, Constant>)> = vec![(String::new(), BTreeMap::new())];
        for service in [old, new] {
            params.extend(operation_params(service));
        }
        params.dedup_by(|a, b| a == b);
        for (operation, params) in &params {
            for (settings, question) in settings(params) {
                self.resolutions(&format!("{settings}{operation}"), &question, &regions, old, new);
            }
        }
        if self.changes.len() == before && !same_rules(&old.endpoint.rules, &new.endpoint.rules) {
            let text = "the endpoint rules are written differently; every example resolves as before".to_owned();
            self.hidden(Aspect::Behavior, text);
        }
    }

    fn partitions(&mut self, old: &[Partition], new: &[Partition]) {
        let matched = matched(old, new, |partition| &partition.name);
        for partition in matched.added {
            self.hidden(Aspect::Behavior, format!("the partition `{}` is new", partition.name));
        }
        for partition in matched.removed {
            self.hidden(Aspect::Behavior, format!("the partition `{}` is gone", partition.name));
        }
        for (old, new) in matched.both {
            let name = &new.name;
            for (what, from, to) in [
                ("gains", &old.regions, &new.regions),
                ("loses", &new.regions, &old.regions),
            ] {
                let regions: Vec<String> = to.iter().filter(|region| !from.contains(region)).cloned().collect();
                if !regions.is_empty() {
                    let noun = if regions.len() == 1 { "region" } else { "regions" };
                    let text = format!("the partition `{name}` {what} the {noun} {}", regions.join(", "));
                    self.hidden(Aspect::Behavior, text);
                }
            }
        }
    }

    /// Compares what regions resolve to with the same settings.
    fn resolutions(&mut self, with: &str, question: &Question, regions: &[String], old: &Service, new: &Service) {
        let answers = regions.iter().map(|region| {
            let region_given = Question {
                region: Some(region.clone()),
                ..question.clone()
            };
            let answer = |service: &Service| resolve(&service.endpoint, &region_given);
            (region, answer(old), answer(new))
        });
        let differing: Vec<_> = answers.filter(|(_, before, after)| before != after).collect();
        let examples = differing.iter().take(EXAMPLES).map(|(region, before, after)| {
            let (before, after) = shown(before, after);
            format!("`{region}` now resolves to {after}, was {before}")
        });
        let examples: Vec<String> = examples.collect();
        if examples.is_empty() {
            return;
        }
        let more = match differing.len().saturating_sub(EXAMPLES) {
            0 => String::new(),
            1 => "; 1 more region differs".to_owned(),
            more => format!("; {more} more regions differ"),
        };
        self.hidden(Aspect::Behavior, format!("{with}{}{more}", examples.join("; ")));
    }
}

/// All regions of partitions; after them one that is not listed for each way in which such a one may begin, and one that
/// nobody knows.
fn regions(partitions: &[&[Partition]]) -> Vec<String> {
    let partitions = || partitions.iter().copied().flatten();
    let listed: BTreeSet<String> = partitions()
        .flat_map(|partition| partition.regions.iter().cloned())
        .collect();
    let prefixes: BTreeSet<&String> = partitions().flat_map(|partition| &partition.region_prefixes).collect();
    let unlisted = prefixes.into_iter().map(|prefix| format!("{prefix}-nowhere-9"));
    listed
        .into_iter()
        .chain(unlisted)
        .chain(["unknown".to_owned()])
        .collect()
}

/// The settings of a client, with how a sentence about them begins.
fn settings(params: &BTreeMap<String, Constant>) -> impl Iterator<Item = (&'static str, Question)> {
    let question = |fips, dual_stack, endpoint: Option<&str>| Question {
        region: None,
        endpoint: endpoint.map(str::to_owned),
        fips,
        dual_stack,
        params: params.clone(),
    };
    [
        ("", question(false, false, None)),
        ("with FIPS, ", question(true, false, None)),
        ("with dual stack, ", question(false, true, None)),
        ("with FIPS and dual stack, ", question(true, true, None)),
        (
            "with an endpoint URL, ",
            question(false, false, Some("https://example.com")),
        ),
    ]
    .into_iter()
}

/// What operations add to the parameters. Values that come from members are made up.
fn operation_params(service: &Service) -> Vec<(String, BTreeMap<String, Constant>)> {
    let has_a_say = service.endpoint.operations_choose();
    let operations = service
        .operations
        .iter()
        .filter(|operation| has_a_say && !operation.endpoint_params.is_empty());
    let mut found = Vec::new();
    for operation in operations {
        for example in ["example", "arn:aws:example:us-east-1:123456789012:stream/example"] {
            let values = operation.endpoint_params.iter().filter_map(|param| {
                let value = match &param.value {
                    EndpointParamValue::Static(value) => value.clone(),
                    EndpointParamValue::Member(_) => {
                        let mut parameters = service.endpoint.parameters.iter();
                        match parameters.find(|parameter| parameter.field == param.field)?.ty {
                            ParameterType::Text => Constant::Text(example.to_owned()),
                            ParameterType::Boolean => Constant::Boolean(true),
                            ParameterType::List => Constant::List(vec![example.to_owned()]),
                        }
                    }
                };
                Some((param.field.clone(), value))
            });
            let values: BTreeMap<_, _> = values.collect();
            if found.iter().all(|(_, known)| *known != values) {
                found.push((format!("for {}, ", operation.name), values));
            }
        }
    }
    found
}

/// Two answers as text: no more than what tells them apart.
fn shown(before: &Answer, after: &Answer) -> (String, String) {
    let is_same_url = matches!(
        (before, after),
        (Answer::Endpoint { url: before, .. }, Answer::Endpoint { url: after, .. }) if before == after
    );
    let text = |answer: &Answer| match answer {
        Answer::Refused => "no endpoint".to_owned(),
        Answer::Endpoint { url, headers, signing } => {
            let mut text = format!("`{url}`");
            if is_same_url {
                let usual = || "as usual".to_owned();
                let signing = Some(signing.clone())
                    .filter(|text| !text.is_empty())
                    .unwrap_or_else(usual);
                text.push_str(&format!(" signed {signing}"));
                let headers = headers.iter().map(|(name, value)| format!(" with `{name}: {value}`"));
                text.extend(headers);
            }
            text
        }
    };
    (text(before), text(after))
}

/// Whether nothing that answers depend on differs, so that nobody needs to ask.
fn same_answers(old: &Service, new: &Service) -> bool {
    let (one, other) = (&old.endpoint, &new.endpoint);
    one.partitions == other.partitions
        && one.parameters == other.parameters
        && same_rules(&one.rules, &other.rules)
        && operation_params(old) == operation_params(new)
}

/// Whether rules are the same but for their messages.
fn same_rules(old: &[Rule], new: &[Rule]) -> bool {
    let is_same = |(old, new): (&Rule, &Rule)| {
        old.conditions == new.conditions
            && match (&old.outcome, &new.outcome) {
                (Outcome::Endpoint(old), Outcome::Endpoint(new)) => old == new,
                (Outcome::Error(_), Outcome::Error(_)) => true,
                (Outcome::Rules(old), Outcome::Rules(new)) => same_rules(old, new),
                _ => false,
            }
    };
    old.len() == new.len() && old.iter().zip(new).all(is_same)
}
