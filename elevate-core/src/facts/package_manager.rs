//! How yum and dnf are configured, and what they left unfinished.

use std::collections::{BTreeMap, BTreeSet};

use super::look::{self, Found};
use super::parse::ini::{self, Ini};
use super::parse::versionlock::{self, Lock};
use super::read::{self, Parsed};
use super::{Fact, Facts, Unknown};
use crate::model::PublicKey;
use crate::model::repo_file::boolean;
use crate::snapshot::{EntryKind, Evidence};

/// Evidence the questions read.
pub const READS: &[&str] = &[
    YUM_CONF,
    DNF_CONF,
    CUSTOM_DNF_CONF,
    "/etc/yum/vars/*",
    "/etc/dnf/vars/*",
    "/etc/yum/pluginconf.d/*",
    "/etc/dnf/plugins/*",
    "/etc/yum/pluginconf.d",
    "/etc/yum/protected.d",
    "/etc/yum/vars",
    "/var/lib/yum/transaction-*",
];

const YUM_CONF: &str = "/etc/yum.conf";
const DNF_CONF: &str = "/etc/dnf/dnf.conf";
const CUSTOM_DNF_CONF: &str = "/etc/leapp/files/dnf.conf";
const STATE: &str = "/var/lib/yum";

/// Questions on yum and dnf.
#[derive(Debug, Clone, Copy)]
pub struct PackageManager<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How yum and dnf are configured.
    pub fn package_manager(&self) -> PackageManager<'a> {
        PackageManager::new(&self.snapshot.evidence)
    }

    /// Public keys imported into the rpm database.
    pub fn keys(&self) -> &'a [PublicKey] {
        &self.snapshot.keys
    }
}

/// Which of the two package managers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// yum.
    Yum,
    /// dnf.
    Dnf,
}

/// A word of a list option, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The word.
    pub word: String,
    /// File.
    pub file: String,
    /// Line its option begins at, from 1.
    pub line: usize,
}

/// A plugin of yum or dnf that has a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugin {
    /// Its name: that of the file.
    pub name: String,
    /// Whether it is turned on in its file. yum takes a file without `enabled`
    /// for off, dnf for on.
    pub enabled: bool,
    /// The file.
    pub file: Parsed<Ini>,
}

/// A transaction of yum that did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// When it began, as the names of its files say.
    pub stamp: String,
    /// What was left to do, `ACTION PACKAGE` each; `None` where the files were
    /// not captured.
    pub remaining: Option<Vec<String>>,
}

/// What is in place of a directory of yum's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// Nothing.
    Absent,
    /// A directory with these names in it.
    Directory(Vec<String>),
    /// A link, as stored; that of release 8 leads to dnf's directory.
    Link(String),
    /// Something else.
    Other,
}

impl<'a> PackageManager<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// The configuration of a tool; `None` where it has none. Reads
    /// `/etc/yum.conf` or `/etc/dnf/dnf.conf`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn config(&self, tool: Tool) -> Fact<Option<Parsed<Ini>>> {
        let path = if tool == Tool::Yum { YUM_CONF } else { DNF_CONF };
        look::parsed(self.evidence, path, ini::parse)
    }

    /// The configuration dnf is to have on the target, by path: one that was put
    /// beside leapp's files, else that of the host; `None` where there is neither.
    /// Asked by `copy_dnf_conf_into_target_userspace`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn dnf_config_of_target(&self) -> Fact<Option<&'static str>> {
        for path in [CUSTOM_DNF_CONF, DNF_CONF] {
            if look::exists(self.evidence, path)? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// An option of `[main]`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn option(&self, tool: Tool, name: &str) -> Fact<Option<String>> {
        let file = self.config(tool)?;
        let entry = file.as_ref().and_then(|file| file.value.get("main", name));
        Ok(entry.map(|entry| entry.without_comment().to_owned()))
    }

    /// What packages are kept out, by the configuration of both tools: patterns
    /// in `exclude` and `excludepkgs`.
    pub fn excludes(&self) -> Found<Listed> {
        self.lists(&["exclude", "excludepkgs"])
    }

    /// Names of packages of which several versions may be installed, as
    /// configured in `installonlypkgs`.
    pub fn install_only(&self) -> Found<Listed> {
        self.lists(&["installonlypkgs"])
    }

    fn lists(&self, options: &[&str]) -> Found<Listed> {
        let mut found = Found::default();
        for tool in [Tool::Yum, Tool::Dnf] {
            let Some(Some(file)) = found.take(self.config(tool)) else { continue };
            for entry in options.iter().filter_map(|option| file.value.get("main", option)) {
                found.items.extend(entry.list().into_iter().map(|word| Listed {
                    word: word.to_owned(),
                    file: file.source.clone(),
                    line: entry.line,
                }));
            }
        }
        found
    }

    /// Proxies configured for both tools, each once, sorted. Asked by
    /// `scan_pkg_manager`.
    pub fn proxies(&self) -> Found<String> {
        let mut found = Found::default();
        let mut proxies = BTreeSet::new();
        for tool in [Tool::Yum, Tool::Dnf] {
            proxies.extend(found.take(self.option(tool, "proxy")).flatten());
        }
        found.items.extend(proxies.into_iter().filter(|proxy| !proxy.is_empty()));
        found
    }

    /// Whether plugins are loaded. yum loads none unless told to, dnf all.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn loads_plugins(&self, tool: Tool) -> Fact<bool> {
        let value = self.option(tool, "plugins")?;
        Ok(value.as_deref().and_then(boolean).unwrap_or(tool == Tool::Dnf))
    }

    /// Plugins with a configuration file, by name. Reads `/etc/yum/pluginconf.d`
    /// or `/etc/dnf/plugins`. Asked by `scan_pkg_manager`.
    pub fn plugins(&self, tool: Tool) -> Found<Plugin> {
        let wanted = |name: &str| name.ends_with(".conf") && !name.starts_with('.');
        let files = look::files_in(self.evidence, plugin_directory(tool), wanted, ini::parse);
        files.map(|file| {
            let name = file.source.rsplit('/').next().unwrap_or_default();
            let value = file.value.get("main", "enabled").map(ini::Entry::without_comment);
            let enabled = value.map_or(tool == Tool::Dnf, |text| boolean(text) == Some(true));
            Plugin { name: name.trim_end_matches(".conf").to_owned(), enabled, file }
        })
    }

    /// Versions that are held or kept out; empty where there is no list. Reads
    /// `versionlock.list`, or the file the plugin's configuration names.
    ///
    /// # Errors
    ///
    /// Where the list, or the configuration that may name another, was not
    /// captured.
    pub fn version_locks(&self, tool: Tool) -> Fact<Option<Parsed<Vec<Lock>>>> {
        let directory = plugin_directory(tool);
        let config = format!("{directory}/versionlock.conf");
        let config = look::parsed(self.evidence, &config, ini::parse)?;
        let entry = config.as_ref().and_then(|file| file.value.get("main", "locklist"));
        let path = entry.map_or_else(
            || format!("{directory}/versionlock.list"),
            |entry| look::within("/", entry.without_comment()),
        );
        look::parsed(self.evidence, &path, versionlock::parse)
    }

    /// Variables for URLs, by name, of the directory of one tool.
    pub fn variables(&self, tool: Tool) -> Found<(String, String)> {
        let directory = if tool == Tool::Yum { "/etc/yum/vars" } else { "/etc/dnf/vars" };
        let first = |text: &str| (text.lines().next().unwrap_or("").trim().to_owned(), Vec::new());
        let files = look::files_in(self.evidence, directory, |name| !name.starts_with('.'), first);
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        files.map(|file| (name(&file.source), file.value))
    }

    /// The release yum was told it is on; `None` where it was not. An empty
    /// file tells it an empty one. Asked by `check_etc_releasever`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn release_variable(&self) -> Fact<Option<String>> {
        let text = look::text(self.evidence, "/etc/yum/vars/releasever")?;
        Ok(text.map(|text| text.lines().next().unwrap_or("").trim().to_owned()))
    }

    /// What is at `/etc/yum/NAME` (`pluginconf.d`, `protected.d`, `vars`), which
    /// release 8 replaces by a link to dnf's. Asked by `register_yum_adjustment`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn layout(&self, name: &str) -> Fact<Layout> {
        let path = format!("/etc/yum/{name}");
        Ok(match read::look(self.evidence, &path, self.evidence.kind(&path))? {
            None => Layout::Absent,
            Some(EntryKind::Link) => {
                let target = read::link(self.evidence, &path)?;
                Layout::Link(target.ok_or_else(|| Unknown::not_captured(path))?)
            }
            Some(EntryKind::Directory) => {
                let names = look::names_in(self.evidence, &path, |_| true).all()?;
                Layout::Directory(names.into_iter().map(|(name, _)| name).collect())
            }
            Some(_) => Layout::Other,
        })
    }

    /// Transactions that did not come to their end, the oldest first, found as
    /// `yum-complete-transaction` finds them: a file `transaction-all.STAMP`,
    /// less what `transaction-done.STAMP` says was done. Those it was told to
    /// forget end in `.disabled`.
    ///
    /// # Errors
    ///
    /// Where `/var/lib/yum` was not listed.
    pub fn unfinished_transactions(&self) -> Fact<Vec<Unfinished>> {
        let wanted =
            |name: &str| name.starts_with("transaction-all.") && !name.ends_with(".disabled");
        let names = look::names_in(self.evidence, STATE, wanted).all()?;
        let stamps = names.iter().filter_map(|(name, _)| name.strip_prefix("transaction-all."));
        Ok(stamps
            .map(|stamp| Unfinished { stamp: stamp.to_owned(), remaining: self.remaining(stamp) })
            .collect())
    }

    fn remaining(&self, stamp: &str) -> Option<Vec<String>> {
        let all = look::text(self.evidence, &format!("{STATE}/transaction-all.{stamp}")).ok()??;
        let done = look::text(self.evidence, &format!("{STATE}/transaction-done.{stamp}")).ok()?;
        let done = done.unwrap_or_default();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for line in lines(&done) {
            *counts.entry(line.to_owned()).or_default() += 1;
        }
        let left = |line: &&str| match counts.get_mut(*line) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        };
        Some(lines(&all).filter(left).map(str::to_owned).collect())
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn plugin_directory(tool: Tool) -> &'static str {
    if tool == Tool::Yum { "/etc/yum/pluginconf.d" } else { "/etc/dnf/plugins" }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn options_and_lists_of_main_are_read() {
        let host = evidence(
            "//- /etc/yum.conf\n[main]\nexclude=kernel* php-*,\n  mysql\nplugins=1\nproxy = http://p:1 ; c\n[other]\nexclude=x\n\
             //- /etc/dnf/dnf.conf\n[main]\nexcludepkgs=a\nproxy=http://p:1\n",
        );
        let manager = PackageManager::new(&host);
        let excludes = manager.excludes().all().unwrap();
        let words: Vec<_> = excludes.iter().map(|l| (l.word.as_str(), l.line)).collect();
        assert_eq!(words, [("kernel*", 2), ("php-*", 2), ("mysql", 2), ("a", 2)]);
        assert_eq!(manager.proxies().all().unwrap(), ["http://p:1"]);
        assert_eq!(manager.loads_plugins(Tool::Yum), Ok(true));
        assert_eq!(manager.loads_plugins(Tool::Dnf), Ok(true));
        assert_eq!(manager.option(Tool::Yum, "reposdir"), Ok(None));
        let none = evidence("//- absent /etc/yum.conf\n");
        let manager = PackageManager::new(&none);
        assert_eq!(manager.loads_plugins(Tool::Yum), Ok(false));
        assert!(manager.excludes().any(|_| true).is_err());
    }

    #[test]
    fn plugins_are_on_where_their_file_says_so() {
        let files = "a.conf\n[main]\nenabled = Yes\n//- DIR/b.conf\n[main]\n//- DIR/c.conf\n[main]\nenabled=0\n";
        for (tool, directory, expected) in [
            (Tool::Yum, "/etc/yum/pluginconf.d", [true, false, false]),
            (Tool::Dnf, "/etc/dnf/plugins", [true, true, false]),
        ] {
            let text = format!("//- dir DIR: a.conf b.conf c.conf x.list d/\n//- DIR/{files}");
            let host = evidence(&text.replace("DIR", directory));
            let plugins = PackageManager::new(&host).plugins(tool).all().unwrap();
            assert_eq!(plugins.iter().map(|p| p.enabled).collect::<Vec<_>>(), expected);
            assert_eq!(plugins[0].name, "a");
        }
        let nothing = evidence("");
        assert!(PackageManager::new(&nothing).plugins(Tool::Yum).any(|_| true).is_err());
    }

    #[test]
    fn held_versions_are_read_from_the_list_the_plugin_names() {
        let host = evidence(
            "//- /etc/yum/pluginconf.d/versionlock.conf\n[main]\nlocklist = /etc/locks\n//- /etc/locks\n0:a-1-1.*\n",
        );
        let locks = PackageManager::new(&host).version_locks(Tool::Yum).unwrap().unwrap();
        assert_eq!((locks.source.as_str(), locks.value.len()), ("/etc/locks", 1));
        let none = evidence("//- absent /etc/yum/pluginconf.d\n");
        assert_eq!(PackageManager::new(&none).version_locks(Tool::Yum), Ok(None));
        assert!(PackageManager::new(&none).version_locks(Tool::Dnf).is_err());
    }

    #[test]
    fn variables_are_first_lines() {
        let host = evidence(
            "//- dir /etc/yum/vars: infra releasever .x\n//- /etc/yum/vars/infra\n stock \nx\n//- /etc/yum/vars/releasever\n",
        );
        let manager = PackageManager::new(&host);
        let variables = manager.variables(Tool::Yum).all().unwrap();
        assert_eq!(variables[0], ("infra".to_owned(), "stock".to_owned()));
        assert_eq!(manager.release_variable(), Ok(Some(String::new())));
        let none = evidence("//- dir /etc/yum/vars: infra\n");
        assert_eq!(PackageManager::new(&none).release_variable(), Ok(None));
        assert!(PackageManager::new(&evidence("")).release_variable().is_err());
    }

    #[test]
    fn directories_of_yum_are_told_from_links() {
        let host = evidence(
            "//- link /etc/yum/vars -> ../dnf/vars\n//- dir /etc/yum/protected.d: a .b\n//- absent /etc/yum/pluginconf.d\n//- /etc/yum/file\n",
        );
        let layout = |name| PackageManager::new(&host).layout(name);
        assert_eq!(layout("vars"), Ok(Layout::Link("../dnf/vars".to_owned())));
        let names = vec![".b".to_owned(), "a".to_owned()];
        assert_eq!(layout("protected.d"), Ok(Layout::Directory(names)));
        assert_eq!(layout("pluginconf.d"), Ok(Layout::Absent));
        assert_eq!(layout("file"), Ok(Layout::Other));
        assert!(layout("unseen").is_err());
    }

    #[test]
    fn unfinished_transactions_are_what_was_not_done() {
        let host = evidence(
            "//- dir /var/lib/yum: transaction-all.2020-01-01.01:01.01 transaction-done.2020-01-01.01:01.01 transaction-all.2.disabled transaction-all.3 uuid\n\
             //- /var/lib/yum/transaction-all.2020-01-01.01:01.01\nts_update a-1\nts_update a-1\nts_install b-2\n\
             //- /var/lib/yum/transaction-done.2020-01-01.01:01.01\nts_update a-1\n",
        );
        let found = PackageManager::new(&host).unfinished_transactions().unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].remaining.as_ref().unwrap()[..], ["ts_update a-1", "ts_install b-2"]);
        assert_eq!((found[1].stamp.as_str(), &found[1].remaining), ("3", &None));
        let none = evidence("//- absent /var/lib/yum\n");
        assert_eq!(PackageManager::new(&none).unfinished_transactions(), Ok(Vec::new()));
        assert!(PackageManager::new(&evidence("")).unfinished_transactions().is_err());
    }
}
