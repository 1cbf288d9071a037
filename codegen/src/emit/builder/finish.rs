//! What builders do when every required member has been set.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::paginator;
use super::{Builder, Caller};

impl Builder<'_> {
    /// What the builder of a structure does when every required member has been set.
    pub(super) fn finish(&self) -> TokenStream {
        let Self { name, target, .. } = self;
        let (parameters, bounds, members) = (self.parameters(), self.bounds(), self.members());
        quote! {
            impl #parameters #name #parameters {
                /// The finished value.
                pub fn build(self) -> #target #bounds {
                    #target { #members }
                }
            }
        }
    }

    /// What the builder of an input does when every required member has been set.
    pub(super) fn finish_call(&self, caller: &Caller) -> TokenStream {
        let Self {
            name: builder,
            target: input,
            ..
        } = self;
        let Caller {
            field: caller,
            output,
            finish,
            paginates,
            waits,
        } = caller;
        let all_parameters = self.parameters();
        let parameters: Vec<_> = self.required.iter().map(|required| &required.parameter).collect();
        let (bounds, members) = (self.bounds(), self.members());
        let rest = self.rest();
        let paginate = paginates.then(|| paginator::paginate(input, finish, bounds.as_ref(), self.scope));
        let wait = waits.then(|| self.wait(caller, finish));
        let (caller_type, call_options, sending) =
            (self.scope.caller(), self.scope.call_options(), self.scope.sending());
        let sender_parameters = (!parameters.is_empty()).then(|| quote!(<#(#parameters),*>));
        quote! {
            impl #all_parameters #builder #all_parameters {
                /// The finished input, for [`Client::call`](crate::Client::call) or without a client.
                pub fn build(self) -> #input #bounds {
                    self.#finish().1
                }

                fn #finish(self) -> (C, #input) #bounds {
                    let input = #input { #members };
                    (self.#caller, input)
                }
            }

            impl #sender_parameters #builder<#caller_type #(, #parameters)*> {
                /// Settings for this call alone, in place of the client's.
                pub fn options(self, options: #call_options) -> Self {
                    Self { #caller: self.#caller.with_options(options), #rest }
                }

                /// Makes the call.
                ///
                /// # Errors
                ///
                /// See [`Error`].
                pub fn send(self) -> #sending<#output> #bounds {
                    let (caller, input) = self.#finish();
                    caller.send(input)
                }

                #paginate
            }

            #wait
        }
    }

    /// What a builder has in place of `send` where a waiter makes the call.
    fn wait(&self, caller: &Ident, finish: &Ident) -> TokenStream {
        let Self {
            name: builder,
            target: input,
            ..
        } = self;
        let parameters: Vec<_> = self.required.iter().map(|required| &required.parameter).collect();
        let (bounds, rest) = (self.bounds(), self.rest());
        let Self { scope, .. } = self;
        let (waiter, waiting, call_options) = (scope.waiter(), scope.waiting(), scope.call_options());
        let (duration, sending, operation) = (scope.duration(), scope.sending(), scope.operation());
        quote! {
            impl<W: #waiter<Operation = #input> #(, #parameters)*> #builder<#waiting<W> #(, #parameters)*> {
                /// Settings for each call of the waiter, in place of the client's.
                pub fn options(self, options: #call_options) -> Self {
                    Self { #caller: self.#caller.with_options(options), #rest }
                }

                /// Calls until what is waited for has come, at most for so long. The output tells of it; there is none
                /// where an error does, such as that something is not there any more.
                ///
                /// # Errors
                ///
                /// The error of a call, unless the waiter knows better; [`Error::is_waiter_failure`] where it will never
                /// come; [`Error::is_timeout`] after the time.
                pub fn wait(self, limit: #duration) -> #sending<Option<<#input as #operation>::Output>> #bounds {
                    let (waiting, input) = self.#finish();
                    waiting.wait(input, limit)
                }
            }
        }
    }

    /// The fields that stay as they are.
    fn rest(&self) -> Option<TokenStream> {
        (!self.all.is_empty()).then(|| quote!(..self))
    }
}
