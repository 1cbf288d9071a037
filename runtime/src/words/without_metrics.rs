//! What stands in for `metrics.rs` without the feature `metrics`: the same names, with nothing in them.

use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use http::Method;
use tokio::time::Instant;

use crate::words::service::OperationInfo;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Peer;

impl Peer {
    pub(crate) fn new(_: &str, _: Option<u16>, _: bool) -> Self {
        Self
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch;

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self
    }
}

pub(crate) fn call(_: OperationInfo, _: &Peer, _: Stopwatch, _: u32, _: Option<&str>) {}

pub(crate) fn retry(_: OperationInfo, _: &'static str) {}

pub(crate) struct Exchange;

impl Exchange {
    pub(crate) fn new(_: OperationInfo, _: &Peer, _: &Method) -> Self {
        Self
    }

    pub(crate) fn attempt(&self, _: Instant, _: Option<u64>, _: Option<u16>, _: Option<&str>) {}
}

#[derive(Debug, Default)]
pub(crate) struct ResponseSize(());

impl ResponseSize {
    pub(crate) fn of(_: Exchange, _: u16) -> Self {
        Self(())
    }

    pub(crate) fn add(&mut self, _: usize) {}
}

#[derive(Debug, Default)]
pub(crate) struct InFlight;

impl InFlight {
    pub(crate) fn to(_: &Peer) -> Self {
        Self
    }
}

pub(crate) struct Waiting<'a>(PhantomData<&'a Peer>);

impl<'a> Waiting<'a> {
    pub(crate) fn for_permit(_: &'a Peer) -> Self {
        Self(PhantomData)
    }
}

#[derive(Debug)]
pub(crate) struct OpenConnection;

impl OpenConnection {
    pub(crate) fn to(_: Peer) -> Self {
        Self
    }

    pub(crate) fn made_in(&self, _: Duration) {}

    pub(crate) fn set_idle(&mut self, _: bool) {}
}

pub(crate) fn signed(_: OperationInfo, _: Stopwatch, _: Option<SystemTime>, _: SystemTime) {}
