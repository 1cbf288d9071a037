//! `src/test/with.rs`: the types whose fields tests set in one expression.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::format::Source;
use super::super::scope::Scope;
use crate::ir::{Form, Service};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let (runtime, types) = (scope.runtime(), scope.types());
    let implementation = |name: TokenStream| quote!(impl #runtime::test_util::With for #name {});
    let mut items = TokenStream::new();
    for operation in &service.operations {
        for kind in ["Input", "Output"] {
            let name = scope.operation_type(operation, kind);
            items.extend(implementation(quote!(#name)));
        }
    }
    for definition in service.types.values() {
        if matches!(definition.form, Form::Structure(_)) {
            let name = scope.named(&definition.name);
            items.extend(implementation(quote!(#name)));
        }
    }
    for error in &service.errors {
        let name = format_ident!("{}", error.type_name);
        items.extend(implementation(quote!(#types::error::#name)));
    }
    let head = quote! {
        //! The types whose fields tests set in one expression.
    };
    Source::new(head, items, scope)
}
