//! Which column holds what.

use std::borrow::Cow;

use super::cell::{self, Kind};
use super::collect::{At, Collector};
use super::{ListingError, date};
use crate::model::{Arch, Evr, InstalledPackage, PackageName};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// `name-version-release.arch`.
    Nevra,
    /// Name.
    Name,
    /// `name.arch`.
    NameArch,
    /// Epoch.
    Epoch,
    /// Version.
    Version,
    /// Release.
    Release,
    /// `[epoch:]version-release`.
    Evr,
    /// Architecture.
    Arch,
    /// Vendor.
    Vendor,
    /// Packager.
    Packager,
    /// Header signature; there may be two such columns (DSA and RSA).
    Signature,
    /// Repository it came from.
    Repository,
    /// Why it was installed.
    Reason,
    /// When it was installed: seconds since 1970, or a date.
    Installed,
    /// Installed size in bytes.
    Size,
    /// Nothing the model holds; the text names the column in remarks.
    Ignored(String),
}

/// What was seen in a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    kinds: [usize; 11],
    /// Values that are `version-release`.
    evr: usize,
    /// Values that can be an epoch.
    epoch: usize,
    /// Values that can be a version.
    version: usize,
    /// Numbers that are the time of the row's first date.
    near: usize,
    rows: usize,
}

impl Column {
    /// The most frequent kind of value, `(none)` apart.
    pub(super) fn kind(&self) -> Kind {
        const KINDS: [Kind; 10] = [
            Kind::Signature,
            Kind::Date,
            Kind::Seconds,
            Kind::Number,
            Kind::Reason,
            Kind::Arch,
            Kind::Packager,
            Kind::Words,
            Kind::Word,
            Kind::Other,
        ];
        let count = |kind: &Kind| self.kinds[*kind as usize];
        // Several words in a few rows make the column one of texts.
        if count(&Kind::Words) > 0 && count(&Kind::Words) + count(&Kind::Word) > self.rows / 2 {
            return Kind::Words;
        }
        let most = KINDS.iter().rev().max_by_key(|kind| count(kind));
        most.copied().filter(|kind| count(kind) > 0).unwrap_or(Kind::None)
    }

    pub(super) fn is_evr(&self) -> bool {
        2 * self.evr > self.rows
    }

    /// A damaged value or two do not make a column of epochs another one.
    pub(super) fn is_epoch(&self) -> bool {
        self.rows > 0 && 10 * self.epoch >= 9 * self.rows
    }

    pub(super) fn is_version(&self) -> bool {
        2 * self.version > self.rows
    }
}

/// Counts what the columns hold.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) columns: Vec<Column>,
}

impl Tally {
    /// Counts one row.
    pub(super) fn add(&mut self, cells: &[Cow<'_, str>]) {
        if self.columns.len() < cells.len() {
            self.columns.resize_with(cells.len(), Column::default);
        }
        let time = cells.iter().find_map(|cell| date::roughly(cell));
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            let kind = cell::kind(cell);
            column.rows += 1;
            column.kinds[kind as usize] += 1;
            column.evr += usize::from(cell::evr(cell).is_some_and(|e| cell::has_digit(&e.version)));
            column.epoch +=
                usize::from(kind == Kind::None || (cell.len() <= 3 && kind == Kind::Number));
            let version = cell::version(cell).is_some() && cell::has_digit(cell);
            column.version += usize::from(version && kind != Kind::Arch);
            let near = |seconds: i64| time.is_some_and(|t| (t - seconds).abs() <= 15 * 3600);
            column.near += usize::from(kind == Kind::Seconds && cell.parse().is_ok_and(near));
        }
    }

    /// Decides what the columns after the first `roles.len()` hold, by their
    /// values. A role is given once; what is left over is ignored by name.
    pub(super) fn complete(&self, mut roles: Vec<Role>) -> Vec<Role> {
        // A repository is what yum records; rpm, which prints dates and
        // signatures, does not know it.
        let kinds: Vec<Kind> = self.columns.iter().map(Column::kind).collect();
        let from_rpm = kinds.iter().any(|kind| matches!(kind, Kind::Date | Kind::Signature));
        for (index, kind) in kinds.iter().copied().enumerate().skip(roles.len()) {
            let role = match kind {
                Kind::Signature => Role::Signature,
                Kind::None if roles.last() == Some(&Role::Signature) => Role::Signature,
                Kind::None => ignored(index, "empty"),
                Kind::Date => Role::Installed,
                Kind::Seconds => self.time(index, &roles),
                Kind::Number => Role::Size,
                Kind::Reason => Role::Reason,
                Kind::Arch => Role::Arch,
                Kind::Packager => Role::Packager,
                Kind::Word if !from_rpm => Role::Repository,
                Kind::Word | Kind::Words => Role::Vendor,
                Kind::Other => ignored(index, "not understood"),
            };
            let taken = role != Role::Signature && roles.contains(&role);
            let seconds = role == Role::Installed && kind == Kind::Seconds;
            match taken {
                // Seconds say more than the date before them.
                true if seconds => {
                    replace_date(&mut roles);
                    roles.push(role);
                }
                true => roles.push(ignored(index, another(&role))),
                false => roles.push(role),
            }
        }
        roles
    }

    /// A column of times is the time of installation unless the row's date,
    /// which is that already, says another time.
    fn time(&self, index: usize, roles: &[Role]) -> Role {
        let column = &self.columns[index];
        let near = 2 * column.near > column.rows;
        let dated = roles.contains(&Role::Installed);
        if !dated || near { Role::Installed } else { ignored(index, "build time") }
    }
}

fn replace_date(roles: &mut [Role]) {
    for (index, role) in roles.iter_mut().enumerate() {
        if *role == Role::Installed {
            *role = ignored(index, "date of installation; the next gives it in seconds");
        }
    }
}

fn another(role: &Role) -> &'static str {
    match role {
        Role::Installed => "another time",
        Role::Size => "another number",
        Role::Repository | Role::Vendor => "another word",
        _ => "given twice",
    }
}

/// A column that is not used.
pub(super) fn ignored(index: usize, why: &str) -> Role {
    Role::Ignored(format!("column {} ({why})", index + 1))
}

#[derive(Default)]
struct Draft {
    name: Option<PackageName>,
    arch: Option<Arch>,
    evr: Evr0,
    vendor: Option<String>,
    packager: Option<String>,
    pgpsig: Option<String>,
    from_repo: Option<String>,
    install_time: Option<u64>,
    install_date: Option<String>,
    install_reason: Option<String>,
    size: Option<u64>,
}

#[derive(Default)]
struct Evr0 {
    epoch: u32,
    version: Option<String>,
    release: Option<String>,
}

/// Makes a package of a row and hands it over.
///
/// # Errors
///
/// The reason why the row is no package, or too many packages.
pub(super) fn take(
    at: At<'_>,
    cells: &[Cow<'_, str>],
    roles: &[Role],
    collector: &mut Collector,
) -> Result<Result<(), String>, ListingError> {
    let values = cells.iter().map(Cow::as_ref).zip(roles);
    let (package, faults) = match package(values) {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    for why in faults {
        collector.unread(at, &package.nevra(), why);
    }
    for (index, cell) in cells.iter().enumerate() {
        match roles.get(index) {
            Some(Role::Ignored(what)) if cell::kind(cell) != Kind::None => collector.ignored(what),
            None => collector.ignored(&format!("column {}", index + 1)),
            _ => {}
        }
    }
    collector.add(at, package).map(Ok)
}

/// A package, and what is wrong with its less important values.
type Found = (InstalledPackage, Vec<String>);

/// Makes a package of values whose roles are known.
///
/// # Errors
///
/// The reason why they make no package.
pub(super) fn package<'a>(
    values: impl Iterator<Item = (&'a str, &'a Role)>,
) -> Result<Found, String> {
    let mut draft = Draft::default();
    let mut faults = Vec::new();
    for (value, role) in values {
        match draft.set(role, value) {
            Ok(()) => {}
            Err(why) if is_full_name(role) => return Err(why),
            Err(why) => faults.push(why),
        }
    }
    let package = draft.package().ok_or("lacks a name, a version or a release")?;
    Ok((package, faults))
}

/// Whether a value of this role belongs to the full name, without which there
/// is no package.
pub(super) fn is_full_name(role: &Role) -> bool {
    use Role::{Epoch, Evr, Name, NameArch, Nevra, Release, Version};
    matches!(role, Nevra | Name | NameArch | Epoch | Version | Release | Evr)
}

impl Draft {
    fn set(&mut self, role: &Role, cell: &str) -> Result<(), String> {
        let quoted = || super::collect::beginning(cell);
        let text = || Some(cell.to_owned()).filter(|text| !text.is_empty());
        match role {
            Role::Nevra => {
                let nvra = cell::nevra(cell)?;
                (self.name, self.arch) = (Some(nvra.name), nvra.arch);
                self.set_evr(nvra.evr);
            }
            Role::Name => {
                let name = cell::name(cell);
                self.name = Some(name.ok_or_else(|| format!("{:?} is no package name", quoted()))?);
            }
            Role::NameArch => {
                let pair = cell::name_arch(cell);
                let (name, arch) =
                    pair.ok_or_else(|| format!("{:?} is not NAME.ARCH", quoted()))?;
                (self.name, self.arch) = (Some(name), Some(arch));
            }
            Role::Evr => {
                let evr = cell::evr(cell);
                self.set_evr(evr.ok_or_else(|| format!("{:?} is not VERSION-RELEASE", quoted()))?);
            }
            Role::Epoch => self.evr.epoch = cell::epoch(cell)?,
            Role::Version => self.set_version(cell)?,
            Role::Release => {
                let release =
                    cell::version(cell).ok_or_else(|| format!("{:?} is no release", quoted()))?;
                self.evr.release = Some(release.to_owned());
            }
            Role::Arch => match cell {
                "" | "(none)" => {}
                _ => {
                    self.arch = Some(
                        cell.parse().map_err(|_| format!("{:?} is no architecture", quoted()))?,
                    )
                }
            },
            Role::Vendor => self.vendor = text(),
            Role::Packager => self.packager = text(),
            Role::Signature => self.set_signature(cell),
            Role::Repository => {
                let id = if cell == "(none)" { "" } else { cell.trim_start_matches('@') };
                self.from_repo = Some(id.to_owned());
            }
            Role::Reason => self.install_reason = text(),
            Role::Installed => match cell.parse() {
                Ok(seconds) => self.install_time = Some(seconds),
                Err(_) => self.install_date = text().filter(|text| text != "(none)"),
            },
            Role::Size => match cell {
                "" | "(none)" => {}
                _ => {
                    self.size =
                        Some(cell.parse().map_err(|_| format!("{:?} is no size", quoted()))?)
                }
            },
            Role::Ignored(_) => {}
        }
        Ok(())
    }

    fn set_evr(&mut self, evr: Evr) {
        self.evr =
            Evr0 { epoch: evr.epoch, version: Some(evr.version), release: Some(evr.release) };
    }

    /// A version may carry its epoch before a colon.
    fn set_version(&mut self, cell: &str) -> Result<(), String> {
        let (before, version) = match cell.split_once(':') {
            Some((before, version)) => (Some(before), version),
            None => (None, cell),
        };
        if let Some(before) = before {
            self.evr.epoch = cell::epoch(before)?;
        }
        let version = cell::version(version);
        let bad = || format!("{:?} is no version", super::collect::beginning(cell));
        self.evr.version = Some(version.ok_or_else(bad)?.to_owned());
        Ok(())
    }

    /// DSA header, else RSA header, else `(none)` (formats.md 7).
    fn set_signature(&mut self, cell: &str) {
        let cell = if cell.is_empty() { "(none)" } else { cell };
        let better = match self.pgpsig.as_deref() {
            None | Some("(none)") => true,
            Some(held) => cell.starts_with("DSA/") && !held.starts_with("DSA/"),
        };
        if better {
            self.pgpsig = Some(cell.to_owned());
        }
    }

    fn package(self) -> Option<InstalledPackage> {
        let evr = Evr::new(self.evr.epoch, self.evr.version?, self.evr.release?);
        Some(InstalledPackage {
            vendor: self.vendor,
            packager: self.packager,
            pgpsig: self.pgpsig,
            from_repo: self.from_repo,
            install_time: self.install_time,
            install_date: self.install_date,
            install_reason: self.install_reason,
            size: self.size,
            ..InstalledPackage::new(self.name?, evr, self.arch)
        })
    }
}
