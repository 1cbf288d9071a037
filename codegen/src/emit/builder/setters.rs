//! The setters of builders.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::super::deprecated;
use super::super::docs::{docs, ident};
use super::super::structure::alias;
use super::super::ty::{SIMPLE, complexity};
use super::{Builder, Required, angled, private_name};
use crate::ir::{Location, Member, Type};
use crate::naming;

impl Builder<'_> {
    /// The setters: those of required members, which change the builder's type, and the others.
    pub(super) fn setters(&self) -> TokenStream {
        let Self { name, .. } = self;
        let any_state = self.any_state();
        let with_state = private_name("with_state", self.members);
        let required = self
            .required
            .iter()
            .zip(self.members.iter().filter(|member| member.required));
        let required = required.map(|(required, member)| self.required_setter(member, required, &with_state));
        let required = self.has_state().then(|| {
            let json = self.json();
            let allow = self.is_complex(json.is_some()).then(allow_complex);
            let caller = self.call.as_ref().map(|_| quote!(C));
            let declared = angled(caller.clone().into_iter().chain(self.parameters()));
            let used = angled(caller.into_iter().chain(self.states(None)));
            quote! {
                #allow
                impl #declared #name #used {
                    #(#required)*

                    #json
                }
            }
        });
        let optional = self.members.iter().filter(|member| !member.required);
        let optional: Vec<&Member> = optional.collect();
        let edit = self.call.as_ref().filter(|_| !self.members.is_empty());
        let edit = edit.map(|_| self.edit());
        let is_empty = optional.is_empty() && edit.is_none() && !self.has_state();
        let others = (!is_empty).then(|| {
            let allow = optional.iter().any(|member| 10 + complexity(&member.ty, 2) > SIMPLE);
            let allow = allow.then(allow_complex);
            let setters = optional.into_iter().map(|member| self.optional_setter(member));
            let with_state = self.has_state().then(|| self.with_state(&with_state));
            let json = (!self.has_state()).then(|| self.json());
            quote! {
                #allow
                impl #any_state #name #any_state {
                    #(#setters)*

                    #json

                    #edit

                    #with_state
                }
            }
        });
        quote!(#required #others)
    }

    /// Whether clippy calls the type of the builder, of what its setter of JSON returns, or of one of its required members
    /// very complex.
    fn is_complex(&self, has_json: bool) -> bool {
        let states = 20 + 30 * self.required.len() + if self.call.is_some() { 20 } else { 0 };
        let fallible = 100 + 40 * self.required.len();
        let required = self.members.iter().filter(|member| member.required);
        let values = required.map(|member| complexity(&member.ty, 2));
        let builders = [Some(states), has_json.then_some(fallible)];
        values
            .chain(builders.into_iter().flatten())
            .any(|complexity| 10 + complexity > SIMPLE)
    }

    /// The function that changes nothing but the type.
    fn with_state(&self, function: &Ident) -> TokenStream {
        let Self { name, field, scope, .. } = self;
        let phantom = scope.phantom_data();
        let (caller_type, caller) = match &self.call {
            Some(_) => (Some(quote!(C,)), Some(quote!(caller: self.caller,))),
            None => (None, None),
        };
        quote! {
            fn #function<T>(self) -> #name<#caller_type T> {
                #name { #caller #field: self.#field, state: #phantom }
            }
        }
    }

    /// Setting a required member changes the type of the builder.
    fn required_setter(&self, member: &Member, required: &Required, with_state: &Ident) -> TokenStream {
        let Self {
            name, field: target, ..
        } = self;
        let docs = docs(&format!("{}\n\nRequired.", self.text(member)));
        let (field, attributes) = (&required.field, attributes(member));
        let (parameter_type, value) = self.scope.argument(member, self.holder);
        let caller = self.call.as_ref().map(|_| quote!(C));
        let parameters = angled(caller.into_iter().chain(self.states(Some(required))));
        quote! {
            #docs
            #attributes
            pub fn #field(mut self, value: #parameter_type) -> #name #parameters {
                self.#target.#field = #value;
                self.#with_state()
            }
        }
    }

    /// The method for whoever has values in options.
    fn edit(&self) -> TokenStream {
        let Self { target, .. } = self;
        let required = match self.has_state() {
            true => " Required\nmembers still need their setters.",
            false => "",
        };
        let docs = docs(&format!(
            "Changes the input in place, for example to set members from values that may not be there.{required}"
        ));
        quote! {
            #docs
            pub fn edit(mut self, edit: impl FnOnce(&mut #target)) -> Self {
                edit(&mut self.input);
                self
            }
        }
    }

    /// The setter of a payload that is a value, if the input has a member for its media type.
    fn json(&self) -> Option<TokenStream> {
        let has_media_type = |header: &str| {
            self.members.iter().find(|member| match &member.location {
                Location::Header(name) => member.ty == Type::String && name.to_lowercase().ends_with(header),
                _ => false,
            })
        };
        let is_payload = |member: &&Member| member.location == Location::Payload && member.ty == Type::Blob;
        let payload = self.members.iter().find(is_payload)?;
        let media_types = [has_media_type("content-type")?]
            .into_iter()
            .chain(has_media_type("accept"));
        let setters: Vec<Ident> = media_types.clone().map(|member| ident(&member.field)).collect();
        let set: Vec<&str> = media_types.chain([payload]).map(|member| &*member.field).collect();
        let Self { name, scope, .. } = self;
        let set_states = self
            .required
            .iter()
            .zip(self.members.iter().filter(|member| member.required));
        let set_states = set_states.map(|(required, member)| match set.contains(&&*member.field) {
            true => scope.set().to_token_stream(),
            false => required.parameter.to_token_stream(),
        });
        let states = self.has_state().then(|| quote!(, (#(#set_states,)*)));
        let links = setters.iter().map(|setter| format!("[`{setter}`](Self::{setter})"));
        let docs = docs(&format!(
            "A value as JSON: sets [`{payload}`](Self::{payload}), and\n{} to `application/json`.\nNeeds the feature `json`, which is on by default.\n\n\
             # Errors\n\nIf JSON cannot express the value, such as a map whose keys are not strings.",
            links.collect::<Vec<_>>().join(" and "),
            payload = payload.field.trim_start_matches("r#"),
        ));
        let payload = ident(&payload.field);
        let (runtime, body, result, error) = (scope.runtime(), scope.body(), scope.result(), scope.error());
        Some(quote! {
            #docs
            #[cfg(feature = "json")]
            pub fn json<T: #runtime::support::Serialize + ?Sized>(
                self,
                value: &T,
            ) -> #result<#name<C #states>, #error> {
                let json = #body::json(value)?;
                Ok(self.#payload(json)#(.#setters("application/json"))*)
            }
        })
    }

    fn optional_setter(&self, member: &Member) -> TokenStream {
        let Self { field: target, .. } = self;
        let docs = docs(&self.text(member));
        let field = ident(&member.field);
        let attributes = attributes(member);
        let (parameter_type, value) = self.scope.argument(member, self.holder);
        quote! {
            #docs
            #attributes
            pub fn #field(mut self, value: #parameter_type) -> Self {
                self.#target.#field = Some(#value);
                self
            }
        }
    }
}

fn allow_complex() -> TokenStream {
    quote!(#[allow(clippy::type_complexity, reason = "a builder has a type parameter a required member")])
}

/// What stands above a setter: a name to find it by, that it is deprecated, or that it only looks like an operator to
/// clippy.
fn attributes(member: &Member) -> TokenStream {
    let alias = alias(member);
    let deprecated = deprecated::attribute(member.deprecated.as_deref());
    let allowed = naming::is_operator(&member.field).then(
        || quote!(#[allow(clippy::should_implement_trait, reason = "the description has a member of this name")]),
    );
    quote!(#alias #deprecated #allowed)
}
