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
    let table = values.iter().map(|value| {
        let (text, variant) = (&value.value, format_ident!("{}", value.name));
        quote!(#variant = #text,)
    });
    let (unknown, string_enum) = (scope.unknown(), scope.string_enum());
    let body = quote! {
        #enum_docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that this version of the crate does not know.
            Unknown(#unknown::UnknownValue),
        }

        #string_enum! {
            #name {
                #(#table)*
            }
        }
    };
    Source::new(quote!(#![doc = #module_docs]), body, scope)
}

fn enum_docs(definition: &TypeDefinition) -> String {
    let text = match definition.docs.trim() {
        "" => format!("The values of `{}`.", definition.shape),
        text => text.to_owned(),
    };
    format!(
        "{text}\n\n\
         Made from any text: a value that is not listed is kept as it is. Compare it with a text, as in\n\
         `value == \"..\"`, rather than matching `Unknown`: a later version may know the value."
    )
}
