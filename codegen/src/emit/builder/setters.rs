//! The setters of builders.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::deprecated;
use super::super::docs::{docs, ident};
use super::super::ty::{SIMPLE, complexity};
use super::{Builder, Caller, Required, angled};
use crate::ir::Member;
use crate::naming;

impl Builder<'_> {
    pub(super) fn setters(&self) -> Option<TokenStream> {
        let Self { name, .. } = self;
        if self.all.is_empty() {
            return None;
        }
        let parameters = self.parameters();
        let mut required = self.required.iter();
        let setters = self.all.iter().map(|member| match member.required {
            true => required.next().map(|required| self.required_setter(required)),
            false => Some(self.optional_setter(member)),
        });
        let allowed = self.is_complex().then(
            || quote!(#[allow(clippy::type_complexity, reason = "a builder has a type parameter a required member")]),
        );
        Some(quote! {
            #allowed
            impl #parameters #name #parameters {
                #(#setters)*
            }
        })
    }

    /// Whether clippy calls the type of the builder, or of one of its members, very complex.
    fn is_complex(&self) -> bool {
        let parameters = self.required.len() + usize::from(self.caller.is_some());
        let setters = self.required.iter();
        // All parameters but that of the member are simple.
        let setters = setters.map(|required| 10 + 20 * (parameters - 1) + complexity(&required.member.ty, 2));
        let values = self.all.iter().map(|member| 10 + complexity(&member.ty, 2));
        setters.chain(values).any(|complexity| complexity > SIMPLE)
    }

    /// Setting a required member changes the type of the builder.
    fn required_setter(&self, required: &Required<'_>) -> TokenStream {
        let Self { name, optional, .. } = self;
        let Required { member, field, ty, .. } = required;
        let docs = docs(&format!("{}\n\nRequired.", self.text(member)));
        let attributes = attributes(member);
        let (parameter_type, value) = self.scope.argument(member, self.holder);
        let is_this = |other: &Required<'_>| std::ptr::eq(other, required);
        let caller = self.caller.as_ref().map(|_| quote!(C));
        let arguments = self
            .required
            .iter()
            .map(|other| match (is_this(other), &other.parameter) {
                (true, _) => ty.clone(),
                (false, parameter) => quote!(#parameter),
            });
        let arguments = angled(caller.into_iter().chain(arguments));
        let fields = self.required.iter().map(|other| match (is_this(other), &other.field) {
            (true, field) if value.to_string() == member.field => quote!(#field,),
            (true, field) => quote!(#field: #value,),
            (false, field) => quote!(#field: self.#field,),
        });
        let caller = self
            .caller
            .as_ref()
            .map(|Caller { field, .. }| quote!(#field: self.#field,));
        let optional_field = (!self.optional_members.is_empty()).then(|| quote!(#optional: self.#optional,));
        quote! {
            #docs
            #attributes
            pub fn #field(self, value: #parameter_type) -> #name #arguments {
                #name { #caller #(#fields)* #optional_field }
            }
        }
    }

    pub(super) fn optional_setter(&self, member: &Member) -> TokenStream {
        let Self { optional, .. } = self;
        let docs = docs(&self.text(member));
        let field = ident(&member.field);
        let attributes = attributes(member);
        let (parameter_type, value) = self.scope.argument(member, self.holder);
        quote! {
            #docs
            #attributes
            pub fn #field(mut self, value: #parameter_type) -> Self {
                self.#optional.#field = Some(#value);
                self
            }
        }
    }
}

/// What stands above a setter: that it is deprecated, or that it only looks like an operator to clippy.
fn attributes(member: &Member) -> TokenStream {
    let deprecated = deprecated::attribute(member.deprecated.as_deref());
    let allowed = naming::is_operator(&member.field).then(
        || quote!(#[allow(clippy::should_implement_trait, reason = "the description has a member of this name")]),
    );
    quote!(#deprecated #allowed)
}
