//! What everything speaks of: the service as data, names, texts and numbers.

pub(crate) mod calendar;
pub(crate) mod date_time;
pub(crate) mod duration;
pub(crate) mod header_map;
pub(crate) mod header_names;
pub(crate) mod hex;
pub mod hidden;
pub(crate) mod host;
pub(crate) mod limits;
#[cfg_attr(not(feature = "metrics"), path = "words/without_metrics.rs")]
pub(crate) mod metrics;
pub(crate) mod once;
pub(crate) mod one_line;
pub(crate) mod percent;
#[cfg(feature = "objects")]
pub(crate) mod s3_uri;
pub(crate) mod service;
pub(crate) mod task;
pub mod text;
pub(crate) mod typestate;
pub mod unknown;
pub(crate) mod uuid;
pub(crate) mod zero;
