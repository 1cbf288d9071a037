//! `src/types.rs` and the modules below it: the types of the service.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::ident;
use super::format::Source;
use super::{enumeration, event_stream, structure, union};
use crate::ir::{Form, Service, TypeDefinition};
use crate::naming;

/// `src/types.rs`.
pub(super) fn emit_modules(service: &Service) -> TokenStream {
    let modules = service.types.values().map(|definition| {
        let module = ident(&definition.module);
        quote!(mod #module;)
    });
    let types = service.types.values().map(|definition| {
        let (module, name) = (ident(&definition.module), format_ident!("{}", definition.name));
        quote!(pub use self::#module::#name;)
    });
    let builders: Vec<TokenStream> = service
        .types
        .values()
        .filter(|definition| definition.sent && matches!(definition.form, Form::Structure(_)))
        .map(|definition| {
            let (module, name) = (
                ident(&definition.module),
                format_ident!("{}", naming::builder(&definition.name)),
            );
            quote!(pub use super::#module::#name;)
        })
        .collect();
    let builders = (!builders.is_empty()).then(|| {
        quote! {
            /// What builds the structures that requests have.
            pub mod builder {
                #(#builders)*
            }
        }
    });
    quote! {
        //! The types of the service: structures, unions and enums.

        pub mod error;
        #(#modules)*

        #(#types)*

        #builders
    }
}

/// Path and content of the file of a type.
pub(super) fn emit(service: &Service, definition: &TypeDefinition) -> (String, Source) {
    let module = definition.module.trim_start_matches("r#");
    let tokens = match &definition.form {
        Form::Structure(members) => structure::emit(service, definition, members),
        Form::Union(variants) => union::emit(service, definition, variants),
        Form::Enum(values) => enumeration::emit(definition, values),
        Form::EventStream(stream) => event_stream::emit(service, definition, stream),
    };
    (format!("src/types/{module}.rs"), tokens)
}
