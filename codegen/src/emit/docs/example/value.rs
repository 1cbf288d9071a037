//! Values in examples: made by their types, and written as Rust.

use crate::ir::{Bound, ExampleValue, Form, Limits, Member, Service, Type};

/// A point in time, in seconds.
const TIME: i64 = 1_767_225_600;

/// A value for a member, by its type. `None` where it would be no help.
pub(super) fn sample(service: &Service, member: &Member, depth: usize) -> Option<ExampleValue> {
    match member.deprecated {
        Some(_) => None,
        None => sample_of(service, &member.ty, &member.limits, depth),
    }
}

fn sample_of(service: &Service, ty: &Type, limits: &Limits, depth: usize) -> Option<ExampleValue> {
    let inner = |ty: &Type| sample_of(service, ty, &Limits::default(), depth.checked_sub(1)?);
    let dots = || "...".to_owned();
    // The least number that is allowed, or a usual one.
    let least = match limits.min {
        Some(Bound::Integer(least)) => least.max(1),
        _ => 1,
    };
    Some(match ty {
        Type::Enum(name) => match &service.types.get(name)?.form {
            Form::Enum(values) => ExampleValue::Text(values.first().map_or_else(dots, |value| value.value.clone())),
            Form::Structure(_) | Form::Union(_) | Form::EventStream(_) => return None,
        },
        Type::String | Type::JsonText | Type::Blob => ExampleValue::Text(dots()),
        Type::Byte | Type::Short | Type::Integer | Type::Long => ExampleValue::Integer(least),
        Type::Float | Type::Double => ExampleValue::Float(i32::try_from(least).map_or(1.0, f64::from)),
        Type::Boolean => ExampleValue::Boolean(true),
        Type::Timestamp(_) => ExampleValue::Integer(TIME),
        Type::Document => ExampleValue::Json("{}".to_owned()),
        Type::List { element, .. } => ExampleValue::List(vec![inner(element)?]),
        Type::Map { value, .. } => ExampleValue::Map(vec![(dots(), inner(value)?)]),
        Type::Structure(name) => match &service.types.get(name)?.form {
            Form::Structure(members) => {
                let depth = depth.checked_sub(1)?;
                let required = members.iter().enumerate().filter(|(_, member)| member.required);
                let values = required.map(|(index, member)| Some((index, sample(service, member, depth)?)));
                ExampleValue::Members(values.collect::<Option<_>>()?)
            }
            Form::Union(_) | Form::Enum(_) | Form::EventStream(_) => return None,
        },
        Type::Union(name) => match &service.types.get(name)?.form {
            Form::Union(variants) => {
                let mut usual = variants.iter().enumerate();
                let (index, variant) = usual.find(|(_, variant)| variant.deprecated.is_none() && !variant.boxed)?;
                let content = match &variant.ty {
                    Some(ty) => Some(Box::new(inner(ty)?)),
                    None => None,
                };
                ExampleValue::Variant(index, content)
            }
            Form::Structure(_) | Form::Enum(_) | Form::EventStream(_) => return None,
        },
        Type::EventStream(_) => return None,
    })
}

/// What a setter is given. It converts texts, and collects lists and maps.
pub(super) fn argument(service: &Service, ty: &Type, value: &ExampleValue) -> Option<String> {
    let convertible = |ty: &Type, sparse: bool, value: &ExampleValue| match is_converted(ty) && !sparse {
        true => text(service, ty, value),
        false => Some(some(exact(service, ty, value)?, sparse)),
    };
    match (ty, value) {
        (Type::List { element, sparse, .. }, ExampleValue::List(values)) => {
            let values = values.iter().map(|value| convertible(element, *sparse, value));
            Some(format!("[{}]", joined(values)?))
        }
        (
            Type::Map {
                value: inner, sparse, ..
            },
            ExampleValue::Map(entries),
        ) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = convertible(inner, *sparse, value)?;
                Some(format!("({key:?}, {value})"))
            });
            Some(format!("[{}]", joined(entries)?))
        }
        (ty, value) if is_converted(ty) => text(service, ty, value),
        (ty, value) => exact(service, ty, value),
    }
}

/// A value of exactly this type.
fn exact(service: &Service, ty: &Type, value: &ExampleValue) -> Option<String> {
    let path = |name: &str| format!("{}::types::{name}", service.package.crate_name);
    Some(match (ty, value) {
        (Type::Timestamp(_) | Type::Document, _) => text(service, ty, value)?,
        (ty, _) if is_converted(ty) => format!("{}.into()", text(service, ty, value)?),
        (_, ExampleValue::Boolean(value)) => value.to_string(),
        (_, ExampleValue::Integer(value)) => value.to_string(),
        (_, ExampleValue::Float(value)) => format!("{value:?}"),
        (Type::List { element, sparse, .. }, ExampleValue::List(values)) => {
            let values = values.iter();
            let values = values.map(|value| Some(some(exact(service, element, value)?, *sparse)));
            format!("vec![{}]", joined(values)?)
        }
        (
            Type::Map {
                value: inner, sparse, ..
            },
            ExampleValue::Map(entries),
        ) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = some(exact(service, inner, value)?, *sparse);
                Some(format!("({key:?}.into(), {value})"))
            });
            format!("[{}].into()", joined(entries)?)
        }
        (Type::Structure(name), ExampleValue::Members(values)) => {
            let Form::Structure(members) = &service.types.get(name)?.form else {
                return None;
            };
            let setters = values.iter().map(|(index, value)| {
                let member = members.get(*index)?;
                Some(format!(".{}({})", member.field, argument(service, &member.ty, value)?))
            });
            format!(
                "{}::builder(){}.build()",
                path(name),
                setters.collect::<Option<String>>()?
            )
        }
        (Type::Union(name), ExampleValue::Variant(index, content)) => {
            let Form::Union(variants) = &service.types.get(name)?.form else {
                return None;
            };
            let variant = variants.get(*index)?;
            match (&variant.ty, content) {
                (Some(ty), Some(value)) => {
                    format!("{}::{}({})", path(name), variant.name, exact(service, ty, value)?)
                }
                _ => format!("{}::{}", path(name), variant.name),
            }
        }
        _ => return None,
    })
}

/// What setters convert, and what a value is made from.
fn text(service: &Service, ty: &Type, value: &ExampleValue) -> Option<String> {
    let crate_name = &service.package.crate_name;
    Some(match (ty, value) {
        (Type::Timestamp(_), ExampleValue::Integer(seconds)) => {
            format!("{crate_name}::DateTime::from_secs({})", grouped(*seconds))
        }
        (Type::Document, ExampleValue::Json(json)) => format!("{crate_name}::json!({json})"),
        (_, ExampleValue::Text(text)) => format!("{text:?}"),
        _ => return None,
    })
}

/// A number with a mark for each thousand.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

fn joined(values: impl Iterator<Item = Option<String>>) -> Option<String> {
    let values: Option<Vec<String>> = values.collect();
    Some(values?.join(", "))
}

fn some(value: String, sparse: bool) -> String {
    if sparse { format!("Some({value})") } else { value }
}

/// Whether setters take what can become a value of the type.
fn is_converted(ty: &Type) -> bool {
    matches!(
        ty,
        Type::String | Type::JsonText | Type::Blob | Type::Enum(_) | Type::Timestamp(_) | Type::Document
    )
}
