//! Expressions.

use std::slice;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{Emitter, setting};
use crate::ir::endpoint::{Expression, Field, Function, Type};

impl Emitter<'_> {
    /// The value itself: `bool`, `&str` or `String`, a record; an `Option` of it where it may be empty.
    pub(super) fn value(&mut self, expression: &Expression) -> TokenStream {
        match expression {
            Expression::Boolean(value) => quote!(#value),
            Expression::Size(size) => {
                let size = Literal::u32_unsuffixed(*size);
                quote!(#size)
            }
            Expression::Text(text) => quote!(#text),
            Expression::Concat(parts) => {
                let template = self.template(parts);
                quote!(format!(#template))
            }
            Expression::Setting(asked) => {
                self.asks_params = true;
                setting(*asked)
            }
            Expression::Parameter(field, _) => {
                self.asks_operation = true;
                let field = format_ident!("{field}");
                quote!(operation.#field)
            }
            Expression::Variable(variable) => self.variable(variable),
            Expression::Field(variable, field) => {
                let variable = self.variable(variable);
                let field = field_of(*field);
                quote!(#variable.#field)
            }
            Expression::Element(list, index) => {
                let list = self.borrowed(list);
                let index = Literal::i32_unsuffixed(*index);
                self.call("element", [list, quote!(#index)].into_iter())
            }
            Expression::Not(value) => self.not(value),
            Expression::Equal(values) => self.equal(values, false),
            Expression::IsSet(value) => {
                let value = self.operand(value);
                quote!(#value.is_some())
            }
            Expression::OrElse {
                first,
                second,
                is_optional,
            } => self.or_else(first, second, *is_optional),
            Expression::IfElse(values) => {
                let [condition, yes, no] = values.each_ref().map(|value| self.value(value));
                quote!(if #condition { #yes } else { #no })
            }
            Expression::Some(value) => {
                let value = self.value(value);
                quote!(Some(#value))
            }
            Expression::Then {
                first,
                variable,
                second,
                is_optional,
            } => self.then(first, variable, second, *is_optional),
            Expression::Call(function, arguments) => self.function(function, arguments),
        }
    }

    /// The value in a place for `&str`, or for a list.
    pub(super) fn borrowed(&mut self, expression: &Expression) -> TokenStream {
        let value = self.value(expression);
        let is_list = matches!(expression, Expression::Field(_, Field::ResourceId));
        match expression.is_made() || is_list {
            true => quote!(&#value),
            false => value,
        }
    }

    /// The value in `let Some(..) = value`. Lists are borrowed.
    pub(super) fn scrutinee(&mut self, expression: &Expression) -> TokenStream {
        let value = self.value(expression);
        match expression {
            Expression::Parameter(_, true) => quote!(&#value),
            Expression::Call(function, _) if function.result == Type::List => quote!(&#value),
            _ => value,
        }
    }

    /// Text that is not put together here, but where it is used.
    pub(super) fn unformatted(&mut self, expression: &Expression) -> TokenStream {
        let template = match expression {
            Expression::Concat(parts) => self.template(parts),
            text => self.template(slice::from_ref(text)),
        };
        quote!(format_args!(#template))
    }

    /// Texts one after the other, as a template where each variable stands in its place.
    fn template(&mut self, parts: &[Expression]) -> TokenStream {
        let mut template = String::new();
        let mut arguments = Vec::new();
        for part in parts {
            match part {
                Expression::Text(text) => template += &text.replace('{', "{{").replace('}', "}}"),
                Expression::Variable(variable) => template += &format!("{{{}}}", self.variable(variable)),
                part => {
                    template += "{}";
                    arguments.push(self.value(part));
                }
            }
        }
        quote!(#template #(, #arguments)*)
    }

    fn not(&mut self, value: &Expression) -> TokenStream {
        match value {
            Expression::Equal(values) => self.equal(values, true),
            Expression::IsSet(value) => {
                let value = self.operand(value);
                quote!(#value.is_none())
            }
            value => {
                let value = self.operand(value);
                quote!(!#value)
            }
        }
    }

    fn or_else(&mut self, first: &Expression, second: &Expression, is_optional: bool) -> TokenStream {
        let first = self.operand(first);
        let second = self.value(second);
        match is_optional {
            true => quote!(#first.or(#second)),
            false => quote!(#first.unwrap_or(#second)),
        }
    }

    fn then(&mut self, first: &Expression, variable: &str, second: &Expression, is_optional: bool) -> TokenStream {
        let second = self.value(second);
        self.is_used(variable);
        // What is not a reference already must outlive what becomes of it.
        let is_reference = matches!(first, Expression::Call(function, _) if function.result == Type::Partition);
        let as_ref = (!is_reference).then(|| quote!(.as_ref()));
        let first = self.operand(first);
        let variable = format_ident!("{variable}");
        let then = format_ident!("{}", if is_optional { "and_then" } else { "map" });
        quote!(#first #as_ref.#then(|#variable| #second))
    }

    /// Whether two values are the same, or whether they differ.
    fn equal(&mut self, values: &[Expression; 2], differ: bool) -> TokenStream {
        let is_empty = |value: &Expression| matches!(value, Expression::Text(text) if text.is_empty());
        match values {
            [value, empty] | [empty, value] if is_empty(empty) => {
                let value = self.operand(value);
                let not = differ.then(|| quote!(!));
                quote!(#not #value.is_empty())
            }
            // The constant comes last.
            [a @ Expression::Text(_), b] | [b, a] => {
                let [b, a] = [b, a].map(|value| self.operand(value));
                let operator = if differ { quote!(!=) } else { quote!(==) };
                quote!(#b #operator #a)
            }
        }
    }

    /// The value beside an operator or before a dot.
    fn operand(&mut self, expression: &Expression) -> TokenStream {
        let value = self.value(expression);
        match expression {
            Expression::Not(_) | Expression::Equal(_) | Expression::IfElse(_) => quote!((#value)),
            _ => value,
        }
    }

    fn variable(&mut self, variable: &str) -> TokenStream {
        self.used.insert(variable.to_owned());
        let variable = format_ident!("{variable}");
        quote!(#variable)
    }

    fn function(&mut self, function: &Function, arguments: &[Expression]) -> TokenStream {
        let table = (function.result == Type::Partition).then(|| self.partitions());
        let arguments: Vec<_> = arguments.iter().map(|argument| self.borrowed(argument)).collect();
        self.call(function.runtime, table.into_iter().chain(arguments))
    }

    /// The table of partitions.
    fn partitions(&mut self) -> TokenStream {
        self.asks_partitions = true;
        match self.shares_partitions {
            true => self.scope.item("crate::runtime::support::PARTITIONS").to_token_stream(),
            false => quote!(PARTITIONS),
        }
    }

    /// Calls a function of the runtime, or one of its types.
    fn call(&self, path: &str, arguments: impl Iterator<Item = TokenStream>) -> TokenStream {
        let mut path = path.split("::");
        let first = path.next().unwrap_or_default();
        let first = self
            .scope
            .item(format!("crate::runtime::support::endpoint_rules::{first}"));
        let rest = path.map(|name| format_ident!("{name}"));
        quote!(#first #(::#rest)* (#(#arguments),*))
    }
}

fn field_of(field: Field) -> TokenStream {
    let name = match field {
        Field::Name => "name",
        Field::DnsSuffix => "dns_suffix",
        Field::DualStackDnsSuffix => "dual_stack_dns_suffix",
        Field::ImplicitGlobalRegion => "implicit_global_region",
        Field::SupportsFips => "supports_fips",
        Field::SupportsDualStack => "supports_dual_stack",
        Field::Scheme => "scheme",
        Field::Authority => "authority",
        Field::Path => "path",
        Field::NormalizedPath => return quote!(normalized_path.as_str()),
        Field::IsIp => "is_ip",
        Field::Partition => "partition",
        Field::Service => "service",
        Field::Region => "region",
        Field::AccountId => "account_id",
        Field::ResourceId => "resource_id",
    };
    let name = format_ident!("{name}");
    quote!(#name)
}
