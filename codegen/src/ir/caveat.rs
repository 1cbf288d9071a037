//! What a client leaves to its callers although other SDKs do it.

use std::collections::BTreeSet;

use super::Service;
use crate::diagnostics::Diagnostic;

/// Something that callers of some operations have to do themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caveat {
    /// The names of the operations.
    pub operations: Vec<String>,
    /// What they need, as a sentence without its period.
    pub text: &'static str,
}

impl Caveat {
    /// A warning that names the operations and the reason.
    pub fn warning(&self) -> Diagnostic {
        let names: Vec<String> = self.operations.iter().map(|name| format!("`{name}`")).collect();
        let subject = match names.as_slice() {
            [name] => format!("operation {name} leaves"),
            names => format!("operations {} leave", names.join(", ")),
        };
        Diagnostic::general_warning(
            format!("{subject} something to the caller: {}", self.text),
            "the documentation of the member says so, too",
        )
    }
}

impl Service {
    /// What callers of the operations have to know.
    pub fn caveats(&self) -> Vec<Caveat> {
        let mut caveats: Vec<Caveat> = Vec::new();
        for operation in &self.operations {
            let texts: BTreeSet<&str> = operation.input.iter().filter_map(|member| member.caveat).collect();
            for text in texts {
                match caveats.iter_mut().find(|caveat| caveat.text == text) {
                    Some(caveat) => caveat.operations.push(operation.name.clone()),
                    None => caveats.push(Caveat {
                        operations: vec![operation.name.clone()],
                        text,
                    }),
                }
            }
        }
        caveats
    }
}
