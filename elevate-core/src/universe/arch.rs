//! Which architectures run on a host, how well, and which share libraries
//! (solver-rules.md A1.4).

use super::packages::Row;
use super::strings::StringId;
use crate::model::Arch;

/// What rpm knows of each x86_64 host: the best first, each a class of its own.
const X86_64: &str = "x86_64:athlon:i686:i586:i486:i386";
const S390X: &str = "s390x:s390";

/// The architectures that can be installed on a host, with a score each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchPolicy {
    host: Arch,
    scores: Vec<(&'static str, u32)>,
}

/// The score of packages for every architecture.
pub const NOARCH: u32 = 1;
/// Step from one class of architectures to the next.
const CLASS: u32 = 0x10000;

impl ArchPolicy {
    /// The policy of a host.
    pub fn of(host: &Arch) -> Self {
        let list = match host {
            Arch::X86_64 => X86_64,
            Arch::S390x => S390X,
            _ => "",
        };
        let names = list.split(':').filter(|name| !name.is_empty());
        let score = |(class, name)| (name, CLASS * class + 1);
        Self { host: host.clone(), scores: (1..).zip(names).map(score).collect() }
    }

    /// The architecture of the host.
    pub fn host(&self) -> &Arch {
        &self.host
    }

    /// How well packages of an architecture run: the smaller the better; 0 where
    /// they do not, source packages among them.
    pub fn score(&self, arch: &str) -> u32 {
        if arch == "noarch" {
            return NOARCH;
        }
        if arch == self.host.as_str() {
            return CLASS + 1;
        }
        self.scores.iter().find(|(name, _)| *name == arch).map_or(0, |(_, score)| *score)
    }
}

impl ArchPolicy {
    /// The score of each package.
    pub(super) fn scores<'t>(
        &self,
        packages: &[Row],
        text: impl Fn(StringId) -> &'t str,
    ) -> Vec<u32> {
        // Those of one architecture come one after the other.
        let mut last = None;
        let mut score = |arch: StringId| match last {
            Some((of, score)) if of == arch => score,
            _ => last.insert((arch, self.score(text(arch)))).1,
        };
        packages.iter().map(|row| score(row.arch)).collect()
    }
}

/// Whether two scores are of one class, so that one architecture may take the
/// place of the other.
pub fn near(a: u32, b: u32) -> bool {
    (a ^ b) & !(CLASS - 1) == 0
}

/// Which libraries a package of an architecture belongs to, as bits: 64-bit (2),
/// 32-bit (1), or all of them. Packages of one name replace each other only where
/// they share one (libsolv built for Enterprise Linux).
pub fn colour(arch: &str) -> u8 {
    match arch {
        "noarch" | "all" | "any" => 0xff,
        "s390x" => 2,
        _ if arch.contains("64") => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_s_own_architecture_is_best_but_for_noarch() {
        let policy = ArchPolicy::of(&Arch::X86_64);
        let scores = ["noarch", "x86_64", "athlon", "i686", "i386"].map(|arch| policy.score(arch));
        assert_eq!(scores, [1, 0x10001, 0x20001, 0x30001, 0x60001]);
        for arch in ["src", "nosrc", "aarch64", "s390x", ""] {
            assert_eq!(policy.score(arch), 0, "{arch}");
        }
        assert!(!near(policy.score("x86_64"), policy.score("i686")));
    }

    #[test]
    fn a_host_without_a_list_runs_its_own_architecture_only() {
        for host in [Arch::Aarch64, Arch::Ppc64le] {
            let policy = ArchPolicy::of(&host);
            assert_eq!(policy.score(host.as_str()), 0x10001);
            assert_eq!((policy.score("i686"), policy.score("")), (0, 0));
        }
        assert_eq!(ArchPolicy::of(&Arch::S390x).score("s390"), 0x20001);
    }

    #[test]
    fn colours_tell_libraries_apart() {
        let of = ["noarch", "x86_64", "aarch64", "ppc64le", "s390x", "i686", "s390"].map(colour);
        assert_eq!(of, [0xff, 2, 2, 2, 2, 1, 1]);
    }
}
