//! Asks endpoint rules, as a generated client does.

use std::collections::BTreeMap;

use crate::endpoint_rules as functions;
use crate::ir::endpoint::{
    Condition, Constant, Endpoint, Expression, Field, Outcome, Parameter, Partition, Rule, RuleSet, Setting, Signing,
    Source,
};

/// What a client knows when it asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    pub(super) region: Option<String>,
    /// The URL that the user has set.
    pub(super) endpoint: Option<String>,
    pub(super) fips: bool,
    pub(super) dual_stack: bool,
    /// What an operation adds, by field.
    pub(super) params: BTreeMap<String, Constant>,
}

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Endpoint {
        url: String,
        headers: Vec<(String, String)>,
        /// Name and region in signatures, and what is unusual about them.
        signing: String,
    },
    /// There is none, for whatever reason.
    Refused,
}

/// Asks the rules.
pub(super) fn resolve(rules: &RuleSet, question: &Question) -> Answer {
    let mut asking = Asking {
        rules,
        question,
        variables: Vec::new(),
    };
    if rules.parameters.iter().any(|parameter| !asking.bind(parameter)) {
        return Answer::Refused;
    }
    asking.first(&rules.rules).unwrap_or(Answer::Refused)
}

#[derive(Clone, Debug, PartialEq)]
enum Value<'r> {
    Boolean(bool),
    Size(usize),
    Text(String),
    List(Vec<String>),
    Partition(&'r Partition),
    Url {
        scheme: String,
        authority: String,
        path: String,
        normalized_path: String,
        is_ip: bool,
    },
    Arn {
        partition: String,
        service: String,
        region: String,
        account_id: String,
        resource_id: Vec<String>,
    },
}

impl Value<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    fn is_true(&self) -> bool {
        *self == Self::Boolean(true)
    }
}

struct Asking<'r> {
    rules: &'r RuleSet,
    question: &'r Question,
    /// The last one of a name counts.
    variables: Vec<(&'r str, Value<'r>)>,
}

impl<'r> Asking<'r> {
    /// Binds the variable of a parameter. Returns whether its value is there, if it must be.
    fn bind(&mut self, parameter: &'r Parameter) -> bool {
        let value = match parameter.source {
            Source::Client(setting) => self.setting(setting),
            Source::OwnSetting | Source::Operation | Source::Nowhere => self.parameter(&parameter.field),
        };
        let value = value.or_else(|| parameter.default.as_ref().map(constant));
        let is_there = value.is_some() || !parameter.required;
        if let (Some(variable), Some(value)) = (&parameter.variable, value) {
            self.variables.push((variable, value));
        }
        is_there
    }

    fn setting(&self, setting: Setting) -> Option<Value<'r>> {
        match setting {
            Setting::Region => self.question.region.clone().map(Value::Text),
            Setting::Endpoint => self.question.endpoint.clone().map(Value::Text),
            Setting::UseFips => Some(Value::Boolean(self.question.fips)),
            Setting::UseDualStack => Some(Value::Boolean(self.question.dual_stack)),
        }
    }

    fn parameter(&self, field: &str) -> Option<Value<'r>> {
        self.question.params.get(field).map(constant)
    }

    /// The outcome of the first rule whose conditions hold.
    fn first(&mut self, rules: &'r [Rule]) -> Option<Answer> {
        for rule in rules {
            let bound = self.variables.len();
            let answer = if self.all_hold(&rule.conditions) {
                match &rule.outcome {
                    Outcome::Endpoint(endpoint) => Some(self.endpoint(endpoint)),
                    Outcome::Error(_) => Some(Answer::Refused),
                    Outcome::Rules(rules) => self.first(rules),
                }
            } else {
                None
            };
            self.variables.truncate(bound);
            if answer.is_some() {
                return answer;
            }
        }
        None
    }

    fn all_hold(&mut self, conditions: &'r [Condition]) -> bool {
        conditions.iter().all(|condition| match condition {
            Condition::Holds(value) => self.value(value).is_some_and(|value| value.is_true()),
            Condition::Bind(variable, value) | Condition::Let(variable, value) => match self.value(value) {
                Some(value) => {
                    self.variables.push((variable, value));
                    true
                }
                None => false,
            },
        })
    }

    fn endpoint(&mut self, endpoint: &'r Endpoint) -> Answer {
        let headers = endpoint.headers.iter().flat_map(|(name, values)| {
            let values = values.iter().map(|value| (name.clone(), value));
            values.collect::<Vec<_>>()
        });
        let headers: Vec<_> = headers.collect();
        Answer::Endpoint {
            url: self.text(&endpoint.url),
            headers: headers
                .into_iter()
                .map(|(name, value)| (name, self.text(value)))
                .collect(),
            signing: self.signing(&endpoint.signing),
        }
    }

    fn signing(&mut self, signing: &'r Signing) -> String {
        match signing {
            Signing::AsUsual => String::new(),
            Signing::SigV4a => "SigV4a".to_owned(),
            Signing::S3Express => "S3 Express".to_owned(),
            Signing::SigV4 {
                name,
                region,
                double_encode,
                normalize_path,
            } => {
                let mut words = Vec::new();
                for (word, value) in [("as", name), ("in", region)] {
                    if let Some(value) = value {
                        words.push(format!("{word} `{}`", self.text(value)));
                    }
                }
                for (word, is_usual) in [("unencoded", double_encode), ("unnormalized", normalize_path)] {
                    if !is_usual {
                        words.push(word.to_owned());
                    }
                }
                words.join(" ")
            }
        }
    }

    fn text(&mut self, expression: &'r Expression) -> String {
        self.value(expression)
            .map_or_else(String::new, |value| value.text().to_owned())
    }

    /// The value, `None` where it is empty.
    fn value(&mut self, expression: &'r Expression) -> Option<Value<'r>> {
        match expression {
            Expression::Boolean(value) => Some(Value::Boolean(*value)),
            Expression::Size(size) => Some(Value::Size(usize::try_from(*size).ok()?)),
            Expression::Text(text) => Some(Value::Text(text.clone())),
            Expression::Concat(parts) => Some(Value::Text(parts.iter().map(|part| self.text(part)).collect())),
            Expression::Setting(setting) => self.setting(*setting),
            Expression::Parameter(field, _) => self.parameter(field),
            Expression::Variable(name) => self.variable(name),
            Expression::Field(name, field) => field_of(&self.variable(name)?, *field),
            Expression::Element(list, index) => {
                let Value::List(texts) = self.value(list)? else {
                    return None;
                };
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                let index = isize::try_from(*index).ok()?;
                functions::element(&texts, index).map(|text| Value::Text(text.to_owned()))
            }
            Expression::Not(value) => Some(Value::Boolean(!self.value(value)?.is_true())),
            Expression::Equal(values) => {
                let [one, other] = values.each_ref().map(|value| self.value(value));
                Some(Value::Boolean(one == other))
            }
            Expression::IsSet(value) => Some(Value::Boolean(self.value(value).is_some())),
            Expression::OrElse { first, second, .. } => self.value(first).or_else(|| self.value(second)),
            Expression::IfElse(values) => {
                let [condition, yes, no] = &**values;
                let is_so = self.value(condition)?.is_true();
                self.value(if is_so { yes } else { no })
            }
            Expression::Some(value) => self.value(value),
            Expression::Then {
                first,
                variable,
                second,
                ..
            } => {
                let first = self.value(first)?;
                self.variables.push((variable, first));
                let second = self.value(second);
                self.variables.pop();
                second
            }
            Expression::Call(function, arguments) => {
                let arguments: Option<Vec<_>> = arguments.iter().map(|argument| self.value(argument)).collect();
                self.call(function.runtime, &arguments?)
            }
        }
    }

    fn variable(&self, name: &str) -> Option<Value<'r>> {
        let mut variables = self.variables.iter().rev();
        variables
            .find(|(bound, _)| *bound == name)
            .map(|(_, value)| value.clone())
    }

    fn call(&self, function: &str, arguments: &[Value<'r>]) -> Option<Value<'r>> {
        let text = arguments.first().map_or("", Value::text);
        let size = |index: usize| match arguments.get(index) {
            Some(Value::Size(size)) => *size,
            _ => 0,
        };
        let flag = |index: usize| arguments.get(index).is_some_and(Value::is_true);
        Some(match function {
            "substring" => Value::Text(functions::substring(text, size(1), size(2), flag(3))?.to_owned()),
            "split" => Value::List(owned(functions::split(text, arguments.get(1)?.text(), size(2))?)),
            "uri_encode" => Value::Text(functions::uri_encode(text)),
            "parse_url" => {
                let url = functions::parse_url(text)?;
                Value::Url {
                    scheme: url.scheme.to_owned(),
                    authority: url.authority.to_owned(),
                    path: url.path.to_owned(),
                    normalized_path: url.normalized_path,
                    is_ip: url.is_ip,
                }
            }
            "is_valid_host_label" => Value::Boolean(functions::is_valid_host_label(text, flag(1))),
            "Partition::of_region" => Value::Partition(self.rules.partition_of(text)?),
            "parse_arn" => {
                let arn = functions::parse_arn(text)?;
                Value::Arn {
                    partition: arn.partition.to_owned(),
                    service: arn.service.to_owned(),
                    region: arn.region.to_owned(),
                    account_id: arn.account_id.to_owned(),
                    resource_id: owned(arn.resource_id),
                }
            }
            "is_virtual_hostable_s3_bucket" => Value::Boolean(functions::is_virtual_hostable_s3_bucket(text, flag(1))),
            other => unreachable!("`{other}` is not in the table of functions"),
        })
    }
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn constant(constant: &Constant) -> Value<'static> {
    match constant {
        Constant::Text(text) => Value::Text(text.clone()),
        Constant::Boolean(value) => Value::Boolean(*value),
        Constant::List(texts) => Value::List(texts.clone()),
    }
}

fn field_of<'r>(record: &Value<'r>, field: Field) -> Option<Value<'r>> {
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    match (record, field) {
        (Value::Partition(partition), Field::Name) => text(&partition.name),
        (Value::Partition(partition), Field::DnsSuffix) => text(&partition.dns_suffix),
        (Value::Partition(partition), Field::DualStackDnsSuffix) => text(&partition.dual_stack_dns_suffix),
        (Value::Partition(partition), Field::ImplicitGlobalRegion) => text(&partition.implicit_global_region),
        (Value::Partition(partition), Field::SupportsFips) => Some(Value::Boolean(partition.supports_fips)),
        (Value::Partition(partition), Field::SupportsDualStack) => Some(Value::Boolean(partition.supports_dual_stack)),
        (Value::Url { scheme, .. }, Field::Scheme) => text(scheme),
        (Value::Url { authority, .. }, Field::Authority) => text(authority),
        (Value::Url { path, .. }, Field::Path) => text(path),
        (Value::Url { normalized_path, .. }, Field::NormalizedPath) => text(normalized_path),
        (Value::Url { is_ip, .. }, Field::IsIp) => Some(Value::Boolean(*is_ip)),
        (Value::Arn { partition, .. }, Field::Partition) => text(partition),
        (Value::Arn { service, .. }, Field::Service) => text(service),
        (Value::Arn { region, .. }, Field::Region) => text(region),
        (Value::Arn { account_id, .. }, Field::AccountId) => text(account_id),
        (Value::Arn { resource_id, .. }, Field::ResourceId) => Some(Value::List(resource_id.clone())),
        _ => None,
    }
}
