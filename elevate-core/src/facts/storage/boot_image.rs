//! How the host's initial RAM disks are made.

use super::Storage;
use crate::facts::Found;
use crate::facts::parse::shell_vars::{self, Assignment};
use crate::facts::read::{self, Parsed};
use crate::facts::{Fact, Unknown};

/// The files of dracut's configuration, in the order it reads them.
pub type DracutConf = Found<Parsed<Vec<Assignment>>>;

impl Storage<'_> {
    /// The configuration of dracut: `/etc/dracut.conf`, then the `*.conf` files
    /// of `/etc/dracut.conf.d` and `/usr/lib/dracut/dracut.conf.d` by name, where
    /// the first directory hides the second. Nothing in leapp asks; modules and
    /// drivers that are named here and are not in release 8 keep it from booting.
    ///
    /// # Errors
    ///
    /// Where nothing of it was captured.
    pub fn dracut(&self) -> Fact<DracutConf> {
        let directories = ["/etc/dracut.conf.d", "/usr/lib/dracut/dracut.conf.d"];
        let is_conf = |name: &str| name.ends_with(".conf");
        let parse = |text: &str| shell_vars::parse(text);
        let drop_ins = read::merged(self.evidence, &directories, is_conf, parse);
        let main = read::source(self.evidence, &["/etc/dracut.conf"]);
        let mut all = match (drop_ins, &main) {
            (Ok(all), _) => all,
            (Err(error), Ok(_)) => Found { items: vec![], missing: vec![error] },
            (Err(error), Err(_)) => return Err(error),
        };
        match main {
            Ok(Some(source)) => {
                let parsed = shell_vars::parse(&source.text());
                all.items.insert(0, source.parsed(parsed));
            }
            Ok(None) => {}
            Err(error) => all.missing.push(error),
        }
        Ok(all)
    }

    /// The names of the installed modules of dracut, without the number in
    /// front: `/usr/lib/dracut/modules.d`. `None` where dracut has none.
    ///
    /// # Errors
    ///
    /// Where the directory was not captured.
    pub fn dracut_modules(&self) -> Fact<Option<Vec<String>>> {
        let names = read::names(self.evidence, "/usr/lib/dracut/modules.d")?;
        let bare = |name: &str| {
            let digits = name.bytes().take(2).all(|byte| byte.is_ascii_digit());
            name.get(2..).filter(|rest| digits && !rest.is_empty()).map(str::to_owned)
        };
        Ok(names.map(|names| names.into_iter().filter_map(bare).collect()))
    }
}

impl DracutConf {
    /// The words a list of dracut has in the end (`add_dracutmodules`,
    /// `add_drivers`, `force_drivers`, `omit_dracutmodules`, `omit_drivers`,
    /// `filesystems`), each with the file and line that adds it.
    ///
    /// # Errors
    ///
    /// Where no file adds one and a file was not read.
    pub fn words(&self, name: &str) -> Fact<Vec<(String, String, usize)>> {
        let mut words: Vec<(String, String, usize)> = Vec::new();
        for file in &self.items {
            for assignment in file.value.iter().filter(|assignment| assignment.name == name) {
                if !assignment.append {
                    words.clear();
                }
                let added = assignment.value.split_whitespace();
                words.extend(
                    added.map(|word| (word.to_owned(), file.source.clone(), assignment.line)),
                );
            }
        }
        match self.missing.first() {
            Some(error) if words.is_empty() => Err(Unknown::clone(error)),
            _ => Ok(words),
        }
    }
}
