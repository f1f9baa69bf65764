//! Questions answered from a snapshot. Pure: nothing here reads a file.

pub mod applications;
pub mod authselect;
pub mod boot;
pub mod cups;
pub mod daemons;
pub mod dns;
pub mod environment;
mod fact;
pub mod firewall;
mod fixture;
pub mod ftp;
pub mod hardware;
pub mod kernel;
pub mod kernels;
pub mod leftovers;
mod look;
pub mod mail;
pub mod network;
pub mod package_manager;
pub mod pam;
pub mod parse;
pub mod processes;
pub mod provider;
pub mod raw;
mod read;
pub mod reads;
mod repositories;
mod rewrite;
pub mod selinux;
pub mod services;
pub mod set_aside;
pub mod ssh;
pub mod sssd;
pub mod storage;
pub mod tcp_wrappers;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
pub mod verification;

pub use boot::Boot;
pub use fact::{Fact, OddLine, Unknown, Why, fact};
pub use fixture::Fixture;
pub use hardware::Hardware;
pub use kernel::Kernel;
pub use look::Found;
pub use network::Network;
pub use read::Parsed;
pub use repositories::HostRepositories;
pub use rewrite::Rewrite;
pub use storage::Storage;

use crate::model::{Arch, InstalledPackage, ModuleStream, System};
use crate::snapshot::{Content, Snapshot};

/// The facts of one host.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    snapshot: &'a Snapshot,
    /// What is configured in yum.
    pub repositories: HostRepositories,
}

impl<'a> Facts<'a> {
    /// Derives the facts of a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, repositories: HostRepositories::new(snapshot) }
    }

    /// Distribution and release.
    pub fn system(&self) -> &'a System {
        &self.snapshot.identity.system
    }

    /// What stands in a line of a file, from 1, as it was captured; empty where nothing
    /// was.
    pub fn line(&self, path: &str, number: usize) -> String {
        let text = self.snapshot.evidence.file(path).captured().map(Content::text);
        let text = text.unwrap_or_default();
        let line = number.checked_sub(1).and_then(|at| text.lines().nth(at));
        line.unwrap_or_default().to_owned()
    }

    /// Architecture.
    pub fn arch(&self) -> &'a Arch {
        &self.snapshot.identity.arch
    }

    /// Installed packages, in captured order.
    pub fn packages(&self) -> &'a [InstalledPackage] {
        &self.snapshot.packages
    }

    /// Enabled module streams; none where nothing was captured, since release 7
    /// has no modules.
    pub fn enabled_modules(&self) -> &'a [ModuleStream] {
        self.snapshot.enabled_modules.as_deref().unwrap_or_default()
    }

    /// Cloud provider whose update infrastructure (RHUI) serves the host.
    pub fn cloud(&self) -> Option<&'a str> {
        self.snapshot.identity.cloud.as_deref()
    }

    /// The running kernel and the machine.
    pub fn kernel(&self) -> Kernel<'a> {
        Kernel::new(&self.snapshot.evidence, self.snapshot.identity.kernel.as_deref())
    }

    /// File systems and what they lie on.
    pub fn storage(&self) -> Storage<'a> {
        Storage::new(&self.snapshot.evidence)
    }

    /// How the host boots.
    pub fn boot(&self) -> Boot<'a> {
        Boot::new(&self.snapshot.evidence)
    }

    /// PCI devices and what they are needed for.
    pub fn hardware(&self) -> Hardware<'a> {
        Hardware::new(&self.snapshot.evidence)
    }

    /// Network interfaces and their names.
    pub fn network(&self) -> Network<'a> {
        Network::new(&self.snapshot.evidence)
    }
}
