//! `src/test/types.rs`: the direction of types that clients do not need.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::format::Source;
use super::super::scope::Scope;
use super::super::{codec, deprecated, structure, union};
use crate::ir::{Form, Service, TypeDefinition};

/// Whether there are such types.
pub(super) fn are_needed(service: &Service) -> bool {
    service.types.values().any(|definition| is_needed(service, definition))
}

/// Whether a client lacks a direction of a type.
fn is_needed(service: &Service, definition: &TypeDefinition) -> bool {
    is_read(service, definition) || is_written(service, definition)
}

/// Whether a fake reads a type, and the client does not in the same way.
fn is_read(service: &Service, definition: &TypeDefinition) -> bool {
    let is_known = definition.received && service.protocol.reader() == service.protocol.writer();
    is_value(definition) && definition.sent && !is_known
}

/// Whether a fake writes a type, and the client does not in the same way.
fn is_written(service: &Service, definition: &TypeDefinition) -> bool {
    let is_known = definition.sent && service.protocol.reader() == service.protocol.writer();
    is_value(definition) && definition.received && !is_known
}

fn is_value(definition: &TypeDefinition) -> bool {
    match &definition.form {
        Form::Structure(members) => members.is_empty() || members.iter().any(codec::is_in_body),
        Form::Union(_) => true,
        Form::Enum(_) | Form::EventStream(_) => false,
    }
}

pub(super) fn emit(service: &Service) -> Option<Source> {
    let needed = || {
        let types = service.types.values();
        types.filter(|definition| is_needed(service, definition))
    };
    needed().next()?;
    // As if the types were declared here: the emitters write their names without a path.
    let scope = Scope::of(needed().map(|definition| definition.name.as_str()));
    let names = needed().map(|definition| format_ident!("{}", definition.name));
    let items = needed().map(|definition| items(service, definition, &scope));
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
        //! The direction of types that the client does not need.
        #allow
    };
    Some(Source::new(head, items, scope))
}

fn items(service: &Service, definition: &TypeDefinition, scope: &Scope) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    let (reader, writer) = (service.protocol.writer(), service.protocol.reader());
    // What stands for a value that is missing is there, if the client reads the type in another way.
    let has_zero = definition.received;
    let read = is_read(service, definition).then(|| match &definition.form {
        Form::Structure(members) if has_zero => codec::read_structure(reader, &name, members, scope),
        Form::Structure(members) => {
            let has_default = members.iter().all(|member| !member.required);
            structure::read(reader, definition, members, scope, has_default)
        }
        Form::Union(variants) if has_zero => codec::read_union(reader, &name, variants, scope),
        Form::Union(variants) => union::read(reader, definition, variants, scope),
        Form::Enum(_) | Form::EventStream(_) => TokenStream::new(),
    });
    let write = is_written(service, definition).then(|| match &definition.form {
        Form::Structure(members) => codec::write_structure(writer, &name, members, scope),
        Form::Union(variants) => codec::write_union(writer, &name, variants, scope),
        Form::Enum(_) | Form::EventStream(_) => TokenStream::new(),
    });
    quote!(#read #write)
}
