//! Every dependency says, on its own line, why it is there.

use std::path::Path;

use crate::{Problems, files, verdict};

const MANIFEST: &str = "Cargo.toml";
const TABLE: &str = "[workspace.dependencies]";

/// Checks the table of dependencies of the workspace at `root`.
pub fn check(root: &Path) -> Result<String, Problems> {
    let manifest = files::read(&root.join(MANIFEST))?;
    let lines = table(&manifest)?;
    let without_reason = |(line, name, reason): &(usize, &str, &str)| {
        let problem = format!(
            "{MANIFEST}:{line}: `{name}` gives no reason: end the line with `# why it is there`"
        );
        reason.is_empty().then_some(problem)
    };
    let problems = lines.iter().filter_map(without_reason).collect();
    verdict(problems, format!("dependencies: {} have a reason", lines.len()))
}

/// The names in the table of dependencies, the workspace's own members included.
pub(crate) fn names(root: &Path) -> Result<Vec<String>, String> {
    let manifest = files::read(&root.join(MANIFEST))?;
    Ok(table(&manifest)?.into_iter().map(|(_, name, _)| name.to_owned()).collect())
}

/// Line, name and reason of every dependency. One that takes more than a line
/// is refused, for its reason would stand beside none of them.
fn table(manifest: &str) -> Result<Vec<(usize, &str, &str)>, String> {
    let mut found = Vec::new();
    let mut inside = false;
    for (line, text) in manifest.lines().enumerate().map(|(at, text)| (at + 1, text.trim())) {
        if text.starts_with("[workspace.dependencies.") {
            return Err(format!("{MANIFEST}:{line}: write a dependency on one line of {TABLE}"));
        }
        if text.starts_with('[') {
            inside = text == TABLE;
        } else if inside && !text.is_empty() && !text.starts_with('#') {
            let (setting, reason) = split_comment(text);
            let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
            if value.is_empty()
                || value.matches(['[', '{']).count() != value.matches([']', '}']).count()
            {
                return Err(format!(
                    "{MANIFEST}:{line}: write a dependency on one line, as `name = ...`"
                ));
            }
            let name = name.trim().trim_matches('"').split('.').next().unwrap_or_default();
            found.push((line, name, reason));
        }
    }
    if found.is_empty() { Err(format!("{MANIFEST}: no dependency in {TABLE}")) } else { Ok(found) }
}

/// Splits at the first `#` outside quotes.
fn split_comment(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('#', None) => return (&text[..at], text[at + 1..].trim()),
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_reason_are_found_around_quotes() {
        let manifest = "[workspace]\nx = 1\n[workspace.dependencies]\n# all\na = \"1\" # why\nb = { version = \"1#2\", features = [\"c\"] }\nd.path = \"d\"\n[lints]\ny = 1\n";
        let expected = vec![(5, "a", "why"), (6, "b", ""), (7, "d", "")];
        assert_eq!(table(manifest), Ok(expected));
    }

    #[test]
    fn a_dependency_spread_over_lines_is_refused() {
        let spread = "[workspace.dependencies]\na = { version = \"1\",\n features = [] } # why\n";
        assert!(table(spread).unwrap_err().starts_with("Cargo.toml:2:"));
        assert!(
            table("[workspace.dependencies.a]\nversion = \"1\"\n")
                .unwrap_err()
                .starts_with("Cargo.toml:1:")
        );
        assert!(table("[package]\n").is_err());
    }
}
