//! `src/endpoint.rs`: the endpoint rules as a function, and the partitions as a table.

mod expression;
mod partition;
mod rule;
mod scratch;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::docs;
use super::format::Source;
use super::scope::Scope;
use crate::ir::endpoint::{
    Constant, EndpointParam, EndpointParamValue, Expression, Parameter, ParameterType, RuleSet, Setting,
    Source as ParameterSource,
};

pub(super) use partition::shared as shared_partitions;
pub(super) use scratch::files;

pub(super) fn emit(rules: &RuleSet) -> Source {
    emit_with(rules, Properties::Drop)
}

/// What becomes of the properties of endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Properties {
    /// The client gets what it needs of them.
    Drop,
    /// The resolver is tested, and returns them all.
    Keep,
}

fn emit_with(rules: &RuleSet, properties: Properties) -> Source {
    let scope = Scope::default();
    let mut emitter = Emitter {
        properties,
        scope: &scope,
        used: BTreeSet::new(),
        asks_params: false,
        asks_operation: false,
        asks_partitions: false,
        shares_partitions: properties == Properties::Drop && partition::are_shared(&rules.partitions),
    };
    // From the end to the start, so that it is known which variables are used.
    let body = emitter.body(&rules.rules);
    let prologue = emitter.prologue(&rules.parameters);
    let underscored = |name: &str, is_used: bool| format_ident!("{}{name}", if is_used { "" } else { "_" });
    let params = underscored("params", emitter.asks_params);
    let operation = (chooses(rules) || properties == Properties::Keep).then(|| {
        let name = underscored("operation", emitter.asks_operation);
        quote!(#name: &OperationParams<'_>)
    });
    let has_table = emitter.asks_partitions && !emitter.shares_partitions;
    let partitions = has_table.then(|| partition::emit(&rules.partitions, &scope));
    let operation_params = operation_params(rules, properties, &scope);
    let (endpoint, endpoint_params) = (scope.endpoint(), scope.endpoint_params());
    let items = quote! {
        #operation_params

        /// The endpoint for these parameters, or why there is none.
        pub(crate) fn resolve(#params: &#endpoint_params<'_>, #operation) -> Result<#endpoint, String> {
            #prologue
            #body
        }

        #partitions
    };
    let head = quote! {
        //! Where requests go: the endpoint rules of the service.
    };
    Source::new(head, items, scope)
}

/// The parameters that operations set.
fn operation_params(rules: &RuleSet, properties: Properties, scope: &Scope) -> TokenStream {
    let parameters: Vec<_> = own_parameters(rules).collect();
    if parameters.is_empty() && properties == Properties::Drop {
        return TokenStream::new();
    }
    let fields = parameters.iter().map(|parameter| {
        let text = match parameter.docs.as_str() {
            "" => format!("`{}`.", parameter.name),
            text => text.to_owned(),
        };
        let docs = docs(&text);
        let field = format_ident!("{}", parameter.field);
        let ty = match parameter.ty {
            ParameterType::Text => quote!(&'a str),
            ParameterType::Boolean => quote!(bool),
            ParameterType::List => quote!(Vec<&'a str>),
        };
        quote! {
            #docs
            pub #field: Option<#ty>,
        }
    });
    // Tests of the rules set all parameters.
    let settings = (properties == Properties::Drop).then(|| take_settings(rules, scope));
    let settings = settings.flatten();
    let phantom_data = scope.phantom_data();
    let marker = lacks_lifetime(rules).then(|| {
        quote! {
            /// Holds the lifetime, because nothing else does.
            pub lifetime: #phantom_data<&'a ()>,
        }
    });
    quote! {
        /// What operations add to the parameters of the rules.
        #[derive(Clone, Debug, Default)]
        pub struct OperationParams<'a> {
            #(#fields)*
            #marker
        }

        #settings
    }
}

/// Whether all parameters that operations set are copies.
fn lacks_lifetime(rules: &RuleSet) -> bool {
    own_parameters(rules).all(|parameter| parameter.ty == ParameterType::Boolean)
}

/// Whether operations can have a say in where their requests go.
pub(super) fn chooses(rules: &RuleSet) -> bool {
    own_parameters(rules).next().is_some()
}

/// The parameters that the clients of all services know nothing of.
fn own_parameters(rules: &RuleSet) -> impl Iterator<Item = &Parameter> {
    let is_own = |parameter: &&Parameter| parameter.asked && !matches!(parameter.source, ParameterSource::Client(_));
    rules.parameters.iter().filter(is_own)
}

/// The parameters as far as no operation has a say, as a value of `OperationParams`.
pub(super) fn params_of_client(rules: &RuleSet, scope: &Scope) -> TokenStream {
    let ty = scope.operation_params();
    match rules.own_settings().next() {
        Some(_) => quote!(#ty::of(params)),
        None => quote!(#ty::default()),
    }
}

/// Takes the settings of this service's clients.
fn take_settings(rules: &RuleSet, scope: &Scope) -> Option<TokenStream> {
    rules.own_settings().next()?;
    let fields = rules.own_settings().map(|parameter| {
        let (field, name) = (format_ident!("{}", parameter.field), &parameter.name);
        match parameter.ty {
            ParameterType::Text => quote!(#field: params.own_text(#name),),
            ParameterType::Boolean => quote!(#field: params.own_flag(#name),),
            ParameterType::List => quote!(#field: None,),
        }
    });
    let endpoint_params = scope.endpoint_params();
    Some(quote! {
        impl<'a> OperationParams<'a> {
            /// What the client's settings say.
            pub(crate) fn of(params: &#endpoint_params<'a>) -> Self {
                Self { #(#fields)* ..Self::default() }
            }
        }
    })
}

/// What an operation adds to the parameters, as a value of `OperationParams`. `member` writes what reads a member of the
/// input, an `Option` of `&str`, `bool` or `Vec<&str>`.
pub(super) fn operation_params_value(
    rules: &RuleSet,
    params: &[EndpointParam],
    scope: &Scope,
    member: impl Fn(usize) -> TokenStream,
) -> TokenStream {
    let fields = params.iter().map(|param| {
        let field = format_ident!("{}", param.field);
        let value = match &param.value {
            EndpointParamValue::Static(value) => {
                let value = constant(value);
                quote!(Some(#value))
            }
            EndpointParamValue::Member(index) => member(*index),
        };
        quote!(#field: #value,)
    });
    let is_whole = own_parameters(rules).count() == params.len() && !lacks_lifetime(rules);
    let ty = scope.operation_params();
    let others = params_of_client(rules, scope);
    let rest = (!is_whole).then(|| quote!(..#others));
    quote!(#ty { #(#fields)* #rest })
}

/// The work in progress. Rules are written from the end to the start, so that it is known which variables are used.
struct Emitter<'s> {
    properties: Properties,
    scope: &'s Scope,
    /// The variables that what has been written uses.
    used: BTreeSet<String>,
    /// Whether it uses the parameters.
    asks_params: bool,
    asks_operation: bool,
    /// Whether it uses the partitions.
    asks_partitions: bool,
    /// Whether the runtime has them.
    shares_partitions: bool,
}

impl Emitter<'_> {
    /// Whether a variable is used after the place where it is bound.
    fn is_used(&mut self, variable: &str) -> bool {
        self.used.remove(variable)
    }

    /// Parameters that must be set or have a default.
    fn prologue(&mut self, parameters: &[Parameter]) -> TokenStream {
        let bound = parameters.iter().filter_map(|parameter| {
            let variable = parameter.variable.as_ref()?;
            let value = match parameter.source {
                ParameterSource::Client(setting) => Expression::Setting(setting),
                ParameterSource::OwnSetting | ParameterSource::Operation | ParameterSource::Nowhere => {
                    Expression::Parameter(parameter.field.clone(), parameter.ty == ParameterType::List)
                }
            };
            Some(self.required(parameter, variable, &value))
        });
        bound.collect()
    }

    fn required(&mut self, parameter: &Parameter, variable: &str, value: &Expression) -> TokenStream {
        let is_used = self.is_used(variable);
        let variable = format_ident!("{variable}");
        match &parameter.default {
            Some(_) if !is_used => TokenStream::new(),
            Some(default) => {
                let value = self.value(value);
                let default = constant(default);
                match parameter.ty {
                    ParameterType::List => quote! {
                        let default: Vec<&str> = #default;
                        let #variable = #value.as_ref().unwrap_or(&default);
                    },
                    ParameterType::Text | ParameterType::Boolean => quote!(let #variable = #value.unwrap_or(#default);),
                }
            }
            None => {
                let message = format!("Cannot find value for required parameter {}", parameter.name);
                let refuse = self.refuse(&quote!(#message));
                let value = match is_used {
                    true => self.scrutinee(value),
                    false => self.value(value),
                };
                match is_used {
                    true => quote!(let Some(#variable) = #value else { return #refuse; };),
                    false => quote!(if #value.is_none() { return #refuse; }),
                }
            }
        }
    }

    fn refuse(&self, reason: &TokenStream) -> TokenStream {
        let refuse = self.scope.refuse();
        quote!(#refuse(#reason))
    }
}

/// A constant, as the field of a parameter holds it.
pub(super) fn constant(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Text(text) => quote!(#text),
        Constant::Boolean(value) => quote!(#value),
        Constant::List(texts) => quote!(vec![#(#texts),*]),
    }
}

fn setting(setting: Setting) -> TokenStream {
    match setting {
        Setting::Region => quote!(params.region),
        Setting::Endpoint => quote!(params.endpoint),
        Setting::UseFips => quote!(params.use_fips),
        Setting::UseDualStack => quote!(params.use_dual_stack),
    }
}
