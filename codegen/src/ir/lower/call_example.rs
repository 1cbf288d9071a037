//! The examples of `examples-1.json`, whose values mean something. What does not fit the description is no example.

use serde_json::{Map, Value};

use super::Lowering;
use super::types::Types;
use crate::ir::{CallExample, ExampleValue, Form, Member, Type};
use crate::markdown;

impl Lowering<'_> {
    /// The first example of an operation that fits its input.
    pub(super) fn call_example(&self, operation: &str, input: &[Member], types: &Types) -> Option<CallExample> {
        let examples = self.model.examples.examples.get(operation)?;
        examples.iter().find_map(|example| {
            let members = members(&example.input, input, types)?;
            let title = markdown::from_html(&example.title);
            Some(CallExample { title, members })
        })
    }
}

/// The members of an object, which has all that are required and none that is unknown or deprecated. An empty text is none:
/// no URL can have it.
fn members(object: &Map<String, Value>, members: &[Member], types: &Types) -> Option<Vec<(usize, ExampleValue)>> {
    let mut required = members.iter().filter(|member| member.required);
    if !required.all(|member| object.get(&member.name).is_some_and(|value| value != "")) {
        return None;
    }
    let values = object.iter().map(|(name, json)| {
        let is_meant = |member: &Member| member.name == *name && member.deprecated.is_none();
        let index = members.iter().position(is_meant)?;
        Some((index, value(&members[index].ty, json, types)?))
    });
    values.collect()
}

fn value(ty: &Type, json: &Value, types: &Types) -> Option<ExampleValue> {
    let integer = |fits: fn(i64) -> bool| json.as_i64().filter(|number| fits(*number)).map(ExampleValue::Integer);
    match ty {
        Type::String | Type::JsonText | Type::Blob | Type::Enum(_) => {
            Some(ExampleValue::Text(json.as_str()?.to_owned()))
        }
        Type::Boolean => json.as_bool().map(ExampleValue::Boolean),
        Type::Byte => integer(|number| i8::try_from(number).is_ok()),
        Type::Short => integer(|number| i16::try_from(number).is_ok()),
        Type::Integer => integer(|number| i32::try_from(number).is_ok()),
        // A number of seconds. Other ways to write times are rare in examples.
        Type::Long | Type::Timestamp(_) => integer(|_| true),
        Type::Float | Type::Double => json.as_f64().map(ExampleValue::Float),
        Type::Document => Some(ExampleValue::Json(json.to_string())),
        // Of an empty list, Rust does not know the type.
        Type::List { element, .. } => {
            let values = json.as_array().filter(|values| !values.is_empty())?.iter();
            let values = values.map(|json| value(element, json, types));
            Some(ExampleValue::List(values.collect::<Option<_>>()?))
        }
        Type::Map { value: inner, .. } => {
            let entries = json.as_object().filter(|entries| !entries.is_empty())?.iter();
            let entries = entries.map(|(key, json)| Some((key.clone(), value(inner, json, types)?)));
            Some(ExampleValue::Map(entries.collect::<Option<_>>()?))
        }
        Type::Structure(name) => match &types.get(name)?.form {
            Form::Structure(all) => members(json.as_object()?, all, types).map(ExampleValue::Members),
            Form::Union(_) | Form::Enum(_) | Form::EventStream(_) => None,
        },
        Type::Union(name) => match &types.get(name)?.form {
            Form::Union(variants) => {
                let object = json.as_object().filter(|object| object.len() == 1)?;
                let (name, json) = object.iter().next()?;
                let index = variants.iter().position(|variant| variant.wire_name == *name)?;
                let variant = &variants[index];
                let content = match &variant.ty {
                    Some(ty) => Some(Box::new(value(ty, json, types)?)),
                    None => None,
                };
                let is_usual = variant.deprecated.is_none() && !variant.boxed;
                is_usual.then_some(ExampleValue::Variant(index, content))
            }
            Form::Structure(_) | Form::Enum(_) | Form::EventStream(_) => None,
        },
        Type::EventStream(_) => None,
    }
}
