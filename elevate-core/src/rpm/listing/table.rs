//! Tables with a separator, as `rpm -qa --queryformat` makes them.

use std::borrow::Cow;

use super::cell::{self, Kind};
use super::roles::{Role, Tally, ignored};

/// Separators tried, the least ambiguous first.
pub(super) const SEPARATORS: [char; 4] = ['|', ';', '\t', ','];
/// The most columns looked at; what follows them stays in the last one.
pub(super) const MAX_COLUMNS: usize = 32;

/// Splits a row. Commas and semicolons inside double quotes, and those inside
/// a signature, do not separate.
pub(super) fn split(text: &str, separator: char) -> Vec<Cow<'_, str>> {
    let mut cells: Vec<Cow<'_, str>> = Vec::new();
    let mut rest = text;
    loop {
        let end = if cells.len() + 1 < MAX_COLUMNS { cell_end(rest, separator) } else { None };
        let raw = &rest[..end.unwrap_or(rest.len())];
        cells.push(unquoted(raw.trim()));
        match end {
            Some(end) => rest = &rest[end + separator.len_utf8()..],
            None => return cells,
        }
    }
}

/// Where the cell at the start of `rest` ends; `None` where it is the last.
fn cell_end(rest: &str, separator: char) -> Option<usize> {
    let start = rest.len() - rest.trim_start_matches(' ').len();
    let body = &rest[start..];
    let skip = if let Some(quoted) = body.strip_prefix('"') {
        start + 1 + closing_quote(quoted)
    } else if separator == ',' && cell::is_signature(body.split(',').next().unwrap_or(body)) {
        start + body.find("Key ID ").unwrap_or(0)
    } else {
        0
    };
    rest[skip..].find(separator).map(|end| skip + end)
}

fn closing_quote(body: &str) -> usize {
    let mut from = 0;
    while let Some(at) = body[from..].find('"') {
        from += at + 1;
        if !body[from..].starts_with('"') {
            return from;
        }
        from += 1;
    }
    0
}

fn unquoted(cell: &str) -> Cow<'_, str> {
    let inner = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(cell),
    }
}

/// Whether a row without header can be one of a table: a name, then a version
/// and a release among the next columns.
pub(super) fn is_row(cells: &[Cow<'_, str>]) -> bool {
    let Some((first, rest)) = cells.split_first() else { return false };
    let next = &rest[..rest.len().min(3)];
    // A full name with columns is no row of a table, and a time no version.
    if cell::nevra(first).is_ok_and(|n| n.arch.is_some()) {
        return false;
    }
    let is_version = |c: &&Cow<'_, str>| {
        cell::version(c).is_some() && cell::has_digit(c) && cell::kind(c) != Kind::Seconds
    };
    let versions = next.iter().filter(is_version).count();
    cell::name(first).is_some() && (versions >= 2 || next.iter().any(|c| cell::evr(c).is_some()))
}

/// The roles a header line names; `None` where it is no header.
pub(super) fn header(cells: &[Cow<'_, str>]) -> Option<Vec<Role>> {
    let roles: Vec<Role> =
        cells.iter().enumerate().map(|(index, cell)| role_of(index, cell)).collect();
    let has = |role| roles.contains(&role);
    let named = has(Role::Name) || has(Role::NameArch);
    let versioned = has(Role::Evr) || (has(Role::Version) && has(Role::Release));
    (has(Role::Nevra) || (named && versioned)).then_some(roles)
}

/// The role a title names.
pub(super) fn role_of(index: usize, cell: &str) -> Role {
    let title: String = cell.chars().filter(|c| !"%{}[]\"' _-".contains(*c)).collect();
    match title.to_lowercase().as_str() {
        "nevra" | "nvra" | "fullname" => Role::Nevra,
        "name" | "package" | "packagename" => Role::Name,
        "name.arch" => Role::NameArch,
        "epoch" | "epochnum" => Role::Epoch,
        "version" => Role::Version,
        "release" => Role::Release,
        "evr" | "versionrelease" => Role::Evr,
        "arch" | "architecture" => Role::Arch,
        "vendor" => Role::Vendor,
        "packager" => Role::Packager,
        "pgpsig" | "signature" | "sigpgp:pgpsig" | "rsaheader:pgpsig" | "dsaheader:pgpsig" => {
            Role::Signature
        }
        "repo" | "repoid" | "repository" | "fromrepo" => Role::Repository,
        "reason" | "installreason" => Role::Reason,
        "installtime" | "installdate" | "installtime:date" | "installed" => Role::Installed,
        "size" | "installedsize" => Role::Size,
        _ => ignored(index, &super::collect::beginning(cell)),
    }
}

/// Decides the columns of a table without header: `name`, then
/// `version-release`; or `epoch, version, release`; or leapp's own order
/// `version, release, epoch, packager, arch, pgpsig`.
pub(super) fn infer(tally: &Tally) -> Vec<Role> {
    let column = |index: usize| tally.columns.get(index);
    let is_epoch = |index| column(index).is_some_and(|c| c.is_epoch());
    let is_version = |index| column(index).is_some_and(|c| c.is_version());
    let leapp = tally.columns.len() == 7 && column(5).is_some_and(|c| c.kind() == Kind::Arch);
    let mut roles = vec![Role::Name];
    if column(1).is_some_and(|c| c.is_evr()) {
        roles.push(Role::Evr);
    } else if is_epoch(1) && !is_epoch(3) && is_version(3) {
        roles.extend([Role::Epoch, Role::Version, Role::Release]);
    } else if leapp {
        roles.extend([Role::Version, Role::Release, Role::Epoch]);
        roles.extend([Role::Packager, Role::Arch, Role::Signature]);
    } else {
        roles.extend([Role::Version, Role::Release]);
        if is_epoch(3) {
            roles.push(Role::Epoch);
        }
    }
    tally.complete(roles)
}
