//! What repositories the host's yum has.

use std::collections::BTreeSet;

use crate::model::{RepoFile, RepoId, Repository};
use crate::snapshot::Snapshot;

/// The repositories of the host.
#[derive(Debug, Clone, Default)]
pub struct HostRepositories {
    /// Whether anything was captured about repositories.
    pub known: bool,
    /// Every repository, with its state as dnf and as leapp read it.
    pub all: Vec<(RepoId, bool, bool)>,
    /// The `.repo` files, where they were captured.
    pub files: Vec<RepoFile>,
    /// Repositories that installed packages came from.
    pub recorded: BTreeSet<RepoId>,
    /// Files that could not be read as `.repo` files, and why.
    pub unread: Vec<(String, String)>,
}

impl HostRepositories {
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        let mut host = Self { known: snapshot.repositories.is_some(), ..Self::default() };
        let recorded = snapshot.packages.iter().filter_map(|p| p.from_repo.as_deref());
        let recorded: BTreeSet<&str> = recorded.collect();
        host.recorded = recorded.into_iter().filter_map(|id| RepoId::new(id).ok()).collect();
        for repository in snapshot.repositories.iter().flatten() {
            host.all.push((repository.id.clone(), repository.enabled, repository.enabled));
        }
        for (path, content) in &snapshot.evidence.files {
            if !is_repo_file(path) {
                continue;
            }
            host.known = true;
            match RepoFile::parse(path, &content.text()) {
                Ok((file, remarks)) => {
                    let state =
                        |r: &Repository| (r.id.clone(), r.is_enabled(), r.is_enabled_for_leapp());
                    host.all.extend(file.repositories.iter().map(state));
                    host.unread.extend(
                        remarks
                            .into_iter()
                            .map(|n| (path.clone(), format!("line {}: {}", n.line, n.kind))),
                    );
                    host.files.push(file);
                }
                Err(error) => host.unread.push((path.clone(), error.to_string())),
            }
        }
        host
    }

    /// Ids of the enabled repositories; where nothing was captured about
    /// repositories, those that installed packages came from. leapp takes only
    /// `enabled=1`, or no `enabled` at all, for enabled (formats.md section 3).
    pub fn enabled(&self, as_leapp: bool) -> BTreeSet<RepoId> {
        if !self.known {
            return self.recorded.clone();
        }
        let enabled =
            |&&(_, dnf, leapp): &&(RepoId, bool, bool)| if as_leapp { leapp } else { dnf };
        self.all.iter().filter(enabled).map(|(id, ..)| id.clone()).collect()
    }

    /// The definition of a repository and the file it is in, where files were
    /// captured. Of several dnf takes the first and warns of the others.
    pub fn definition(&self, id: &RepoId) -> Option<(&RepoFile, &Repository)> {
        self.files.iter().find_map(|file| {
            Some((file, file.repositories.iter().find(|repository| repository.id == *id)?))
        })
    }
}

fn is_repo_file(path: &str) -> bool {
    let directory = ["/etc/yum.repos.d/", "/etc/yum/repos.d/", "/etc/distro.repos.d/"];
    let name = directory.iter().find_map(|d| path.strip_prefix(d));
    name.is_some_and(|name| name.ends_with(".repo") && !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A host with these files and, where given, repositories known by id.
    fn host(files: &[(&str, &str)], repositories: Option<&str>, from: &str) -> HostRepositories {
        let files: std::collections::BTreeMap<_, _> = files.iter().copied().collect();
        let json = serde_json::json!({
            "format": "elevate-snapshot", "version": 1,
            "identity": {"system": "centos:7.9", "arch": "x86_64"},
            "packages": [{"name": "a", "version": "1", "release": "1", "from_repo": from}],
            "repositories": repositories.map(|id| serde_json::json!([{"id": id, "enabled": true}])),
            "evidence": {"files": files},
        });
        HostRepositories::new(&serde_json::from_value(json).unwrap())
    }

    fn ids(set: BTreeSet<RepoId>) -> String {
        set.iter().map(RepoId::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn enabled_means_less_to_leapp_than_to_dnf() {
        let text = "[a]\nname=a\n[b]\nname=b\nenabled=1\n[c]\nname=c\nenabled=yes\n[d]\nname=d\nenabled=0\n";
        let host = host(&[("/etc/yum.repos.d/x.repo", text)], None, "");
        assert_eq!(ids(host.enabled(false)), "a b c");
        assert_eq!(ids(host.enabled(true)), "a b");
        let (file, _) = host.definition(&"d".parse().unwrap()).unwrap();
        assert_eq!(file.path, "/etc/yum.repos.d/x.repo");
        assert_eq!(host.definition(&"e".parse().unwrap()), None);
    }

    #[test]
    fn of_two_definitions_the_first_counts() {
        let of = |name| format!("[a]\nname={name}\n");
        let (one, two) = (of("one"), of("two"));
        let files =
            [("/etc/yum.repos.d/z.repo", two.as_str()), ("/etc/yum.repos.d/b.repo", one.as_str())];
        let host = host(&files, None, "");
        let (file, _) = host.definition(&"a".parse().unwrap()).unwrap();
        assert_eq!(file.path, "/etc/yum.repos.d/b.repo");
    }

    #[test]
    fn where_nothing_was_captured_packages_tell_and_nothing_else_does() {
        let unknown = host(&[], None, "epel");
        assert!(!unknown.known);
        assert_eq!(ids(unknown.enabled(false)), "epel");
        let by_id = host(&[], Some("base"), "epel");
        assert!(by_id.known);
        assert_eq!(ids(by_id.enabled(true)), "base");
    }

    #[test]
    fn only_repo_files_directly_in_yums_directories_are_read() {
        let text = "[a]\nname=a\n";
        let files = [
            ("/etc/yum.repos.d/old/x.repo", text),
            ("/etc/yum.repos.d/x.repo.rpmsave", text),
            ("/etc/x.repo", text),
        ];
        assert!(!host(&files, None, "").known);
        assert!(host(&[("/etc/distro.repos.d/x.repo", text)], None, "").known);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let broken = host(&[("/etc/yum.repos.d/x.repo", "a=1\n")], None, "base");
        assert!(broken.known && broken.enabled(false).is_empty());
        let (file, why) = &broken.unread[0];
        assert_eq!(file, "/etc/yum.repos.d/x.repo");
        assert!(why.starts_with("line 1: "), "{why}");
        let odd = host(&[("/etc/yum.repos.d/x.repo", "[a]\nenabled=1\n")], None, "base");
        assert_eq!(odd.unread.len(), 1, "{:?}", odd.unread);
    }
}
