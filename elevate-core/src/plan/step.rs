//! Steps of a plan: what is done, in which phase, why, how long it takes, what undoes it,
//! and whether it may be done again.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::edit::digest;
use crate::directive::Edit;
use crate::model::{ModuleStream, RepoId, shell_words};

/// A phase of an upgrade, in the order in which they come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// On the running host, before anything is changed for good.
    Prepare,
    /// Right before the transaction.
    Before,
    /// Packages are exchanged.
    Transaction,
    /// Right after the transaction.
    After,
    /// When the target system has started for the first time.
    FirstBoot,
    /// The result is compared with the plan.
    Verify,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Phase; 6] = [
        Phase::Prepare,
        Phase::Before,
        Phase::Transaction,
        Phase::After,
        Phase::FirstBoot,
        Phase::Verify,
    ];

    /// The word for it, as documents have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Prepare => "prepare",
            Phase::Before => "before",
            Phase::Transaction => "transaction",
            Phase::After => "after",
            Phase::FirstBoot => "first-boot",
            Phase::Verify => "verify",
        }
    }
}

/// A phase and its steps, in an order in which they can be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// The phase.
    pub phase: Phase,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// Something that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PlanStep")]
pub struct Step {
    /// What journals call it: its phase, who asks for it, and a number from the second on.
    pub id: String,
    /// The actor that asks for it; `elevate` for what belongs to every upgrade.
    pub actor: String,
    /// What for, in one sentence.
    pub why: String,
    /// What is done.
    #[serde(flatten)]
    pub action: Action,
    /// On what it depends, in words, where that is known only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Steps of the same phase that come before, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What undoes it.
    pub undo: Undo,
    /// Whether it may be done again.
    pub repeat: Repeat,
    /// How long it takes, where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<Seconds>,
    /// It serves leapp's way of exchanging packages: its container, its initramfs, its boot
    /// entry; or the plan has a step of its own for the same. Who exchanges packages otherwise
    /// does nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_leapp: bool,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// A command is run.
    Command {
        /// Its words; never a shell string.
        command: Vec<String>,
    },
    /// Lines of a file are changed.
    Edit {
        /// The file.
        path: String,
        /// SHA-256 of the file before, in hexadecimal, where all of it was captured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<String>,
        /// SHA-256 of the file afterwards.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<String>,
        /// The changes, from the first line to the last.
        edits: Vec<Edit>,
    },
    /// A file is written, over what is there.
    Write {
        /// The file.
        path: String,
        /// All of its content.
        content: String,
    },
    /// A file is copied.
    Copy {
        /// From where.
        from: String,
        /// To where.
        to: String,
    },
    /// A file is deleted.
    Delete {
        /// The file.
        path: String,
    },
    /// Repositories of the target are made known to whoever installs packages.
    Repositories {
        /// The file.
        path: String,
        /// Which they are.
        repositories: Vec<RepoId>,
        /// All of the file's content.
        content: String,
    },
    /// A public key is trusted.
    ImportKey {
        /// Where it is: a path or an address.
        address: String,
        /// The repositories whose packages it is for.
        repositories: Vec<RepoId>,
    },
    /// Module streams are reset and enabled.
    Modules {
        /// Those that are reset before.
        reset: Vec<ModuleStream>,
        /// Those that are enabled.
        enable: Vec<ModuleStream>,
    },
    /// Packages are exchanged, as the plan's transaction says.
    Transaction {
        /// How many packages come.
        arriving: usize,
        /// How many installed packages go.
        leaving: usize,
    },
    /// A unit is enabled, or disabled.
    Service {
        /// The unit, with its suffix.
        unit: String,
        /// Whether it is enabled afterwards.
        enabled: bool,
    },
    /// The target's kernel gets an argument, or loses one.
    KernelArgument {
        /// The argument.
        argument: String,
        /// Whether it is there afterwards.
        present: bool,
    },
    /// The target's kernel is what is started from now on.
    BootEntry {
        /// Release of the kernel, as `uname -r` prints it.
        kernel: String,
    },
    /// A file of the host is made available where the upgrade is carried out.
    Provide {
        /// The file.
        path: String,
        /// Where.
        place: Place,
    },
    /// The host is started anew.
    Reboot,
    /// Something is looked at; nothing is changed.
    Check {
        /// What.
        #[serde(flatten)]
        check: Check,
    },
    /// Something whose exact result only the tool knows that does it.
    Other {
        /// What will happen.
        what: String,
    },
}

/// Where an upgrade is carried out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Where the target's packages are prepared.
    Userspace,
    /// The system that is started to exchange packages.
    Initramfs,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "check", rename_all = "kebab-case")]
pub enum Check {
    /// The host is still what the plan was made for.
    Host,
    /// There is room on a file system.
    Room {
        /// Where it is mounted, or a path on it.
        mount: String,
        /// How much is needed, in bytes.
        bytes: u64,
    },
    /// Every package has become what the plan says.
    Packages,
}

/// What undoes a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Undo {
    /// It changes nothing.
    Nothing,
    /// The file as it was before, which the run keeps.
    Backup,
    /// A command.
    Command {
        /// Its words.
        command: Vec<String>,
    },
    /// Only a backup or a snapshot of the host.
    Impossible,
}

/// Whether a step may be done again, as after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repeat {
    /// Done twice is as good as done once.
    Safe,
    /// What is there tells whether it was done.
    Checked,
    /// Nobody knows: somebody has to look.
    Once,
}

/// How long something takes: from, to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Seconds {
    /// At least, in seconds.
    pub least: u64,
    /// Hardly more, in seconds.
    pub most: u64,
}

impl std::ops::Add for Seconds {
    type Output = Seconds;

    fn add(self, other: Self) -> Self {
        Seconds {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }
}

/// Commands that come to the same if they are done again, by their first words.
const REPEATABLE: &[&[&str]] = &[
    &["chmod"],
    &["chown"],
    &["dracut", "--force"],
    &["grub2-install"],
    &["grub2-mkconfig"],
    &["grubby"],
    &["ldconfig"],
    &["restorecon"],
    &["systemctl", "daemon-reload"],
    &["systemctl", "disable"],
    &["systemctl", "enable"],
    &["systemctl", "mask"],
    &["systemctl", "unmask"],
    &["update-ca-trust"],
];

/// What is done, in one line.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Command { command } => write!(f, "run {}", shell_words(command)),
            Action::Edit { path, edits, .. } => {
                let lines = if edits.len() == 1 { "line" } else { "lines" };
                write!(f, "change {} {lines} of {path}", edits.len())
            }
            Action::Write { path, .. } => write!(f, "write {path}"),
            Action::Copy { from, to } => write!(f, "copy {from} to {to}"),
            Action::Delete { path } => write!(f, "delete {path}"),
            Action::Repositories { path, repositories, .. } => {
                write!(f, "set up {} in {path}", listed(repositories))
            }
            Action::ImportKey { address, repositories } => {
                write!(f, "trust the key {address} of {}", listed(repositories))
            }
            Action::Modules { reset, enable } => match (reset.is_empty(), enable.is_empty()) {
                (true, _) => write!(f, "enable module streams {}", listed(enable)),
                (false, true) => write!(f, "reset module streams {}", listed(reset)),
                (false, false) => write!(
                    f,
                    "reset module streams {}, and enable {}",
                    listed(reset),
                    listed(enable)
                ),
            },
            Action::Transaction { arriving, leaving } => {
                write!(f, "exchange packages: {arriving} come, {leaving} go")
            }
            Action::Service { unit, enabled: true } => write!(f, "enable {unit}"),
            Action::Service { unit, enabled: false } => write!(f, "disable {unit}"),
            Action::KernelArgument { argument, present: true } => {
                write!(f, "add the kernel argument {argument}")
            }
            Action::KernelArgument { argument, present: false } => {
                write!(f, "remove the kernel argument {argument}")
            }
            Action::BootEntry { kernel } => write!(f, "start kernel {kernel} from now on"),
            Action::Provide { path, place: Place::Userspace } => {
                write!(f, "have {path} where the target's packages are prepared")
            }
            Action::Provide { path, place: Place::Initramfs } => {
                write!(f, "have {path} in the system that exchanges packages")
            }
            Action::Reboot => f.write_str("start the host anew"),
            Action::Check { check: Check::Host } => {
                f.write_str("check that the host is what the plan was made for")
            }
            Action::Check { check: Check::Room { mount, bytes } } => {
                write!(f, "check that there are {} MiB free on {mount}", bytes.div_ceil(1 << 20))
            }
            Action::Check { check: Check::Packages } => {
                f.write_str("check that every package has become what was planned")
            }
            Action::Other { what } => f.write_str(what),
        }
    }
}

fn listed<T: fmt::Display>(things: &[T]) -> String {
    things.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Action {
    /// A file that is written, where the step is known to write just one.
    pub fn writes(&self) -> Option<&str> {
        match self {
            Action::Edit { path, .. }
            | Action::Write { path, .. }
            | Action::Delete { path }
            | Action::Repositories { path, .. }
            | Action::Copy { to: path, .. } => Some(path),
            _ => None,
        }
    }

    /// The files it is about, read or written.
    pub fn files(&self) -> Vec<&str> {
        let read = match self {
            Action::Copy { from, .. } => Some(from.as_str()),
            Action::Provide { path, .. } => Some(path.as_str()),
            _ => None,
        };
        read.into_iter().chain(self.writes()).collect()
    }

    /// SHA-256 of the file it leaves, where that is known.
    pub fn result(&self) -> Option<String> {
        match self {
            Action::Edit { result, .. } => result.clone(),
            Action::Write { content, .. } | Action::Repositories { content, .. } => {
                Some(digest(content.as_bytes()))
            }
            _ => None,
        }
    }

    pub(super) fn undo(&self) -> Undo {
        let command = |words: &[&str]| Undo::Command {
            command: words.iter().map(|&word| word.to_owned()).collect(),
        };
        match self {
            Action::Service { unit, enabled: true } => command(&["systemctl", "disable", unit]),
            Action::Service { unit, enabled: false } => command(&["systemctl", "enable", unit]),
            Action::Check { .. } | Action::Reboot | Action::Provide { .. } => Undo::Nothing,
            _ if self.writes().is_some() => Undo::Backup,
            _ => Undo::Impossible,
        }
    }

    pub(super) fn repeat(&self) -> Repeat {
        match self {
            Action::Command { command } => {
                let begins = |words: &[&str]| {
                    words.len() <= command.len() && words.iter().zip(command).all(|(a, b)| a == b)
                };
                if REPEATABLE.iter().any(|words| begins(words)) {
                    Repeat::Safe
                } else {
                    Repeat::Once
                }
            }
            Action::Edit { .. } | Action::Transaction { .. } => Repeat::Checked,
            Action::Other { .. } => Repeat::Once,
            _ => Repeat::Safe,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> Action {
        Action::Command { command: words.iter().map(|&word| word.to_owned()).collect() }
    }

    #[test]
    fn only_commands_known_to_be_repeatable_are() {
        assert_eq!(command(&["systemctl", "enable", "a.service"]).repeat(), Repeat::Safe);
        assert_eq!(command(&["systemctl", "start", "a.service"]).repeat(), Repeat::Once);
        assert_eq!(command(&["systemctl"]).repeat(), Repeat::Once);
        assert_eq!(command(&["/bin/true"]).repeat(), Repeat::Once);
        assert_eq!(command(&[]).repeat(), Repeat::Once);
    }

    #[test]
    fn a_copy_is_about_two_files_and_writes_one() {
        let copy = Action::Copy { from: "/a".to_owned(), to: "/b".to_owned() };
        assert_eq!((copy.files(), copy.writes()), (vec!["/a", "/b"], Some("/b")));
        assert_eq!((copy.undo(), copy.repeat()), (Undo::Backup, Repeat::Safe));
        assert_eq!(command(&["x"]).undo(), Undo::Impossible);
    }

    #[test]
    fn only_what_is_leapps_own_is_marked_in_a_document() {
        let text = r#"{"id":"a","actor":"b","why":"","action":"reboot","undo":{"by":"nothing"},
                       "repeat":"safe"}"#;
        let mut step: Step = serde_json::from_str(text).unwrap();
        assert!(!step.for_leapp);
        let unmarked: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_value(&step).unwrap(), unmarked);
        step.for_leapp = true;
        assert_eq!(serde_json::to_value(&step).unwrap()["for_leapp"], true);
    }

    #[test]
    fn phases_are_in_the_order_in_which_they_come() {
        assert!(Phase::ALL.is_sorted());
        for phase in Phase::ALL {
            assert_eq!(serde_json::to_value(phase).unwrap(), phase.as_str());
        }
    }
}
