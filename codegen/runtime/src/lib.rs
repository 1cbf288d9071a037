//! The hand-written part of every generated client.
//!
//! `src/runtime.rs` and `src/runtime/` go verbatim into each generated crate, at the same place. What differs between
//! services they find in `crate::service`, which the generator writes; [`service`] stands in for it here.

#![allow(dead_code, reason = "generated code calls what nothing here does")]

pub mod runtime;
pub mod service;
