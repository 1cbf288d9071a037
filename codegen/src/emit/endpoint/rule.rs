//! Rules: nested conditions, and results that are returned.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{Emitter, Properties};
use crate::ir::endpoint::{Condition, Endpoint, Expression, Outcome, Property, Rule, Signing};

impl Emitter<'_> {
    /// The rules of the whole set: the last of them is the value of the function.
    pub(super) fn body(&mut self, rules: &[Rule]) -> TokenStream {
        let reached = reached(rules);
        let (last, before) = match reached.split_last() {
            Some((last, before)) if is_unconditional(last) => (Some(last), before),
            _ => (None, reached),
        };
        let last = match last {
            Some(last) => {
                let (conditions, outcome) = flattened(last);
                let body = match outcome {
                    Outcome::Rules(rules) => self.body(rules),
                    Outcome::Endpoint(endpoint) => self.endpoint(endpoint),
                    Outcome::Error(message) => self.error(message),
                };
                self.under(&conditions, body)
            }
            None => self.refuse(&quote!("no rule gives an endpoint for these settings")),
        };
        let before = self.statements(before);
        quote!(#before #last)
    }

    /// Rules that follow each other.
    fn statements(&mut self, rules: &[Rule]) -> TokenStream {
        let rules = together(reached(rules));
        let groups = rules.chunk_by(|a, b| have_one_result(a, b));
        let groups = groups.map(|rules| match rules {
            [rule] => self.rule(rule),
            rules => self.alternatives(rules),
        });
        groups.collect()
    }

    fn rule(&mut self, rule: &Rule) -> TokenStream {
        let (conditions, outcome) = flattened(rule);
        let body = self.result(outcome);
        self.under(&conditions, body)
    }

    /// Rules with one result: it is enough that the conditions of one hold.
    fn alternatives(&mut self, rules: &[&Rule]) -> TokenStream {
        let result = rules.first().map(|rule| self.result(flattened(rule).1));
        let (common, alternatives) = factored(rules.iter().map(|rule| asked(rule)).collect());
        let mut all: Vec<TokenStream> = common.into_iter().map(|value| self.value(value)).collect();
        let mut alternatives: Vec<TokenStream> = alternatives
            .into_iter()
            .map(|values| match values.as_slice() {
                [value] => self.value(value),
                values => {
                    let values = values.iter().map(|value| self.value(value));
                    let values: Vec<TokenStream> = values.collect();
                    quote!((#(#values)&&*))
                }
            })
            .collect();
        let any = quote!(#(#alternatives)||*);
        match (all.is_empty(), alternatives.len()) {
            (true, _) => all.push(any),
            (false, 2..) => all.push(quote!((#any))),
            (false, _) => all.append(&mut alternatives),
        }
        quote!(if #(#all)&&* { #result })
    }

    fn result(&mut self, outcome: &Outcome) -> TokenStream {
        match outcome {
            Outcome::Rules(rules) => self.statements(rules),
            Outcome::Endpoint(endpoint) => {
                let endpoint = self.endpoint(endpoint);
                quote!(return #endpoint;)
            }
            Outcome::Error(message) => {
                let refusal = self.error(message);
                quote!(return #refusal;)
            }
        }
    }

    /// What is done when all conditions hold.
    fn under(&mut self, conditions: &[&Condition], body: TokenStream) -> TokenStream {
        let mut body = body;
        let mut chain = Vec::new();
        for (index, condition) in conditions.iter().enumerate().rev() {
            match condition {
                Condition::Holds(_) if conditions[..index].iter().any(|earlier| is_same(earlier, condition)) => {}
                Condition::Holds(value) => chain.push(self.value(value)),
                Condition::Bind(variable, value) => {
                    let link = match self.is_used(variable) {
                        true => {
                            let value = self.scrutinee(value);
                            let variable = format_ident!("{variable}");
                            quote!(let Some(#variable) = #value)
                        }
                        false => self.value(&Expression::IsSet(Box::new(value.clone()))),
                    };
                    chain.push(link);
                }
                Condition::Let(variable, value) if self.is_used(variable) => {
                    // A text that is made lives as long as the reference to it.
                    let ty = value.is_made().then(|| quote!(: &str));
                    let value = self.borrowed(value);
                    let variable = format_ident!("{variable}");
                    let inner = under_chain(&mut chain, body);
                    body = quote!(let #variable #ty = #value; #inner);
                }
                Condition::Let(..) => {}
            }
        }
        under_chain(&mut chain, body)
    }

    fn error(&mut self, message: &Expression) -> TokenStream {
        let message = self.borrowed(message);
        self.refuse(&message)
    }

    fn endpoint(&mut self, endpoint: &Endpoint) -> TokenStream {
        if self.properties == Properties::Drop {
            let refuse = match endpoint.signing {
                Signing::SigV4a => Some(self.scope.refuse_sigv4a()),
                Signing::S3Express => Some(self.scope.refuse_s3_express()),
                Signing::AsUsual | Signing::SigV4 { .. } => None,
            };
            if let Some(refuse) = refuse {
                return quote!(#refuse());
            }
        }
        let ty = self.scope.endpoint();
        let signing = match self.properties {
            Properties::Drop => self.signing(&endpoint.signing),
            Properties::Keep => None,
        };
        let mut value = match signing {
            Some(scope) => {
                let url = self.unformatted(&endpoint.url);
                quote!(#ty::parse_signed(#url, #scope))
            }
            None => {
                let url = self.borrowed(&endpoint.url);
                quote!(#ty::parse(#url))
            }
        };
        for (name, values) in &endpoint.headers {
            for header in values {
                let header = self.borrowed(header);
                value = quote!(#value?.with_header(#name, #header));
            }
        }
        if self.properties == Properties::Drop || endpoint.properties.is_empty() {
            return value;
        }
        let (json, properties) = (self.scope.json_macro(), self.map(&endpoint.properties));
        quote!(Ok(#value?.with_properties(#json!(#properties))))
    }

    fn signing(&mut self, signing: &Signing) -> Option<TokenStream> {
        let Signing::SigV4 {
            name,
            region,
            double_encode,
            normalize_path,
        } = signing
        else {
            return None;
        };
        let ty = self.scope.signing_scope();
        let mut text = |field: &str, value: &Option<Expression>| {
            let value = self.borrowed(value.as_ref()?);
            let field = format_ident!("{field}");
            Some(quote!(#field: Some(#value),))
        };
        let fields = [
            text("name", name),
            text("region", region),
            (!double_encode).then(|| quote!(double_encode: false,)),
            (!normalize_path).then(|| quote!(normalize_path: false,)),
        ];
        let default = fields.iter().any(Option::is_none).then(|| quote!(..#ty::default()));
        let fields = fields.iter().flatten();
        Some(quote!(#ty { #(#fields)* #default }))
    }

    fn map(&mut self, values: &[(String, Property)]) -> TokenStream {
        let entries: Vec<_> = values
            .iter()
            .map(|(name, value)| {
                let value = self.property(value);
                quote!(#name: #value)
            })
            .collect();
        quote!({ #(#entries),* })
    }

    fn property(&mut self, property: &Property) -> TokenStream {
        match property {
            Property::Text(text) => {
                let text = self.value(text);
                quote!((#text))
            }
            Property::Boolean(value) => quote!(#value),
            Property::Integer(number) => {
                let number = Literal::i64_unsuffixed(*number);
                quote!(#number)
            }
            Property::List(values) => {
                let values: Vec<_> = values.iter().map(|value| self.property(value)).collect();
                quote!([#(#values),*])
            }
            Property::Map(values) => self.map(values),
        }
    }
}

fn under_chain(chain: &mut Vec<TokenStream>, body: TokenStream) -> TokenStream {
    if chain.is_empty() {
        return body;
    }
    let conditions = chain.drain(..).rev();
    quote!(if #(#conditions)&&* { #body })
}

/// Rules in an order that decides the same, with those of one result side by side: of rules that compare one value with
/// different constants, only one can hold.
fn together(rules: &[Rule]) -> Vec<&Rule> {
    let mut ordered: Vec<&Rule> = Vec::with_capacity(rules.len());
    for rule in rules {
        let excludes = |other: &&&Rule| match (comparison(rule), comparison(other)) {
            (Some((value, constant)), Some((other_value, other_constant))) => {
                value == other_value && constant != other_constant
            }
            _ => false,
        };
        let passed = ordered.iter().rev().take_while(excludes).count();
        let place = (ordered.len() - passed..ordered.len()).find(|at| have_one_result(ordered[*at], rule));
        ordered.insert(place.map_or(ordered.len(), |at| at + 1), rule);
    }
    ordered
}

/// What a rule asks, if it binds no variable.
fn asked(rule: &Rule) -> Vec<&Expression> {
    let conditions = flattened(rule).0.into_iter();
    let values = conditions.filter_map(|condition| match condition {
        Condition::Holds(value) => Some(value),
        Condition::Bind(..) | Condition::Let(..) => None,
    });
    values.collect()
}

/// What all alternatives ask, and what each asks besides: none of them where one always holds.
fn factored(mut alternatives: Vec<Vec<&Expression>>) -> (Vec<&Expression>, Vec<Vec<&Expression>>) {
    let mut common = alternatives.first().cloned().unwrap_or_default();
    common.retain(|value| alternatives.iter().all(|asked| asked.contains(value)));
    for asked in &mut alternatives {
        asked.retain(|value| !common.contains(value));
    }
    let one_holds = match alternatives.as_slice() {
        [one, other] => matches!((&**one, &**other), ([one], [other]) if are_opposite(one, other)),
        _ => false,
    };
    if !common.is_empty() && (one_holds || alternatives.iter().any(Vec::is_empty)) {
        alternatives.clear();
    }
    (common, alternatives)
}

fn are_opposite(one: &Expression, other: &Expression) -> bool {
    let is_not = |not: &Expression, value: &Expression| matches!(not, Expression::Not(inner) if **inner == *value);
    is_not(one, other) || is_not(other, one)
}

/// The value and the constant that a rule compares, if that is all that it asks.
fn comparison(rule: &Rule) -> Option<(&Expression, &str)> {
    match flattened(rule).0.as_slice() {
        [Condition::Holds(Expression::Equal(values))] => match &**values {
            [Expression::Text(constant), value] | [value, Expression::Text(constant)] => Some((value, constant)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether two rules differ in nothing but conditions that bind no variable.
fn have_one_result(a: &Rule, b: &Rule) -> bool {
    let (a, b) = (flattened(a), flattened(b));
    let only_asks = |conditions: &[&Condition]| {
        let mut conditions = conditions.iter();
        conditions.len() > 0 && conditions.all(|condition| matches!(condition, Condition::Holds(_)))
    };
    !matches!(a.1, Outcome::Rules(_)) && a.1 == b.1 && only_asks(&a.0) && only_asks(&b.0)
}

fn is_same(a: &Condition, b: &Condition) -> bool {
    matches!((a, b), (Condition::Holds(a), Condition::Holds(b)) if a == b)
}

/// Nothing is reached after a rule without conditions.
fn reached(rules: &[Rule]) -> &[Rule] {
    let end = rules.iter().position(is_unconditional);
    &rules[..end.map_or(rules.len(), |index| index + 1)]
}

/// A rule whose only outcome is another rule has the conditions of both.
fn flattened(rule: &Rule) -> (Vec<&Condition>, &Outcome) {
    let mut conditions: Vec<&Condition> = rule.conditions.iter().collect();
    let mut outcome = &rule.outcome;
    while let Outcome::Rules(rules) = outcome
        && let [only] = reached(rules)
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
    let asks = |condition: &Condition| !matches!(condition, Condition::Let(..));
    leads_somewhere && !rule.conditions.iter().any(asks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::endpoint::Setting;

    fn rule(region: &str, message: &str) -> Rule {
        let values = [
            Expression::Setting(Setting::Region),
            Expression::Text(region.to_owned()),
        ];
        Rule {
            conditions: vec![Condition::Holds(Expression::Equal(Box::new(values)))],
            outcome: Outcome::Error(Expression::Text(message.to_owned())),
        }
    }

    /// The regions of rules in their new order.
    fn ordered(rules: &[Rule]) -> Vec<&str> {
        let constants = together(rules).into_iter().filter_map(comparison);
        constants.map(|(_, constant)| constant).collect()
    }

    #[test]
    fn what_all_alternatives_ask_is_asked_once() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|text| Expression::Text(text.to_owned()));
        let factored = |alternatives: &[&[&Expression]]| {
            let owned = |values: &[&Expression]| values.iter().map(|value| (*value).clone()).collect::<Vec<_>>();
            let (common, others) = factored(alternatives.iter().map(|asked| asked.to_vec()).collect());
            (
                owned(&common),
                others.iter().map(|asked| owned(asked)).collect::<Vec<_>>(),
            )
        };
        let all = |values: &[&Expression]| values.iter().map(|value| (*value).clone()).collect::<Vec<_>>();
        let factors = factored(&[&[&a, &c, &d], &[&c, &b, &d]]);
        assert_eq!(factors, (all(&[&c, &d]), vec![all(&[&a]), all(&[&b])]));
        let factors = factored(&[&[&a], &[&b, &c]]);
        assert_eq!(factors, (vec![], vec![all(&[&a]), all(&[&b, &c])]));
        // One that asks no more than all others decides, and so do two of which one holds.
        assert_eq!(factored(&[&[&a], &[&a, &b]]), (all(&[&a]), vec![]));
        let not_b = Expression::Not(Box::new(b.clone()));
        assert_eq!(factored(&[&[&a, &b], &[&a, &not_b]]), (all(&[&a]), vec![]));
    }

    #[test]
    fn rules_with_one_result_come_together() {
        let rules = [
            rule("a", "x"),
            rule("b", "y"),
            rule("c", "x"),
            rule("d", "y"),
            rule("e", "z"),
        ];
        assert_eq!(ordered(&rules), ["a", "c", "b", "d", "e"]);
        // The second rule for a region never decides, and must not come before the first.
        let rules = [rule("a", "x"), rule("b", "y"), rule("b", "x")];
        assert_eq!(ordered(&rules), ["a", "b", "b"]);
    }
}
