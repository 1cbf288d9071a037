//! What a description says of itself, without a look at the rest: enough to choose services among many.

use std::io;
use std::path::Path;

use serde::Deserialize;

use super::folder;
use super::service::Protocol;
use super::smithy;
use super::word::Word;
use crate::source::{File, Layer};

/// The part of a description that tells whether a client can be made of it.
#[derive(Debug)]
pub struct Outline {
    /// Whether this generator knows the service's protocol.
    pub is_rest_json: bool,
    /// The length of the description, not compressed.
    pub bytes: usize,
}

impl Outline {
    /// Reads the outline of a folder or of a file of Smithy's, `None` where there is no description.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no description.
    pub fn read(dir: &Path) -> io::Result<Option<Self>> {
        let Some((path, text)) = folder::text(dir, &File::Service.name(Layer::Base))? else {
            let description = match dir.is_dir() {
                true => folder::smithy_in(dir),
                false => folder::smithy_file(dir),
            };
            return Ok(description.map(|(_, document)| Self {
                is_rest_json: smithy::speaks_rest_json(&document),
                bytes: document.to_string().len(),
            }));
        };
        let Description { metadata } = serde_json::from_str(&text).map_err(|error| {
            let message = format!("`{}` is not a description: {error}", path.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
        let is_rest_json = match metadata.protocols {
            Some(protocols) => protocols.iter().any(|protocol| *protocol == Protocol::RestJson),
            None => metadata.protocol == Protocol::RestJson,
        };
        Ok(Some(Self {
            is_rest_json,
            bytes: text.len(),
        }))
    }
}

#[derive(Deserialize)]
struct Description {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    protocol: Word<Protocol>,
    protocols: Option<Vec<Word<Protocol>>>,
}
