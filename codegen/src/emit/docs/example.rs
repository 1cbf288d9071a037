//! Calls with values, which compile and show what a call looks like.

use crate::ir::{Bound, Form, Limits, Member, Operation, Service, Type};

/// How deep values are made of others. What is deeper is no example any more.
const DEEPEST: usize = 4;

/// Setters of an input's required members, each on a line of its own. `None` where a value would be no help.
pub(in crate::emit) fn example_setters(service: &Service, operation: &Operation, indent: &str) -> Option<String> {
    let required = operation.input.iter().filter(|member| member.required);
    let setters = required.map(|member| {
        let value = argument(service, member, DEEPEST)?;
        Some(format!("\n{indent}.{}({value})", member.field))
    });
    setters.collect()
}

/// The operation that best shows how the service is called: one that only reads and asks for the least.
pub(super) fn reading_operation(service: &Service) -> Option<&Operation> {
    let reads = |operation: &&Operation| {
        let verbs = ["List", "Describe", "Get", "Search", "Query"];
        let reads = verbs.iter().any(|verb| operation.name.starts_with(verb));
        reads && operation.deprecated.is_none() && example_setters(service, operation, "").is_some()
    };
    let required = |operation: &&Operation| operation.input.iter().filter(|member| member.required).count();
    service.operations.iter().filter(reads).min_by_key(required)
}

/// The documentation of an operation: how it is called.
pub(in crate::emit) fn operation_example(service: &Service, operation: &Operation) -> Option<String> {
    if operation.deprecated.is_some() {
        return None;
    }
    let setters = example_setters(service, operation, "    ")?;
    let (crate_name, call) = (&service.package.crate_name, &operation.fn_name);
    let paginator = operation.paginator.as_ref();
    let program = match paginator.map(|paginator| paginator.items.is_some()) {
        None => format!(
            "let output = client\n    .{call}(){setters}\n    .send()\n    .await?;\nprintln!(\"{{output:?}}\");"
        ),
        Some(has_items) => {
            let (items, page) = if has_items {
                ("\n    .items()", "item")
            } else {
                ("", "page")
            };
            format!(
                "let mut {page}s = client\n    .{call}(){setters}\n    .paginate(){items};\n\
                 while let Some({page}) = {page}s.try_next().await? {{\n    println!(\"{{{page}:?}}\");\n}}"
            )
        }
    };
    Some(format!(
        "# Example\n\n```no_run\n# async fn example(client: {crate_name}::Client) -> Result<(), {crate_name}::Error> \
         {{\n{program}\n# Ok(())\n# }}\n```"
    ))
}

/// What a setter is given.
fn argument(service: &Service, member: &Member, depth: usize) -> Option<String> {
    if member.deprecated.is_some() {
        return None;
    }
    match &member.ty {
        Type::List {
            element, sparse: false, ..
        } if is_converted(element) => Some(format!("[{}]", text(service, element)?)),
        Type::List { element, sparse, .. } => Some(format!("[{}]", some(value(service, element, depth)?, *sparse))),
        Type::Map {
            value: inner, sparse, ..
        } => {
            let inner = match is_converted(inner) && !sparse {
                true => text(service, inner)?,
                false => some(value(service, inner, depth)?, *sparse),
            };
            Some(format!("[(\"...\", {inner})]"))
        }
        ty if is_converted(ty) => text(service, ty),
        ty => number(ty, &member.limits).or_else(|| value(service, ty, depth)),
    }
}

/// A value of exactly this type.
fn value(service: &Service, ty: &Type, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let path = |name: &str| format!("{}::types::{name}", service.package.crate_name);
    Some(match ty {
        Type::Timestamp(_) => text(service, ty)?,
        Type::Document => text(service, ty)?,
        ty if is_converted(ty) => format!("{}.into()", text(service, ty)?),
        Type::List { element, sparse, .. } => format!("vec![{}]", some(value(service, element, depth)?, *sparse)),
        Type::Map {
            value: inner, sparse, ..
        } => format!(
            "[(\"...\".into(), {})].into()",
            some(value(service, inner, depth)?, *sparse)
        ),
        Type::Structure(name) => match &service.types.get(name)?.form {
            Form::Structure(members) => {
                let required = members.iter().filter(|member| member.required);
                let setters = required.map(|member| {
                    let argument = argument(service, member, depth)?;
                    Some(format!(".{}({argument})", member.field))
                });
                let setters: Option<String> = setters.collect();
                format!("{}::builder(){}.build()", path(name), setters?)
            }
            Form::Union(_) | Form::Enum(_) | Form::EventStream(_) => return None,
        },
        Type::Union(name) => match &service.types.get(name)?.form {
            Form::Union(variants) => {
                let variant = variants
                    .iter()
                    .find(|variant| variant.deprecated.is_none() && !variant.boxed)?;
                match &variant.ty {
                    Some(ty) => format!("{}::{}({})", path(name), variant.name, value(service, ty, depth)?),
                    None => format!("{}::{}", path(name), variant.name),
                }
            }
            Form::Structure(_) | Form::Enum(_) | Form::EventStream(_) => return None,
        },
        ty => number(ty, &Limits::default())?,
    })
}

/// What a setter converts, and what a value is made from.
fn text(service: &Service, ty: &Type) -> Option<String> {
    let crate_name = &service.package.crate_name;
    Some(match ty {
        Type::Enum(name) => match &service.types.get(name)?.form {
            Form::Enum(values) => format!("{:?}", values.first().map_or("...", |value| value.value.as_str())),
            Form::Structure(_) | Form::Union(_) | Form::EventStream(_) => return None,
        },
        Type::Timestamp(_) => format!("{crate_name}::DateTime::from_secs(1_767_225_600)"),
        Type::Document => format!("{crate_name}::json!({{}})"),
        _ => "\"...\"".to_owned(),
    })
}

/// The least number that is allowed, or a usual one.
fn number(ty: &Type, limits: &Limits) -> Option<String> {
    let least = match limits.min {
        Some(Bound::Integer(least)) => least.max(1),
        _ => 1,
    };
    Some(match ty {
        Type::Byte | Type::Short | Type::Integer | Type::Long => least.to_string(),
        Type::Float | Type::Double => format!("{least}.0"),
        Type::Boolean => "true".to_owned(),
        _ => return None,
    })
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
