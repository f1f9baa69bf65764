//! Directives: what events, files and actors ask of the plan, and the reasons.

mod reason;
mod step;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{ModuleStream, PackageName};

pub use reason::{EventRef, How, Reason, RepositoryReason, TargetRepository};
pub use step::{Change, Edit, Step, When};

/// What an actor asks of the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "directive", rename_all = "kebab-case")]
pub enum Directive {
    /// A package is to be installed.
    Install {
        /// Its name.
        package: PackageName,
    },
    /// A package is to be removed.
    Remove {
        /// Its name.
        package: PackageName,
    },
    /// A package is not to be removed.
    Keep {
        /// Its name.
        package: PackageName,
    },
    /// A package is to be installed again.
    Reinstall {
        /// Its name.
        package: PackageName,
    },
    /// A module stream is to be enabled.
    EnableModule {
        /// The stream.
        module: ModuleStream,
    },
    /// A module stream is to be reset.
    ResetModule {
        /// The stream.
        module: ModuleStream,
    },
    /// The target's kernel gets an argument.
    AddKernelArgument {
        /// The argument.
        argument: String,
    },
    /// The target's kernel loses an argument.
    RemoveKernelArgument {
        /// The argument.
        argument: String,
    },
    /// A unit is to be enabled on the target.
    EnableService {
        /// The unit, with its suffix.
        unit: String,
    },
    /// A unit is to be disabled on the target.
    DisableService {
        /// The unit, with its suffix.
        unit: String,
    },
    /// A file of the host is needed where the target's packages are prepared.
    CopyToTarget {
        /// Its path.
        path: String,
    },
    /// A file of the host is needed in the system that carries the upgrade out.
    CopyToInitramfs {
        /// Its path.
        path: String,
    },
    /// Room is needed where a path is, besides that for packages.
    Room {
        /// The path.
        path: String,
        /// How much, in bytes.
        bytes: u64,
        /// What for.
        what: String,
    },
    /// Something is to be done.
    Do {
        /// What.
        step: Step,
    },
}
