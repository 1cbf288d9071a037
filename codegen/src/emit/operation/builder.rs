//! The builder of an input, which can also send it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::docs::{self, docs, ident};
use super::super::required::{marker, parameter};
use super::super::types::Paths;
use super::structure_docs;
use crate::ir::{Member, Operation, Type};
use crate::naming;

/// With more required members than this, clippy calls the type of a builder very complex.
const SIMPLE: usize = 11;

pub(super) fn emit(operation: &Operation) -> TokenStream {
    let parts = Parts::of(operation);
    let structure = parts.structure(operation);
    let new = parts.new_fn();
    let setters = parts.setters();
    let finish = parts.finish(operation);
    let debug = parts.debug();
    quote! {
        #structure
        #new
        #setters
        #finish
        #debug
    }
}

/// The members of an input as its builder holds them.
struct Parts<'a> {
    builder: Ident,
    input: Ident,
    all: &'a [Member],
    required: Vec<&'a Member>,
    optional_members: Vec<&'a Member>,
    /// The field with the client, or with nothing.
    caller: Ident,
    /// The field with the members that need not be set.
    optional: Ident,
    /// The function that both `build` and `send` end with.
    finish: Ident,
}

impl<'a> Parts<'a> {
    fn of(operation: &'a Operation) -> Self {
        let (required, optional_members) = operation.input.iter().partition(|member| member.required);
        Self {
            caller: private_name("caller", &operation.input),
            optional: private_name("optional", &operation.input),
            finish: private_name("finish", &operation.input),
            builder: format_ident!("{}Builder", operation.type_name),
            input: format_ident!("{}Input", operation.type_name),
            all: &operation.input,
            required,
            optional_members,
        }
    }

    /// The builder, and the structure of its optional members.
    fn structure(&self, operation: &Operation) -> TokenStream {
        let Self {
            builder,
            caller,
            optional,
            ..
        } = self;
        let docs = structure_docs(
            "Builds the input of",
            operation,
            ".\n\nOne that comes from a client sends it, too. Its type parameters say which required members are set; code \
             that names\nthem has to change when the service requires something else.",
        );
        let parameters = self.required.iter().map(|member| {
            let (parameter, marker) = (parameter(member), marker(member));
            quote!(, #parameter = unset::#marker)
        });
        let fields = self.required.iter().map(|member| {
            let (field, parameter) = (ident(&member.field), parameter(member));
            quote!(#field: #parameter,)
        });
        let optional_field = (!self.optional_members.is_empty()).then(|| quote!(#optional: Optional,));
        let optional_fields = self.optional_members.iter().map(|member| {
            let (field, ty) = (ident(&member.field), Paths::SHORT.optional(member.ty));
            quote!(#field: #ty,)
        });
        let optional_struct = (!self.optional_members.is_empty()).then(|| {
            quote! {
                /// The members that need not be set.
                #[derive(Default)]
                struct Optional {
                    #(#optional_fields)*
                }
            }
        });
        quote! {
            #docs
            #[must_use = "a builder does nothing until it builds or sends"]
            pub struct #builder<C = () #(#parameters)*> {
                #caller: C,
                #(#fields)*
                #optional_field
            }

            #optional_struct
        }
    }

    fn new_fn(&self) -> TokenStream {
        let Self {
            builder,
            caller,
            optional,
            ..
        } = self;
        let fields = self.required.iter().map(|member| {
            let (field, marker) = (ident(&member.field), marker(member));
            quote!(#field: unset::#marker,)
        });
        let optional_field = (!self.optional_members.is_empty()).then(|| quote!(#optional: Optional::default(),));
        quote! {
            impl<C> #builder<C> {
                pub(crate) fn new(#caller: C) -> Self {
                    Self { #caller, #(#fields)* #optional_field }
                }
            }
        }
    }

    fn setters(&self) -> Option<TokenStream> {
        let Self { builder, .. } = self;
        if self.all.is_empty() {
            return None;
        }
        let parameters: Vec<_> = self.required.iter().map(|member| parameter(member)).collect();
        let setters = self.all.iter().map(|member| match member.required {
            true => self.required_setter(member),
            false => self.optional_setter(member),
        });
        let allowed = (self.required.len() > SIMPLE).then(
            || quote!(#[allow(clippy::type_complexity, reason = "a builder has a type parameter a required member")]),
        );
        Some(quote! {
            #allowed
            impl<C #(, #parameters)*> #builder<C #(, #parameters)*> {
                #(#setters)*
            }
        })
    }

    /// Setting a required member changes the type of the builder.
    fn required_setter(&self, member: &Member) -> TokenStream {
        let Self {
            builder,
            caller,
            optional,
            ..
        } = self;
        let docs = docs(&format!("{}\n\nRequired.", docs::member(member)));
        let allowed = allowed(member);
        let field = ident(&member.field);
        let ty = Paths::SHORT.value(member.ty);
        let (parameter_type, value) = argument(member);
        let is_this = |other: &Member| std::ptr::eq(other, member);
        let arguments = self.required.iter().map(|other| match is_this(other) {
            true => ty.clone(),
            false => {
                let parameter = parameter(other);
                quote!(#parameter)
            }
        });
        let fields = self.required.iter().map(|other| {
            let field = ident(&other.field);
            if is_this(other) {
                quote!(#field: #value,)
            } else {
                quote!(#field: self.#field,)
            }
        });
        let optional_field = (!self.optional_members.is_empty()).then(|| quote!(#optional: self.#optional,));
        quote! {
            #docs
            #allowed
            pub fn #field(self, value: #parameter_type) -> #builder<C #(, #arguments)*> {
                #builder { #caller: self.#caller, #(#fields)* #optional_field }
            }
        }
    }

    /// What a builder does when every required member has been set.
    fn finish(&self, operation: &Operation) -> TokenStream {
        let Self {
            builder,
            input,
            caller,
            optional,
            finish,
            ..
        } = self;
        let output = format_ident!("{}Output", operation.type_name);
        let parameters: Vec<_> = self.required.iter().map(|member| parameter(member)).collect();
        let bounds: Vec<_> = self
            .required
            .iter()
            .map(|member| {
                let (parameter, marker) = (parameter(member), marker(member));
                let ty = Paths::SHORT.value(member.ty);
                quote!(#parameter: required::#marker<#ty>,)
            })
            .collect();
        let bounds = (!bounds.is_empty()).then(|| quote!(where #(#bounds)*));
        let fields = self.all.iter().map(|member| {
            let field = ident(&member.field);
            match member.required {
                true => quote!(#field: self.#field.into(),),
                false => quote!(#field: self.#optional.#field,),
            }
        });
        let members = (!self.all.is_empty()).then(|| quote!(..self));
        quote! {
            impl<C #(, #parameters)*> #builder<C #(, #parameters)*> {
                /// The finished input, for [`Client::call`](crate::Client::call) or without a client.
                pub fn build(self) -> #input #bounds {
                    self.#finish().1
                }

                fn #finish(self) -> (C, #input) #bounds {
                    let input = #input { #(#fields)* };
                    (self.#caller, input)
                }
            }

            impl<#(#parameters),*> #builder<Caller #(, #parameters)*> {
                /// Settings for this call alone, in place of the client's.
                pub fn options(self, options: CallOptions) -> Self {
                    Self { #caller: self.#caller.with_options(options), #members }
                }

                /// Makes the call.
                ///
                /// # Errors
                ///
                /// See [`Error`].
                pub fn send(self) -> Sending<#output> #bounds {
                    let (caller, input) = self.#finish();
                    caller.send(input)
                }
            }
        }
    }

    fn debug(&self) -> TokenStream {
        let Self { builder, .. } = self;
        let parameters: Vec<_> = self.required.iter().map(|member| parameter(member)).collect();
        let text = builder.to_string();
        quote! {
            impl<C #(, #parameters)*> fmt::Debug for #builder<C #(, #parameters)*> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(#text).finish_non_exhaustive()
                }
            }
        }
    }

    fn optional_setter(&self, member: &Member) -> TokenStream {
        let Self { optional, .. } = self;
        let docs = docs(&docs::member(member));
        let field = ident(&member.field);
        let allowed = allowed(member);
        let (parameter_type, value) = argument(member);
        quote! {
            #docs
            #allowed
            pub fn #field(mut self, value: #parameter_type) -> Self {
                self.#optional.#field = Some(#value);
                self
            }
        }
    }
}

/// What a setter takes, and the member's value made of it.
///
/// Numbers are taken as they are: `1.5` would be an `f64` where `Into<f32>` is asked for.
fn argument(member: &Member) -> (TokenStream, TokenStream) {
    let ty = Paths::SHORT.value(member.ty);
    match member.ty {
        Type::String | Type::Blob => (quote!(impl Into<#ty>), quote!(value.into())),
        Type::Integer | Type::Long | Type::Float | Type::Double | Type::Boolean => (ty, quote!(value)),
    }
}

/// A setter that looks like an operator to clippy.
fn allowed(member: &Member) -> Option<TokenStream> {
    naming::is_operator(&member.field)
        .then(|| quote!(#[allow(clippy::should_implement_trait, reason = "the description has a member of this name")]))
}

/// A name of ours beside the members' own, whatever these are.
fn private_name(name: &str, members: &[Member]) -> Ident {
    let mut name = name.to_owned();
    while members.iter().any(|member| member.field == name) {
        name.push('_');
    }
    format_ident!("{name}")
}
