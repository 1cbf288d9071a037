//! `partitions.json`: groups of regions, with what their endpoints have in common.

use indexmap::IndexMap;
use serde::Deserialize;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
pub struct Partitions {
    /// The version of the format.
    pub version: Option<String>,
    /// The first one is for regions that no other knows.
    pub partitions: Vec<Partition>,
}

/// A group of regions.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partition {
    /// Such as `aws-cn`.
    pub id: String,
    /// What its endpoints have in common.
    pub outputs: Outputs,
    /// Matches the names of its regions.
    pub region_regex: String,
    /// The regions that are known, by name.
    pub regions: IndexMap<String, Region>,
}

/// What the endpoints of a partition have in common.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outputs {
    /// The partition's name.
    pub name: String,
    /// Such as `amazonaws.com`.
    pub dns_suffix: String,
    /// The same for hosts that also speak IPv6.
    pub dual_stack_dns_suffix: String,
    /// Whether there are FIPS endpoints.
    #[serde(rename = "supportsFIPS")]
    pub supports_fips: bool,
    /// Whether there are endpoints that also speak IPv6.
    pub supports_dual_stack: bool,
    /// The region that signs for services without regions.
    pub implicit_global_region: String,
}

/// A region.
#[derive(Clone, Debug, Deserialize)]
pub struct Region {
    /// Such as `Europe (Frankfurt)`.
    pub description: Option<String>,
}
