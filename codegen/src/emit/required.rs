//! `src/required.rs`: what makes a missing required member a compile error.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::ident;
use crate::ir::{Form, Member, Service};
use crate::naming;

/// The trait that tells that a member has been set.
pub(super) fn marker(member: &Member) -> Ident {
    format_ident!("{}", naming::marker(&member.name))
}

/// The type parameter of a builder that tells whether the member is set.
pub(super) fn parameter(member: &Member) -> Ident {
    format_ident!("{}", naming::state(&member.name))
}

pub(super) fn emit(service: &Service) -> TokenStream {
    let inputs = service.operations.iter().flat_map(|operation| &operation.input);
    let sent = service.types.values().filter(|definition| definition.sent);
    let structures = sent.filter_map(|definition| match &definition.form {
        Form::Structure(members) => Some(members),
        Form::Union(_) | Form::Enum(_) | Form::EventStream(_) => None,
    });
    // Members of the same name share a marker: what matters is the name in the compiler's message.
    let members: BTreeMap<Ident, &Member> = inputs
        .chain(structures.flatten())
        .filter(|member| member.required)
        .map(|member| (marker(member), member))
        .collect();
    let set = quote!(crate::runtime::support::Set);
    let traits = members.iter().map(|(marker, member)| {
        let docs = format!(" `{}` has been set.", member.name);
        let message = format!("the required member `{}` has not been set", member.name);
        let setter = ident(&member.field);
        let label = format!("`.{setter}(..)` is missing before this");
        quote! {
            #[doc = #docs]
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #marker {}

            impl #marker for #set {}
        }
    });
    // In a module of its own, as a member may have any name.
    let builder = (!members.is_empty()).then(|| {
        quote! {
            /// What a builder is as a whole.
            pub mod builder {
                use crate::runtime::support::{Set, Unset};

                /// At least one required member has not been set. `(A, (B, ()))` has the states of all.
                pub trait Incomplete {}

                impl<Others> Incomplete for (Unset, Others) {}

                impl<Others: Incomplete> Incomplete for (Set, Others) {}
            }
        }
    });
    quote! {
        //! What makes a missing required member a compile error.
        //!
        //! A builder has a type parameter for each required member: `Unset` until the member is set, and then `Set`. What
        //! needs the member asks for a trait of its name, which only `Set` implements. So the compiler's message names
        //! the setter.
        //!
        //! For a builder that is awaited, the compiler names the setter only if a single implementation could make it a
        //! future. So it is `IntoFuture` if all members are set, and else a `Future` that is never made: it requires what
        //! is missing.

        #builder

        #(#traits)*
    }
}
