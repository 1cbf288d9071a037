//! Which protocol the client speaks.

use super::Lowering;
use crate::ir::{PathPart, Protocol};
use crate::model::service::Protocol as Written;
use crate::model::word::Word;
use crate::source::{File, JsonPath};

impl Lowering<'_> {
    /// The protocol that `client.json` names, else the first that the service speaks.
    pub(super) fn protocol(&mut self) -> Option<Protocol> {
        let path = JsonPath::root(File::Service).key("metadata");
        let model = self.model;
        let metadata = &model.service.metadata;
        let old = metadata.protocol.check(&path.key("protocol"), &mut self.reporter);
        let (key, spoken) = match &metadata.protocols {
            Some(protocols) => {
                let path = path.key("protocols");
                let protocols = protocols.iter().enumerate();
                let check = |(index, protocol): (usize, &Word<Written>)| {
                    let path = path.index(index);
                    protocol.check(&path, &mut self.reporter)
                };
                ("protocols", protocols.map(check).collect())
            }
            None => ("protocol", vec![old]),
        };
        // What is not a protocol at all has been reported.
        let spoken = spoken.into_iter().collect::<Option<Vec<Written>>>()?;
        let chosen = match &model.client.protocol {
            Some(protocol) => self.named_protocol(protocol, &spoken)?,
            None => match Written::ORDER.into_iter().find(|protocol| spoken.contains(protocol)) {
                Some(protocol) => protocol,
                None => {
                    let help = "name those that the service speaks, or remove the key";
                    self.error(&path.key(key), "there is no protocol in the list", help);
                    return None;
                }
            },
        };
        self.with_metadata(chosen, &path)
    }

    /// The path that all operations have, or one has by its name.
    pub(super) fn fixed_path(&self, operation: &str) -> Vec<PathPart> {
        let path = match &self.protocol {
            Protocol::RpcV2Cbor { target_prefix } => format!("/service/{target_prefix}/operation/{operation}"),
            _ => "/".to_owned(),
        };
        vec![PathPart::Literal(path)]
    }

    /// Whether errors keep the codes that they had when the service spoke `query`.
    pub(super) fn is_query_compatible(&self) -> bool {
        self.model.service.metadata.aws_query_compatible.is_some()
    }

    fn named_protocol(&mut self, named: &Word<Written>, spoken: &[Written]) -> Option<Written> {
        let path = JsonPath::root(File::Client).key("protocol");
        let protocol = named.check(&path, &mut self.reporter)?;
        if !spoken.contains(&protocol) {
            self.error(
                &path,
                format!("the service does not speak {}", list(&[protocol])),
                format!("name a protocol that it speaks: {}", list(spoken)),
            );
            return None;
        }
        Some(protocol)
    }

    /// The protocol, with what the service says of it.
    fn with_metadata(&mut self, protocol: Written, path: &JsonPath) -> Option<Protocol> {
        let metadata = &self.model.service.metadata;
        Some(match protocol {
            Written::Json => {
                let content_type = self.content_type(metadata.json_version.as_deref(), path);
                let target_prefix = self.target_prefix(protocol, path);
                Protocol::AwsJson {
                    content_type: content_type?,
                    target_prefix: target_prefix?,
                }
            }
            Written::RestXml => Protocol::RestXml,
            Written::Query => Protocol::Query,
            Written::Ec2 => Protocol::Ec2,
            Written::RpcV2Cbor => Protocol::RpcV2Cbor {
                target_prefix: self.target_prefix(protocol, path)?,
            },
            Written::RestJson => Protocol::RestJson,
        })
    }

    fn content_type(&mut self, version: Option<&str>, path: &JsonPath) -> Option<String> {
        let version = version.unwrap_or("1.1");
        if !matches!(version, "1.0" | "1.1") {
            self.error(
                &path.key("jsonVersion"),
                format!("the version `{version}` of the protocol is not known"),
                "use `1.0` or `1.1`",
            );
            return None;
        }
        Some(format!("application/x-amz-json-{version}"))
    }

    /// What stands before the operation in requests.
    fn target_prefix(&mut self, protocol: Written, path: &JsonPath) -> Option<String> {
        let Some(prefix) = &self.model.service.metadata.target_prefix else {
            let message = format!("the service has no `targetPrefix`, which {} needs", list(&[protocol]));
            self.error(path, message, "add `\"targetPrefix\": ...`");
            return None;
        };
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if prefix.is_empty() || !prefix.chars().all(is_allowed) {
            self.error(
                &path.key("targetPrefix"),
                format!("`{}` is not a valid target prefix", prefix.escape_debug()),
                "use letters, digits, `_`, `-` and `.`",
            );
            return None;
        }
        Some(prefix.clone())
    }
}

/// Protocols, as descriptions call them.
fn list(protocols: &[Written]) -> String {
    let names = protocols.iter().map(|protocol| format!("`{}`", Word::Known(*protocol)));
    names.collect::<Vec<_>>().join(", ")
}
