//! `endpoint-rule-set-1.json`: where requests go.

use std::fmt;

use indexmap::IndexMap;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::word::{Word, vocabulary};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
pub struct EndpointRules {
    /// The version of the rule language.
    pub version: String,
    /// Prose.
    pub documentation: Option<String>,
    /// The service, by its identifier.
    #[serde(rename = "serviceId")]
    pub service_id: Option<String>,
    /// What the rules ask about, by name.
    pub parameters: IndexMap<String, Parameter>,
    /// The first that matches wins.
    pub rules: Vec<Rule>,
}

/// What the rules ask about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// The type of its value.
    pub r#type: Word<ParameterType>,
    /// The client's setting that it is, such as `AWS::Region`.
    pub built_in: Option<String>,
    /// Its value when there is none.
    pub default: Option<Value>,
    /// Whether there must be a value.
    #[serde(default)]
    pub required: bool,
    /// Prose.
    pub documentation: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: Option<Deprecation>,
}

/// Why a parameter is deprecated.
#[derive(Debug, Deserialize)]
pub struct Deprecation {
    /// What to use instead.
    pub message: Option<String>,
    /// A date.
    pub since: Option<String>,
}

/// A rule: conditions, and what follows when all of them hold.
#[derive(Debug, Deserialize)]
pub struct Rule {
    /// What follows.
    pub r#type: Word<RuleType>,
    /// In order.
    #[serde(default)]
    pub conditions: Vec<Call>,
    /// The result of an `endpoint` rule.
    pub endpoint: Option<Endpoint>,
    /// The message of an `error` rule.
    pub error: Option<Expression>,
    /// The rules of a `tree`.
    pub rules: Option<Vec<Rule>>,
    /// Prose.
    pub documentation: Option<String>,
}

/// Where a request goes.
#[derive(Debug, Deserialize)]
pub struct Endpoint {
    /// Its base URL.
    pub url: Expression,
    /// Such as `authSchemes`.
    #[serde(default)]
    pub properties: IndexMap<String, Value>,
    /// Headers to send, by name.
    #[serde(default)]
    pub headers: IndexMap<String, Vec<Expression>>,
}

/// A call of a function.
#[derive(Debug, Deserialize)]
pub struct Call {
    /// The function's name.
    pub r#fn: String,
    /// Its arguments.
    pub argv: Vec<Expression>,
    /// The variable that gets the result.
    pub assign: Option<String>,
    /// Prose.
    pub documentation: Option<String>,
}

/// A value or the way to it.
#[derive(Debug)]
pub enum Expression {
    /// `{"ref": name}`: a parameter or variable.
    Reference(String),
    /// `{"fn": name, "argv": [..]}`
    Call(Call),
    /// Text, maybe with `{name}` or `{name#attribute}` in it.
    String(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A list.
    List(Vec<Expression>),
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExpressionVisitor)
    }
}

/// The two kinds of expression that are objects.
#[derive(Deserialize)]
struct ExpressionObject {
    r#ref: Option<String>,
    r#fn: Option<String>,
    argv: Option<Vec<Expression>>,
    assign: Option<String>,
    documentation: Option<String>,
}

struct ExpressionVisitor;

impl<'de> Visitor<'de> for ExpressionVisitor {
    type Value = Expression;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a boolean, an integer, an array, `{\"ref\": ..}` or `{\"fn\": .., \"argv\": [..]}`")
    }

    fn visit_str<E>(self, text: &str) -> Result<Expression, E> {
        Ok(Expression::String(text.to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Expression, E> {
        Ok(Expression::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Expression, E> {
        Ok(Expression::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Expression, E> {
        let value = i64::try_from(value).map_err(|_| E::custom("the number is too large"))?;
        Ok(Expression::Integer(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Expression, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(elements)).map(Expression::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Expression, A::Error> {
        let object = ExpressionObject::deserialize(MapAccessDeserializer::new(entries))?;
        match object {
            ExpressionObject {
                r#ref: Some(name),
                r#fn: None,
                argv: None,
                assign: None,
                documentation: None,
            } => Ok(Expression::Reference(name)),
            ExpressionObject {
                r#ref: None,
                r#fn: Some(r#fn),
                argv: Some(argv),
                assign,
                documentation,
            } => Ok(Expression::Call(Call {
                r#fn,
                argv,
                assign,
                documentation,
            })),
            _ => Err(A::Error::custom("expected either `ref` alone, or `fn` and `argv`")),
        }
    }
}

vocabulary! {
    /// The type of a parameter.
    pub enum ParameterType("parameter type", any_case) {
        /// Text.
        Text = "string",
        /// True or false.
        Boolean = "boolean",
        /// Texts.
        List = "stringArray",
    }
}

vocabulary! {
    /// What follows when the conditions of a rule hold.
    pub enum RuleType("rule type") {
        /// Requests have somewhere to go.
        Endpoint = "endpoint",
        /// They have not.
        Error = "error",
        /// More rules.
        Tree = "tree",
    }
}
