//! The input of a case as Rust: builders and setters, as users write them.

use anyhow::{Context, Result, anyhow, bail};
use codegen::ir::{Form, Member, Type, TypeDefinition, Variant};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Number, Value};

use super::api::Api;

/// The calls of setters that give these members these values.
pub(crate) fn setters(api: &Api, members: &[Member], values: &Map<String, Value>) -> Result<TokenStream> {
    let mut setters = TokenStream::new();
    for (name, value) in values.iter().filter(|(_, value)| !value.is_null()) {
        let member = members.iter().find(|member| member.name == *name);
        let member = member.ok_or_else(|| anyhow!("the input has no member `{name}`"))?;
        let value = expression(api, &member.ty, value).with_context(|| format!("`{name}`"))?;
        let field = format_ident!("{}", member.field);
        setters.extend(quote!(.#field(#value)));
    }
    for member in members.iter().filter(|member| member.required) {
        if values.get(&member.name).is_none_or(Value::is_null) {
            bail!(
                "the case does not set `{}`, without which the client sends nothing",
                member.name
            );
        }
    }
    Ok(setters)
}

/// A value of a type.
fn expression(api: &Api, ty: &Type, value: &Value) -> Result<TokenStream> {
    let expected = |what: &str| anyhow!("{what} is expected, and `{value}` is none");
    let text = || value.as_str().ok_or_else(|| expected("a text"));
    let integer = || value.as_i64().ok_or_else(|| expected("an integer"));
    Ok(match ty {
        Type::String => {
            let text = text()?;
            quote!(String::from(#text))
        }
        // Suites write JSON as itself, or as the text of it.
        Type::JsonText => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            quote!(String::from(#text))
        }
        Type::Byte => {
            let number = i8::try_from(integer()?)?;
            quote!(#number)
        }
        Type::Short => {
            let number = i16::try_from(integer()?)?;
            quote!(#number)
        }
        Type::Integer => {
            let number = i32::try_from(integer()?)?;
            quote!(#number)
        }
        Type::Long => {
            let number = integer()?;
            quote!(#number)
        }
        Type::Float => float(value, "f32").ok_or_else(|| expected("a number"))?,
        Type::Double => float(value, "f64").ok_or_else(|| expected("a number"))?,
        Type::Boolean => {
            let truth = value.as_bool().ok_or_else(|| expected("`true` or `false`"))?;
            quote!(#truth)
        }
        Type::Blob => {
            let bytes = proc_macro2::Literal::byte_string(text()?.as_bytes());
            quote!(bytes::Bytes::from_static(#bytes))
        }
        Type::Timestamp(_) => {
            let time = value.as_number().and_then(seconds_and_nanos);
            let (seconds, nanos) = time.ok_or_else(|| expected("a number of seconds"))?;
            let date_time = date_time(api);
            quote!(#date_time::from_secs_and_nanos(#seconds, #nanos))
        }
        Type::Document => {
            let text = value.to_string();
            quote!(tests::protocol::document(#text))
        }
        Type::Enum(key) => {
            let (path, text) = (type_path(api, key)?, text()?);
            quote!(#path::from(#text))
        }
        Type::Structure(key) => structure(api, key, value)?,
        Type::Union(key) => union(api, key, value)?,
        Type::EventStream(_) => bail!("there are no events in this format"),
        Type::List { element, sparse, .. } => {
            let ty = rust_type(api, ty)?;
            let values = value.as_array().ok_or_else(|| expected("a list"))?;
            let elements = values.iter().map(|value| element_of(api, element, *sparse, value));
            let elements = elements.collect::<Result<Vec<_>>>()?;
            quote!(<#ty>::from([#(#elements),*]))
        }
        Type::Map {
            key: key_type,
            value: value_type,
            sparse,
            ..
        } => {
            let ty = rust_type(api, ty)?;
            let values = value.as_object().ok_or_else(|| expected("a map"))?;
            let mut entries = Vec::new();
            for (key, value) in values {
                let name = expression(api, key_type, &Value::String(key.clone()))?;
                let value = element_of(api, value_type, *sparse, value).with_context(|| format!("`{key}`"))?;
                entries.push(quote!((#name, #value)));
            }
            quote!(<#ty>::from([#(#entries),*]))
        }
    })
}

/// What is in a list or a map.
fn element_of(api: &Api, ty: &Type, sparse: bool, value: &Value) -> Result<TokenStream> {
    match (sparse, value) {
        (true, Value::Null) => Ok(quote!(None)),
        (true, value) => {
            let value = expression(api, ty, value)?;
            Ok(quote!(Some(#value)))
        }
        (false, value) => expression(api, ty, value),
    }
}

fn float(value: &Value, suffix: &str) -> Option<TokenStream> {
    let ty = format_ident!("{suffix}");
    Some(match (value.as_str(), value.as_f64()) {
        (Some("NaN"), _) => quote!(#ty::NAN),
        (Some("Infinity"), _) => quote!(#ty::INFINITY),
        (Some("-Infinity"), _) => quote!(#ty::NEG_INFINITY),
        (None, Some(number)) => {
            let number = proc_macro2::Literal::f64_unsuffixed(number.abs());
            let sign = value.as_f64().is_some_and(f64::is_sign_negative).then(|| quote!(-));
            quote!(#sign #number as #ty)
        }
        _ => return None,
    })
}

/// Exactly what is written, which a float would not be.
fn seconds_and_nanos(number: &Number) -> Option<(i64, u32)> {
    if let Some(seconds) = number.as_i64() {
        return Some((seconds, 0));
    }
    let text = number.to_string();
    let (seconds, fraction) = text.split_once('.')?;
    let nanos: u32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let is_negative = seconds.starts_with('-');
    let seconds: i64 = seconds.parse().ok()?;
    // The fraction counts upwards, also before 1970.
    Some(match (is_negative, nanos) {
        (true, 1..) => (seconds.checked_sub(1)?, 1_000_000_000 - nanos),
        _ => (seconds, nanos),
    })
}

fn structure(api: &Api, key: &str, value: &Value) -> Result<TokenStream> {
    let path = type_path(api, key)?;
    let Form::Structure(members) = &definition(api, key)?.form else {
        bail!("`{key}` is no structure");
    };
    let values = value
        .as_object()
        .ok_or_else(|| anyhow!("a structure is expected, and `{value}` is none"))?;
    let setters = setters(api, members, values)?;
    Ok(quote!(#path::builder() #setters .build()))
}

fn union(api: &Api, key: &str, value: &Value) -> Result<TokenStream> {
    let path = type_path(api, key)?;
    let members = value.as_object().into_iter().flatten();
    let mut members = members.filter(|(_, value)| !value.is_null());
    let (Some((name, value)), None) = (members.next(), members.next()) else {
        bail!("one member of a union is expected, and `{value}` is none");
    };
    let variant = variants(api, key)?.find(|(member, _)| member == name);
    let (_, variant) = variant.ok_or_else(|| anyhow!("the union has no member `{name}`"))?;
    let rust_name = format_ident!("{}", variant.name);
    let Some(ty) = &variant.ty else {
        return Ok(quote!(#path::#rust_name));
    };
    let value = expression(api, ty, value).with_context(|| format!("`{name}`"))?;
    let value = if variant.boxed { quote!(Box::new(#value)) } else { value };
    Ok(quote!(#path::#rust_name(#value)))
}

/// The members of a union with their names in the description, which may be others than on the wire.
pub(crate) fn variants<'a>(api: &'a Api, key: &str) -> Result<impl Iterator<Item = (&'a str, &'a Variant)>> {
    let definition = definition(api, key)?;
    let Form::Union(variants) = &definition.form else {
        bail!("`{key}` is no union");
    };
    let members = api
        .shapes
        .get(&definition.shape)
        .and_then(|shape| shape.get("members")?.as_object());
    Ok(variants.iter().map(move |variant| {
        let is_it = |(name, member): &(&String, &Value)| {
            member.get("locationName").and_then(Value::as_str).unwrap_or(name) == variant.wire_name
        };
        let member = members.into_iter().flatten().find(is_it);
        (
            member.map_or(variant.wire_name.as_str(), |(name, _)| name.as_str()),
            variant,
        )
    }))
}

pub(crate) fn definition<'a>(api: &'a Api, key: &str) -> Result<&'a TypeDefinition> {
    api.service
        .types
        .get(key)
        .ok_or_else(|| anyhow!("there is no type `{key}`"))
}

/// A named type.
pub(crate) fn type_path(api: &Api, key: &str) -> Result<TokenStream> {
    let krate = format_ident!("{}", api.crate_name());
    let name = format_ident!("{}", definition(api, key)?.name);
    Ok(quote!(#krate::types::#name))
}

pub(crate) fn date_time(api: &Api) -> TokenStream {
    let krate = format_ident!("{}", api.crate_name());
    quote!(#krate::DateTime)
}

pub(crate) fn rust_type(api: &Api, ty: &Type) -> Result<TokenStream> {
    Ok(match ty {
        Type::String | Type::JsonText => quote!(String),
        Type::Byte => quote!(i8),
        Type::Short => quote!(i16),
        Type::Integer => quote!(i32),
        Type::Long => quote!(i64),
        Type::Float => quote!(f32),
        Type::Double => quote!(f64),
        Type::Boolean => quote!(bool),
        Type::Blob => quote!(bytes::Bytes),
        Type::Timestamp(_) => date_time(api),
        Type::Document => quote!(serde_json::Value),
        Type::Enum(key) | Type::Structure(key) | Type::Union(key) | Type::EventStream(key) => type_path(api, key)?,
        Type::List { element, sparse, .. } => {
            let element = element_type(api, element, *sparse)?;
            quote!(Vec<#element>)
        }
        Type::Map { key, value, sparse, .. } => {
            let key = rust_type(api, key)?;
            let value = element_type(api, value, *sparse)?;
            quote!(std::collections::HashMap<#key, #value>)
        }
    })
}

fn element_type(api: &Api, ty: &Type, sparse: bool) -> Result<TokenStream> {
    let ty = rust_type(api, ty)?;
    Ok(if sparse { quote!(Option<#ty>) } else { ty })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_fraction() {
        let time = |text: &str| seconds_and_nanos(&serde_json::from_str(text).expect("a number"));
        assert_eq!(time("1422172800"), Some((1_422_172_800, 0)));
        assert_eq!(time("1422172800.0"), Some((1_422_172_800, 0)));
        assert_eq!(time("1422172800.123"), Some((1_422_172_800, 123_000_000)));
        assert_eq!(time("-1.25"), Some((-2, 750_000_000)));
        assert_eq!(time("-0.5"), Some((-1, 500_000_000)));
    }
}
