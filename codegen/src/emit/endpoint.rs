//! `src/endpoint.rs`: the endpoint rules as a function, and the partitions as a table.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::endpoint::{
    Boolean, BooleanAttribute, Condition, Flag, OptionalParameter, Outcome, Partition, Rule, RuleSet, Text,
    TextAttribute, TextPart,
};

pub(super) fn emit(rules: &RuleSet) -> TokenStream {
    let partitions = uses_partitions(&rules.rules).then(|| partitions(&rules.partitions));
    let partition = partitions.is_some().then(|| quote!(, Partition));
    let refuse = refuses(&rules.rules).then(|| quote!(, refuse));
    let params = format_ident!("{}", if asks_params(&rules.rules) { "params" } else { "_params" });
    let body = body(&rules.rules);
    quote! {
        //! Where requests go: the service's endpoint rules, and the partitions of AWS.

        use crate::runtime::endpoint::{Endpoint, EndpointParams #partition #refuse};

        /// The endpoint for these parameters, or why there is none.
        pub(crate) fn resolve(#params: &EndpointParams<'_>) -> Result<Endpoint, String> {
            #body
        }

        #partitions
    }
}

/// The rules of the whole set: the last of them is the value of the function.
fn body(rules: &[Rule]) -> TokenStream {
    let (last, before) = match rules.split_last() {
        Some((last, before)) if is_unconditional(last) => (Some(last), before),
        _ => (None, rules),
    };
    let before = before.iter().map(rule);
    let last = match last.map(|last| &last.outcome) {
        Some(Outcome::Rules(rules)) => body(rules),
        Some(outcome) => result(outcome),
        None => quote!(refuse("no rule gives an endpoint for these settings")),
    };
    quote!(#(#before)* #last)
}

fn rule(rule: &Rule) -> TokenStream {
    let (conditions, outcome) = flattened(rule);
    let body = match outcome {
        Outcome::Rules(inner) => statements(inner),
        outcome => {
            let result = result(outcome);
            quote!(return #result;)
        }
    };
    if conditions.is_empty() {
        return body;
    }
    let conditions = conditions.iter().enumerate().map(|(index, condition)| {
        let used = |variable: &str| {
            conditions[index + 1..]
                .iter()
                .any(|later| condition_mentions(later, variable))
                || outcome_mentions(outcome, variable)
        };
        emit_condition(condition, used)
    });
    quote!(if #(#conditions)&&* { #body })
}

/// Rules that follow each other. Nothing is reached after one without conditions.
fn statements(rules: &[Rule]) -> TokenStream {
    let reached = rules
        .iter()
        .position(is_unconditional)
        .map_or(rules.len(), |index| index + 1);
    let rules = rules[..reached].iter().map(rule);
    quote!(#(#rules)*)
}

/// A rule whose only outcome is another rule has the conditions of both.
fn flattened(rule: &Rule) -> (Vec<&Condition>, &Outcome) {
    let mut conditions: Vec<&Condition> = rule.conditions.iter().collect();
    let mut outcome = &rule.outcome;
    while let Outcome::Rules(rules) = outcome
        && let [only] = rules.as_slice()
    {
        conditions.extend(&only.conditions);
        outcome = &only.outcome;
    }
    (conditions, outcome)
}

fn is_unconditional(rule: &Rule) -> bool {
    let leads_somewhere = match &rule.outcome {
        Outcome::Rules(rules) => rules.iter().any(is_unconditional),
        Outcome::Endpoint(_) | Outcome::Error(_) => true,
    };
    rule.conditions.is_empty() && leads_somewhere
}

fn result(outcome: &Outcome) -> TokenStream {
    match outcome {
        Outcome::Endpoint(url) => {
            let url = borrowed(url);
            quote!(Endpoint::parse(#url))
        }
        Outcome::Error(message) => {
            let message = borrowed(message);
            quote!(refuse(#message))
        }
        Outcome::Rules(rules) => statements(rules),
    }
}

fn emit_condition(condition: &Condition, used: impl Fn(&str) -> bool) -> TokenStream {
    match condition {
        Condition::Holds(value) => boolean(value),
        Condition::Set { parameter, variable } => {
            let parameter = optional_parameter(*parameter);
            match used(variable) {
                true => {
                    let variable = format_ident!("{variable}");
                    quote!(let Some(#variable) = #parameter)
                }
                false => quote!(#parameter.is_some()),
            }
        }
        Condition::Partition { region, variable } => {
            let region = borrowed(region);
            let partition = quote!(Partition::of_region(PARTITIONS, #region));
            match used(variable) {
                true => {
                    let variable = format_ident!("{variable}");
                    quote!(let Some(#variable) = #partition)
                }
                false => quote!(#partition.is_some()),
            }
        }
    }
}

fn optional_parameter(parameter: OptionalParameter) -> TokenStream {
    match parameter {
        OptionalParameter::Endpoint => quote!(params.endpoint),
        OptionalParameter::Region => quote!(params.region),
    }
}

fn boolean(value: &Boolean) -> TokenStream {
    match value {
        Boolean::Literal(value) => quote!(#value),
        Boolean::Flag(Flag::UseDualStack) => quote!(params.use_dual_stack),
        Boolean::Flag(Flag::UseFips) => quote!(params.use_fips),
        Boolean::Attribute(variable, attribute) => {
            let variable = format_ident!("{variable}");
            match attribute {
                BooleanAttribute::SupportsDualStack => quote!(#variable.supports_dual_stack),
                BooleanAttribute::SupportsFips => quote!(#variable.supports_fips),
            }
        }
        Boolean::Not(value) => not(value),
        Boolean::Equal(values) => match &**values {
            [value, Boolean::Literal(true)] | [Boolean::Literal(true), value] => boolean(value),
            [value, Boolean::Literal(false)] | [Boolean::Literal(false), value] => not(value),
            [a, b] => {
                let (a, b) = (operand(a), operand(b));
                quote!(#a == #b)
            }
        },
        Boolean::EqualText(texts) => {
            let [a, b] = texts.each_ref().map(compared);
            quote!(#a == #b)
        }
        Boolean::Unset(parameter) => {
            let parameter = optional_parameter(*parameter);
            quote!(#parameter.is_none())
        }
    }
}

fn not(value: &Boolean) -> TokenStream {
    match value {
        Boolean::Literal(value) => boolean(&Boolean::Literal(!value)),
        Boolean::Flag(_) | Boolean::Attribute(..) => {
            let value = boolean(value);
            quote!(!#value)
        }
        Boolean::Not(value) => boolean(value),
        Boolean::Equal(values) => match &**values {
            [value, Boolean::Literal(true)] | [Boolean::Literal(true), value] => not(value),
            [value, Boolean::Literal(false)] | [Boolean::Literal(false), value] => boolean(value),
            [a, b] => {
                let (a, b) = (operand(a), operand(b));
                quote!(#a != #b)
            }
        },
        Boolean::EqualText(texts) => {
            let [a, b] = texts.each_ref().map(compared);
            quote!(#a != #b)
        }
        Boolean::Unset(parameter) => {
            let parameter = optional_parameter(*parameter);
            quote!(#parameter.is_some())
        }
    }
}

/// A value beside an operator.
fn operand(value: &Boolean) -> TokenStream {
    let tokens = boolean(value);
    match value {
        Boolean::Not(_) | Boolean::Equal(_) | Boolean::EqualText(_) => quote!((#tokens)),
        Boolean::Literal(_) | Boolean::Flag(_) | Boolean::Attribute(..) | Boolean::Unset(_) => tokens,
    }
}

/// A text as `&str`.
fn borrowed(text: &Text) -> TokenStream {
    let tokens = compared(text);
    if text.0.len() > 1 { quote!(&#tokens) } else { tokens }
}

/// A text as `&str` or `String`, which can be compared with each other.
fn compared(text: &Text) -> TokenStream {
    match text.0.as_slice() {
        [] => quote!(""),
        [part] => value(part),
        parts => {
            let parts = parts.iter().map(value);
            quote!([#(#parts),*].concat())
        }
    }
}

fn value(part: &TextPart) -> TokenStream {
    match part {
        TextPart::Literal(text) => quote!(#text),
        TextPart::Variable(variable) => {
            let variable = format_ident!("{variable}");
            quote!(#variable)
        }
        TextPart::Attribute(variable, attribute) => {
            let variable = format_ident!("{variable}");
            let field = match attribute {
                TextAttribute::DnsSuffix => format_ident!("dns_suffix"),
                TextAttribute::DualStackDnsSuffix => format_ident!("dual_stack_dns_suffix"),
                TextAttribute::ImplicitGlobalRegion => format_ident!("implicit_global_region"),
                TextAttribute::Name => format_ident!("name"),
            };
            quote!(#variable.#field)
        }
    }
}

/// Whether a parameter decides anything: some services have one endpoint.
fn asks_params(rules: &[Rule]) -> bool {
    rules.iter().any(|rule| {
        let asks = rule.conditions.iter().any(|condition| match condition {
            Condition::Set { .. } => true,
            Condition::Holds(value) => boolean_asks_params(value),
            Condition::Partition { .. } => false,
        });
        asks || matches!(&rule.outcome, Outcome::Rules(rules) if asks_params(rules))
    })
}

fn boolean_asks_params(value: &Boolean) -> bool {
    match value {
        Boolean::Flag(_) | Boolean::Unset(_) => true,
        Boolean::Literal(_) | Boolean::Attribute(..) | Boolean::EqualText(_) => false,
        Boolean::Not(value) => boolean_asks_params(value),
        Boolean::Equal(values) => values.iter().any(boolean_asks_params),
    }
}

fn uses_partitions(rules: &[Rule]) -> bool {
    rules.iter().any(|rule| {
        let asks = rule
            .conditions
            .iter()
            .any(|condition| matches!(condition, Condition::Partition { .. }));
        asks || matches!(&rule.outcome, Outcome::Rules(rules) if uses_partitions(rules))
    })
}

/// Whether there is a rule, or the end of all rules, without an endpoint.
fn refuses(rules: &[Rule]) -> bool {
    let inner = rules.iter().any(|rule| match &rule.outcome {
        Outcome::Error(_) => true,
        Outcome::Endpoint(_) => false,
        Outcome::Rules(rules) => refuses(rules),
    });
    inner || !rules.last().is_some_and(is_unconditional)
}

fn outcome_mentions(outcome: &Outcome, name: &str) -> bool {
    match outcome {
        Outcome::Endpoint(text) | Outcome::Error(text) => text_mentions(text, name),
        Outcome::Rules(rules) => rules.iter().any(|rule| {
            rule.conditions
                .iter()
                .any(|condition| condition_mentions(condition, name))
                || outcome_mentions(&rule.outcome, name)
        }),
    }
}

fn condition_mentions(condition: &Condition, name: &str) -> bool {
    match condition {
        Condition::Holds(value) => boolean_mentions(value, name),
        Condition::Set { .. } => false,
        Condition::Partition { region, .. } => text_mentions(region, name),
    }
}

fn boolean_mentions(value: &Boolean, name: &str) -> bool {
    match value {
        Boolean::Literal(_) | Boolean::Flag(_) | Boolean::Unset(_) => false,
        Boolean::Attribute(variable, _) => variable == name,
        Boolean::Not(value) => boolean_mentions(value, name),
        Boolean::Equal(values) => values.iter().any(|value| boolean_mentions(value, name)),
        Boolean::EqualText(texts) => texts.iter().any(|text| text_mentions(text, name)),
    }
}

fn text_mentions(text: &Text, name: &str) -> bool {
    text.0.iter().any(|part| match part {
        TextPart::Literal(_) => false,
        TextPart::Variable(variable) | TextPart::Attribute(variable, _) => variable == name,
    })
}

fn partitions(partitions: &[Partition]) -> TokenStream {
    let partitions = partitions.iter().map(|partition| {
        let Partition {
            name,
            dns_suffix,
            dual_stack_dns_suffix,
            supports_fips,
            supports_dual_stack,
            implicit_global_region,
            regions,
            region_prefixes,
        } = partition;
        quote! {
            Partition {
                name: #name,
                dns_suffix: #dns_suffix,
                dual_stack_dns_suffix: #dual_stack_dns_suffix,
                supports_fips: #supports_fips,
                supports_dual_stack: #supports_dual_stack,
                implicit_global_region: #implicit_global_region,
                regions: &[#(#regions),*],
                region_prefixes: &[#(#region_prefixes),*],
            }
        }
    });
    quote! {
        /// The partitions of AWS. Regions that none of them knows belong to the first one.
        static PARTITIONS: &[Partition] = &[#(#partitions),*];
    }
}
