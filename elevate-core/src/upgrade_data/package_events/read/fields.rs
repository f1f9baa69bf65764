//! The fields of an event that stand by themselves.

use std::collections::BTreeSet;

use crate::model::Arch;
use crate::upgrade_data::asset::Fault;
use crate::upgrade_data::locate::At;
use crate::upgrade_data::package_events::{Action, EventPackage};
use crate::upgrade_data::raw::{Items, Raw};
use crate::upgrade_data::remark::short;

/// Each (name, streams) once; the first keeps its repository.
pub(super) fn distinct(mut packages: Vec<EventPackage>) -> Vec<EventPackage> {
    if packages.len() > 1 {
        let mut seen = BTreeSet::new();
        let fresh: Vec<bool> =
            packages.iter().map(|package| seen.insert((&package.name, &package.streams))).collect();
        drop(seen);
        let mut fresh = fresh.into_iter();
        packages.retain(|_| fresh.next().unwrap_or(true));
    }
    packages
}

pub(super) fn action(at: &At<'_>, raw: &Raw<'_>) -> Result<Action, Fault> {
    match raw {
        Raw::Int(number) => Action::from_number(*number).ok_or_else(|| {
            Fault::invalid(at, format!("there is no action {number}; 0 to 8 exist"))
        }),
        Raw::Absent => Err(Fault::invalid(at, "the event has no `action`")),
        raw => Err(Fault::fatal(
            at,
            format!("the action is {}, not an integer from 0 to 8", raw.kind()),
        )),
    }
}

pub(super) fn version(at: &At<'_>, raw: &Raw<'_>) -> Result<u32, Fault> {
    match raw {
        Raw::Int(number) => u32::try_from(*number)
            .map_err(|_| Fault::invalid(at, format!("{number} is no part of a release"))),
        Raw::Absent => Err(Fault::invalid(at, "a release needs both major and minor version")),
        raw => Err(Fault::fatal(at, format!("the version is {}, not an integer", raw.kind()))),
    }
}

pub(super) fn architectures(at: &At<'_>, raw: Items<'_, Raw<'_>>) -> Result<Vec<Arch>, Fault> {
    let list = match raw {
        Items::Found(list) => list,
        Items::Other(raw) if raw.is_falsy() => return Ok(Vec::new()),
        Items::Other(Raw::Text(text)) => {
            return Err(Fault::invalid(
                at,
                format!("the architectures are the string {:?}, not a list", short(&text)),
            ));
        }
        Items::Other(raw) => {
            return Err(Fault::fatal(
                at,
                format!("the architectures are {}, not a list", raw.kind()),
            ));
        }
    };
    let arch = |(index, raw): (usize, &Raw<'_>)| {
        accepted_arch(raw).ok_or_else(|| {
            let message = format!("{} is none of x86_64, aarch64, ppc64le and s390x", shown(raw));
            match raw {
                Raw::Text(_) => Fault::invalid(at.index(index), message),
                _ => Fault::fatal(at.index(index), message),
            }
        })
    };
    list.iter().enumerate().map(arch).collect()
}

pub(super) fn accepted_arch(raw: &Raw<'_>) -> Option<Arch> {
    let Raw::Text(text) = raw else { return None };
    Arch::SUPPORTED.into_iter().find(|arch| arch.as_str() == text)
}

pub(super) fn shown(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Text(text) => format!("{:?}", short(text)),
        Raw::Int(number) => number.to_string(),
        raw => raw.kind().to_owned(),
    }
}
