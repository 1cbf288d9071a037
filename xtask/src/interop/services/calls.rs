//! Code that makes a call of a client with an input that is JSON, and shows its outcome as JSON: the reverse of
//! `protocol_tests/output.rs`, with the same names.
//!
//! There is a function for each type and each operation. A blob is text in hexadecimal, a point in time a number of seconds.

use anyhow::{Result, bail};
use codegen::ir::{Form, Member, Operation, Type, TypeDefinition};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::protocol_tests::api::Api;
use crate::protocol_tests::input::{date_time, definition, rust_type, type_path, variants};
use crate::protocol_tests::output;

/// What each random identifier is, on both sides.
const TOKEN: &str = "00000000-0000-4000-8000-000000000000";

/// The module with the calls of a client.
pub(super) fn module_name(api: &Api) -> String {
    format!("calls_of_{}", api.crate_name())
}

/// The function that makes any call, and those that it needs.
pub(super) fn module(api: &Api) -> Result<TokenStream> {
    let krate = format_ident!("{}", api.crate_name());
    let (mut functions, mut arms) = (TokenStream::new(), TokenStream::new());
    for operation in &api.service.operations {
        let (name, function) = (&operation.name, format_ident!("{}", operation.fn_name));
        arms.extend(quote!(#name => #function(&client, &members).await,));
        functions.extend(call(api, operation)?);
    }
    let sent = api.service.types.iter().filter(|(_, definition)| definition.sent);
    for (key, definition) in sent {
        functions.extend(named(api, key, definition)?);
    }
    let mut inputs = api.service.operations.iter().flat_map(|operation| &operation.input);
    let tokens = inputs
        .any(|member| member.idempotency_token)
        .then(|| quote!(.idempotency_tokens(|| String::from(#TOKEN))));
    Ok(quote! {
        #![allow(clippy::all, deprecated, nonstandard_style, unused)]

        use serde_json::{Map, Value};
        use tests::calls::{self, BoxError, Call, Observed};

        pub(crate) fn call(endpoint_url: String, operation: String, members: Map<String, Value>) -> Call {
            Box::pin(async move {
                let client = #krate::Client::builder()
                    .region("us-east-1")
                    .credentials(#krate::Credentials::new("AKIDEXAMPLE", "secret", None, None, "interop"))
                    .endpoint_url(endpoint_url)
                    .retries(#krate::Retries::none())
                    #tokens
                    .build()?;
                match &*operation {
                    #arms
                    _ => Err(format!("the client has no operation `{operation}`").into()),
                }
            })
        }

        #functions
    })
}

/// The function that calls an operation.
fn call(api: &Api, operation: &Operation) -> Result<TokenStream> {
    let (krate, function) = (
        format_ident!("{}", api.crate_name()),
        format_ident!("{}", operation.fn_name),
    );
    let setters = setters(api, &operation.input)?;
    let views = format_ident!("{}", output::views(api));
    let shown = output::output(api, operation)?;
    Ok(quote! {
        async fn #function(client: &#krate::Client, members: &Map<String, Value>) -> Observed {
            let builder = client.#function();
            #setters
            match builder.send().await {
                Ok(output) => Ok(tests::protocol::output(#shown)),
                Err(error) => Ok(tests::protocol::error(
                    error.code(),
                    error.message(),
                    crate::#views::show_error(&error),
                    &error.to_string(),
                )),
            }
        }
    })
}

/// Statements that give `builder` what `members` has.
fn setters(api: &Api, members: &[Member]) -> Result<TokenStream> {
    let mut setters = TokenStream::new();
    for member in members {
        let (name, field) = (&member.name, format_ident!("{}", member.field));
        let value = value(api, &member.ty)?;
        setters.extend(match member.required {
            true => quote! {
                let value = calls::required(members, #name)?;
                let builder = builder.#field(#value);
            },
            false => quote! {
                let builder = match members.get(#name) {
                    Some(value) => builder.#field(#value),
                    None => builder,
                };
            },
        });
    }
    Ok(setters)
}

/// What `value`, a reference to JSON, stands for.
fn value(api: &Api, ty: &Type) -> Result<TokenStream> {
    Ok(match ty {
        Type::String | Type::JsonText => quote!(calls::text(value)?.to_owned()),
        Type::Byte | Type::Short | Type::Integer | Type::Long => {
            let ty = rust_type(api, ty)?;
            quote!(calls::integer::<#ty>(value)?)
        }
        Type::Float => quote!(calls::float(value)? as f32),
        Type::Double => quote!(calls::float(value)?),
        Type::Boolean => quote!(calls::boolean(value)?),
        Type::Blob => quote!(calls::blob(value)?),
        Type::Timestamp(_) => {
            let date_time = date_time(api);
            quote!(#date_time::from_millis(calls::millis(value)?))
        }
        Type::Document => quote!(value.clone()),
        Type::Enum(key) => {
            let path = type_path(api, key)?;
            quote!(#path::from(calls::text(value)?))
        }
        Type::Structure(key) | Type::Union(key) => {
            let function = function(api, key)?;
            quote!(#function(value)?)
        }
        Type::EventStream(_) => bail!("events are not sent"),
        Type::List { element, sparse, .. } => {
            let (ty, element) = (rust_type(api, ty)?, element_value(api, element, *sparse)?);
            quote!(calls::list(value)?.iter().map(|value| Ok(#element)).collect::<Result<#ty, BoxError>>()?)
        }
        Type::Map {
            key,
            value: value_type,
            sparse,
            ..
        } => {
            let (ty, value) = (rust_type(api, ty)?, element_value(api, value_type, *sparse)?);
            let key = match &**key {
                Type::Enum(key) => {
                    let path = type_path(api, key)?;
                    quote!(#path::from(&**key))
                }
                _ => quote!(key.clone()),
            };
            quote!(calls::members(value)?.iter().map(|(key, value)| Ok((#key, #value))).collect::<Result<#ty, BoxError>>()?)
        }
    })
}

fn element_value(api: &Api, ty: &Type, sparse: bool) -> Result<TokenStream> {
    let value = value(api, ty)?;
    Ok(match sparse {
        true => quote!(match value { Value::Null => None, value => Some(#value) }),
        false => value,
    })
}

fn function(api: &Api, key: &str) -> Result<proc_macro2::Ident> {
    let name = &definition(api, key)?.name;
    Ok(format_ident!("read_{}", name.trim_start_matches("r#")))
}

/// The function that makes a type of JSON.
fn named(api: &Api, key: &str, definition: &TypeDefinition) -> Result<TokenStream> {
    let (function, path) = (function(api, key)?, type_path(api, key)?);
    let body = match &definition.form {
        Form::Structure(members) => {
            let setters = setters(api, members)?;
            quote! {
                let members = calls::members(value)?;
                let builder = #path::builder();
                #setters
                Ok(builder.build())
            }
        }
        Form::Union(_) => {
            let mut arms = TokenStream::new();
            for (name, variant) in variants(api, key)? {
                let rust_name = format_ident!("{}", variant.name);
                let Some(ty) = &variant.ty else {
                    arms.extend(quote!(#name => Ok(#path::#rust_name),));
                    continue;
                };
                let value = self::value(api, ty)?;
                let value = if variant.boxed { quote!(Box::new(#value)) } else { value };
                arms.extend(quote!(#name => Ok(#path::#rust_name(#value)),));
            }
            quote! {
                let (name, value) = calls::only_member(value)?;
                match name {
                    #arms
                    _ => Err(format!("the union has no member `{name}`").into()),
                }
            }
        }
        Form::Enum(_) | Form::EventStream(_) => return Ok(TokenStream::new()),
    };
    Ok(quote! {
        fn #function(value: &Value) -> Result<#path, BoxError> {
            #body
        }
    })
}
