//! Code that shows an output or an error as suites write them: JSON with the members' names in the description.
//!
//! There is a function for each type. A blob is text, a point in time a number, NaN a text, and what is not set is not there.

use anyhow::{Result, bail};
use codegen::ir::{ErrorShape, Form, Location, Member, Operation, Type, TypeDefinition};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::api::Api;
use super::input::{definition, type_path, variants};

/// The functions for what a client's responses are made of.
pub(crate) fn module(api: &Api) -> Result<TokenStream> {
    let mut functions = TokenStream::new();
    for (key, definition) in api.service.types.iter().filter(|(_, definition)| definition.received) {
        functions.extend(named(api, key, definition)?);
    }
    functions.extend(errors(api)?);
    Ok(quote! {
        #![allow(clippy::all, deprecated, nonstandard_style, unused)]

        use serde_json::{Map, Value};

        #functions
    })
}

/// Code that shows an operation's `output`, an expression of type `Value`.
pub(crate) fn output(api: &Api, operation: &Operation) -> Result<TokenStream> {
    let mut inserts = TokenStream::new();
    for member in &operation.output {
        let (name, field) = (&member.name, format_ident!("{}", member.field));
        if (&member.location, &member.ty) == (&Location::Payload, &Type::Blob) {
            inserts.extend(quote! {
                members.insert(#name.to_owned(), tests::protocol::text(&output.#field.bytes().await?));
            });
        } else if let Type::EventStream(key) = &member.ty {
            let (module, function) = (format_ident!("{}", views(api)), function(api, key)?);
            inserts.extend(quote! {
                let mut events = Vec::new();
                while let Some(event) = output.#field.recv().await? {
                    events.push(crate::#module::#function(&event));
                }
                members.insert(#name.to_owned(), events.into());
            });
        } else {
            inserts.extend(insert(api, member, &quote!(output))?);
        }
    }
    Ok(quote! {{
        let mut members = serde_json::Map::new();
        #inserts
        serde_json::Value::Object(members)
    }})
}

/// Puts a member into `members`, if it is set.
fn insert(api: &Api, member: &Member, owner: &TokenStream) -> Result<TokenStream> {
    insert_any(api, member, member.required, owner)
}

fn insert_any(api: &Api, member: &Member, is_always_set: bool, owner: &TokenStream) -> Result<TokenStream> {
    let (name, field) = (&member.name, format_ident!("{}", member.field));
    let shown = shown(api, &member.ty)?;
    Ok(match is_always_set {
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
fn shown(api: &Api, ty: &Type) -> Result<TokenStream> {
    Ok(match ty {
        Type::String | Type::JsonText | Type::Enum(_) => quote!(serde_json::Value::from(value.as_str())),
        Type::Byte | Type::Short | Type::Integer | Type::Long | Type::Boolean => {
            quote!(serde_json::Value::from(*value))
        }
        // Through text, so that an f32 does not get digits that it never had.
        Type::Float | Type::Double => quote!(tests::protocol::float(value)),
        Type::Blob => quote!(tests::protocol::text(value)),
        Type::Timestamp(_) => quote!(tests::protocol::timestamp(value.as_nanos())),
        Type::Document => quote!(value.clone()),
        Type::Structure(key) | Type::Union(key) => {
            let (module, function) = (format_ident!("{}", views(api)), function(api, key)?);
            quote!(crate::#module::#function(value))
        }
        Type::EventStream(_) => bail!("events are no part of a value"),
        Type::List { element, sparse, .. } => {
            let element = shown_element(api, element, *sparse)?;
            quote!(value.iter().map(|value| #element).collect::<serde_json::Value>())
        }
        Type::Map { value, sparse, .. } => {
            let value = shown_element(api, value, *sparse)?;
            quote! {
                serde_json::Value::Object(
                    value.iter().map(|(key, value)| (key.as_str().to_owned(), #value)).collect()
                )
            }
        }
    })
}

fn shown_element(api: &Api, ty: &Type, sparse: bool) -> Result<TokenStream> {
    let shown = shown(api, ty)?;
    Ok(match sparse {
        true => quote!(value.as_ref().map_or(serde_json::Value::Null, |value| #shown)),
        false => shown,
    })
}

/// The module with a client's functions.
pub(crate) fn views(api: &Api) -> String {
    format!("outputs_of_{}", api.crate_name())
}

fn function(api: &Api, key: &str) -> Result<proc_macro2::Ident> {
    let name = &definition(api, key)?.name;
    Ok(format_ident!("show_{}", name.trim_start_matches("r#")))
}

fn named(api: &Api, key: &str, definition: &TypeDefinition) -> Result<TokenStream> {
    let function = function(api, key)?;
    let body = match &definition.form {
        Form::Structure(members) => {
            let inserts = members.iter().map(|member| insert(api, member, &quote!(value)));
            let inserts = inserts.collect::<Result<TokenStream>>()?;
            quote! {
                let mut members = Map::new();
                #inserts
                Value::Object(members)
            }
        }
        Form::Union(_) => {
            let path = type_path(api, key)?;
            let mut arms = TokenStream::new();
            for (name, variant) in variants(api, key)? {
                let rust_name = format_ident!("{}", variant.name);
                arms.extend(match &variant.ty {
                    Some(ty) => {
                        let shown = shown(api, ty)?;
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
        Form::EventStream(stream) => {
            let path = type_path(api, key)?;
            let mut arms = TokenStream::new();
            for event in &stream.events {
                let (name, rust_name) = (&event.wire_name, format_ident!("{}", event.name));
                let shown = shown(api, &Type::Structure(event.structure.clone()))?;
                arms.extend(quote!(#path::#rust_name(value) => tests::protocol::member(#name, #shown),));
            }
            quote! {
                match value {
                    #arms
                    #path::Unknown(unknown) => tests::protocol::unknown_member(unknown.name()),
                    _ => unreachable!("the client has no other events"),
                }
            }
        }
        Form::Enum(_) => return Ok(TokenStream::new()),
    };
    let path = type_path(api, key)?;
    Ok(quote! {
        pub(crate) fn #function(value: &#path) -> Value {
            #body
        }
    })
}

/// The function that shows the members of any error of the service.
fn errors(api: &Api) -> Result<TokenStream> {
    let krate = format_ident!("{}", api.crate_name());
    let mut arms = TokenStream::new();
    for error in &api.service.errors {
        let variant = format_ident!("{}", error.type_name);
        let members = error.members.iter().map(|it| (&it.member, it.member.required));
        // The service may leave out a message even where it promises one.
        let all = members.chain(error.message.iter().map(|message| (message, false)));
        let inserts = all.map(|(member, is_always_set)| insert_any(api, member, is_always_set, &quote!(error)));
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
