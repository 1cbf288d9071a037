//! A crate with nothing but the resolver of endpoints, for tests of the rules.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::{Files, format};
use super::{Properties, constant, emit_with};
use crate::ir::endpoint::{Parameter, ParameterType, RuleSet, Setting, Source};

/// `src/endpoint.rs`, which resolves, `src/params.rs`, which reads the parameters of a case, and the functions of the rules.
pub(crate) fn files(rules: &RuleSet) -> Files {
    let sources = [
        ("src/endpoint.rs", emit_with(rules, Properties::Keep)),
        ("src/params.rs", params(rules).into()),
    ];
    let mut files: Files = sources
        .into_iter()
        .map(|(path, source)| (path.to_owned(), format::source(path, source)))
        .collect();
    let functions = include_str!("../../../../runtime/src/wire/endpoint_rules.rs");
    files.insert("src/runtime/endpoint_rules.rs".to_owned(), functions.to_owned());
    files
}

fn params(rules: &RuleSet) -> TokenStream {
    let (client, operation): (Vec<_>, Vec<_>) = rules
        .parameters
        .iter()
        .partition(|parameter| matches!(parameter.source, Source::Client(_)));
    let client = client.into_iter().map(field);
    let operation = operation.into_iter().filter(|parameter| parameter.asked).map(field);
    let names = rules.parameters.iter().map(|parameter| &parameter.name);
    quote! {
        //! The parameters of a case.

        use crate::endpoint::OperationParams;
        use crate::runtime::support::EndpointParams;
        use crate::values::Values;

        /// The parameters that the rules have.
        pub(crate) const NAMES: &[&str] = &[#(#names),*];

        /// Reads them.
        pub(crate) fn read<'a>(values: &Values<'a>) -> Result<(EndpointParams<'a>, OperationParams<'a>), String> {
            #[allow(unused_mut)]
            let mut operation = OperationParams::default();
            #(operation.#operation)*
            #[allow(unused_mut)]
            let mut params = EndpointParams::default();
            #(params.#client)*
            Ok((params, operation))
        }
    }
}

/// Reads a parameter into its field. The client always has a value for a flag; here it is the default.
fn field(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let read = match parameter.ty {
        ParameterType::Text => quote!(values.text(#name)?),
        ParameterType::Boolean => quote!(values.flag(#name)?),
        ParameterType::List => quote!(values.list(#name)?),
    };
    let field = match parameter.source {
        Source::Client(Setting::Region) => "region",
        Source::Client(Setting::Endpoint) => "endpoint",
        Source::Client(Setting::UseFips) => "use_fips",
        Source::Client(Setting::UseDualStack) => "use_dual_stack",
        Source::OwnSetting | Source::Operation | Source::Nowhere => &parameter.field,
    };
    let field = format_ident!("{field}");
    let is_flag = matches!(
        parameter.source,
        Source::Client(Setting::UseFips | Setting::UseDualStack)
    );
    match &parameter.default {
        Some(default) if is_flag => {
            let default = constant(default);
            quote!(#field = #read.unwrap_or(#default);)
        }
        None if is_flag && parameter.required => {
            let message = format!("Cannot find value for required parameter {name}");
            quote!(#field = #read.ok_or(#message)?;)
        }
        None if is_flag => quote!(#field = #read.unwrap_or_default();),
        _ => quote!(#field = #read;),
    }
}
