//! Every kind of finding of a verification. High severity says that something is not as
//! planned.

use crate::finding::Kind;
use crate::finding::Severity::{High, Info, Low, Medium};

const ACTOR: &str = "verify";
const POST: &[&str] = &["post", "sanity"];
const BOOT: &[&str] = &["post", "boot"];
const REPOSITORY: &[&str] = &["post", "repository"];
const SERVICES: &[&str] = &["post", "services"];

const fn kind(id: &'static str, severity: crate::finding::Severity, title: &'static str) -> Kind {
    Kind::new(id, ACTOR, severity, title).groups(POST)
}

pub(super) const RELEASE: Kind =
    kind("verify.release", High, "The host does not run the release of the plan");
pub(super) const OTHER_HOST: Kind =
    kind("verify.other-host", High, "The plan is that of another host");
pub(super) const RENAMED_HOST: Kind =
    kind("verify.host-name", Medium, "The host has another name than in the plan");
pub(super) const MISSING: Kind =
    kind("verify.package-missing", High, "Packages that were to come are not installed");
pub(super) const OLDER: Kind =
    kind("verify.package-older", High, "Packages have a lower version than planned");
pub(super) const NEWER: Kind =
    kind("verify.package-newer", Medium, "Packages have a higher version than planned");
pub(super) const REMAINS: Kind =
    kind("verify.package-remains", High, "Packages that were to go are still installed");
pub(super) const UNPLANNED: Kind =
    kind("verify.package-unplanned", High, "Packages are installed that the plan does not have");
pub(super) const GONE: Kind =
    kind("verify.package-gone", High, "Packages that were to stay are gone");
pub(super) const CLEANED: Kind =
    kind("verify.leftover-removed", Info, "Packages of the old release have gone since");
pub(super) const LEFTOVER: Kind =
    kind("verify.leftover", High, "Packages of the old release remain against the plan");
pub(super) const LEFTOVER_PLANNED: Kind =
    kind("verify.leftover-planned", Info, "Packages of the old release remain as planned");
pub(super) const DUPLICATES: Kind =
    kind("verify.duplicates", High, "Packages are installed in more than one version");
pub(super) const BROKEN: Kind =
    kind("verify.dependencies", High, "Packages lack what they require");
pub(super) const BROKEN_KEPT: Kind =
    kind("verify.dependencies-of-kept", Medium, "Packages that stayed lack what they require");
pub(super) const BOOT_DEFAULT: Kind =
    kind("verify.boot-default", High, "A kernel of the old release boots by default").groups(BOOT);
pub(super) const RUNNING: Kind =
    kind("verify.running-kernel", High, "A kernel of the old release is running").groups(BOOT);
pub(super) const PYTHON: Kind =
    kind("verify.python", Medium, "The command python does not lead where it should");
pub(super) const DISABLED: Kind =
    kind("verify.unit-disabled", High, "Units are not enabled any more").groups(SERVICES);
pub(super) const MASKED: Kind =
    kind("verify.unit-masked", High, "Units that were enabled are masked").groups(SERVICES);
pub(super) const UNIT_CHANGED: Kind =
    kind("verify.unit-changed", Low, "Units that were enabled are gone or cannot be enabled")
        .groups(SERVICES);
pub(super) const SOURCE_REPOSITORY: Kind =
    kind("verify.repository-of-source", High, "Repositories of the old release are enabled")
        .groups(REPOSITORY);
pub(super) const TARGET_DISABLED: Kind =
    kind("verify.repository-disabled", High, "Repositories of the target are disabled")
        .groups(REPOSITORY);
pub(super) const TARGET_MISSING: Kind =
    kind("verify.repository-missing", Medium, "Repositories of the plan are not defined")
        .groups(REPOSITORY);
pub(super) const NONE_ENABLED: Kind =
    kind("verify.repository-none", High, "No repository is enabled").groups(REPOSITORY);
pub(super) const STATE_LOST: Kind =
    kind("verify.repository-state", Medium, "Repositories are not enabled any more")
        .groups(REPOSITORY);
pub(super) const EXCLUDES: Kind =
    kind("verify.excludes", Medium, "Packages of the upgrade tool are still excluded")
        .groups(REPOSITORY);
pub(super) const SET_ASIDE: Kind =
    kind("verify.set-aside", Medium, "Configuration was put beside the host's own");
pub(super) const SET_ASIDE_BEFORE: Kind =
    kind("verify.set-aside-before", Info, "Configuration lay beside the host's own before");
pub(super) const TOOL_LEFTOVERS: Kind =
    kind("verify.tool-leftovers", Low, "Files of the upgrade tool remain");

/// All kinds of findings of a verification.
pub const KINDS: &[Kind] = &[
    RELEASE,
    OTHER_HOST,
    RENAMED_HOST,
    MISSING,
    OLDER,
    NEWER,
    REMAINS,
    UNPLANNED,
    GONE,
    CLEANED,
    LEFTOVER,
    LEFTOVER_PLANNED,
    DUPLICATES,
    BROKEN,
    BROKEN_KEPT,
    BOOT_DEFAULT,
    RUNNING,
    PYTHON,
    DISABLED,
    MASKED,
    UNIT_CHANGED,
    SOURCE_REPOSITORY,
    TARGET_DISABLED,
    TARGET_MISSING,
    NONE_ENABLED,
    STATE_LOST,
    EXCLUDES,
    SET_ASIDE,
    SET_ASIDE_BEFORE,
    TOOL_LEFTOVERS,
];
