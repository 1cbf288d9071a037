//! Headers that a service needs with each request, and that its description does not mention.

use super::Lowering;
use super::member::{is_reserved, is_token};
use crate::source::{File, JsonPath};

impl Lowering<'_> {
    pub(super) fn fixed_headers(&mut self) -> Vec<(String, String)> {
        let given = &self.model.client.headers;
        let mut headers = Vec::new();
        for (name, value) in given {
            let path = JsonPath::root(File::Client).key("headers").key(name);
            let lower = name.to_ascii_lowercase();
            if !is_token(name) {
                let message = format!("`{}` is not a valid header name", name.escape_debug());
                self.error(&path.name(), message, "use only letters, digits and !#$%&'*+-.^_`|~");
            } else if is_reserved(&lower) {
                let message = format!("the client itself sets the header `{lower}`");
                self.error(&path.name(), message, "remove it");
            } else if value.is_empty() || !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                let message = format!("`{}` is not a valid header value", value.escape_debug());
                self.error(&path, message, "use visible ASCII characters and spaces");
            } else if headers.iter().any(|(other, _)| *other == lower) {
                let message = format!("the header `{lower}` is there twice");
                self.error(&path.name(), message, "keep one of the two");
            } else {
                headers.push((lower, value.clone()));
            }
        }
        headers
    }
}
