//! `src/test.rs` and below: the other direction of every binding, for fakes of the service.

mod error;
mod event;
mod operation;
mod protocol;
mod types;
mod with;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{docs, example_setters, ident, inner_docs};
use super::format::Source;
use super::scope::Scope;
use super::uses;
use crate::ir::{Form, Service};

/// All files of the module.
pub(super) fn files(service: &Service) -> Vec<(String, Source)> {
    let operations = service.operations.iter().map(|operation| {
        let module = operation.fn_name.trim_start_matches("r#");
        (
            format!("src/test/operation/{module}.rs"),
            operation::emit(service, operation),
        )
    });
    let others = [
        Some(("src/test.rs", emit(service))),
        Some(("src/test/error.rs", error::emit(service))),
        Some(("src/test/operation.rs", operation_modules(service).into())),
        has_events(service).then(|| ("src/test/event.rs", event::emit(service))),
        types::emit(service).map(|source| ("src/test/types.rs", source)),
        Some(("src/test/with.rs", with::emit(service))),
    ];
    let others = others.into_iter().flatten();
    operations
        .chain(others.map(|(path, source)| (path.to_owned(), source)))
        .collect()
}

fn has_events(service: &Service) -> bool {
    uses::has_form(service, |form| matches!(form, Form::EventStream(_)))
}

/// `src/test.rs`.
fn emit(service: &Service) -> Source {
    let scope = Scope::of(["Fake", "FakeServer"]);
    let head = inner_docs(&guide(service));
    let event = has_events(service).then(|| {
        quote!(
            mod event;
        )
    });
    let types = types::are_needed(service).then(|| {
        quote!(
            mod types;
        )
    });
    let operations = service.operations.iter().map(|operation| {
        let input = scope.operation_type(operation, "Input");
        quote!(fake::FakeOperationInfo::of::<#input>(),)
    });
    let docs = docs(&format!(
        "A fake of {}. See [`runtime::test_util::Fake`].",
        service.full_name
    ));
    let runtime = scope.runtime();
    let (fake, service_error) = (scope.fake(), scope.service_error());
    let client = scope.item("crate::Client");
    let items = quote! {
        mod error;
        #event
        mod operation;
        #types
        mod with;

        pub use crate::runtime::test_util::{FakeOperation, Rule, With, error, metadata, read_input, write_output};

        #docs
        pub type Fake = #runtime::test_util::Fake<#client>;

        /// A [`Fake`] behind a socket. See [`runtime::test_util::FakeServer`].
        pub type FakeServer = #runtime::test_util::FakeServer<#client>;

        impl #fake::FakeService for #client {
            type ServiceError = #service_error;

            const OPERATIONS: &'static [#fake::FakeOperationInfo] = &[#(#operations)*];
        }
    };
    Source::new(head, items, scope)
}

/// `src/test/operation.rs`.
fn operation_modules(service: &Service) -> TokenStream {
    let modules = service.operations.iter().map(|operation| {
        let module = ident(&operation.fn_name);
        quote!(mod #module;)
    });
    quote! {
        //! Inputs out of requests, and responses of outputs.

        #(#modules)*
    }
}

/// The documentation of the module.
fn guide(service: &Service) -> String {
    let Some(operation) = service.operations.first() else {
        return "Tests without a network.".to_owned();
    };
    let (module, name) = (&operation.fn_name, &operation.type_name);
    let (input, output) = (format!("{name}Input"), format!("{name}Output"));
    let crate_name = &service.package.crate_name;
    let call = match example_setters(service, operation, "    ") {
        Some(setters) => format!("client\n    .{module}(){setters}\n    .send()\n    .await\n    .unwrap();"),
        None => format!("# let call = async |input: {input}| client.call(input).await;\n# let _ = call;\n# return;"),
    };
    format!(
        include_str!("docs/guide/test_module.md"),
        package = service.package.name,
        import = format_args!("use {crate_name}::operation::{module}::{{{input}, {output}}};\n"),
        crate_name = crate_name,
        input = input,
        output = output,
        call = call,
    )
}
