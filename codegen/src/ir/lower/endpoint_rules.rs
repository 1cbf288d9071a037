//! The endpoint rules: names become variables and parameters, functions become expressions of a type.

mod expression;
mod function;
mod partition;
mod property;
mod rule;

use std::collections::BTreeSet;
use std::mem;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Reporter};
use crate::ir::endpoint::{
    Condition, Constant, Expression, Outcome, Parameter, ParameterType, Partition, Rule, RuleSet, Setting, Signing,
    Source, Type,
};
use crate::markdown;
use crate::model::endpoint_rules::{EndpointRules, Parameter as ModelParameter};
use crate::model::partitions::Partitions;
use crate::model::word::Word;
use crate::naming;
use crate::source::{File, JsonPath};

/// Lowers the rules. The parameters that are called like `own_settings` are settings of the client, and those that are `unset`
/// never have a value. What is wrong with the rules is reported.
pub(in crate::ir) fn lower(
    rules: &EndpointRules,
    partitions: &Partitions,
    own_settings: &[&str],
    unset: &[&str],
    reporter: &mut Reporter<'_>,
) -> Option<RuleSet> {
    let root = JsonPath::root(File::EndpointRules);
    let mut lowering = Lowering {
        rules,
        own_settings,
        unset,
        reporter,
        asked: BTreeSet::new(),
        pending: Vec::new(),
    };
    let mut scope = Scope::default();
    let parameters = lowering.parameters(&root.key("parameters"), &mut scope);
    let lowered = lowering.rules(&rules.rules, &root.key("rules"), &scope);
    let partitions = lowering.partitions(partitions);
    let rules = lowered?;
    let asked = lowering.asked;
    let mut parameters = parameters?;
    for parameter in &mut parameters {
        parameter.asked |= asked.contains(&parameter.name);
    }
    let signings = signings(&rules);
    if !signings.is_empty() && signings.iter().all(|signing| matches!(signing, Signing::SigV4a)) {
        lowering.reporter.extend([Diagnostic::general_warning(
            "every endpoint of the service wants signatures of version 4A (`sigv4a`), which clients cannot make yet",
            "expect that each call fails with an error that says so",
        )]);
    }
    Some(RuleSet {
        parameters,
        rules,
        partitions: partitions?,
    })
}

/// The parameters that never have a value in a client with these settings of its own: those of settings that no client has.
pub(in crate::ir) fn unset<'r>(rules: &'r EndpointRules, own_settings: &[&str]) -> Vec<&'r str> {
    let parameters = rules.parameters.iter().filter(|(name, parameter)| {
        let is_never_set = source(parameter) == Source::Nowhere && !own_settings.contains(&name.as_str());
        is_never_set && parameter.default.is_none() && !parameter.required
    });
    parameters.map(|(name, _)| name.as_str()).collect()
}

/// How requests to each of the endpoints are signed.
fn signings(rules: &[Rule]) -> Vec<&Signing> {
    let signings = rules.iter().flat_map(|rule| match &rule.outcome {
        Outcome::Endpoint(endpoint) => vec![&endpoint.signing],
        Outcome::Error(_) => Vec::new(),
        Outcome::Rules(rules) => signings(rules),
    });
    signings.collect()
}

impl Type {
    fn article(self) -> &'static str {
        match self {
            Self::Boolean => "true or false",
            Self::Text => "text",
            Self::List => "a list of texts",
            Self::Partition => "a partition",
            Self::Url => "a URL",
            Self::Arn => "an ARN",
        }
    }

    /// What a variable is called that the rules have no name for.
    fn variable(self) -> &'static str {
        match self {
            Self::Boolean => "flag",
            Self::Text => "text",
            Self::List => "list",
            Self::Partition => "partition",
            Self::Url => "url",
            Self::Arn => "arn",
        }
    }
}

/// An expression, with what is known of its value.
#[derive(Clone, Debug)]
struct Typed {
    expression: Expression,
    ty: Type,
    /// Whether it may be empty.
    optional: bool,
}

impl Typed {
    fn new(ty: Type, expression: Expression) -> Self {
        Self {
            expression,
            ty,
            optional: false,
        }
    }

    fn optional(ty: Type, expression: Expression) -> Self {
        Self {
            optional: true,
            ..Self::new(ty, expression)
        }
    }
}

/// What the names of the rules stand for, the latest at the end, and the Rust variables that there are.
#[derive(Clone, Debug, Default)]
struct Scope {
    names: Vec<(String, Typed)>,
    variables: Vec<String>,
}

impl Scope {
    fn get(&self, name: &str) -> Option<&Typed> {
        let mut latest = self.names.iter().rev();
        latest.find(|(bound, _)| bound == name).map(|(_, meaning)| meaning)
    }
}

struct Lowering<'m, 'r, 's> {
    rules: &'m EndpointRules,
    own_settings: &'r [&'r str],
    unset: &'r [&'r str],
    reporter: &'r mut Reporter<'s>,
    /// The names that the rules mention.
    asked: BTreeSet<String>,
    /// What the expression that is being lowered needs to have bound before.
    pending: Vec<Condition>,
}

impl Lowering<'_, '_, '_> {
    fn parameters(&mut self, at: &JsonPath, scope: &mut Scope) -> Option<Vec<Parameter>> {
        let mut parameters = Vec::new();
        let mut fields = Vec::new();
        let rules = self.rules;
        for (name, parameter) in &rules.parameters {
            let lowered = self.parameter(name, parameter, &at.key(name), &mut fields, scope);
            parameters.push(lowered);
        }
        // All are lowered before the first failure counts, so that every problem is reported.
        parameters.into_iter().collect()
    }

    fn parameter(
        &mut self,
        name: &str,
        parameter: &ModelParameter,
        at: &JsonPath,
        fields: &mut Vec<String>,
        scope: &mut Scope,
    ) -> Option<Parameter> {
        let source = match self.own_settings.contains(&name) {
            true => Source::OwnSetting,
            false => source(parameter),
        };
        let ty = self.parameter_type(name, parameter, source, &at.key("type"))?;
        let default = match &parameter.default {
            Some(value) => Some(self.constant(value, ty, &at.key("default"))?),
            None => None,
        };
        let Some(field) = naming::variable(name, |field| fields.iter().any(|taken| taken == field)) else {
            self.no_rust_name(name, &at.name());
            return None;
        };
        fields.push(field.clone());
        let meaning = meaning(ty, source, &field);
        let is_flag = matches!(source, Source::Client(Setting::UseFips | Setting::UseDualStack));
        let (meaning, variable) = if is_flag {
            // The client always has a value.
            let optional = false;
            (Typed { optional, ..meaning }, None)
        } else if parameter.required || default.is_some() {
            let variable = self.new_variable(name, &at.name(), scope)?;
            let value = Expression::Variable(variable.clone());
            (Typed::new(meaning.ty, value), Some(variable))
        } else {
            (meaning, None)
        };
        scope.names.push((name.to_owned(), meaning));
        let docs = parameter.documentation.as_deref().map(markdown::from_html);
        Some(Parameter {
            name: name.to_owned(),
            field,
            docs: docs.unwrap_or_default(),
            ty,
            source,
            required: parameter.required,
            // Without a value there is no endpoint, whatever the rules are.
            asked: parameter.required && default.is_none(),
            default,
            variable,
        })
    }

    fn parameter_type(
        &mut self,
        name: &str,
        parameter: &ModelParameter,
        source: Source,
        at: &JsonPath,
    ) -> Option<ParameterType> {
        let ty = parameter.r#type.check(at, self.reporter)?;
        let wanted = match source {
            Source::Client(Setting::Region | Setting::Endpoint) => ParameterType::Text,
            Source::Client(Setting::UseFips | Setting::UseDualStack) => ParameterType::Boolean,
            Source::OwnSetting | Source::Operation | Source::Nowhere => return Some(ty),
        };
        if ty != wanted {
            let message = format!("the endpoint parameter `{name}` is of type `{}`", parameter.r#type);
            self.reporter
                .error(at, message, format!("its built-in value is a {}", Word::Known(wanted)));
            return None;
        }
        Some(ty)
    }

    fn constant(&mut self, value: &Value, ty: ParameterType, at: &JsonPath) -> Option<Constant> {
        let constant = constant(value, ty);
        if constant.is_none() {
            let wanted = match ty {
                ParameterType::Text => "a string",
                ParameterType::Boolean => "`true` or `false`",
                ParameterType::List => "a list of strings",
            };
            self.reporter.error(
                at,
                "this default is not of the parameter's type",
                format!("write {wanted}, or correct the type"),
            );
        }
        constant
    }

    fn partitions(&mut self, partitions: &Partitions) -> Option<Vec<Partition>> {
        let at = JsonPath::root(File::Partitions).key("partitions");
        let partitions = partitions.partitions.iter().enumerate().map(|(index, model)| {
            let lowered = partition::lower_partition(model);
            if lowered.is_none() {
                self.reporter.error(
                    &at.index(index).key("regionRegex"),
                    format!("`{}` is not a pattern that can be generated", model.region_regex),
                    "write it as `^(us|eu)\\-\\w+\\-\\d+$`: prefixes, a word, a number",
                );
            }
            lowered
        });
        partitions.collect::<Vec<_>>().into_iter().collect()
    }

    /// A Rust variable for a name, other than those in scope.
    fn new_variable(&mut self, name: &str, at: &JsonPath, scope: &mut Scope) -> Option<String> {
        let is_taken = |variable: &str| scope.variables.iter().any(|taken| taken == variable);
        let variable = naming::variable(name, is_taken);
        match &variable {
            Some(variable) => scope.variables.push(variable.clone()),
            None => self.no_rust_name(name, at),
        }
        variable
    }

    fn no_rust_name(&mut self, name: &str, at: &JsonPath) {
        self.reporter.error(
            at,
            format!("no Rust name can be made of `{name}`"),
            "name it with ASCII letters and digits",
        );
    }

    /// What must be bound before the expression that has just been lowered.
    fn take_pending(&mut self) -> Vec<Condition> {
        mem::take(&mut self.pending)
    }

    fn wrong_type<T>(&mut self, at: &JsonPath, wanted: &str) -> Option<T> {
        self.reporter.error(
            at,
            format!("this should be {wanted}"),
            format!("put an expression here that gives {wanted}"),
        );
        None
    }
}

/// Where the value of a parameter comes from.
fn source(parameter: &ModelParameter) -> Source {
    match parameter.built_in.as_deref() {
        None => Source::Operation,
        Some("AWS::Region") => Source::Client(Setting::Region),
        Some("SDK::Endpoint") => Source::Client(Setting::Endpoint),
        Some("AWS::UseFIPS") => Source::Client(Setting::UseFips),
        Some("AWS::UseDualStack") => Source::Client(Setting::UseDualStack),
        Some(_) => Source::Nowhere,
    }
}

/// A parameter as the rules find it, with or without a value.
fn meaning(ty: ParameterType, source: Source, field: &str) -> Typed {
    let expression = match source {
        Source::Client(setting) => Expression::Setting(setting),
        Source::OwnSetting | Source::Operation | Source::Nowhere => {
            Expression::Parameter(field.to_owned(), ty == ParameterType::List)
        }
    };
    let ty = match ty {
        ParameterType::Text => Type::Text,
        ParameterType::Boolean => Type::Boolean,
        ParameterType::List => Type::List,
    };
    Typed::optional(ty, expression)
}

/// A JSON value as a value of a parameter.
pub(in crate::ir) fn constant(value: &Value, ty: ParameterType) -> Option<Constant> {
    match (ty, value) {
        (ParameterType::Text, Value::String(text)) => Some(Constant::Text(text.clone())),
        (ParameterType::Boolean, Value::Bool(value)) => Some(Constant::Boolean(*value)),
        (ParameterType::List, Value::Array(values)) => {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().map(Constant::List)
        }
        _ => None,
    }
}
