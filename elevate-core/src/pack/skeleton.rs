//! A pack to begin with.

use std::collections::BTreeMap;

/// The files of a small pack of this name, which holds and whose tests hold.
///
/// # Errors
///
/// What a name is, where this is none.
pub fn skeleton(name: &str) -> Result<BTreeMap<String, String>, String> {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !begins || !name.chars().all(is_word) {
        let what = "a pack's name begins with a lower-case letter, and has such letters, digits \
                    and hyphens";
        return Err(format!("{name:?}: {what}"));
    }
    let manifest = format!(
        "[pack]\nname = \"{name}\"\nversion = \"1\"\nrequires = {}\n\
         description = \"Say what it is for.\"\n",
        super::FORMAT
    );
    let rules = RULES.replace("NAME", name).replace("WORD", &name.replace('-', "_"));
    Ok(BTreeMap::from([("pack.toml".to_owned(), manifest), ("rules.toml".to_owned(), rules)]))
}

const RULES: &str = r#"# One [[actor]] is one rule; `elevate pack functions` lists what conditions may ask.

[[actor]]
name = "WORD_version"
summary = "versions of NAME that release 8 has not"
about = "Release 8 has NAME 2. Upgrade to it before the system is upgraded."
applies = { from = [7], to = [8] }
for_each = "packages('NAME')"
when = "compare(item.version, '2') < 0"

[actor.finding]
id = "NAME.version"
severity = "high"
inhibitor = true
groups = ["services"]
title = "NAME is too old"
summary = "Installed is {{ items | map(attribute='nevra') | join(', ') }}."
commands = [["yum", "update", "NAME"]]
resources = [{ package = "NAME" }]

[[test]]
name = "an old version forbids the upgrade"
host = """
//- packages
NAME-1.9-1.el7.x86_64
"""
expect = ["high inhibitor NAME.version"]
says = ["Installed is NAME-1.9-1.el7.x86_64."]

[[test]]
name = "a new version is fine"
host = """
//- packages
NAME-2.0-1.el7.x86_64
"""
expect = []
"#;

#[cfg(test)]
mod tests {
    use super::super::Pack;
    use super::*;

    #[test]
    fn a_pack_to_begin_with_holds_and_so_do_its_tests() {
        for name in ["app", "a-b-2"] {
            let pack = Pack::read(&skeleton(name).unwrap()).unwrap();
            assert_eq!((pack.actors.len(), pack.trials.len()), (1, 2));
            for trial in &pack.trials {
                assert_eq!(trial.run(&pack).unwrap(), None, "{name}");
            }
        }
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        for name in ["", "A", "1a", "a/b", "..", "a b", "a\"b", "-a"] {
            assert!(skeleton(name).unwrap_err().contains("begins with a lower-case letter"));
        }
    }
}
