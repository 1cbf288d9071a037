//! `src/types/<name>.rs` of an enum.

use quote::{format_ident, quote};

use super::docs::docs;
use super::format::Source;
use super::scope::Scope;
use crate::ir::{EnumValue, TypeDefinition};
use crate::markdown::code_span;

pub(super) fn emit(definition: &TypeDefinition, values: &[EnumValue]) -> Source {
    let scope = Scope::of([definition.name.as_str()]);
    let name = format_ident!("{}", definition.name);
    let module_docs = format!(" [`{}`].", definition.name);
    let enum_docs = docs(&enum_docs(definition));
    let variants = values.iter().map(|value| {
        let (docs, variant) = (docs(&code_span(&value.value)), format_ident!("{}", value.name));
        quote!(#docs #variant,)
    });
    let texts = values.iter().map(|value| {
        let (text, variant) = (&value.value, format_ident!("{}", value.name));
        quote!(Self::#variant => #text,)
    });
    let known = values.iter().map(|value| {
        let (text, variant) = (&value.value, format_ident!("{}", value.name));
        quote!(#text => Self::#variant,)
    });
    let (from, unknown, string_enum) = (scope.trait_from(), scope.unknown(), scope.string_enum());
    let body = quote! {
        #enum_docs
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that this version of the crate does not know.
            Unknown(#unknown::UnknownValue),
        }

        impl #name {
            /// The text that travels.
            pub fn as_str(&self) -> &str {
                match self {
                    #(#texts)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl #from<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#known)*
                    other => Self::Unknown(#unknown::UnknownValue::new(other)),
                }
            }
        }

        #string_enum!(#name);
    };
    Source::new(quote!(#![doc = #module_docs]), body, scope)
}

fn enum_docs(definition: &TypeDefinition) -> String {
    let text = match definition.docs.trim() {
        "" => format!("The values of `{}`.", definition.shape),
        text => text.to_owned(),
    };
    format!("{text}\n\nMade from any text: a value that is not listed is kept as it is.")
}
