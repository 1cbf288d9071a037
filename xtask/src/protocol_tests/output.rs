//! Code that shows an output or an error as suites write them: JSON with the members' names in the description.
//!
//! There is a function for each type. A blob is text, a point in time a number, NaN a text, and what is not set is not there.

use anyhow::{Result, bail};
use codegen::ir::{ErrorShape, Form, Location, Member, Operation, Type, TypeDefinition};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::client::Client;
use super::input::{definition, type_path, variants};

/// The functions for what a client's responses are made of.
pub(crate) fn module(client: &Client) -> Result<TokenStream> {
    let mut functions = TokenStream::new();
    for (key, definition) in client
        .service
        .types
        .iter()
        .filter(|(_, definition)| definition.received)
    {
        functions.extend(named(client, key, definition)?);
    }
    functions.extend(errors(client)?);
    Ok(quote! {
        #![allow(clippy::all, dead_code, unused)]

        use serde_json::{Map, Value};

        #functions
    })
}

/// Code that shows an operation's `output`, an expression of type `Value`.
pub(crate) fn output(client: &Client, operation: &Operation) -> Result<TokenStream> {
    let mut inserts = TokenStream::new();
    for member in &operation.output {
        let (name, field) = (&member.name, format_ident!("{}", member.field));
        if (&member.location, &member.ty) == (&Location::Payload, &Type::Blob) {
            inserts.extend(quote! {
                members.insert(#name.to_owned(), tests::protocol::text(&output.#field.bytes().await?));
            });
        } else {
            inserts.extend(insert(client, member, &quote!(output))?);
        }
    }
    Ok(quote! {{
        let mut members = serde_json::Map::new();
        #inserts
        serde_json::Value::Object(members)
    }})
}

/// Puts a member into `members`, if it is set.
fn insert(client: &Client, member: &Member, owner: &TokenStream) -> Result<TokenStream> {
    let (name, field) = (&member.name, format_ident!("{}", member.field));
    let shown = shown(client, &member.ty)?;
    Ok(match member.required {
        true => quote! {{
            let value = &#owner.#field;
            members.insert(#name.to_owned(), #shown);
        }},
        false => quote! {
            if let Some(value) = &#owner.#field {
                members.insert(#name.to_owned(), #shown);
            }
        },
    })
}

/// The `Value` of a `value`, which is a reference.
fn shown(client: &Client, ty: &Type) -> Result<TokenStream> {
    Ok(match ty {
        Type::String | Type::JsonText | Type::Enum(_) => quote!(serde_json::Value::from(value.as_str())),
        Type::Byte | Type::Short | Type::Integer | Type::Long | Type::Boolean => {
            quote!(serde_json::Value::from(*value))
        }
        // Through text, so that an f32 does not get digits that it never had.
        Type::Float | Type::Double => quote!(tests::protocol::float(value)),
        Type::Blob => quote!(tests::protocol::text(value)),
        Type::Timestamp(_) => quote!(tests::protocol::timestamp(value)),
        Type::Document => quote!(value.clone()),
        Type::Structure(key) | Type::Union(key) => {
            let (module, function) = (format_ident!("{}", views(client)), function(client, key)?);
            quote!(crate::#module::#function(value))
        }
        Type::EventStream(_) => bail!("there are no events in this format"),
        Type::List { element, sparse, .. } => {
            let element = shown_element(client, element, *sparse)?;
            quote!(value.iter().map(|value| #element).collect::<serde_json::Value>())
        }
        Type::Map { value, sparse, .. } => {
            let value = shown_element(client, value, *sparse)?;
            quote! {
                serde_json::Value::Object(
                    value.iter().map(|(key, value)| (key.as_str().to_owned(), #value)).collect()
                )
            }
        }
    })
}

fn shown_element(client: &Client, ty: &Type, sparse: bool) -> Result<TokenStream> {
    let shown = shown(client, ty)?;
    Ok(match sparse {
        true => quote!(value.as_ref().map_or(serde_json::Value::Null, |value| #shown)),
        false => shown,
    })
}

/// The module with a client's functions.
pub(crate) fn views(client: &Client) -> String {
    format!("outputs_of_{}", client.crate_name())
}

fn function(client: &Client, key: &str) -> Result<proc_macro2::Ident> {
    let name = &definition(client, key)?.name;
    Ok(format_ident!("show_{}", name.trim_start_matches("r#")))
}

fn named(client: &Client, key: &str, definition: &TypeDefinition) -> Result<TokenStream> {
    let function = function(client, key)?;
    let body = match &definition.form {
        Form::Structure(members) => {
            let inserts = members.iter().map(|member| insert(client, member, &quote!(value)));
            let inserts = inserts.collect::<Result<TokenStream>>()?;
            quote! {
                let mut members = Map::new();
                #inserts
                Value::Object(members)
            }
        }
        Form::Union(_) => {
            let path = type_path(client, key)?;
            let mut arms = TokenStream::new();
            for (name, variant) in variants(client, key)? {
                let rust_name = format_ident!("{}", variant.name);
                arms.extend(match &variant.ty {
                    Some(ty) => {
                        let shown = shown(client, ty)?;
                        quote!(#path::#rust_name(value) => tests::protocol::member(#name, #shown),)
                    }
                    None => quote!(#path::#rust_name => tests::protocol::member(#name, Value::Object(Map::new())),),
                });
            }
            quote! {
                match value {
                    #arms
                    #path::Unknown(unknown) => tests::protocol::unknown_member(unknown.name()),
                    _ => unreachable!("the client has no other variants"),
                }
            }
        }
        Form::Enum(_) | Form::EventStream(_) => return Ok(TokenStream::new()),
    };
    let path = type_path(client, key)?;
    Ok(quote! {
        pub(crate) fn #function(value: &#path) -> Value {
            #body
        }
    })
}

/// The function that shows the members of any error of the service.
fn errors(client: &Client) -> Result<TokenStream> {
    let krate = format_ident!("{}", client.crate_name());
    let mut arms = TokenStream::new();
    for error in &client.service.errors {
        let variant = format_ident!("{}", error.type_name);
        let inserts = members(error).map(|member| insert(client, member, &quote!(error)));
        let inserts = inserts.collect::<Result<TokenStream>>()?;
        arms.extend(quote!(Some(#krate::ServiceError::#variant(error)) => { #inserts }));
    }
    Ok(quote! {
        pub(crate) fn show_error(error: &#krate::Error) -> Value {
            let mut members = Map::new();
            match error.service_error() {
                #arms
                _ => {}
            }
            Value::Object(members)
        }
    })
}

/// All members of an error.
pub(crate) fn members(error: &ErrorShape) -> impl Iterator<Item = &Member> {
    error.members.iter().map(|member| &member.member).chain(&error.message)
}
