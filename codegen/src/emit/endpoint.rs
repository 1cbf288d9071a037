//! `src/endpoint.rs`: the endpoint rules as a function, and the partitions as a table.

mod expression;
mod partition;
mod rule;
mod scratch;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::docs;
use crate::ir::endpoint::{
    Constant, EndpointParam, EndpointParamValue, Expression, Parameter, ParameterType, RuleSet, Setting, Source,
};

pub(super) use scratch::files;

pub(super) fn emit(rules: &RuleSet) -> TokenStream {
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

fn emit_with(rules: &RuleSet, properties: Properties) -> TokenStream {
    let mut emitter = Emitter {
        properties,
        used: BTreeSet::new(),
        items: BTreeSet::new(),
        asks_params: false,
    };
    // From the end to the start, so that it is known which variables are used.
    let body = emitter.body(&rules.rules);
    let prologue = emitter.prologue(&rules.parameters);
    let params = format_ident!("{}", if emitter.asks_params { "params" } else { "_params" });
    let partitions = emitter
        .items
        .contains("Partition")
        .then(|| partition::emit(&rules.partitions));
    let operation_params = operation_params(rules);
    let functions = imports(quote!(endpoint_rules), &emitter.items, Item::Function);
    let marker = operation_params.is_none().then_some("NoOperationParams");
    let mut types: BTreeSet<&'static str> = ["Endpoint", "EndpointParams"].into();
    types.extend(emitter.items.iter().filter(|item| TYPES.contains(item)));
    let types = imports(quote!(endpoint), &types, Item::Type);
    let marker = marker.map(|marker| {
        let marker = format_ident!("{marker}");
        quote!(pub(crate) use crate::runtime::endpoint::#marker as OperationParams;)
    });
    let lifetime = lacks_lifetime(rules).then(|| {
        quote!(
            use std::marker::PhantomData;
        )
    });
    let json = emitter.items.contains("json").then(|| {
        quote!(
            use serde_json::json;
        )
    });
    quote! {
        //! Where requests go: the service's endpoint rules, and the partitions of AWS.

        #lifetime

        #json
        #marker
        #types
        #functions

        #operation_params

        /// The endpoint for these parameters, or why there is none.
        pub(crate) fn resolve(#params: &EndpointParams<'_>) -> Result<Endpoint, String> {
            #prologue
            #body
        }

        #partitions
    }
}

/// What the resolver uses of the runtime's module `endpoint`, beside what it always does.
const TYPES: [&str; 3] = ["SigningScope", "refuse", "refuse_sigv4a"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Type,
    Function,
}

fn imports(module: TokenStream, items: &BTreeSet<&'static str>, kind: Item) -> Option<TokenStream> {
    let is_wanted = |item: &&&'static str| match kind {
        Item::Type => true,
        Item::Function => !TYPES.contains(*item) && **item != "json",
    };
    let items: Vec<_> = items
        .iter()
        .filter(is_wanted)
        .map(|item| format_ident!("{item}"))
        .collect();
    match items.as_slice() {
        [] => None,
        [item] => Some(quote!(use crate::runtime::#module::#item;)),
        items => Some(quote!(use crate::runtime::#module::{#(#items),*};)),
    }
}

/// The parameters that operations set.
fn operation_params(rules: &RuleSet) -> Option<TokenStream> {
    let parameters: Vec<_> = own_parameters(rules).collect();
    if parameters.is_empty() {
        return None;
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
    let marker = lacks_lifetime(rules).then(|| {
        quote! {
            /// Holds the lifetime, because nothing else does.
            pub lifetime: PhantomData<&'a ()>,
        }
    });
    Some(quote! {
        /// What operations add to the parameters of the rules.
        #[derive(Clone, Debug, Default)]
        pub struct OperationParams<'a> {
            #(#fields)*
            #marker
        }
    })
}

/// Whether all parameters that operations set are copies.
fn lacks_lifetime(rules: &RuleSet) -> bool {
    let mut own = own_parameters(rules).peekable();
    own.peek().is_some() && own.all(|parameter| parameter.ty == ParameterType::Boolean)
}

/// The parameters that no setting of the client has.
fn own_parameters(rules: &RuleSet) -> impl Iterator<Item = &Parameter> {
    let is_own = |parameter: &&Parameter| matches!(parameter.source, Source::Operation | Source::Nowhere);
    rules.parameters.iter().filter(is_own)
}

/// What an operation adds to the parameters, as a value of `OperationParams`. `member` writes what reads a member of the
/// input, an `Option` of `&str`, `bool` or `Vec<&str>`.
pub(super) fn operation_params_value(
    rules: &RuleSet,
    params: &[EndpointParam],
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
    let rest = (!is_whole).then(|| quote!(..OperationParams::default()));
    quote!(OperationParams { #(#fields)* #rest })
}

/// The work in progress. Rules are written from the end to the start, so that it is known which variables are used.
struct Emitter {
    properties: Properties,
    /// The variables that what has been written uses.
    used: BTreeSet<String>,
    /// What has been written uses of the runtime.
    items: BTreeSet<&'static str>,
    /// Whether it uses the parameters.
    asks_params: bool,
}

impl Emitter {
    /// Whether a variable is used after the place where it is bound.
    fn is_used(&mut self, variable: &str) -> bool {
        self.used.remove(variable)
    }

    /// Parameters that must be set or have a default.
    fn prologue(&mut self, parameters: &[Parameter]) -> TokenStream {
        let bound = parameters.iter().filter_map(|parameter| {
            let variable = parameter.variable.as_ref()?;
            let value = match parameter.source {
                Source::Client(setting) => Expression::Setting(setting),
                Source::Operation | Source::Nowhere => {
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

    fn refuse(&mut self, reason: &TokenStream) -> TokenStream {
        self.items.insert("refuse");
        quote!(refuse(#reason))
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
