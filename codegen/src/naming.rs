//! Rust names for the names of a description: cases, keywords, names that are ours. A clash is found here or nowhere.
//!
//! Only ASCII names can be written; for any other these functions return `None`.

mod words;

use heck::{ToKebabCase, ToUpperCamelCase};
use indexmap::IndexMap;

use self::words::snake_case;

/// Keywords of all editions up to 2024, reserved ones too, that can be raw identifiers.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that cannot.
const PATH_KEYWORDS: &[&str] = &["crate", "self", "Self", "super"];

/// Methods that every type has: one of ours by the same name would hide it.
const UNIVERSAL_METHODS: &[&str] = &[
    "borrow",
    "borrow_mut",
    "clone",
    "clone_into",
    "into",
    "to_owned",
    "try_into",
    "type_id",
];

/// Functions of the client beside those of the operations.
pub(crate) const CLIENT_METHODS: &[&str] = &[
    "bearer_token",
    "builder",
    "call",
    "call_with",
    "can_paginate",
    "endpoint",
    "from_config",
    "from_env",
    "new",
    "paginated_operations",
    "waiter_names",
];

/// Modules that cannot be inside the module `operation`: one whose file would be its parent's, and one of its name.
const OPERATION_MODULES: &[&str] = &["mod", "operation"];

/// Methods of the traits of operators, with the signature of a setter.
const OPERATORS: &[&str] = &[
    "add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub",
];

/// Functions of the builder of a structure beside its setters.
const STRUCTURE_BUILDER_METHODS: &[&str] = &["build", "new"];

/// Functions of a request builder beside its setters.
const BUILDER_METHODS: &[&str] = &[
    "build", "edit", "json", "new", "options", "paginate", "presign", "send", "wait",
];

/// Modules that cannot be inside the module `types`: those that are there, and those of its name.
const TYPE_MODULES: &[&str] = &["builder", "error", "mod", "types"];

/// Variants of ours.
const OWN_VARIANTS: &[&str] = &["Unknown"];

/// Types that the module of waiters mentions by these names.
const WAITER_MODULE_TYPES: &[&str] = &[
    "Duration", "Error", "None", "Option", "Some", "Verdict", "Waiter", "Waiting",
];

/// Fields that every output has.
const OUTPUT_FIELDS: &[&str] = &["response_metadata"];

/// Fields of an error that do not come from a member of that name.
const ERROR_FIELDS: &[&str] = &["message"];

/// What the resolver of endpoints calls, and its parameter.
const RESOLVER_NAMES: &[&str] = &[
    "element",
    "is_valid_host_label",
    "is_virtual_hostable_s3_bucket",
    "json",
    "params",
    "parse_arn",
    "parse_url",
    "refuse",
    "split",
    "substring",
    "uri_encode",
];

/// The function and module of an operation.
pub(crate) fn operation_fn(name: &str) -> Option<String> {
    value_name(name, &[CLIENT_METHODS, OPERATION_MODULES, UNIVERSAL_METHODS])
}

/// The prefix of an operation's types, `InvokeEndpoint` of `InvokeEndpointInput`. It may be a keyword.
pub(crate) fn operation_type(name: &str) -> Option<String> {
    identifier(name, name.to_upper_camel_case())
}

/// The end of the name of a waiter's function: `function_active` of `wait_until_function_active`. It may be a keyword.
pub(crate) fn waiter_fn(name: &str) -> Option<String> {
    identifier(name, snake_case(name))
}

/// The type of a waiter.
pub(crate) fn waiter_type(name: &str) -> Option<String> {
    let name = type_name(name)?;
    Some(if WAITER_MODULE_TYPES.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    })
}

/// The field and setter of an input's member.
pub(crate) fn input_field(name: &str) -> Option<String> {
    value_name(name, &[BUILDER_METHODS, UNIVERSAL_METHODS])
}

/// The field of an output's member.
pub(crate) fn output_field(name: &str) -> Option<String> {
    value_name(name, &[OUTPUT_FIELDS])
}

/// The field and setter of a structure's member.
pub(crate) fn structure_field(name: &str) -> Option<String> {
    value_name(name, &[STRUCTURE_BUILDER_METHODS, UNIVERSAL_METHODS])
}

/// The field of an error's member, other than its message.
pub(crate) fn error_field(name: &str) -> Option<String> {
    value_name(name, &[ERROR_FIELDS])
}

/// Whether a field does not show the name of the description: it has a mark that no keyword or method has, or splits what
/// reads as one word (`o_auth` for `OAuth`).
pub(crate) fn hides(field: &str, name: &str) -> bool {
    let words: Vec<&str> = field.split('_').collect();
    let is_split = |pair: &[&str]| {
        let letter = pair[0]
            .chars()
            .next()
            .filter(|c| pair[0].len() == 1 && c.is_ascii_alphabetic());
        letter.is_some_and(|letter| {
            let next = pair[1].chars().next().unwrap_or(' ').to_ascii_uppercase();
            name.contains(&format!("{}{next}", letter.to_ascii_uppercase()))
        })
    };
    field.ends_with('_') || words.windows(2).any(is_split)
}

/// A local variable for a name of the endpoint rules, other than those in scope.
pub(crate) fn variable(name: &str, in_scope: impl Fn(&str) -> bool) -> Option<String> {
    let mut name = identifier(name, snake_case(name))?;
    // `PartitionResult` is the partition.
    if let Some(thing) = name.strip_suffix("_result").filter(|thing| !in_scope(thing)) {
        name = thing.to_owned();
    }
    while is_keyword(&name) || RESOLVER_NAMES.contains(&name.as_str()) || in_scope(&name) {
        name.push('_');
    }
    Some(name)
}

/// The marker and trait of a required member. Members that have a field have one.
pub(crate) fn marker(name: &str) -> String {
    type_name(name).unwrap_or_else(|| name.to_owned())
}

/// The type parameter of a builder that tells whether a required member is set: the marker, or the value's type.
pub(crate) fn state(name: &str) -> String {
    marker(&format!("{name} state"))
}

/// The type of a shape.
pub(crate) fn type_name(name: &str) -> Option<String> {
    let name = identifier(name, name.to_upper_camel_case())?;
    let is_keyword = PATH_KEYWORDS.contains(&name.as_str());
    Some(if is_keyword { name + "_" } else { name })
}

/// The builder of a structure. Only at the end of a name is an underscore in the right case.
pub(crate) fn builder(type_name: &str) -> String {
    format!("{}Builder", type_name.trim_end_matches('_'))
}

/// The module of a shape's type.
pub(crate) fn type_module(name: &str) -> Option<String> {
    value_name(name, &[TYPE_MODULES])
}

/// The variant for a member of a union or of a stream of events.
pub(crate) fn variant(name: &str) -> Option<String> {
    type_name(name).map(beside_own_variants)
}

fn beside_own_variants(name: String) -> String {
    if OWN_VARIANTS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

/// The variant for a value of an enum: any text has one. Two values may have the same.
///
/// Digits that punctuation separates stay apart: `1.6` and `16` are different numbers.
pub(crate) fn enum_variant(value: &str) -> String {
    if !value.is_ascii() {
        return character_codes(value);
    }
    let is_digit = |c: char| c.is_ascii_digit();
    let mut name = String::new();
    for word in value.split(|c: char| !c.is_ascii_alphanumeric()) {
        if name.ends_with(is_digit) && word.starts_with(is_digit) {
            name.push('_');
        }
        name.push_str(&word.to_upper_camel_case());
    }
    if name.is_empty() {
        return character_codes(value);
    }
    if name.starts_with(is_digit) {
        name.insert(0, '_');
    }
    if PATH_KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    beside_own_variants(name)
}

/// The variant for a value whose usual name belongs to another value. It depends on no other value, so it stays what
/// it is whatever else the service adds.
pub(crate) fn other_enum_variant(value: &str) -> String {
    let name = enum_variant(value);
    // Only at the end of a name is an underscore in the right case.
    format!("{}{}", name.trim_end_matches('_'), character_codes(value))
}

/// A text as the hexadecimal codes of its characters.
fn character_codes(text: &str) -> String {
    if text.is_empty() {
        return "Empty".to_owned();
    }
    text.chars().map(|c| format!("U{:x}", u32::from(c))).collect()
}

/// The constant for a header, whose name is in lower case. No two headers have the same one.
pub(crate) fn header_constant(header: &str) -> String {
    let is_word = |text: &str| text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let is_inner = |at: usize| at > 0 && is_word(&header[at - 1..]) && is_word(&header[at + 1..]);
    let mut constant = String::new();
    if header.starts_with(|c: char| c.is_ascii_digit()) {
        constant.push('_');
    }
    for (at, c) in header.char_indices() {
        match c {
            'a'..='z' | '0'..='9' => constant.push(c.to_ascii_uppercase()),
            '-' if is_inner(at) => constant.push('_'),
            // `x_y` and `x.y` are not `x-y`.
            _ => constant.push_str(&format!("__{:02X}_", u32::from(c))),
        }
    }
    constant
}

/// The package for a service's identifier: `lean-aws-sagemaker-runtime` for `SageMaker Runtime`. The prefix keeps clients
/// apart from the packages that the registry has already, such as `lambda`.
pub(crate) fn package(service_id: &str) -> String {
    // `SageMaker` is one word to people, two to a case converter.
    format!("lean-aws-{}", service_id.to_lowercase().to_kebab_case())
}

/// The identifier by which code refers to a package.
pub(crate) fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

/// A name as lower-case words: `original status code` for `OriginalStatusCode`.
pub(crate) fn words(name: &str) -> String {
    snake_case(name).replace('_', " ")
}

/// Whether an identifier is a keyword, raw or not.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name) || PATH_KEYWORDS.contains(&name)
}

/// Whether a setter of this name looks like an operator.
pub(crate) fn is_operator(name: &str) -> bool {
    OPERATORS.contains(&name)
}

fn value_name(name: &str, taken: &[&[&str]]) -> Option<String> {
    let name = identifier(name, snake_case(name))?;
    if taken.iter().any(|names| names.contains(&name.as_str())) || PATH_KEYWORDS.contains(&name.as_str()) {
        Some(name + "_")
    } else if KEYWORDS.contains(&name.as_str()) {
        Some(format!("r#{name}"))
    } else {
        Some(name)
    }
}

/// Makes an identifier, but for keywords, of a name in its right case.
fn identifier(original: &str, cased: String) -> Option<String> {
    if !original.is_ascii() {
        return None;
    }
    match cased.chars().next() {
        Some(first) if first.is_ascii_digit() => Some(format!("_{cased}")),
        Some(_) => Some(cased),
        // Nothing but punctuation.
        None => None,
    }
}

/// The names of one scope, to find out when two of a description become the same in Rust.
#[derive(Debug, Default)]
pub(crate) struct Scope<'n>(IndexMap<String, &'n str>);

impl<'n> Scope<'n> {
    /// Takes a Rust name for a name of the description. Returns the one that has it already.
    pub(crate) fn claim(&mut self, rust_name: &str, name: &'n str) -> Option<&'n str> {
        match self.0.get(rust_name) {
            Some(holder) => Some(holder),
            None => {
                self.0.insert(rust_name.to_owned(), name);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
