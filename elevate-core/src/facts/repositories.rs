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
        for (path, text) in &snapshot.evidence.files {
            if !is_repo_file(path) {
                continue;
            }
            host.known = true;
            match RepoFile::parse(path, text) {
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
    /// repositories, those that installed packages came from. leapp takes only `enabled=1`, or no
    /// `enabled` at all, for enabled (formats.md section 3).
    pub fn enabled(&self, as_leapp: bool) -> BTreeSet<RepoId> {
        if !self.known {
            return self.recorded.clone();
        }
        let enabled =
            |&&(_, dnf, leapp): &&(RepoId, bool, bool)| if as_leapp { leapp } else { dnf };
        self.all.iter().filter(enabled).map(|(id, ..)| id.clone()).collect()
    }

    /// The file that defines a repository, where files were captured.
    pub fn defined_in(&self, id: &RepoId) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.repositories.iter().any(|r| r.id == *id))
            .map(|file| file.path.as_str())
    }
}

fn is_repo_file(path: &str) -> bool {
    let directory = ["/etc/yum.repos.d/", "/etc/yum/repos.d/", "/etc/distro.repos.d/"];
    path.ends_with(".repo") && directory.iter().any(|d| path.starts_with(d))
}
