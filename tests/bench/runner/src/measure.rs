//! What can be measured, by the names on the command line.

mod allocations;
mod builds;
mod calls;
mod events;
mod generator;
mod instructions;
mod memory;
mod pages;
mod start;
mod tls;

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::{Client, Cores, Server};
use crate::results::Results;

/// What measuring needs.
pub(crate) struct Bench {
    pub(crate) quick: bool,
    pub(crate) clients: Vec<Client>,
    pub(crate) server: Server,
    pub(crate) cores: Cores,
    /// The folder of the repository.
    pub(crate) repository: PathBuf,
    /// The folder for what is built.
    pub(crate) target: PathBuf,
    /// In there, those of each profile.
    pub(crate) programs: PathBuf,
    /// The virtual environment, if there is one.
    pub(crate) python: Option<PathBuf>,
}

impl Bench {
    pub(crate) fn measure(&self, name: &str) -> Result<Results> {
        match name {
            "build" => builds::measure(self),
            "calls" => calls::in_flight(self),
            "blocking" => calls::blocking(self),
            "payloads" => calls::payloads(self),
            "tls" => tls::measure(self),
            "allocations" => allocations::measure(self),
            "instructions" => instructions::measure(self),
            "start" => start::measure(self),
            "memory" => memory::measure(self),
            "events" => events::measure(self),
            "pages" => pages::measure(self),
            "generator" => generator::measure(self),
            _ => bail!("it is not known how"),
        }
    }

    /// One number for a quick run, another for a full one.
    fn pick<T>(&self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }

    fn rounds(&self, rounds: usize, turn: impl FnMut(&Client) -> Result<()>) -> Result<()> {
        self::rounds(rounds, &self.clients, turn)
    }
}

/// Gives everyone a turn, again and again, so that a change of the machine's speed meets all alike.
fn rounds(rounds: usize, clients: &[Client], mut turn: impl FnMut(&Client) -> Result<()>) -> Result<()> {
    (0..rounds).try_for_each(|_| clients.iter().try_for_each(&mut turn))
}
