//! What a condition may ask of a host.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use cel::common::traits::Indexer;
use cel::common::types::{CelString, Type};
use cel::common::value::{CowVal, Val};
use cel::context::Context;
use cel::objects::Value;
use cel::{ExecutionError, FunctionContext};
use serde_json::{Value as Json, json};

use crate::actor::Host;
use crate::facts::{Fact, Unknown, raw};
use crate::model::{Evr, InstalledPackage, Repository};

/// The functions, each with what it gives.
pub const NAMES: [(&str, &str); 20] = [
    ("installed", "installed(name): whether a package of this name is installed, whoever made it"),
    ("signed", "signed(name): whether the distribution's package of this name is installed"),
    (
        "packages",
        "packages(pattern): installed packages by name, with name, epoch, version, \
      release, evr, arch, nevra, vendor, repository and signed",
    ),
    (
        "compare",
        "compare(a, b): -1, 0 or 1, as rpm compares two versions [epoch:]version[-release]",
    ),
    (
        "repositories",
        "repositories(): configured repositories, with id, name, file, enabled and url",
    ),
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
    ("room", "room(path): bytes free for users where a path is"),
    ("module", "module(name): whether a kernel module is loaded"),
    ("kernelArgument", "kernelArgument(name): the values of an argument of the running kernel"),
    ("enabled", "enabled(unit): whether a unit is enabled"),
    ("vendor", "vendor(name): a document of the vendor's collector"),
];

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

/// What a condition is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) host: &'a Host<'a>,
}

/// Makes the functions known to a condition. Evidence that was missing is noted.
pub(super) fn add<'a>(
    context: &mut Context<'_, 'a>,
    asking: &Asking<'a>,
    missing: &Arc<Mutex<Vec<Unknown>>>,
) -> Result<(), cel::DeclarationError> {
    let door = Door { host: asking.host, missing: Arc::clone(missing) };
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
            text.ok_or_else(|| ExecutionError::function_error(name, "takes texts only"))
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
    host: &'a Host<'a>,
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
        let answer = answer(self.host, &name, &arguments).map_err(|failure| match failure {
            Failure::Unknown(unknown) => {
                self.missing.lock().unwrap_or_else(PoisonError::into_inner).push(unknown);
                ExecutionError::function_error(&name, UNKNOWN)
            }
            Failure::Wrong(what) => ExecutionError::function_error(&name, what),
        })?;
        let value: Value =
            cel::to_value(&answer).map_err(|error| ExecutionError::function_error(&name, error))?;
        Ok(CowVal::Owned(Box::<dyn Val>::try_from(value)?))
    }

    fn steal<'v>(self: Box<Self>, question: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(question).map(CowVal::into_owned)
    }
}

/// Why a function gave nothing.
enum Failure {
    Unknown(Unknown),
    Wrong(String),
}

impl From<Unknown> for Failure {
    fn from(unknown: Unknown) -> Self {
        Failure::Unknown(unknown)
    }
}

fn answer(host: &Host<'_>, name: &str, arguments: &[String]) -> Result<Json, Failure> {
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let facts = host.facts();
    let raw = facts.raw();
    let or_empty = |text: Option<String>| Json::from(text.unwrap_or_default());
    Ok(match (name, &texts[..]) {
        ("installed", [name]) => (!host.all_named(name).is_empty()).into(),
        ("signed", [name]) => host.has(name).into(),
        ("packages", [pattern]) => packages(host, pattern),
        ("compare", [a, b]) => compare(a, b)?,
        ("repositories", []) => repositories(host)?,
        ("exists", [path]) => raw.exists(path)?.into(),
        ("isFile", [path]) => raw.is_file(path)?.into(),
        ("isDirectory", [path]) => raw.is_directory(path)?.into(),
        ("paths", [pattern]) => raw.paths(pattern).all()?.into(),
        ("link", [path]) => or_empty(raw.link(path)?),
        ("text", [path]) => or_empty(raw.text(path)?),
        ("lines", [path]) => {
            let text = raw.text(path)?.unwrap_or_default();
            let line = |(number, text): (usize, &str)| json!({ "number": number, "text": text });
            (1..).zip(text.lines()).map(line).collect()
        }
        ("ini", [path, section, key]) => {
            let ini = raw.ini(path)?;
            let entry = ini.as_ref().and_then(|ini| ini.get(section, key));
            or_empty(entry.map(|entry| entry.value.clone()))
        }
        ("variable", [path, name]) => or_empty(raw.variable(path, name)?),
        ("output", [command]) => raw.output(command)?.into(),
        ("room", [path]) => facts.storage().room_at(path)?.available.into(),
        ("module", [name]) => facts.kernel().module(name)?.is_some().into(),
        ("kernelArgument", [name]) => {
            let line = facts.kernel().command_line()?;
            line.values(name).map(Json::from).collect()
        }
        ("enabled", [unit]) => facts.services().is_enabled(unit)?.into(),
        ("vendor", [name]) => vendor(host, name)?,
        _ => {
            let known = NAMES.iter().find(|(known, _)| *known == name);
            let how = known.map_or("there is no such function", |(_, how)| how);
            return Err(Failure::Wrong(format!("is called with other arguments; {how}")));
        }
    })
}

/// Names that match a shell pattern of `*` and `?`.
fn packages(host: &Host<'_>, pattern: &str) -> Json {
    let names = host.names().filter(|name| raw::matches(pattern, name));
    let all = names.flat_map(|name| host.all_named(name).iter().map(move |one| (name, *one)));
    all.map(|(name, package)| of_package(package, host.has(name))).collect()
}

fn of_package(package: &InstalledPackage, is_signed: bool) -> Json {
    json!({
        "name": package.name.as_str(),
        "epoch": package.evr.epoch,
        "version": package.evr.version,
        "release": package.evr.release,
        "evr": package.evr.to_string(),
        "arch": package.arch.as_ref().map_or("", |arch| arch.as_str()),
        "nevra": package.nevra(),
        "vendor": package.vendor.as_deref().unwrap_or_default(),
        "repository": package.from_repo.as_deref().unwrap_or_default(),
        "signed": is_signed,
    })
}

fn compare(a: &str, b: &str) -> Result<Json, Failure> {
    let version = |text: &str| {
        text.parse::<Evr>().map_err(|_| Failure::Wrong(format!("{text:?} is no version")))
    };
    Ok(match version(a)?.cmp(&version(b)?) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }
    .into())
}

fn repositories(host: &Host<'_>) -> Result<Json, Failure> {
    let repositories = &host.facts().repositories;
    if !repositories.known {
        return Err(Unknown::not_captured("/etc/yum.repos.d").into());
    }
    let of = |path: &str, repository: &Repository| {
        let url = [&repository.baseurl, &repository.mirrorlist, &repository.metalink];
        json!({
            "id": repository.id.as_str(),
            "name": repository.title(),
            "file": path,
            "enabled": repository.is_enabled(),
            "url": url.into_iter().flatten().next().cloned().unwrap_or_default(),
        })
    };
    let files = repositories.files.iter();
    let all = files.flat_map(|file| file.repositories.iter().map(|one| of(&file.path, one)));
    Ok(all.collect())
}

fn vendor(host: &Host<'_>, name: &str) -> Fact<Json> {
    host.document(name).cloned().ok_or_else(|| Unknown::not_captured(format!("vendor:{name}")))
}
