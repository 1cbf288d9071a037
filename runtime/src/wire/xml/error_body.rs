//! Bodies of errors, and what else the answers of all XML protocols have in common.

use std::borrow::Cow;

use super::{Error, FromXml, Reader};

/// What a body says of an error.
///
/// The element of the error is the root (S3), a child of it (query and rest-xml) or a grandchild (ec2); or the root is
/// called like the error itself, as it is for one of Route 53.
#[derive(Debug)]
pub struct ErrorBody<'a> {
    code: Option<Cow<'a, str>>,
    request_id: Option<String>,
    members: Members<'a>,
}

impl<'a> ErrorBody<'a> {
    /// Reads the body of an error. `is_code` knows the codes that may be names of roots.
    ///
    /// # Errors
    ///
    /// When the body is not a whole XML document.
    pub fn read(body: &'a [u8], is_code: &dyn Fn(&str) -> bool) -> Result<Self, Error> {
        let mut xml = Reader::new(body);
        let Some(root) = xml.next_child()? else {
            return Err(xml.error("there is no element", 0));
        };
        let outer = Members::of(&mut xml)?;
        xml.end()?;
        let request_id = outer.request_id();
        if root == "Error" || is_code(root) {
            let code = outer.text("Code").map(Cow::Owned);
            let code = code.or_else(|| (root != "Error").then_some(Cow::Borrowed(root)));
            return Ok(Self {
                code,
                request_id,
                members: outer,
            });
        }
        let inner = outer.inside("Error");
        let inner = inner.or_else(|| outer.inside("Errors")?.inside("Error"));
        let members = inner.unwrap_or_default();
        Ok(Self {
            code: members.text("Code").map(Cow::Owned),
            request_id: request_id.or_else(|| members.request_id()),
            members,
        })
    }

    /// The error's code, if there is one.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref().map(str::trim).filter(|code| !code.is_empty())
    }

    /// The service's identifier of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The members of the error, with the code, the message, and whose fault it is: `Code`, `Message` and `Type`.
    pub fn members(&self) -> &Members<'a> {
        &self.members
    }
}

/// The identifier of the request in the answer to one that succeeded: a child of the root (ec2) or a grandchild (query).
pub fn request_id(body: &[u8]) -> Option<String> {
    let mut xml = Reader::new(body);
    xml.next_child().ok()??;
    while let Some(name) = xml.next_child().ok()? {
        match name {
            "requestId" => return Some(xml.text().ok()?.trim().to_owned()),
            "ResponseMetadata" => return Members::of(&mut xml).ok()?.request_id(),
            _ => xml.skip().ok()?,
        }
    }
    None
}

/// The children of an element, for looking up a few by name.
#[derive(Debug, Default)]
pub struct Members<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Members<'a> {
    /// Takes the children of the element that was just entered.
    fn of(xml: &mut Reader<'a>) -> Result<Self, Error> {
        let mut members = Vec::new();
        while let Some(name) = xml.next_child()? {
            members.push((name, xml.raw()?));
        }
        Ok(Self(members))
    }

    /// The last child with this name; `None` where it is of another type.
    pub fn get<T: FromXml>(&self, name: &str) -> Option<T> {
        self.find(name)?.read().ok()?
    }

    /// All children with this name: a flattened list. `None` where there are none.
    pub fn list<T: FromXml>(&self, name: &str) -> Option<Vec<T>> {
        let elements = self.0.iter().filter(|(key, _)| *key == name);
        let values: Vec<T> = elements.filter_map(|(_, raw)| entered(raw)?.read().ok()?).collect();
        (!values.is_empty()).then_some(values)
    }

    /// The text of a child; `None` where it is empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|text: &String| !text.is_empty())
    }

    fn request_id(&self) -> Option<String> {
        ["RequestId", "RequestID", "requestId"]
            .iter()
            .find_map(|name| self.text(name))
    }

    /// The children of the first child with this name.
    fn inside(&self, name: &str) -> Option<Self> {
        let (_, raw) = self.0.iter().find(|(key, _)| *key == name)?;
        Self::of(&mut entered(raw)?).ok()
    }

    fn find(&self, name: &str) -> Option<Reader<'a>> {
        let (_, raw) = self.0.iter().rfind(|(key, _)| *key == name)?;
        entered(raw)
    }
}

/// A reader that has entered an element.
fn entered(raw: &str) -> Option<Reader<'_>> {
    let mut xml = Reader::new(raw.as_bytes());
    xml.next_child().ok()??;
    Some(xml)
}

#[cfg(test)]
mod tests {
    use super::request_id;

    #[test]
    fn answers_of_all_protocols_have_identifiers() {
        for (body, expected) in [
            (
                "<R><RResult><RequestId>no</RequestId></RResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></R>",
                Some("r-1"),
            ),
            (
                "<R><set><requestId>no</requestId></set><requestId> r-2 </requestId></R>",
                Some("r-2"),
            ),
            ("<R><Id>7</Id></R>", None),
            ("<R><requestId>r-3", None),
            ("not XML", None),
            ("", None),
        ] {
            assert_eq!(request_id(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }
}
