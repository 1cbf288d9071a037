//! What operations say to the endpoint rules: values of their own, and those of members.

use super::{Lowering, endpoint_rules};
use crate::diagnostics::did_you_mean;
use crate::ir::endpoint::{EndpointParam, EndpointParamValue, Parameter, ParameterType, RuleSet};
use crate::ir::{Member, Type};
use crate::model::service::{Operation, Reference};
use crate::source::JsonPath;

impl<'m> Lowering<'m> {
    /// What an operation adds to the parameters of the rules, if there are rules.
    pub(super) fn context_params(
        &mut self,
        name: &str,
        operation: &Operation,
        input: &[Member],
        rules: Option<&RuleSet>,
    ) -> Vec<EndpointParam> {
        let Some(rules) = rules else {
            return Vec::new();
        };
        let mut params = self.static_params(name, operation, rules);
        for param in self.member_params(operation, input, rules) {
            // What an operation always says wins over a member.
            if params.iter().all(|other| other.field != param.field) {
                params.push(param);
            }
        }
        params
    }

    /// The settings that the clients of this service have for the rules: those that no operation sets.
    pub(super) fn own_settings(&self) -> Vec<&'m str> {
        let model = &self.model.service;
        let names = model.client_context_params.keys().map(String::as_str);
        names.filter(|name| !self.is_set_by_operations(name)).collect()
    }

    fn is_set_by_operations(&self, name: &str) -> bool {
        self.model.service.operations.values().any(|operation| {
            let input = operation.input.as_ref().and_then(|input| self.shape(input));
            let mut members = input.iter().flat_map(|input| input.members.values());
            let is_it = |member: &Reference| member.context_param.as_ref().is_some_and(|param| param.name == name);
            operation.static_context_params.contains_key(name) || members.any(is_it)
        })
    }

    fn static_params(&mut self, name: &str, operation: &Operation, rules: &RuleSet) -> Vec<EndpointParam> {
        let path = self.operation_path(name).key("staticContextParams");
        let mut params = Vec::new();
        for (name, param) in &operation.static_context_params {
            let path = path.key(name);
            let Some(parameter) = self.parameter(name, rules, &path) else {
                continue;
            };
            match endpoint_rules::constant(&param.value, parameter.ty) {
                Some(_) if !parameter.asked => {}
                Some(value) => params.push(EndpointParam {
                    field: parameter.field.clone(),
                    value: EndpointParamValue::Static(value),
                }),
                None => self.error_type(name, parameter.ty, &path.key("value")),
            }
        }
        params
    }

    fn member_params(&mut self, operation: &Operation, input: &[Member], rules: &RuleSet) -> Vec<EndpointParam> {
        let Some(reference) = &operation.input else {
            return Vec::new();
        };
        let Some(shape) = self.shape(reference) else {
            return Vec::new();
        };
        let mut params = Vec::new();
        for (index, member) in input.iter().enumerate() {
            let param = shape
                .members
                .get(&member.name)
                .and_then(|member| member.context_param.as_ref());
            let Some(param) = param else {
                continue;
            };
            let path = self.shape_path(&reference.shape).key("members").key(&member.name);
            let path = path.key("contextParam").key("name");
            let Some(parameter) = self.parameter(&param.name, rules, &path) else {
                continue;
            };
            if has_type(&member.ty, parameter.ty) {
                if !parameter.asked {
                    continue;
                }
                params.push(EndpointParam {
                    field: parameter.field.clone(),
                    value: EndpointParamValue::Member(index),
                });
            } else {
                self.error_type(&param.name, parameter.ty, &path);
            }
        }
        params
    }

    fn parameter<'r>(&mut self, name: &str, rules: &'r RuleSet, path: &JsonPath) -> Option<&'r Parameter> {
        let parameter = rules.operation_parameter(name);
        if parameter.is_none() {
            let names = rules.parameters.iter().map(|parameter| parameter.name.as_str());
            let names = names.filter(|name| rules.operation_parameter(name).is_some());
            let suggestion = did_you_mean(name, names);
            self.error(
                path,
                format!("the endpoint rules have no parameter `{name}` that operations set"),
                format!("name one of their `parameters`{suggestion}, or remove this"),
            );
        }
        parameter
    }

    fn error_type(&mut self, name: &str, ty: ParameterType, path: &JsonPath) {
        let ty = match ty {
            ParameterType::Text => "a string",
            ParameterType::Boolean => "a boolean",
            ParameterType::List => "a list of strings",
        };
        let message = format!("the parameter `{name}` of the endpoint rules is {ty}, and this is not");
        self.error(path, message, format!("give it {ty}"));
    }
}

fn has_type(ty: &Type, wanted: ParameterType) -> bool {
    match wanted {
        ParameterType::Text => matches!(ty, Type::String | Type::Enum(_)),
        ParameterType::Boolean => *ty == Type::Boolean,
        ParameterType::List => matches!(ty, Type::List { element, sparse: false, .. } if **element == Type::String),
    }
}
