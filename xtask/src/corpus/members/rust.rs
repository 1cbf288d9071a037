//! What a generated client says of members: fields, calls that write them and arms that read them. It is read from the
//! text of the client, as a reader would.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, ImplItem, Item, ItemImpl};

/// A file of a client.
#[derive(Debug, Default)]
pub(super) struct File {
    /// The fields of structures, and the variants of enums: names and types.
    pub(super) types: BTreeMap<String, Vec<(String, String)>>,
    /// The functions of implementations, by name.
    pub(super) functions: BTreeMap<String, Function>,
    /// The constants of implementations and of the file, by name.
    pub(super) constants: BTreeMap<String, String>,
    /// The values of enums.
    pub(super) values: Vec<String>,
    /// The implementations of traits.
    pub(super) implementations: Vec<Implementation>,
}

/// What a type has of a trait.
#[derive(Debug)]
pub(super) struct Implementation {
    /// The trait, without its module.
    pub(super) of: String,
    /// Constants, types and bodies of functions by name, without spaces.
    pub(super) items: BTreeMap<String, String>,
}

/// The body of a function.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Without spaces.
    pub(super) text: String,
    /// Calls of methods: the method and its arguments, without spaces.
    pub(super) calls: Vec<(String, Vec<String>)>,
    /// Arms of matches whose pattern is a text: that text, and what is done.
    pub(super) arms: Vec<(String, String)>,
}

impl Function {
    /// Whether a call of a method has this text first and mentions the field of `self`.
    pub(super) fn writes(&self, methods: &[&str], text: &str, field: &str) -> bool {
        let mut calls = self.calls.iter().filter(|(method, _)| methods.contains(&&**method));
        calls.any(|(_, arguments)| {
            let is_first = arguments.first().is_some_and(|first| *first == format!("{text:?}"));
            is_first
                && arguments
                    .iter()
                    .any(|argument| mentions(argument, &format!("self.{field}")))
        })
    }

    /// Whether an arm for this text fills one of these places.
    pub(super) fn reads(&self, text: &str, field: &str) -> bool {
        let mut arms = self.arms.iter().filter(|(pattern, _)| pattern == text);
        arms.any(|(_, body)| mentions(body, field) || mentions(body, &format!("value.{field}")))
    }
}

/// Whether an expression has this name, and not only as the beginning or end of another.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(is_inner) && !after.is_some_and(is_inner)
    })
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<File> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let syntax = syn::parse_file(&text).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    let mut file = File::default();
    for item in syntax.items {
        match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().filter_map(|field| {
                    let name = field.ident.as_ref()?.to_string();
                    Some((name, bare_type(&field.ty)))
                });
                file.types.insert(item.ident.to_string(), fields.collect());
            }
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| {
                    let content = match &variant.fields {
                        Fields::Unnamed(fields) => fields.unnamed.first().map(|field| bare_type(&field.ty)),
                        Fields::Named(_) | Fields::Unit => None,
                    };
                    (variant.ident.to_string(), content.unwrap_or_default())
                });
                file.types.insert(item.ident.to_string(), variants.collect());
            }
            Item::Impl(item) => implementation(&item, &mut file),
            Item::Const(item) => {
                file.constants
                    .insert(item.ident.to_string(), spaceless(item.expr.to_token_stream()));
            }
            Item::Macro(item)
                if item
                    .mac
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == "string_enum") =>
            {
                literals(item.mac.tokens, &mut file.values);
            }
            _ => {}
        }
    }
    Ok(file)
}

fn implementation(item: &ItemImpl, file: &mut File) {
    if let Some((of, _)) = &item.trait_ {
        let items = item.items.iter().filter_map(|inner| {
            Some(match inner {
                ImplItem::Const(constant) => (constant.ident.to_string(), spaceless(constant.expr.to_token_stream())),
                ImplItem::Fn(function) => (
                    function.sig.ident.to_string(),
                    spaceless(function.block.to_token_stream()),
                ),
                ImplItem::Type(ty) => (ty.ident.to_string(), bare_type(&ty.ty)),
                _ => return None,
            })
        });
        file.implementations.push(Implementation {
            of: of
                .segments
                .last()
                .map(|last| last.ident.to_string())
                .unwrap_or_default(),
            items: items.collect(),
        });
    }
    // Builders and fakes have functions of these names as well, and say nothing of the wire.
    for inner in &item.items {
        match inner {
            ImplItem::Fn(function) => {
                let body = function.block.to_token_stream();
                let mut read = Function {
                    text: spaceless(body.clone()),
                    ..Function::default()
                };
                collect(body, &mut read);
                file.functions.insert(function.sig.ident.to_string(), read);
            }
            ImplItem::Const(constant) => {
                let value = spaceless(constant.expr.to_token_stream());
                file.constants.insert(constant.ident.to_string(), value);
            }
            _ => {}
        }
    }
}

/// All calls and arms in tokens, from the outside in.
fn collect(tokens: TokenStream, function: &mut Function) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => {
                if let (Delimiter::Parenthesis, Some(method)) = (group.delimiter(), method(&trees[..at])) {
                    function.calls.push((method, arguments(group.stream())));
                }
                collect(group.stream(), function);
            }
            TokenTree::Literal(literal) => {
                let is_arm = matches!(&trees[at + 1..], [TokenTree::Punct(one), TokenTree::Punct(two), ..]
                    if one.as_char() == '=' && two.as_char() == '>');
                if let (true, Some(pattern)) = (is_arm, text(&literal.to_string())) {
                    let body = trees[at + 3..].iter().take_while(|tree| !is_comma(tree));
                    function.arms.push((pattern, spaceless(body.cloned().collect())));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The name of the method that is called by what follows these tokens.
fn method(before: &[TokenTree]) -> Option<String> {
    match before {
        [.., TokenTree::Punct(dot), TokenTree::Ident(name)] if dot.as_char() == '.' => Some(name.to_string()),
        _ => None,
    }
}

fn arguments(tokens: TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let arguments = trees.split(is_comma);
    arguments
        .map(|argument| spaceless(argument.iter().cloned().collect()))
        .collect()
}

fn is_comma(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',')
}

fn literals(tokens: TokenStream, found: &mut Vec<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => found.extend(text(&literal.to_string())),
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The value of a literal, if that is a text.
fn text(literal: &str) -> Option<String> {
    let literal: syn::LitStr = syn::parse_str(literal).ok()?;
    Some(literal.value())
}

/// A type, without the modules of its names.
fn bare_type(ty: &syn::Type) -> String {
    // A type that is broken into lines has a comma at the end of each.
    let text = spaceless(ty.to_token_stream()).replace(",>", ">");
    let names = text.split_inclusive(['<', '>', ',']);
    names.map(|name| name.rsplit("::").next().unwrap_or_default()).collect()
}

fn spaceless(tokens: TokenStream) -> String {
    let mut text = String::new();
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text += open;
                text += &spaceless(group.stream());
                text += close;
            }
            TokenTree::Ident(ident) => {
                // Keywords stay apart from names.
                let is_word = text.ends_with(|c: char| c.is_alphanumeric() || c == '_');
                text += if is_word { " " } else { "" };
                text += &ident.to_string();
            }
            tree => text += &tree.to_string(),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_read_as_it_stands() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.rs");
        let source = r#"
            pub struct In { pub r#type: Option<types::Kind>, pub tags: ::std::collections::HashMap<String, a::B,> }
            pub enum Kind { A(types::X), B }
            impl runtime::Operation for In {
                const NAME: &'static str = "Get";
                fn into_request(self) {
                    request.label("Type", &self.r#type)?;
                    json.member("tags", &self.tags);
                }
                fn parse_response() {
                    match &*name { "Type" => json.fill(&mut r#type)?, "Tags" => value.tags = 1, _ => {} }
                }
            }
            string_enum! { Kind { A = "a\"b", } }
        "#;
        fs::write(&file, source).expect("written");
        let file = read(&file).expect("read");
        let expected = [("r#type", "Option<Kind>"), ("tags", "HashMap<String,B>")];
        assert_eq!(
            file.types["In"],
            expected.map(|(name, ty)| (name.to_owned(), ty.to_owned()))
        );
        assert_eq!(file.types["Kind"][0], ("A".to_owned(), "X".to_owned()));
        assert_eq!(file.constants["NAME"], "\"Get\"");
        assert_eq!(file.values, ["a\"b"]);
        let (write, read) = (&file.functions["into_request"], &file.functions["parse_response"]);
        assert!(write.writes(&["label"], "Type", "r#type") && write.writes(&["member"], "tags", "tags"));
        assert!(!write.writes(&["member"], "tags", "tag") && !write.writes(&["query"], "Type", "r#type"));
        assert!(read.reads("Type", "r#type") && read.reads("Tags", "tags") && !read.reads("Type", "tags"));
    }
}
