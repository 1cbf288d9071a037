//! Deprecated items.

use proc_macro2::TokenStream;
use quote::quote;

/// The attribute for an item with this note.
pub(super) fn attribute(note: Option<&str>) -> Option<TokenStream> {
    note.map(|note| match note {
        "" => quote!(#[deprecated]),
        note => quote!(#[deprecated(note = #note)]),
    })
}

/// What lets a file use its own deprecated items.
pub(super) fn allow(has_deprecated: bool) -> Option<TokenStream> {
    has_deprecated.then(|| quote!(#![allow(deprecated, reason = "what is deprecated still has to work")]))
}
