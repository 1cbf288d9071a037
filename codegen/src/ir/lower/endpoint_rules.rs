//! The endpoint rules: names become variables and parameters, functions become expressions of a type.

use super::super::endpoint::{
    Boolean, BooleanAttribute, Condition, Flag, OptionalParameter, Outcome, Partition, Rule, RuleSet, Text,
    TextAttribute, TextPart,
};
use crate::diagnostics::{Reporter, did_you_mean};
use crate::model::endpoint_rules::{Call, EndpointRules, Expression, Parameter, Rule as ModelRule};
use crate::model::partitions::{Partition as ModelPartition, Partitions};
use crate::naming;
use crate::source::{File, JsonPath};

/// Lowers the rules. What is wrong with them, or cannot be generated yet, is reported.
pub(super) fn lower(rules: &EndpointRules, partitions: &Partitions, reporter: &mut Reporter<'_>) -> Option<RuleSet> {
    let root = JsonPath::root(File::EndpointRules);
    let mut lowering = Lowering { rules, reporter };
    for (name, parameter) in &rules.parameters {
        lowering.check_parameter(name, parameter, &root.key("parameters").key(name));
    }
    let lowered = lowering.rules(&rules.rules, &root.key("rules"), &Scope::default());
    let at = JsonPath::root(File::Partitions).key("partitions");
    let partitions = partitions.partitions.iter().enumerate().map(|(index, partition)| {
        let at = at.index(index).key("regionRegex");
        lower_partition(partition).or_else(|| {
            let message = format!("`{}` is not a pattern that can be generated", partition.region_regex);
            lowering.reporter.error(
                &at,
                message,
                "write it as `^(us|eu)\\-\\w+\\-\\d+$`: prefixes, a word, a number",
            );
            None
        })
    });
    let partitions = partitions.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>();
    Some(RuleSet {
        rules: lowered?,
        partitions: partitions?,
    })
}

/// What a name stands for.
#[derive(Clone, Debug)]
enum Meaning {
    Optional(OptionalParameter),
    Flag(Flag),
    /// A variable with text.
    Text(String),
    /// A variable with a partition.
    Partition(String),
}

/// The names that conditions have bound so far.
#[derive(Clone, Debug, Default)]
struct Scope(Vec<(String, Meaning)>);

impl Scope {
    fn has_variable(&self, name: &str) -> bool {
        let variable = |meaning: &Meaning| match meaning {
            Meaning::Text(variable) | Meaning::Partition(variable) => variable == name,
            Meaning::Optional(_) | Meaning::Flag(_) => false,
        };
        self.0.iter().any(|(_, meaning)| variable(meaning))
    }
}

struct Lowering<'m, 'r, 's> {
    rules: &'m EndpointRules,
    reporter: &'r mut Reporter<'s>,
}

impl Lowering<'_, '_, '_> {
    fn check_parameter(&mut self, name: &str, parameter: &Parameter, at: &JsonPath) {
        let Some(meaning) = parameter_meaning(parameter) else {
            let message = format!("the endpoint parameter `{name}` is not one that can be generated yet");
            self.reporter.error(
                at,
                message,
                "use the built-in parameters `AWS::Region`, `AWS::UseFIPS`, `AWS::UseDualStack` and `SDK::Endpoint`",
            );
            return;
        };
        let wanted = if matches!(meaning, Meaning::Flag(_)) {
            "boolean"
        } else {
            "string"
        };
        if !parameter.r#type.eq_ignore_ascii_case(wanted) {
            let message = format!("the endpoint parameter `{name}` is of type `{}`", parameter.r#type);
            self.reporter
                .error(&at.key("type"), message, format!("its built-in value is a {wanted}"));
        }
        let default_is_off = parameter.default.as_ref().is_none_or(|value| value == false);
        if !default_is_off {
            let message = format!("the default of the endpoint parameter `{name}` cannot be generated yet");
            self.reporter
                .error(&at.key("default"), message, "leave the default out, or make it `false`");
        }
    }

    fn rules(&mut self, rules: &[ModelRule], at: &JsonPath, scope: &Scope) -> Option<Vec<Rule>> {
        let rules = rules
            .iter()
            .enumerate()
            .map(|(index, rule)| self.rule(rule, &at.index(index), scope));
        // All are lowered before the first failure counts, so that every problem is reported.
        rules.collect::<Vec<_>>().into_iter().collect()
    }

    fn rule(&mut self, rule: &ModelRule, at: &JsonPath, scope: &Scope) -> Option<Rule> {
        let mut scope = scope.clone();
        let mut conditions = Vec::new();
        for (index, call) in rule.conditions.iter().enumerate() {
            conditions.push(self.condition(call, &at.key("conditions").index(index), &mut scope)?);
        }
        let outcome = match (rule.r#type.as_str(), &rule.endpoint, &rule.error, &rule.rules) {
            ("endpoint", Some(endpoint), None, None) => {
                let at = at.key("endpoint");
                if !endpoint.properties.is_empty() {
                    self.not_yet(&at.key("properties"), "endpoint properties");
                }
                if !endpoint.headers.is_empty() {
                    self.not_yet(&at.key("headers"), "endpoint headers");
                }
                Outcome::Endpoint(self.text(&endpoint.url, &at.key("url"), &scope)?)
            }
            ("error", None, Some(message), None) => Outcome::Error(self.text(message, &at.key("error"), &scope)?),
            ("tree", None, None, Some(rules)) => Outcome::Rules(self.rules(rules, &at.key("rules"), &scope)?),
            (kind @ ("endpoint" | "error" | "tree"), ..) => {
                let key = if kind == "tree" { "rules" } else { kind };
                let message = format!("a rule of type `{kind}` has `{key}` and nothing else");
                self.reporter.error(
                    at,
                    message,
                    "give the rule exactly the one result that its `type` names",
                );
                return None;
            }
            (kind, ..) => {
                let message = format!("`{kind}` is not a type of rule");
                self.reporter.error(
                    &at.key("type"),
                    message,
                    "a rule is an `endpoint`, an `error` or a `tree`",
                );
                return None;
            }
        };
        Some(Rule { conditions, outcome })
    }

    fn condition(&mut self, call: &Call, at: &JsonPath, scope: &mut Scope) -> Option<Condition> {
        match (call.r#fn.as_str(), call.argv.as_slice(), &call.assign) {
            ("isSet", [Expression::Reference(name)], None) => match self.meaning(name, &at.key("argv"), scope)? {
                Meaning::Optional(parameter) => {
                    let variable = self.bind(name, &at.key("argv"), scope, Meaning::Text)?;
                    Some(Condition::Set { parameter, variable })
                }
                // It has a value wherever it can be named.
                Meaning::Flag(_) | Meaning::Text(_) | Meaning::Partition(_) => {
                    Some(Condition::Holds(Boolean::Literal(true)))
                }
            },
            ("aws.partition", [region], Some(name)) => {
                let region = self.text(region, &at.key("argv").index(0), scope)?;
                let variable = self.bind(name, &at.key("assign"), scope, Meaning::Partition)?;
                Some(Condition::Partition { region, variable })
            }
            (_, _, None) => Some(Condition::Holds(self.boolean_call(call, at, scope)?)),
            (function, _, Some(_)) => {
                self.not_yet(at, &format!("assigning the result of `{function}`"));
                None
            }
        }
    }

    /// Gives a name of the rules a variable from here on.
    fn bind(&mut self, name: &str, at: &JsonPath, scope: &mut Scope, meaning: fn(String) -> Meaning) -> Option<String> {
        let variable = naming::variable(name, |variable| scope.has_variable(variable));
        match &variable {
            Some(variable) => scope.0.push((name.to_owned(), meaning(variable.clone()))),
            None => {
                let message = format!("no Rust name can be made of `{name}`");
                self.reporter
                    .error(at, message, "name it with ASCII letters and digits");
            }
        }
        variable
    }

    fn boolean(&mut self, expression: &Expression, at: &JsonPath, scope: &Scope) -> Option<Boolean> {
        match expression {
            Expression::Boolean(value) => Some(Boolean::Literal(*value)),
            Expression::Call(call) => self.boolean_call(call, at, scope),
            Expression::Reference(name) => match self.meaning(name, at, scope)? {
                Meaning::Flag(flag) => Some(Boolean::Flag(flag)),
                _ => self.wrong_type(at, "true or false"),
            },
            _ => self.wrong_type(at, "true or false"),
        }
    }

    fn boolean_call(&mut self, call: &Call, at: &JsonPath, scope: &Scope) -> Option<Boolean> {
        let argv = at.key("argv");
        match (call.r#fn.as_str(), call.argv.as_slice()) {
            ("not", [Expression::Call(inner)]) if inner.r#fn == "isSet" => match inner.argv.as_slice() {
                [Expression::Reference(name)] => match self.meaning(name, &argv.index(0), scope)? {
                    Meaning::Optional(parameter) => Some(Boolean::Unset(parameter)),
                    _ => Some(Boolean::Literal(false)),
                },
                _ => self.wrong_arguments(&argv.index(0), "isSet"),
            },
            ("not", [value]) => Some(Boolean::Not(Box::new(self.boolean(value, &argv.index(0), scope)?))),
            ("booleanEquals", [a, b]) => {
                let a = self.boolean(a, &argv.index(0), scope)?;
                let b = self.boolean(b, &argv.index(1), scope)?;
                Some(Boolean::Equal(Box::new([a, b])))
            }
            ("stringEquals", [a, b]) => {
                let a = self.text(a, &argv.index(0), scope)?;
                let b = self.text(b, &argv.index(1), scope)?;
                Some(Boolean::EqualText(Box::new([a, b])))
            }
            ("getAttr", [Expression::Reference(name), Expression::String(path)]) => {
                let attribute = match path.as_str() {
                    "supportsFIPS" => BooleanAttribute::SupportsFips,
                    "supportsDualStack" => BooleanAttribute::SupportsDualStack,
                    _ => return self.unknown_attribute(&argv.index(1), path),
                };
                match self.meaning(name, &argv.index(0), scope)? {
                    Meaning::Partition(variable) => Some(Boolean::Attribute(variable, attribute)),
                    _ => self.wrong_type(&argv.index(0), "a partition"),
                }
            }
            (function @ ("not" | "booleanEquals" | "stringEquals" | "getAttr" | "isSet"), _) => {
                self.wrong_arguments(&argv, function)
            }
            (function, _) => {
                self.not_yet(&at.key("fn"), &format!("the function `{function}`"));
                None
            }
        }
    }

    fn text(&mut self, expression: &Expression, at: &JsonPath, scope: &Scope) -> Option<Text> {
        match expression {
            Expression::String(template) => self.template(template, at, scope),
            Expression::Reference(name) => Some(Text(vec![self.variable_text(name, at, scope)?])),
            Expression::Call(Call {
                r#fn,
                argv,
                assign: None,
            }) if r#fn == "getAttr" => match argv.as_slice() {
                [Expression::Reference(name), Expression::String(path)] => {
                    Some(Text(vec![self.attribute(name, path, &at.key("argv"), scope)?]))
                }
                _ => self.wrong_arguments(&at.key("argv"), "getAttr"),
            },
            Expression::Call(call) => {
                self.not_yet(&at.key("fn"), &format!("the function `{}`", call.r#fn));
                None
            }
            _ => self.wrong_type(at, "text"),
        }
    }

    /// `{name}` and `{name#attribute}` in a text; `{{` and `}}` are braces.
    fn template(&mut self, template: &str, at: &JsonPath, scope: &Scope) -> Option<Text> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = template;
        while let Some(index) = rest.find(['{', '}']) {
            literal.push_str(&rest[..index]);
            let brace = &rest[index..=index];
            let after = &rest[index + 1..];
            if let Some(after) = after.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let Some((inner, after)) = after.split_once('}').filter(|_| brace == "{") else {
                self.reporter.error(
                    at,
                    format!("the braces in `{template}` do not match"),
                    "write `{{` and `}}` for braces themselves",
                );
                return None;
            };
            if !literal.is_empty() {
                parts.push(TextPart::Literal(std::mem::take(&mut literal)));
            }
            parts.push(match inner.split_once('#') {
                Some((name, attribute)) => self.attribute(name, attribute, at, scope)?,
                None => self.variable_text(inner, at, scope)?,
            });
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(TextPart::Literal(literal));
        }
        Some(Text(parts))
    }

    fn variable_text(&mut self, name: &str, at: &JsonPath, scope: &Scope) -> Option<TextPart> {
        match self.meaning(name, at, scope)? {
            Meaning::Text(variable) => Some(TextPart::Variable(variable)),
            Meaning::Optional(_) => {
                let message = format!("`{name}` is used here although it may not be set");
                self.reporter
                    .error(at, message, format!("ask `isSet` of `{name}` in a condition before"));
                None
            }
            Meaning::Flag(_) | Meaning::Partition(_) => self.wrong_type(at, "text"),
        }
    }

    fn attribute(&mut self, name: &str, attribute: &str, at: &JsonPath, scope: &Scope) -> Option<TextPart> {
        let Meaning::Partition(variable) = self.meaning(name, at, scope)? else {
            return self.wrong_type(at, "a partition");
        };
        let attribute = match attribute {
            "dnsSuffix" => TextAttribute::DnsSuffix,
            "dualStackDnsSuffix" => TextAttribute::DualStackDnsSuffix,
            "implicitGlobalRegion" => TextAttribute::ImplicitGlobalRegion,
            "name" => TextAttribute::Name,
            _ => return self.unknown_attribute(at, attribute),
        };
        Some(TextPart::Attribute(variable, attribute))
    }

    fn meaning(&mut self, name: &str, at: &JsonPath, scope: &Scope) -> Option<Meaning> {
        if let Some((_, meaning)) = scope.0.iter().rev().find(|(bound, _)| bound == name) {
            return Some(meaning.clone());
        }
        let rules = self.rules;
        match rules.parameters.get(name) {
            // A parameter without a meaning has been reported already.
            Some(parameter) => parameter_meaning(parameter),
            None => {
                let known = rules
                    .parameters
                    .keys()
                    .map(String::as_str)
                    .chain(scope.0.iter().map(|(name, _)| name.as_str()));
                let message = format!(
                    "`{name}` is neither a parameter nor a variable{}",
                    did_you_mean(name, known)
                );
                self.reporter.error(
                    at,
                    message,
                    "declare it under `parameters`, or `assign` it in a condition before",
                );
                None
            }
        }
    }

    fn not_yet(&mut self, at: &JsonPath, what: &str) {
        self.reporter.error(
            at,
            format!("{what} cannot be generated yet"),
            "express the rule with isSet, not, booleanEquals, stringEquals, getAttr and aws.partition",
        );
    }

    fn wrong_type<T>(&mut self, at: &JsonPath, wanted: &str) -> Option<T> {
        self.reporter.error(
            at,
            format!("this should be {wanted}"),
            format!("put an expression here that gives {wanted}"),
        );
        None
    }

    fn wrong_arguments<T>(&mut self, at: &JsonPath, function: &str) -> Option<T> {
        let form = match function {
            "isSet" => "one reference",
            "not" => "one condition",
            "getAttr" => "a reference and the name of an attribute",
            _ => "two values to compare",
        };
        self.reporter.error(
            at,
            format!("these are not the arguments of `{function}`"),
            format!("give `{function}` {form}"),
        );
        None
    }

    fn unknown_attribute<T>(&mut self, at: &JsonPath, attribute: &str) -> Option<T> {
        let message = format!("a partition has no attribute `{attribute}` of the type that is needed here");
        self.reporter.error(
            at,
            message,
            "texts: name, dnsSuffix, dualStackDnsSuffix, implicitGlobalRegion; true or false: supportsFIPS, \
             supportsDualStack",
        );
        None
    }
}

fn parameter_meaning(parameter: &Parameter) -> Option<Meaning> {
    match parameter.built_in.as_deref()? {
        "AWS::Region" => Some(Meaning::Optional(OptionalParameter::Region)),
        "SDK::Endpoint" => Some(Meaning::Optional(OptionalParameter::Endpoint)),
        "AWS::UseFIPS" => Some(Meaning::Flag(Flag::UseFips)),
        "AWS::UseDualStack" => Some(Meaning::Flag(Flag::UseDualStack)),
        _ => None,
    }
}

fn lower_partition(partition: &ModelPartition) -> Option<Partition> {
    let outputs = &partition.outputs;
    Some(Partition {
        name: partition.id.clone(),
        dns_suffix: outputs.dns_suffix.clone(),
        dual_stack_dns_suffix: outputs.dual_stack_dns_suffix.clone(),
        supports_fips: outputs.supports_fips,
        supports_dual_stack: outputs.supports_dual_stack,
        implicit_global_region: outputs.implicit_global_region.clone(),
        regions: partition.regions.keys().cloned().collect(),
        region_prefixes: region_prefixes(&partition.region_regex)?,
    })
}

/// The prefixes in a pattern such as `^(us|eu)\-\w+\-\d+$` or `^us\-gov\-\w+\-\d+$`. All partitions have one of these
/// forms, so that clients need no regular expressions.
fn region_prefixes(pattern: &str) -> Option<Vec<String>> {
    let prefix = pattern.strip_prefix('^')?.strip_suffix(r"\-\w+\-\d+$")?;
    let (head, choices) = match prefix.strip_suffix(')') {
        Some(choices) => choices.split_once('(')?,
        None => (prefix, ""),
    };
    let prefixes = choices
        .split('|')
        .map(|choice| format!("{head}{choice}").replace(r"\-", "-"));
    let prefixes: Vec<String> = prefixes.collect();
    let plain = |prefix: &String| prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !prefix.is_empty();
    prefixes.iter().all(plain).then_some(prefixes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_come_from_patterns() {
        assert_eq!(
            region_prefixes(r"^(us|eu|mx)\-\w+\-\d+$"),
            Some(vec!["us".into(), "eu".into(), "mx".into()])
        );
        assert_eq!(region_prefixes(r"^us\-isob\-\w+\-\d+$"), Some(vec!["us-isob".into()]));
        for pattern in [
            "",
            r"^us\-\w+$",
            r"us\-\w+\-\d+$",
            r"^(us|)\-\w+\-\d+$",
            r"^(u.)\-\w+\-\d+$",
        ] {
            assert_eq!(region_prefixes(pattern), None, "{pattern}");
        }
    }
}
