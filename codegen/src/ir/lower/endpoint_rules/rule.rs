//! Rules: conditions, and what follows when all of them hold.

use super::expression::not;
use super::{Lowering, Scope, Type, Typed};
use crate::ir::endpoint::{Condition, Endpoint, Expression, Outcome, Rule};
use crate::model::endpoint_rules::{
    Call, Endpoint as ModelEndpoint, Expression as ModelExpression, Rule as ModelRule, RuleType,
};
use crate::source::JsonPath;

impl Lowering<'_, '_, '_> {
    /// Rules that can never be reached are left out.
    pub(super) fn rules(&mut self, rules: &[ModelRule], at: &JsonPath, scope: &Scope) -> Option<Vec<Rule>> {
        let unset = self.unset;
        let rules = rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| !asks_for(rule, unset))
            .map(|(index, rule)| self.rule(rule, &at.index(index), scope));
        // All are lowered before the first failure counts, so that every problem is reported.
        let rules = rules.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
        Some(rules.into_iter().filter(can_match).collect())
    }

    fn rule(&mut self, rule: &ModelRule, at: &JsonPath, scope: &Scope) -> Option<Rule> {
        let mut scope = scope.clone();
        let mut conditions = Vec::new();
        let mut failed = false;
        for (index, call) in rule.conditions.iter().enumerate() {
            let condition = self.condition(call, &at.key("conditions").index(index), &mut scope);
            conditions.extend(self.take_pending());
            match condition {
                Some(condition) => conditions.extend(condition),
                None if call.assign.is_none() => failed = true,
                // What comes next would only say that the name is not known.
                None => return None,
            }
        }
        let kind = rule.r#type.check(&at.key("type"), self.reporter)?;
        let outcome = match (kind, &rule.endpoint, &rule.error, &rule.rules) {
            (RuleType::Endpoint, Some(endpoint), None, None) => {
                let endpoint = self.endpoint(endpoint, &at.key("endpoint"), &mut scope);
                conditions.extend(self.take_pending());
                Outcome::Endpoint(endpoint?)
            }
            (RuleType::Error, None, Some(message), None) => {
                let message = self.present(message, Type::Text, &at.key("error"), &mut scope);
                conditions.extend(self.take_pending());
                Outcome::Error(message?)
            }
            (RuleType::Tree, None, None, Some(rules)) => Outcome::Rules(self.rules(rules, &at.key("rules"), &scope)?),
            _ => {
                let key = match kind {
                    RuleType::Endpoint => "endpoint",
                    RuleType::Error => "error",
                    RuleType::Tree => "rules",
                };
                self.reporter.error(
                    at,
                    format!("a rule of type `{}` has `{key}` and nothing else", rule.r#type),
                    "give the rule exactly the one result that its `type` names",
                );
                return None;
            }
        };
        (!failed).then_some(Rule { conditions, outcome })
    }

    /// A condition, unless it always holds and binds nothing.
    fn condition(&mut self, call: &Call, at: &JsonPath, scope: &mut Scope) -> Option<Option<Condition>> {
        if let ("isSet", [ModelExpression::Reference(name)], None) =
            (call.r#fn.as_str(), call.argv.as_slice(), &call.assign)
        {
            return self.asked_for(name, &at.key("argv").index(0), scope).map(|_| None);
        }
        let value = self.call(call, at, scope)?;
        let Some(name) = &call.assign else {
            return Some(holds(value));
        };
        let at = at.key("assign");
        if scope.get(name).is_some() {
            self.reporter.error(
                &at,
                format!("`{name}` has a value already"),
                "assign to a name that no parameter and no condition before has",
            );
            return None;
        }
        if value.ty == Type::Boolean {
            // What comes after a condition that is false is not reached.
            let meaning = Typed::new(Type::Boolean, Expression::Boolean(true));
            scope.names.push((name.clone(), meaning));
            return Some(holds(value));
        }
        let variable = self.new_variable(name, &at, scope)?;
        let meaning = Typed::new(value.ty, Expression::Variable(variable.clone()));
        scope.names.push((name.clone(), meaning));
        Some(Some(match value.optional {
            true => Condition::Bind(variable, value.expression),
            false => Condition::Let(variable, value.expression),
        }))
    }

    fn endpoint(&mut self, endpoint: &ModelEndpoint, at: &JsonPath, scope: &mut Scope) -> Option<Endpoint> {
        let url = self.present(&endpoint.url, Type::Text, &at.key("url"), scope);
        let mut headers = Some(Vec::new());
        for (name, values) in &endpoint.headers {
            let at = at.key("headers").key(name);
            let values: Vec<_> = values
                .iter()
                .enumerate()
                .map(|(index, value)| self.present(value, Type::Text, &at.index(index), scope))
                .collect();
            let values = values.into_iter().collect::<Option<Vec<_>>>();
            headers = headers.zip(values).map(|(mut headers, values)| {
                headers.push((name.clone(), values));
                headers
            });
        }
        let properties = self.properties(&endpoint.properties, &at.key("properties"), scope);
        let signing = self.signing(&endpoint.properties, &at.key("properties"), scope);
        Some(Endpoint {
            url: url?,
            headers: headers?,
            properties: properties?,
            signing: signing?,
        })
    }

    /// An expression of a result, where nothing can be empty.
    fn present(
        &mut self,
        expression: &ModelExpression,
        ty: Type,
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Expression> {
        let value = self.expression(expression, at, scope)?;
        if value.ty != ty {
            return self.wrong_type(at, ty.article());
        }
        if value.optional {
            return self.may_be_empty(at);
        }
        Some(value.expression)
    }
}

/// What has to be asked for a value to be neither false nor empty.
fn holds(value: Typed) -> Option<Condition> {
    let question = match (value.ty, value.optional) {
        (Type::Boolean, false) => value.expression,
        (Type::Boolean, true) => Expression::OrElse {
            first: Box::new(value.expression),
            second: Box::new(Expression::Boolean(false)),
            is_optional: false,
        },
        (_, true) => Expression::IsSet(Box::new(value.expression)),
        (_, false) => return None,
    };
    (question != Expression::Boolean(true)).then_some(Condition::Holds(question))
}

/// Whether a rule needs a value of one of these parameters.
fn asks_for(rule: &ModelRule, parameters: &[&str]) -> bool {
    rule.conditions.iter().any(|call| match call.argv.as_slice() {
        [ModelExpression::Reference(name)] => call.r#fn == "isSet" && parameters.contains(&name.as_str()),
        _ => false,
    })
}

fn can_match(rule: &Rule) -> bool {
    let is_asked = |wanted: &Expression| {
        let mut conditions = rule.conditions.iter();
        conditions.any(|condition| matches!(condition, Condition::Holds(value) if value == wanted))
    };
    let contradicts = |condition: &Condition| match condition {
        Condition::Holds(value) => *value == Expression::Boolean(false) || is_asked(&not(value.clone())),
        Condition::Bind(..) | Condition::Let(..) => false,
    };
    let is_empty_tree = matches!(&rule.outcome, Outcome::Rules(rules) if rules.is_empty());
    !is_empty_tree && !rule.conditions.iter().any(contradicts)
}
