//! Rust names for the names of a description: cases, keywords, names that are ours. A clash is found here or nowhere.
//!
//! Only ASCII names can be written; for any other these functions return `None`.

use heck::{ToKebabCase, ToSnakeCase, ToUpperCamelCase};
use indexmap::IndexMap;

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

/// Functions of the client beside those of the operations, private ones too.
const CLIENT_METHODS: &[&str] = &[
    "builder",
    "call",
    "call_with",
    "can_paginate",
    "config",
    "endpoint",
    "from_config",
    "from_env",
    "new",
    "waiter_names",
];

/// Modules that cannot be inside the module `operation`: one whose file would be its parent's, and one of its name.
const OPERATION_MODULES: &[&str] = &["mod", "operation"];

/// Methods of the traits of operators, with the signature of a setter.
const OPERATORS: &[&str] = &[
    "add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub",
];

/// Functions of a request builder beside its setters.
const BUILDER_METHODS: &[&str] = &["build", "new", "options", "paginate", "send", "wait"];

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
    identifier(name, name.to_snake_case())
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
    value_name(name, &[BUILDER_METHODS, UNIVERSAL_METHODS])
}

/// The field of an error's member, other than its message.
pub(crate) fn error_field(name: &str) -> Option<String> {
    value_name(name, &[ERROR_FIELDS])
}

/// A local variable for a name of the endpoint rules, other than those in scope.
pub(crate) fn variable(name: &str, in_scope: impl Fn(&str) -> bool) -> Option<String> {
    let mut name = identifier(name, name.to_snake_case())?;
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
    let name = type_name(name)?;
    Some(if OWN_VARIANTS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    })
}

/// The variant for a value of an enum: any text has one. Two values may have the same.
pub(crate) fn enum_variant(value: &str) -> String {
    variant(value).unwrap_or_else(|| {
        let codes = value.chars().map(|c| format!("U{:x}", u32::from(c)));
        if value.is_empty() {
            "Empty".to_owned()
        } else {
            codes.collect()
        }
    })
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

/// The package for a service's identifier: `sagemaker-runtime` for `SageMaker Runtime`.
pub(crate) fn package(service_id: &str) -> String {
    // `SageMaker` is one word to people, two to a case converter.
    service_id.to_lowercase().to_kebab_case()
}

/// The identifier by which code refers to a package.
pub(crate) fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

/// A name as lower-case words: `original status code` for `OriginalStatusCode`.
pub(crate) fn words(name: &str) -> String {
    name.to_snake_case().replace('_', " ")
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
    let name = identifier(name, name.to_snake_case())?;
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
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn field(name: &str) -> String {
        input_field(name).unwrap_or_default()
    }

    #[test]
    fn names_are_those_of_the_official_sdk() {
        assert_eq!(field("EndpointName"), "endpoint_name");
        assert_eq!(field("S3OutputPathExtension"), "s3_output_path_extension");
        assert_eq!(field("RequestTTLSeconds"), "request_ttl_seconds");
        assert_eq!(field("logStreamARN"), "log_stream_arn");
        assert_eq!(
            operation_fn("InvokeEndpointAsync").as_deref(),
            Some("invoke_endpoint_async")
        );
        assert_eq!(operation_type("ListMFADevices").as_deref(), Some("ListMfaDevices"));
        assert_eq!(type_name("modelError").as_deref(), Some("ModelError"));
    }

    #[test]
    fn keywords_become_raw_or_get_an_underscore() {
        for keyword in ["type", "gen", "async", "try", "yield", "match", "Box"] {
            assert_eq!(field(keyword), format!("r#{}", keyword.to_lowercase()));
        }
        for keyword in ["self", "Self", "super", "crate"] {
            assert_eq!(field(keyword), format!("{}_", keyword.to_lowercase()));
        }
        assert_eq!(type_name("Self").as_deref(), Some("Self_"));
        assert_eq!(operation_type("Self").as_deref(), Some("Self"));
        assert_eq!((marker("self"), state("self")), ("Self_".into(), "SelfState".into()));
        assert_eq!(operation_fn("Move").as_deref(), Some("r#move"));
        // Keywords only in some places.
        assert_eq!(field("union"), "union");
    }

    #[test]
    fn every_name_is_an_identifier() {
        let keywords = KEYWORDS.iter().chain(PATH_KEYWORDS).copied();
        for original in keywords.chain(["2fa", "a-b.c", "_x", "x__y", "$ref", "9"]) {
            for name in [input_field(original), type_name(original)] {
                let is_identifier = name.is_some_and(|name| syn::parse_str::<syn::Ident>(&name).is_ok());
                assert!(is_identifier, "{original}");
            }
        }
        assert_eq!(field("2fa"), "_2fa");
        assert_eq!(type_name("2faError").as_deref(), Some("_2faError"));
    }

    #[test]
    fn every_value_of_an_enum_has_a_name() {
        assert_eq!(enum_variant("us-east-1"), "UsEast1");
        assert_eq!(enum_variant("1.2"), "_12");
        assert_eq!(enum_variant("Unknown"), "Unknown_");
        assert_eq!(enum_variant("self"), "Self_");
        assert_eq!(enum_variant(""), "Empty");
        assert_eq!(enum_variant("--"), "U2dU2d");
        assert_eq!(enum_variant("größe"), "U67U72Uf6UdfU65");
        assert_eq!(builder("Self_"), "SelfBuilder");
    }

    #[test]
    fn names_that_cannot_be_written_are_refused() {
        for name in ["", "_", "--", "größe", "名", "x²"] {
            assert_eq!(input_field(name), None, "{name}");
            assert_eq!(type_name(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_ours_win() {
        assert_eq!(operation_fn("Endpoint").as_deref(), Some("endpoint_"));
        assert_eq!(operation_fn("Clone").as_deref(), Some("clone_"));
        assert_eq!(operation_fn("Send").as_deref(), Some("send"));
        assert_eq!(field("Send"), "send_");
        assert_eq!(field("Into"), "into_");
        assert_eq!(field("Call"), "call");
        assert_eq!(operation_fn("Mod").as_deref(), Some("mod_"));
        assert_eq!(output_field("ResponseMetadata").as_deref(), Some("response_metadata_"));
        assert_eq!(error_field("Message").as_deref(), Some("message_"));
    }

    #[test]
    fn no_two_headers_have_the_same_constant() {
        assert_eq!(header_constant("x-amzn-s3output"), "X_AMZN_S3OUTPUT");
        assert_eq!(header_constant("2fa-code"), "_2FA_CODE");
        assert_eq!(header_constant("x_foo"), "X__5F_FOO");
        // Whatever the odd characters are: all names of up to five of these.
        let mut headers = vec![String::new()];
        for _ in 0..5 {
            let longer = headers
                .iter()
                .flat_map(|name| ["x", "5", "f", "-", "_", "."].map(|c| format!("{name}{c}")));
            headers = longer.collect();
        }
        let constants: BTreeSet<String> = headers.iter().map(|header| header_constant(header)).collect();
        assert_eq!(constants.len(), headers.len());
        assert!(constants.iter().all(|name| syn::parse_str::<syn::Ident>(name).is_ok()));
    }

    #[test]
    fn every_function_of_the_client_is_known() {
        let files = [
            include_str!("../../runtime/src/runtime/client.rs"),
            include_str!("../../runtime/src/runtime/config/sdk_config.rs"),
        ];
        let files = files.map(|text| syn::parse_file(text).expect("the runtime is Rust"));
        let functions = files.iter().flat_map(|file| &file.items).flat_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_none() && is_client(&block.self_ty) => block.items.as_slice(),
            _ => &[],
        });
        let names: BTreeSet<String> = functions
            .filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            })
            .collect();
        assert!(names.contains("new"));
        // Those that are written for each client.
        let generated = ["can_paginate", "waiter_names"].map(str::to_owned);
        let names: BTreeSet<String> = names.into_iter().chain(generated).collect();
        assert_eq!(names, CLIENT_METHODS.iter().map(|name| (*name).to_owned()).collect());
    }

    fn is_client(ty: &syn::Type) -> bool {
        matches!(ty, syn::Type::Path(path) if path.path.is_ident("Client"))
    }

    #[test]
    fn a_scope_tells_who_has_a_name() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim("foo_bar", "FooBar"), None);
        assert_eq!(scope.claim("foo_bar", "fooBar"), Some("FooBar"));
        assert_eq!(scope.claim("foo", "Foo"), None);
    }

    #[test]
    fn packages_and_labels() {
        assert_eq!(package("SageMaker Runtime"), "sagemaker-runtime");
        assert_eq!(package("Kinesis Video Archived Media"), "kinesis-video-archived-media");
        assert_eq!(crate_name("sagemaker-runtime"), "sagemaker_runtime");
        assert_eq!(words("OriginalStatusCode"), "original status code");
        assert_eq!(words("LogStreamArn"), "log stream arn");
    }
}
