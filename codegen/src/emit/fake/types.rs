//! `src/test/types.rs`: JSON of what is only received, and out of it what is only sent.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::format::Source;
use super::super::scope::Scope;
use super::super::{codec, deprecated, structure, union};
use crate::ir::{Codec, Form, Service, TypeDefinition};

/// Whether there are such types.
pub(super) fn are_needed(service: &Service) -> bool {
    service.types.values().any(is_needed)
}

/// The types that travel in one direction alone.
fn is_needed(definition: &TypeDefinition) -> bool {
    let is_one_way = definition.sent != definition.received;
    is_one_way
        && match &definition.form {
            Form::Structure(members) => members.is_empty() || members.iter().any(codec::is_in_body),
            Form::Union(_) => true,
            Form::Enum(_) | Form::EventStream(_) => false,
        }
}

pub(super) fn emit(service: &Service) -> Option<Source> {
    let needed = || service.types.values().filter(|definition| is_needed(definition));
    needed().next()?;
    // As if the types were declared here: the emitters write their names without a path.
    let scope = Scope::of(needed().map(|definition| definition.name.as_str()));
    let names = needed().map(|definition| format_ident!("{}", definition.name));
    let items = needed().map(|definition| items(definition, &scope));
    let items = quote! {
        use crate::types::{#(#names),*};

        #(#items)*
    };
    let is_deprecated = |definition: &TypeDefinition| match &definition.form {
        Form::Structure(members) => members.iter().any(|member| member.deprecated.is_some()),
        Form::Union(variants) => variants.iter().any(|variant| variant.deprecated.is_some()),
        Form::Enum(_) | Form::EventStream(_) => false,
    };
    let allow = deprecated::allow(needed().any(is_deprecated));
    let head = quote! {
        //! JSON of what is only received, and out of it what is only sent.
        #allow
    };
    Some(Source::new(head, items, scope))
}

fn items(definition: &TypeDefinition, scope: &Scope) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    match (&definition.form, definition.sent) {
        (Form::Structure(members), true) => {
            let has_default = members.iter().all(|member| !member.required);
            structure::read(Codec::Json, definition, members, scope, has_default)
        }
        (Form::Structure(members), false) => codec::write_structure(Codec::Json, &name, members, scope),
        (Form::Union(variants), true) => union::read(Codec::Json, definition, variants, scope),
        (Form::Union(variants), false) => codec::write_union(Codec::Json, &name, variants, scope),
        (Form::Enum(_) | Form::EventStream(_), _) => TokenStream::new(),
    }
}
