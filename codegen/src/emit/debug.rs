//! `Debug`, which must not show what is sensitive.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::ident;
use super::scope::{Name, Scope};
use crate::ir::Member;

/// `Debug` of a structure with these members and these fields of ours: derived where everything may be shown. Returns
/// the implementation and what to derive.
pub(super) fn debug(
    name: &Ident,
    members: &[&Member],
    own_fields: &[&str],
    hides_all: bool,
    scope: &Scope,
) -> (Option<TokenStream>, Option<TokenStream>) {
    let (fmt, hidden) = (scope.fmt(), scope.hidden());
    let text = name.to_string();
    let body = if hides_all {
        quote!(f.debug_tuple(#text).field(&#hidden::Hidden).finish())
    } else if members.iter().any(|member| is_hidden(member)) {
        let fields = members.iter().map(|member| field(member, &hidden));
        let own_fields = own_fields.iter().map(|name| {
            let field = ident(name);
            quote!(.field(#name, &self.#field))
        });
        quote!(f.debug_struct(#text) #(#fields)* #(#own_fields)* .finish())
    } else {
        return (None, Some(quote!(Debug)));
    };
    let implementation = quote! {
        impl #fmt::Debug for #name {
            #[inline]
            fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                #body
            }
        }
    };
    (Some(implementation), None)
}

fn field(member: &Member, hidden: &Name<'_>) -> TokenStream {
    let field = ident(&member.field);
    let label = member.field.trim_start_matches("r#");
    match is_hidden(member) {
        true if member.required => quote!(.field(#label, &#hidden::Hidden)),
        true => quote!(.field(#label, &self.#field.as_ref().map(|_| #hidden::Hidden))),
        false => quote!(.field(#label, &self.#field)),
    }
}

/// Whether `Debug` must not show a member. Streams never show their content anyway.
pub(super) fn is_hidden(member: &Member) -> bool {
    member.sensitive && !member.is_stream()
}
