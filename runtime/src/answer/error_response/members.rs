//! What the body of an error holds, in each format.

#[cfg(feature = "cbor")]
use crate::wire::cbor;
use crate::wire::json;
#[cfg(feature = "xml")]
use crate::wire::xml;
use crate::words::service::ErrorFormat;

/// The members of an error.
#[derive(Debug)]
pub(super) enum Members<'a> {
    Json(json::Members<'a>),
    #[cfg(feature = "cbor")]
    Cbor(cbor::Members<'a>),
    #[cfg(feature = "xml")]
    Xml(xml::ErrorBody<'a>),
}

impl<'a> Members<'a> {
    /// Reads the body of an error, as bytes and as text; `None` if it is no such body.
    pub(super) fn read(
        format: ErrorFormat,
        bytes: &'a [u8],
        text: &'a str,
        is_code: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        // Only CBOR is not text, and only in XML it matters which codes there are.
        let _ = (bytes, is_code);
        match format {
            ErrorFormat::Json => json::Members::read(text.as_bytes()).ok().map(Self::Json),
            #[cfg(feature = "cbor")]
            ErrorFormat::Cbor => cbor::Members::read(bytes).ok().map(Self::Cbor),
            #[cfg(feature = "xml")]
            ErrorFormat::Xml => {
                let body = xml::ErrorBody::read(text.as_bytes(), is_code).ok()?;
                body.code().is_some().then_some(Self::Xml(body))
            }
        }
    }

    /// All texts that may be the code, the likeliest first.
    pub(super) fn codes(&self) -> Vec<String> {
        match self {
            Self::Json(members) => {
                let names = ["code", "__type", "Code"].into_iter();
                names.filter_map(|name| members.text(name)).collect()
            }
            #[cfg(feature = "cbor")]
            Self::Cbor(members) => members.text("__type").into_iter().collect(),
            #[cfg(feature = "xml")]
            Self::Xml(body) => body.code().map(str::to_owned).into_iter().collect(),
        }
    }

    /// The identifier of the request. In JSON it is in a header alone.
    pub(super) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Json(_) => None,
            #[cfg(feature = "cbor")]
            Self::Cbor(_) => None,
            #[cfg(feature = "xml")]
            Self::Xml(body) => body.request_id(),
        }
    }

    /// The text of a member.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self {
            Self::Json(members) => members.text(name),
            #[cfg(feature = "cbor")]
            Self::Cbor(members) => members.text(name),
            #[cfg(feature = "xml")]
            Self::Xml(body) => body.members().text(name),
        }
    }

    /// The members, if they are JSON.
    pub(super) fn json(&self) -> Option<&json::Members<'a>> {
        match self {
            Self::Json(members) => Some(members),
            #[cfg(feature = "cbor")]
            Self::Cbor(_) => None,
            #[cfg(feature = "xml")]
            Self::Xml(_) => None,
        }
    }

    /// The members, if they are CBOR.
    #[cfg(feature = "cbor")]
    pub(super) fn cbor(&self) -> Option<&cbor::Members<'a>> {
        match self {
            Self::Cbor(members) => Some(members),
            _ => None,
        }
    }

    /// The members, if they are XML.
    #[cfg(feature = "xml")]
    pub(super) fn xml(&self) -> Option<&xml::Members<'a>> {
        match self {
            Self::Xml(body) => Some(body.members()),
            _ => None,
        }
    }
}
