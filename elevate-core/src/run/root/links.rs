//! Where links of a root lead, as this machine follows them: programs that go by its paths
//! would leave the root where one is absolute.

use std::io;
use std::path::Path;

use crate::run::executor::StepError;

/// How deep directories may lie in each other.
const DEEPEST: usize = 8;
/// How many files there may be.
const MOST: usize = 100_000;

/// Refuses a path that leads out of a root, and a directory with links in it that do. What
/// is not there yet leads to where the directory above it does.
pub(super) fn lead_nowhere_else(root: &Path, path: &Path) -> Result<(), StepError> {
    let mut left = MOST;
    below(root, path, DEEPEST, &mut left)
}

fn below(root: &Path, path: &Path, deep: usize, left: &mut usize) -> Result<(), StepError> {
    let wrong = |why: &str| Err(StepError::of(path.display(), why));
    let failed = |error: io::Error| StepError::of(path.display(), error);
    if deep == 0 || *left == 0 {
        return wrong("has too much below it to be looked at");
    }
    *left -= 1;
    let real = match std::fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        Err(_) if std::fs::symlink_metadata(path).is_ok() => {
            return wrong("is a link to what is not there");
        }
        Err(_) => match path.parent() {
            Some(parent) if path != root => return above(root, parent),
            _ => return wrong("is not there"),
        },
    };
    if !real.starts_with(root) {
        return wrong("leads out of the root");
    }
    if real.is_dir() {
        #[expect(clippy::disallowed_methods, reason = "links are followed as programs do")]
        for entry in std::fs::read_dir(&real).map_err(failed)? {
            below(root, &entry.map_err(failed)?.path(), deep - 1, left)?;
        }
    }
    Ok(())
}

/// The same for the nearest directory that is there, but for what is in it.
fn above(root: &Path, path: &Path) -> Result<(), StepError> {
    let mut path = path;
    loop {
        match (std::fs::canonicalize(path), path.parent()) {
            (Ok(real), _) if real.starts_with(root) => return Ok(()),
            (Err(error), Some(parent))
                if error.kind() == io::ErrorKind::NotFound
                    && std::fs::symlink_metadata(path).is_err() =>
            {
                path = parent;
            }
            _ => return Err(StepError::of(path.display(), "leads out of the root")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    struct Tree(std::path::PathBuf);

    impl Tree {
        fn new(name: &str) -> Self {
            let name = format!("elevate-links-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            let _ = std::fs::remove_dir_all(&path);
            std::fs::create_dir_all(path.join("root/var/lib/dnf/a")).unwrap();
            std::fs::create_dir_all(path.join("outside")).unwrap();
            Self(std::fs::canonicalize(path).unwrap())
        }

        fn said(&self, path: &str) -> String {
            let root = self.0.join("root");
            let result = lead_nowhere_else(&root, &root.join(path));
            let text = result.err().map(|error| error.0).unwrap_or_default();
            text.replace(&self.0.display().to_string(), "")
        }

        fn link(&self, from: &str, to: &str) {
            let _ = std::fs::remove_dir_all(self.0.join(from));
            symlink(to.replace("TREE", &self.0.display().to_string()), self.0.join(from)).unwrap();
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn links_within_a_root_are_fine_and_so_is_what_is_not_there_yet() {
        let tree = Tree::new("fine");
        tree.link("root/var/lib/dnf/b", "a");
        assert_eq!(tree.said("var/lib/dnf"), "");
        assert_eq!(tree.said("var/lib/new/newer"), "");
    }

    #[test]
    fn links_out_of_a_root_are_refused_wherever_they_are() {
        let tree = Tree::new("out");
        tree.link("root/var/lib/dnf/a/deep", "TREE/outside");
        assert_eq!(tree.said("var/lib/dnf"), "/root/var/lib/dnf/a/deep: leads out of the root");
        tree.link("root/var/lib/dnf/a/deep", "../../../../../outside");
        assert_eq!(tree.said("var/lib/dnf"), "/root/var/lib/dnf/a/deep: leads out of the root");
        tree.link("root/var/lib/dnf", "TREE/outside");
        assert_eq!(tree.said("var/lib/dnf/new"), "/root/var/lib/dnf: leads out of the root");
        tree.link("root/var", "TREE/outside");
        assert_eq!(tree.said("var/lib/dnf"), "/root/var: leads out of the root");
    }

    #[test]
    fn a_link_to_what_is_not_there_is_refused() {
        let tree = Tree::new("dangling");
        tree.link("root/var/lib/dnf/history.sqlite", "TREE/outside/new");
        let said = tree.said("var/lib/dnf");
        assert_eq!(said, "/root/var/lib/dnf/history.sqlite: is a link to what is not there");
        tree.link("root/var/lib/dnf", "TREE/nowhere");
        assert_eq!(tree.said("var/lib/dnf/new"), "/root/var/lib/dnf: leads out of the root");
    }
}
