//! A client's types and operations, for code that calls it with values that are JSON.

use codegen::ir;
use serde_json::{Map, Value};

/// What a client is, in the generator's terms and in the description's.
pub(crate) struct Api {
    pub(crate) service: ir::Service,
    /// The description's shapes: their members may have other names than the wire has.
    pub(crate) shapes: Map<String, Value>,
}

impl Api {
    /// The crate's name as an identifier.
    pub(crate) fn crate_name(&self) -> &str {
        &self.service.package.crate_name
    }
}
