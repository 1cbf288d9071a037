//! Builders of inputs and structures. Which required members are set is part of a builder's type.

mod finish;
mod setters;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::{self, docs, ident};
use super::required::{marker, parameter};
use super::scope::Scope;
use super::ty::{Holder, allow_complex};
use crate::ir::{Member, Operation};
use crate::naming;

/// A builder, and how it holds the members of what it builds.
pub(super) struct Builder<'a> {
    name: Ident,
    target: Ident,
    docs: TokenStream,
    all: &'a [Member],
    required: Vec<Required<'a>>,
    optional_members: Vec<&'a Member>,
    holder: Holder,
    scope: &'a Scope,
    /// The field with the client, or with nothing: only inputs have one.
    caller: Option<Caller>,
    /// The field with the members that need not be set.
    optional: Ident,
    /// The structure of that field.
    optional_type: Ident,
}

/// A member that must be set.
struct Required<'a> {
    member: &'a Member,
    field: Ident,
    /// What tells that it has not been set, and the trait of what it can be set to.
    marker: Ident,
    /// The type parameter of the builder.
    parameter: Ident,
    ty: TokenStream,
}

/// What sends a finished input.
struct Caller {
    field: Ident,
    output: Ident,
    /// The function that both `build` and `send` end with.
    finish: Ident,
    /// Whether the results come in pages.
    paginates: bool,
    /// Whether waiters make this call.
    waits: bool,
}

impl<'a> Builder<'a> {
    /// The builder of an operation's input, which can also send it.
    pub(super) fn of_input(operation: &'a Operation, waits: bool, docs: TokenStream, scope: &'a Scope) -> Self {
        let members = &operation.input;
        let target = format_ident!("{}Input", operation.type_name);
        let mut builder = Self::new(target, members, Holder::Input, scope, docs);
        builder.name = format_ident!("{}Builder", operation.type_name);
        builder.caller = Some(Caller {
            field: private_name("caller", members),
            output: format_ident!("{}Output", operation.type_name),
            finish: private_name("finish", members),
            paginates: operation.paginator.is_some(),
            waits,
        });
        builder
    }

    /// The builder of a structure.
    pub(super) fn of_structure(name: &Ident, members: &'a [Member], scope: &'a Scope) -> Self {
        let docs = docs(&format!("Builds a [`{name}`](crate::types::{name})."));
        let mut builder = Self::new(name.clone(), members, Holder::Structure, scope, docs);
        if builder.is_plain() {
            builder.optional = format_ident!("value");
        }
        builder
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        self.name.to_string()
    }

    /// What is said of a member: in full for inputs, which are made by builders, and in short for structures, which are
    /// read as well.
    fn text(&self, member: &Member) -> String {
        match self.holder {
            Holder::Structure => docs::member_in_short(member, &self.target.to_string(), "crate::types::"),
            Holder::Input | Holder::Output => docs::member(member),
        }
    }

    /// Whether the builder holds the finished structure from the start: there is nothing that must be set.
    fn is_plain(&self) -> bool {
        self.required.is_empty() && self.caller.is_none()
    }

    fn new(target: Ident, members: &'a [Member], holder: Holder, scope: &'a Scope, docs: TokenStream) -> Self {
        let (required, optional_members): (Vec<&Member>, _) = members.iter().partition(|member| member.required);
        let required = required.into_iter().map(|member| Required {
            member,
            field: ident(&member.field),
            marker: marker(member),
            parameter: type_parameter(member, &target),
            ty: scope.member(member, holder),
        });
        let required = required.collect();
        let optional_type = if target == "Optional" {
            "OptionalMembers"
        } else {
            "Optional"
        };
        Self {
            name: format_ident!("{}", naming::builder(&target.to_string())),
            target,
            docs,
            all: members,
            required,
            optional_members,
            holder,
            scope,
            caller: None,
            optional: private_name("optional", members),
            optional_type: format_ident!("{optional_type}"),
        }
    }

    /// The structure, its functions and implementations.
    pub(super) fn emit(&self) -> TokenStream {
        if self.is_plain() {
            return self.emit_plain();
        }
        let structure = self.structure();
        let new = self.new_fn();
        let setters = self.setters();
        let finish = match &self.caller {
            Some(caller) => self.finish_call(caller),
            None => self.finish(),
        };
        let debug = self.debug();
        // Moved: to quote them would copy every token.
        let parts = [structure, new, setters.unwrap_or_default(), finish, debug];
        parts.into_iter().collect()
    }

    /// The builder of a structure without required members.
    fn emit_plain(&self) -> TokenStream {
        let Self {
            name,
            target,
            docs,
            optional,
            ..
        } = self;
        let setters = self.all.iter().map(|member| self.optional_setter(member));
        quote! {
            #docs
            #[must_use = "a builder does nothing until it builds"]
            #[derive(Clone, Debug, Default)]
            pub struct #name {
                #optional: #target,
            }

            impl #name {
                #(#setters)*

                /// The finished value.
                pub fn build(self) -> #target {
                    self.#optional
                }
            }
        }
    }

    /// The function by which a structure or input begins its builder.
    pub(super) fn begin(&self) -> TokenStream {
        let Self { name, target, .. } = self;
        let default = self.scope.trait_default();
        let new = match (&self.caller, self.is_plain()) {
            (Some(_), _) => quote!(#name::new(())),
            // There may be a setter of this name.
            (None, true) => quote!(#default::default()),
            (None, false) => quote!(#name::new()),
        };
        let what = if self.caller.is_some() { "an input" } else { "a value" };
        let docs = match self.required.is_empty() {
            true => format!(" Begins {what}."),
            false => format!(" Begins {what}. It can be built when every required member has been set."),
        };
        quote! {
            impl #target {
                #[doc = #docs]
                pub fn builder() -> #name {
                    #new
                }
            }
        }
    }

    /// The builder, and the structure of its optional members.
    fn structure(&self) -> TokenStream {
        let Self {
            name,
            docs,
            optional,
            optional_type,
            scope,
            ..
        } = self;
        let caller = self.caller.as_ref().map(|_| quote!(C = ()));
        let unset = scope.unset();
        let parameters = self
            .required
            .iter()
            .map(|Required { parameter, marker, .. }| quote!(#parameter = #unset::#marker));
        let parameters = angled(caller.into_iter().chain(parameters));
        let caller = self.caller.as_ref().map(|Caller { field, .. }| quote!(#field: C,));
        let fields = self
            .required
            .iter()
            .map(|Required { field, parameter, .. }| quote!(#field: #parameter,));
        let has_optional = !self.optional_members.is_empty();
        let optional_field = has_optional.then(|| quote!(#optional: #optional_type,));
        let optional_fields = self.optional_members.iter().map(|member| {
            let (field, ty) = (ident(&member.field), scope.optional(member, self.holder));
            let allow = allow_complex(&member.ty);
            quote!(#allow #field: #ty,)
        });
        let optional_struct = has_optional.then(|| {
            quote! {
                /// The members that need not be set.
                #[derive(Default)]
                struct #optional_type {
                    #(#optional_fields)*
                }
            }
        });
        quote! {
            #docs
            #[must_use = "a builder does nothing until it builds or sends"]
            pub struct #name #parameters {
                #caller
                #(#fields)*
                #optional_field
            }

            #optional_struct
        }
    }

    fn new_fn(&self) -> TokenStream {
        let Self {
            name,
            optional,
            optional_type,
            ..
        } = self;
        let unset = self.scope.unset();
        let fields = self
            .required
            .iter()
            .map(|Required { field, marker, .. }| quote!(#field: #unset::#marker,));
        let has_optional = !self.optional_members.is_empty();
        let optional_field = has_optional.then(|| quote!(#optional: #optional_type::default(),));
        match &self.caller {
            Some(Caller { field, .. }) => quote! {
                impl<C> #name<C> {
                    pub(crate) fn new(#field: C) -> Self {
                        Self { #field, #(#fields)* #optional_field }
                    }
                }
            },
            None => quote! {
                impl #name {
                    fn new() -> Self {
                        Self { #(#fields)* #optional_field }
                    }
                }
            },
        }
    }

    /// All type parameters.
    fn parameters(&self) -> Option<TokenStream> {
        let caller = self.caller.as_ref().map(|_| quote!(C));
        let parameters = self
            .required
            .iter()
            .map(|Required { parameter, .. }| quote!(#parameter));
        angled(caller.into_iter().chain(parameters))
    }

    /// What must hold for all required members to be set.
    fn bounds(&self) -> Option<TokenStream> {
        let required = self.scope.required();
        let bounds = self.required.iter().map(
            |Required {
                 parameter, marker, ty, ..
             }| { quote!(#parameter: #required::#marker<#ty>,) },
        );
        (!self.required.is_empty()).then(|| quote!(where #(#bounds)*))
    }

    /// The members out of a builder that has all that are required.
    fn members(&self) -> TokenStream {
        let optional = &self.optional;
        let fields = self.all.iter().map(|member| {
            let field = ident(&member.field);
            match member.required {
                true => quote!(#field: self.#field.into(),),
                false => quote!(#field: self.#optional.#field,),
            }
        });
        quote!(#(#fields)*)
    }

    fn debug(&self) -> TokenStream {
        let Self { name, .. } = self;
        let (parameters, fmt) = (self.parameters(), self.scope.fmt());
        let text = name.to_string();
        quote! {
            impl #parameters #fmt::Debug for #name #parameters {
                fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                    f.debug_struct(#text).finish_non_exhaustive()
                }
            }
        }
    }
}

/// The type parameter of a required member. That of the member `Job` of `JobState` cannot have its usual name.
fn type_parameter(member: &Member, target: &Ident) -> Ident {
    let parameter = parameter(member);
    if parameter == *target {
        format_ident!("{parameter}_")
    } else {
        parameter
    }
}

/// Type parameters in their brackets, or nothing.
fn angled(parameters: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let parameters: Vec<TokenStream> = parameters.collect();
    (!parameters.is_empty()).then(|| quote!(<#(#parameters),*>))
}

/// A name of ours beside the members' own, whatever these are.
pub(super) fn private_name(name: &str, members: &[Member]) -> Ident {
    let mut name = name.to_owned();
    while members.iter().any(|member| member.field == name) {
        name.push('_');
    }
    format_ident!("{name}")
}
