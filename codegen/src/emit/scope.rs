//! The names of others that a file mentions. Emitters ask for them while they make tokens; what has been written is
//! imported.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::docs::ident;
use crate::ir::Operation;

/// What the code of one file can name.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The types that the file declares. Others of these names are written with their paths.
    own: Vec<String>,
    /// The paths that have been written.
    used: RefCell<BTreeMap<Cow<'static, str>, Import>>,
}

impl Scope {
    /// A file that declares these types.
    pub(super) fn of<'n>(own: impl IntoIterator<Item = &'n str>) -> Self {
        Self {
            own: own.into_iter().map(str::to_owned).collect(),
            used: RefCell::default(),
        }
    }

    /// An item, by its path.
    pub(super) fn item(&self, path: impl Into<Cow<'static, str>>) -> Name<'_> {
        self.name(path.into(), Import::Item)
    }

    /// A type of an operation: its `Input`, `Output` or `Builder`.
    pub(super) fn operation_type(&self, operation: &Operation, kind: &str) -> Name<'_> {
        let (module, name) = (&operation.fn_name, &operation.type_name);
        self.item(format!("crate::operation::{module}::{name}{kind}"))
    }

    fn module(&self, path: &'static str) -> Name<'_> {
        self.name(path.into(), Import::Module)
    }

    fn prelude(&self, path: &'static str) -> Name<'_> {
        self.name(path.into(), Import::Nothing)
    }

    fn name(&self, path: Cow<'static, str>, import: Import) -> Name<'_> {
        Name {
            scope: self,
            path,
            import,
        }
    }

    /// The imports of what has been written, a line for each module: of the standard library, other crates, this crate.
    pub(super) fn imports(&self) -> Vec<TokenStream> {
        let used = self.used.borrow();
        // A module itself is `None`.
        let mut modules: BTreeMap<(Root, &str), BTreeSet<Option<&str>>> = BTreeMap::new();
        for (path, import) in &*used {
            let (module, item) = match (import, path.rsplit_once("::")) {
                (Import::Item, Some((module, item))) => (module, Some(item)),
                _ => (&**path, None),
            };
            modules.entry((Root::of(module), module)).or_default().insert(item);
        }
        let lines = modules.iter().map(|((_, module), items)| {
            let module = tokens(module);
            let names = items.iter().map(|item| match item {
                Some(item) => ident(item),
                None => Ident::new("self", Span::call_site()),
            });
            let names: Vec<Ident> = names.collect();
            match (items.first(), names.as_slice()) {
                (Some(None), [_]) => quote!(use #module;),
                (_, [item]) => quote!(use #module::#item;),
                (_, items) => quote!(use #module::{#(#items),*};),
            }
        });
        lines.collect()
    }
}

/// Where a path begins, in the order of imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Root {
    Std,
    OtherCrate,
    ThisCrate,
}

impl Root {
    fn of(path: &str) -> Self {
        match path.split("::").next() {
            Some("std") => Self::Std,
            Some("crate") => Self::ThisCrate,
            _ => Self::OtherCrate,
        }
    }
}

/// How a name comes into scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Import {
    /// It is there.
    Nothing,
    /// By itself.
    Module,
    /// With others of its module.
    Item,
}

/// A name of something that lies elsewhere. Writing it imports it.
#[derive(Debug)]
pub(super) struct Name<'s> {
    scope: &'s Scope,
    path: Cow<'static, str>,
    import: Import,
}

impl ToTokens for Name<'_> {
    fn to_tokens(&self, out: &mut TokenStream) {
        let (module, name) = self.path.rsplit_once("::").unwrap_or(("", &self.path));
        if self.scope.own.iter().any(|own| own == name) {
            let root = (!module.starts_with("crate")).then(|| quote!(::));
            let path = tokens(&self.path);
            quote!(#root #path).to_tokens(out);
            return;
        }
        if self.import != Import::Nothing {
            self.scope.used.borrow_mut().insert(self.path.clone(), self.import);
        }
        ident(name).to_tokens(out);
    }
}

/// A path without a root.
fn tokens(path: &str) -> TokenStream {
    let names = path.split("::").map(ident);
    quote!(#(#names)::*)
}

/// Declares a function for each name.
macro_rules! names {
    ($($kind:ident $function:ident $path:literal)*) => {
        /// The names that emitters ask for.
        impl Scope {
            $(
                pub(super) fn $function(&self) -> Name<'_> {
                    self.$kind($path)
                }
            )*
        }
    };
}

names! {
    prelude boxed "std::boxed::Box"
    prelude trait_default "std::default::Default"
    prelude trait_from "std::convert::From"
    prelude trait_into "std::convert::Into"
    prelude trait_future "std::future::Future"
    prelude trait_into_future "std::future::IntoFuture"
    prelude trait_into_iterator "std::iter::IntoIterator"
    prelude option "std::option::Option"
    prelude result "std::result::Result"
    prelude string "std::string::String"
    prelude vec "std::vec::Vec"
    item hash_map "std::collections::HashMap"
    module fmt "std::fmt"
    item phantom_data "std::marker::PhantomData"
    item pin "std::pin::Pin"
    item context "std::task::Context"
    item poll "std::task::Poll"
    item duration "std::time::Duration"
    item bytes "bytes::Bytes"
    item http_header_name "http::HeaderName"
    item method "http::Method"
    item request "http::Request"
    item response "http::Response"
    item operation_params "crate::endpoint::OperationParams"
    item resolve "crate::endpoint::resolve"
    module header "crate::header"
    module required "crate::required"
    item error "crate::Error"
    item service_error "crate::ServiceError"
    item byte_stream "crate::ByteStream"
    item operation "crate::call::Operation"
    item sending "crate::call::Sending"
    module runtime "crate::runtime"
    item body "crate::runtime::Body"
    item trait_into_body "crate::runtime::IntoBody"
    item call_options "crate::runtime::CallOptions"
    item endpoint "crate::runtime::Endpoint"
    item auth "crate::runtime::Auth"
    item request_settings "crate::runtime::RequestSettings"
    item response_metadata "crate::runtime::ResponseMetadata"
    item event_stream_type "crate::runtime::EventStream"
    item pages "crate::runtime::Pages"
    item paginated "crate::runtime::Paginated"
    item paginated_items "crate::runtime::PaginatedItems"
    item waiter "crate::runtime::Waiter"
    item waiting "crate::runtime::Waiting"
    item date_time "crate::runtime::DateTime"
    item document "crate::runtime::Value"
    item json_macro "crate::runtime::json"
    item caller "crate::runtime::Caller"
    item makes_calls "crate::runtime::support::MakesCalls"
    item token_form "crate::runtime::support::TokenForm"
    item core_client "crate::runtime::support::CoreClient"
    item service_client "crate::runtime::support::ServiceClient"
    item service_type "crate::runtime::support::Service"
    item service_info "crate::runtime::support::ServiceInfo"
    item modeled_error "crate::runtime::support::ModeledError"
    item details "crate::runtime::support::Details"
    item hint "crate::runtime::support::Hint"
    item retry_kind "crate::runtime::support::RetryKind"
    item error_format "crate::runtime::support::ErrorFormat"
    item endpoint_params "crate::runtime::support::EndpointParams"
    item signing_scope "crate::runtime::support::SigningScope"
    item next_page "crate::runtime::support::NextPage"
    item refuse "crate::runtime::support::refuse"
    item refuse_sigv4a "crate::runtime::support::refuse_sigv4a"
    item refuse_s3_express "crate::runtime::support::refuse_s3_express"
    item presigned_payload "crate::runtime::support::PresignedPayload"
    item presigned_request "crate::runtime::PresignedRequest"
    item partition "crate::runtime::support::endpoint_rules::Partition"
    item response_body "crate::runtime::support::ResponseBody"
    item request_json "crate::runtime::support::request::Json"
    item request_writer "crate::runtime::support::RequestWriter"
    item error_response "crate::runtime::support::ErrorResponse"
    item success "crate::runtime::support::Success"
    item bare_id "crate::runtime::support::text::bare_id"
    item set "crate::runtime::support::Set"
    item unset "crate::runtime::support::Unset"
    item sealed "crate::runtime::support::Sealed"
    item one_line "crate::runtime::support::OneLine"
    item zero "crate::runtime::support::Zero"
    item string_enum "crate::runtime::support::string_enum"
    module cbor "crate::runtime::support::cbor"
    module checksum "crate::runtime::support::checksum"
    module compression "crate::runtime::support::compression"
    module fake "crate::runtime::support::fake"
    module received_form "crate::runtime::support::fake::form"
    module event_stream "crate::runtime::support::event_stream"
    module hidden "crate::runtime::support::hidden"
    module form "crate::runtime::support::form"
    module http_checksum "crate::runtime::support::http_checksum"
    module idempotency "crate::runtime::support::idempotency"
    module jmespath "crate::runtime::support::jmespath"
    module json "crate::runtime::support::json"
    module required_length "crate::runtime::support::required_length"
    module timestamp "crate::runtime::support::timestamp"
    module tree_hash "crate::runtime::support::tree_hash"
    module xml "crate::runtime::support::xml"
    module unknown "crate::runtime::support::unknown"
    module unknown_member "crate::runtime::support::unknown_member"
    item service_static "crate::service::SERVICE"
    module types "crate::types"
    module waiter_module "crate::waiter"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(scope: &Scope) -> Vec<String> {
        let lines = scope.imports();
        lines.iter().map(|line| line.to_string().replace(' ', "")).collect()
    }

    #[test]
    fn what_is_written_is_imported() {
        let scope = Scope::default();
        let (json, header, unset, required) = (scope.json(), scope.response(), scope.unset(), scope.required());
        let unwritten = scope.bytes();
        let tokens = quote!(#json::Reader #header #unset #required::A #header);
        assert_eq!(
            tokens.to_string(),
            "json :: Reader Response Unset required :: A Response"
        );
        assert_eq!(unwritten.path, "bytes::Bytes");
        let expected = [
            "usehttp::Response;",
            "usecrate::required;",
            "usecrate::runtime::support::Unset;",
            "usecrate::runtime::support::json;",
        ];
        assert_eq!(imports(&scope), expected);
    }

    #[test]
    fn the_standard_library_comes_first() {
        let scope = Scope::default();
        let names = [
            scope.types(),
            scope.request(),
            scope.fmt(),
            scope.bytes(),
            scope.response(),
        ];
        let _ = quote!(#(#names)*);
        let expected = [
            "usestd::fmt;",
            "usebytes::Bytes;",
            "usehttp::{Request,Response};",
            "usecrate::types;",
        ];
        assert_eq!(imports(&scope), expected);
    }

    #[test]
    fn only_what_is_hidden_is_qualified() {
        let scope = Scope::of(["String", "Body", "Bytes"]);
        let names = [scope.string(), scope.option(), scope.body(), scope.bytes()];
        let expected = ":: std :: string :: String Option crate :: runtime :: Body :: bytes :: Bytes";
        assert_eq!(quote!(#(#names)*).to_string(), expected);
        assert!(imports(&scope).is_empty());
    }
}
