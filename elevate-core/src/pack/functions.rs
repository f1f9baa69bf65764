//! What a condition may ask of a host.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use cel::common::traits::Indexer;
use cel::common::types::{CelInt, CelString, Type};
use cel::common::value::{CowVal, Val};
use cel::context::Context;
use cel::objects::Value;
use cel::{ExecutionError, FunctionContext};
use serde_json::json;

use super::answers::{Failure, answer};
use super::condition::Whole;
use crate::actor::Host;
use crate::facts::Unknown;
use crate::transaction::Transaction;

/// The functions, each with what it gives and what that is read from. Where the evidence
/// was not captured, the answer is unknown.
pub const NAMES: [(&str, &str); 36] = [
    // Packages and repositories.
    ("installed", "installed(name): whether a package of this name is installed, whoever made it"),
    ("signed", "signed(name): whether the distribution's package of this name is installed"),
    (
        "packages",
        "packages(pattern): installed packages by name, with name, epoch, version, \
         release, evr, arch, nevra, vendor, repository, signed and key (the id its signature \
         names, in small letters; none where it is unsigned, empty where nobody knows)",
    ),
    (
        "compare",
        "compare(a, b): -1, 0 or 1, as rpm compares two versions [epoch:]version[-release]",
    ),
    (
        "repositories",
        "repositories(): configured repositories, with id, name, file, enabled and url; of \
         /etc/yum.repos.d",
    ),
    // Files.
    ("exists", "exists(path): whether something is there"),
    ("isFile", "isFile(path): whether a file is there"),
    ("isDirectory", "isDirectory(path): whether a directory is there"),
    ("paths", "paths(pattern): paths that match a shell pattern"),
    ("link", "link(path): where a link leads, as written; empty where there is none"),
    ("text", "text(path): a file; empty where there is none"),
    ("lines", "lines(path): the lines of a file, with number and text"),
    ("ini", "ini(path, section, key): a value of a file with sections; empty where there is none"),
    ("variable", "variable(path, name): a shell variable a file sets; empty where it does not"),
    ("output", "output(command): what a command printed"),
    // File systems.
    ("room", "room(path): bytes free for users where a path is; of the capture, or df"),
    (
        "mount",
        "mount(path): what holds a path: path, device, type, options; of /proc/self/mountinfo, \
         /proc/mounts or mount",
    ),
    ("mounts", "mounts(): all that is mounted, as mount(path), in order"),
    (
        "fstab",
        "fstab(): the entries of /etc/fstab, with line, device, path, type and options; none \
         where there is no such file",
    ),
    // The machine.
    ("module", "module(name): whether a kernel module is loaded; of /proc/modules or lsmod"),
    (
        "kernelArgument",
        "kernelArgument(name): the values of an argument of the running kernel; of /proc/cmdline",
    ),
    ("kernel", "kernel(): the release of the running kernel, as uname -r prints it"),
    (
        "bootEntry",
        "bootEntry(): what boots next: title, and kernel, its release; empty where there is no \
         entry; of grub.cfg with its environment, /boot/loader/entries, or zipl.conf",
    ),
    ("memory", "memory(): total and available, in bytes; of /proc/meminfo"),
    (
        "interfaces",
        "interfaces(): network interfaces with hardware behind them, with name, mac and driver, \
         empty where unknown; of /sys/class/net",
    ),
    (
        "container",
        "container(): the kind of container the host is: docker, podman, lxc, openvz ...; empty \
         where it is none; of /run/systemd/container, /.dockerenv, /run/.containerenv, /proc/vz",
    ),
    // What it does, and for whom.
    ("enabled", "enabled(unit): whether a unit is enabled; of what systemd reads"),
    (
        "sshd",
        "sshd(keyword): what sshd_config sets for everybody; empty where it does not; of \
         /etc/ssh/sshd_config with what it includes",
    ),
    (
        "selinux",
        "selinux(): the mode of the running kernel: enforcing, permissive or disabled; of \
         /sys/fs/selinux/enforce, getenforce or sestatus",
    ),
    ("user", "user(name): whether there is a local account of this name; of /etc/passwd (*)"),
    ("group", "group(name): whether there is a local group of this name; of /etc/group (*)"),
    (
        "listens",
        "listens(port): whether something listens on a TCP port, a number; of /proc/net/tcp and \
         tcp6, ss or netstat (*)",
    ),
    ("runs", "runs(name): whether a process of this name runs; of ps or /proc/*/comm (*)"),
    // The vendor's.
    ("vendor", "vendor(name): a document of the vendor's collector (--vendor-facts)"),
    // The transaction.
    (
        "fates",
        "fates(pattern): what becomes of installed packages by name, with name, nevra, fate (as \
         plans have it: upgraded, removed, replaced ...), successors and to, the packages that \
         come instead where target repositories were read; of the transaction (**)",
    ),
    (
        "arrives",
        "arrives(name): whether a package of this name arrives that is not installed; of the \
         transaction (**)",
    ),
];

/// What the stars beside functions mean.
pub const STARS: &str = "\
(*)  captured only where a pack or a list of --collect asks for it
(**) asked only by actors with stage = \"transaction\"";

/// Functions that need a transaction.
const OF_TRANSACTION: [&str; 2] = ["fates", "arrives"];

/// Functions of the language itself, and of its operators.
const OF_CEL: [&str; 24] = [
    "bool",
    "bytes",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "getDate",
    "getDayOfMonth",
    "getFullYear",
    "getHours",
    "int",
    "matches",
    "max",
    "min",
    "optional",
    "size",
    "startsWith",
    "string",
    "timestamp",
    "type",
    "uint",
    "orValue",
    "hasValue",
];

/// The message of a function that could not answer.
pub(super) const UNKNOWN: &str = "is not known";
/// The variable through which functions reach the host. No condition can name it.
const DOOR: &str = "@host";

/// Whether a condition may call this.
pub(super) fn is_known(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_alphabetic())
        || OF_CEL.contains(&name)
        || NAMES.iter().any(|(known, _)| *known == name)
}

/// Whether only actors that look at a transaction may call this.
pub(super) fn needs_transaction(name: &str) -> bool {
    OF_TRANSACTION.contains(&name)
}

/// What a condition is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) host: &'a Host<'a>,
    /// Where it is known.
    pub(super) transaction: Option<&'a Transaction>,
}

/// Makes the functions known to a condition. Evidence that was missing is noted.
pub(super) fn add<'a>(
    context: &mut Context<'_, 'a>,
    asking: &Asking<'a>,
    missing: &Arc<Mutex<Vec<Unknown>>>,
) -> Result<(), cel::DeclarationError> {
    let door = Door { asking: *asking, missing: Arc::clone(missing) };
    context.add_variable_as_val(DOOR, Box::new(door));
    for (name, _) in NAMES {
        context.add_function(name, call(name))?;
    }
    Ok(())
}

type Function = Box<
    dyn for<'context, 'call> Fn(
            &mut FunctionContext<'context, 'call>,
        ) -> Result<CowVal<'context, 'call>, ExecutionError>
        + Send
        + Sync,
>;

/// A function that asks the host, by way of the door.
fn call(name: &'static str) -> Function {
    Box::new(move |call: &mut FunctionContext<'_, '_>| {
        let text = |value: &CowVal<'_, '_>| {
            let text = value.downcast_ref::<CelString>().map(|text| text.inner().to_owned());
            let number = || value.downcast_ref::<CelInt>().map(|number| number.inner().to_string());
            let text = text.or_else(number);
            text.ok_or_else(|| ExecutionError::function_error(name, "takes texts and numbers only"))
        };
        let arguments = call.args.iter().map(text).collect::<Result<Vec<_>, _>>()?;
        let question = CelString::from(json!([name, arguments]).to_string());
        let door = call.ptx.get_variable(DOOR);
        let door = door.as_ref().and_then(|door| door.as_indexer());
        let door = door.ok_or_else(|| ExecutionError::function_error(name, "has no host"))?;
        Ok(CowVal::Owned(door.get(&question)?.into_owned()))
    })
}

static TYPE: Type = Type::new_unspecified_type("elevate.host");

/// The host, as a value of the language: to index it is to ask it.
#[derive(Debug, Clone)]
struct Door<'a> {
    asking: Asking<'a>,
    missing: Arc<Mutex<Vec<Unknown>>>,
}

impl Val for Door<'_> {
    fn get_type(&self) -> &Type {
        &TYPE
    }

    fn cel_type() -> &'static Type {
        &TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        None
    }
}

impl Indexer for Door<'_> {
    fn get<'b, 'v>(&'b self, question: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let text = question.downcast_ref::<CelString>().map(CelString::inner).unwrap_or_default();
        let (name, arguments): (String, Vec<String>) = serde_json::from_str(text)
            .map_err(|error| ExecutionError::function_error(DOOR, error))?;
        let answer = answer(&self.asking, &name, &arguments).map_err(|failure| match failure {
            Failure::Unknown(unknown) => {
                self.missing.lock().unwrap_or_else(PoisonError::into_inner).push(unknown);
                ExecutionError::function_error(&name, UNKNOWN)
            }
            Failure::Wrong(what) => ExecutionError::function_error(&name, what),
        })?;
        let value: Value = cel::to_value(Whole(&answer))
            .map_err(|error| ExecutionError::function_error(&name, error))?;
        Ok(CowVal::Owned(Box::<dyn Val>::try_from(value)?))
    }

    fn steal<'v>(self: Box<Self>, question: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(question).map(CowVal::into_owned)
    }
}
