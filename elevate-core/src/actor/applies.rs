//! Which hosts an actor is for.

use std::fmt;

use crate::model::{Arch, UpgradePath};

/// Hosts and upgrades an actor is for. An empty list means every one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applies {
    /// Major releases of the host.
    pub from: &'static [u32],
    /// Major releases of the target.
    pub to: &'static [u32],
    /// Distributions of the host, by os-release ID.
    pub sources: &'static [&'static str],
    /// Distributions of the target, by os-release ID.
    pub targets: &'static [&'static str],
    /// Architectures.
    pub archs: &'static [&'static str],
}

impl Applies {
    /// Every host, every upgrade.
    pub const EVERYWHERE: Self =
        Self { from: &[], to: &[], sources: &[], targets: &[], archs: &[] };

    /// Upgrades from release 7 to release 8.
    pub const SEVEN_TO_EIGHT: Self = Self { from: &[7], to: &[8], ..Self::EVERYWHERE };

    /// The same, on these architectures only.
    #[must_use]
    pub const fn on(mut self, archs: &'static [&'static str]) -> Self {
        self.archs = archs;
        self
    }

    /// Whether this upgrade of a host of this architecture is among them.
    pub fn to_upgrade(&self, path: &UpgradePath, arch: &Arch) -> bool {
        self.lists().to_upgrade(path, arch)
    }

    fn lists(&self) -> Lists<'static, &'static str> {
        let Self { from, to, sources, targets, archs } = *self;
        Lists { from, to, sources, targets, archs }
    }
}

impl fmt::Display for Applies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lists().fmt(f)
    }
}

/// The lists of [`Applies`], whoever owns them.
pub(crate) struct Lists<'a, T> {
    pub(crate) from: &'a [u32],
    pub(crate) to: &'a [u32],
    pub(crate) sources: &'a [T],
    pub(crate) targets: &'a [T],
    pub(crate) archs: &'a [T],
}

impl<T: AsRef<str>> Lists<'_, T> {
    pub(crate) fn to_upgrade(&self, path: &UpgradePath, arch: &Arch) -> bool {
        let is_release = |majors: &[u32], major: u32| majors.is_empty() || majors.contains(&major);
        let is_one = |names: &[T], name: &str| {
            names.is_empty() || names.iter().any(|one| one.as_ref() == name)
        };
        is_release(self.from, path.source.release.major)
            && is_release(self.to, path.target.release.major)
            && is_one(self.sources, path.source.distro.id())
            && is_one(self.targets, path.target.distro.id())
            && is_one(self.archs, arch.as_str())
    }
}

impl<T: AsRef<str>> fmt::Display for Lists<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let majors = |majors: &[u32]| match majors {
            [] => "any".to_owned(),
            majors => majors.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
        };
        write!(f, "from release {} to {}", majors(self.from), majors(self.to))?;
        for (what, list) in [("of", self.sources), ("to", self.targets), ("on", self.archs)] {
            if !list.is_empty() {
                let list: Vec<&str> = list.iter().map(AsRef::as_ref).collect();
                write!(f, ", {what} {}", list.join(", "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applies(applies: Applies, source: &str, target: &str, arch: &str) -> bool {
        let path = UpgradePath { source: source.parse().unwrap(), target: target.parse().unwrap() };
        applies.to_upgrade(&path, &arch.parse().unwrap())
    }

    #[test]
    fn each_list_narrows_the_hosts_down() {
        let all = Applies::EVERYWHERE;
        let cases = [
            (all, true),
            (Applies::SEVEN_TO_EIGHT, true),
            (Applies { from: &[8], ..all }, false),
            (Applies { to: &[9], ..all }, false),
            (Applies { sources: &["rhel"], ..all }, false),
            (Applies { sources: &["rhel", "centos"], ..all }, true),
            (Applies { targets: &["ol"], ..all }, false),
            (all.on(&["s390x"]), false),
            (all.on(&["aarch64", "x86_64"]), true),
        ];
        for (which, expected) in cases {
            let found = applies(which, "centos:7.9", "almalinux:8.10", "x86_64");
            assert_eq!(found, expected, "{which:?}");
        }
    }
}
