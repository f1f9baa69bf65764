//! How OpenSSH is configured.

use std::collections::BTreeSet;

use super::look::{self, Found};
use super::parse::sshd::{self, Directive};
use super::{Fact, Facts, OddLine, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[SERVER, "/etc/ssh/sshd_config.d/*.conf", CLIENT];

const SERVER: &str = "/etc/ssh/sshd_config";
const CLIENT: &str = "/etc/ssh/ssh_config";
/// Files inside files, as OpenSSH allows them.
const DEEPEST: usize = 16;
/// Most files read for one configuration.
const MOST_FILES: usize = 64;
/// Most directives kept of one configuration; real ones have less than 200.
const MOST_DIRECTIVES: usize = 20_000;

/// Directives sshd of release 8 does not know: with one of them it does not start.
pub const REFUSED_BY_8: &[&str] = &["ShowPatchLevel"];

/// Directives sshd of release 8 knows and passes by.
pub const IGNORED_BY_8: &[&str] = &[
    "AuthorizedKeysFile2",
    "CheckMail",
    "KeyRegenerationInterval",
    "PAMAuthenticationViaKbdInt",
    "Protocol",
    "ReverseMappingCheck",
    "RhostsAuthentication",
    "RhostsRSAAuthentication",
    "RSAAuthentication",
    "ServerKeyBits",
    "SKeyAuthentication",
    "UseLogin",
    "UsePrivilegeSeparation",
    "VerifyReverseMapping",
];

/// Questions on OpenSSH.
#[derive(Debug, Clone, Copy)]
pub struct Ssh<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How OpenSSH is configured.
    pub fn ssh(&self) -> Ssh<'a> {
        Ssh::new(&self.snapshot.evidence)
    }
}

/// A configuration with the files it takes in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Directives in the order they count, those of included files in place.
    pub directives: Vec<Placed>,
    /// `Include` directives: OpenSSH 7.4 refuses them, later ones read them.
    pub includes: Vec<Placed>,
    /// Lines that were not understood, by file.
    pub odd: Vec<(String, OddLine)>,
    /// Included files that were not seen.
    pub missing: Vec<Unknown>,
}

/// A directive and the file it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// File.
    pub file: String,
    /// What stands there.
    pub directive: Directive,
}

/// A value of `PermitRootLogin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RootLogin {
    /// `yes`.
    Yes,
    /// `prohibit-password`, also spelled `without-password`.
    ProhibitPassword,
    /// `forced-commands-only`.
    ForcedCommandsOnly,
    /// `no`.
    No,
}

impl RootLogin {
    /// Reads a value as sshd does, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "yes" => Some(Self::Yes),
            "prohibit-password" | "without-password" => Some(Self::ProhibitPassword),
            "forced-commands-only" => Some(Self::ForcedCommandsOnly),
            "no" => Some(Self::No),
            _ => None,
        }
    }
}

/// A list of algorithms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Algorithms<'a> {
    /// What the list does to the defaults.
    pub mode: Mode,
    /// Names, or patterns where some are removed.
    pub names: Vec<&'a str>,
    /// Where it stands.
    pub at: &'a Placed,
}

/// What a list of algorithms does to the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Takes their place.
    Set,
    /// Adds to them (`+`).
    Add,
    /// Takes away from them (`-`).
    Remove,
    /// Puts these first (`^`).
    First,
}

impl<'a> Ssh<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// The server's configuration; `None` where there is none. Reads
    /// `/etc/ssh/sshd_config` and what it includes. Asked by
    /// `openssh_permit_root_login`, `open_ssh_algorithms`, `open_ssh_protocol`,
    /// `open_ssh_use_privilege_separation`, `open_ssh_deprecated_directives_check`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured. Missing included files are in the answer.
    pub fn server(&self) -> Fact<Option<Config>> {
        self.config(SERVER)
    }

    /// The clients' configuration. Reads `/etc/ssh/ssh_config`.
    ///
    /// # Errors
    ///
    /// As [`Ssh::server`].
    pub fn client(&self) -> Fact<Option<Config>> {
        self.config(CLIENT)
    }

    fn config(&self, path: &str) -> Fact<Option<Config>> {
        let Some(text) = look::text(self.evidence, path)? else { return Ok(None) };
        let mut reader = Reader { evidence: self.evidence, config: Config::default(), files: 1 };
        reader.file(path, &text, None, 0);
        Ok(Some(reader.config))
    }
}

struct Reader<'a> {
    evidence: &'a Evidence,
    config: Config,
    files: usize,
}

impl Reader<'_> {
    /// Reads a file; `outer` is the block the `Include` stands in.
    fn file(&mut self, path: &str, text: &str, outer: Option<&str>, depth: usize) {
        let (directives, odd) = sshd::parse(text);
        self.config.odd.extend(odd.into_iter().map(|odd| (path.to_owned(), odd)));
        for mut directive in directives {
            if self.config.directives.len() == MOST_DIRECTIVES {
                let why = format!("is beyond the {MOST_DIRECTIVES} directives that are read");
                let odd = OddLine::new(directive.line, &directive.keyword, why);
                self.config.odd.push((path.to_owned(), odd));
                return;
            }
            if let Some(outer) = outer {
                let block = match &directive.block {
                    Some(inner) => format!("{outer} {inner}"),
                    None => outer.to_owned(),
                };
                directive.block = Some(block.chars().take(600).collect::<String>().into());
            }
            let includes = directive.is("Include");
            let placed = Placed { file: path.to_owned(), directive };
            if includes {
                self.include(&placed, depth);
                self.config.includes.push(placed);
            } else {
                self.config.directives.push(placed);
            }
        }
    }

    fn include(&mut self, at: &Placed, depth: usize) {
        for pattern in &at.directive.arguments {
            let pattern = look::within("/etc/ssh", pattern);
            let Found { items, missing } = look::glob(self.evidence, &pattern);
            self.config.missing.extend(missing);
            for path in items {
                if depth == DEEPEST || self.files == MOST_FILES {
                    let why = "is included too deep, or after too many others";
                    let odd = OddLine::new(at.directive.line, &path, why);
                    self.config.odd.push((at.file.clone(), odd));
                    return;
                }
                self.files += 1;
                match look::text(self.evidence, &path) {
                    Ok(Some(text)) => {
                        self.file(&path, &text, at.directive.block.as_deref(), depth + 1);
                    }
                    Ok(None) => {}
                    Err(unknown) => self.config.missing.push(unknown),
                }
            }
        }
    }
}

impl Config {
    /// Every directive with this keyword, in any letter case, in `Match` blocks
    /// too.
    pub fn all<'c>(&'c self, keyword: &'c str) -> impl Iterator<Item = &'c Placed> {
        self.directives.iter().filter(move |placed| placed.directive.is(keyword))
    }

    /// The directive that counts for every connection no `Match` block is for:
    /// the first one outside of blocks.
    pub fn global(&self, keyword: &str) -> Option<&Placed> {
        let mut all = self.directives.iter().filter(|placed| placed.directive.is(keyword));
        all.find(|placed| placed.directive.block.is_none())
    }

    /// The value that counts outside of `Match` blocks, or what sshd of release
    /// 7 does without one. `None` where this says nothing of the default.
    pub fn effective(&self, keyword: &str) -> Option<&str> {
        let set = self.global(keyword).map(|placed| placed.directive.value());
        set.or_else(|| default(keyword))
    }

    /// Every `PermitRootLogin`, with what it means; `None` where sshd refuses
    /// the value.
    pub fn permit_root_login(&self) -> Vec<(Option<RootLogin>, &Placed)> {
        let value = |placed: &Placed| RootLogin::parse(placed.directive.value());
        self.all("PermitRootLogin").map(|placed| (value(placed), placed)).collect()
    }

    /// What `Ciphers`, `MACs` or `KexAlgorithms` says outside of blocks.
    pub fn algorithms<'c>(&'c self, keyword: &str) -> Option<Algorithms<'c>> {
        self.global(keyword).map(Self::algorithms_at)
    }

    /// What one such directive says.
    pub fn algorithms_at(at: &Placed) -> Algorithms<'_> {
        let text = at.directive.value();
        let (mode, list) = match text.chars().next() {
            Some('+') => (Mode::Add, &text[1..]),
            Some('-') => (Mode::Remove, &text[1..]),
            Some('^') => (Mode::First, &text[1..]),
            _ => (Mode::Set, text),
        };
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        Algorithms { mode, names, at }
    }

    /// Directives among `names`, wherever they stand, each keyword once.
    pub fn among(&self, names: &[&str]) -> Vec<&Placed> {
        let mut seen = BTreeSet::new();
        let listed = |p: &&Placed| names.iter().any(|name| p.directive.is(name));
        let all = self.directives.iter().filter(listed);
        all.filter(|p| seen.insert(p.directive.keyword.to_ascii_lowercase())).collect()
    }
}

impl Placed {
    /// File and line.
    pub fn place(&self) -> (&str, usize) {
        (&self.file, self.directive.line)
    }

    /// Whether it counts for every connection: outside of blocks, or in one
    /// that is for all.
    pub fn is_for_all(&self) -> bool {
        self.directive.block.as_deref().is_none_or(|block| block.eq_ignore_ascii_case("all"))
    }
}

/// What sshd of release 7 does without a directive.
fn default(keyword: &str) -> Option<&'static str> {
    Some(match keyword.to_ascii_lowercase().as_str() {
        "permitrootlogin"
        | "passwordauthentication"
        | "pubkeyauthentication"
        | "strictmodes"
        | "challengeresponseauthentication" => "yes",
        "permitemptypasswords" | "x11forwarding" | "usepam" | "hostbasedauthentication" => "no",
        "useprivilegeseparation" => "sandbox",
        "protocol" => "2",
        "port" => "22",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    fn config(text: &str) -> Config {
        let evidence = evidence(text);
        Ssh::new(&evidence).server().unwrap().unwrap()
    }

    #[test]
    fn root_may_log_in_however_yes_is_spelled() {
        let config = config(
            "//- /etc/ssh/sshd_config\npermitrootlogin Yes\nPermitRootLogin no\nMatch User root\nPermitRootLogin Without-Password\nMatch All\nPermitRootLogin maybe\n",
        );
        let logins: Vec<_> = config.permit_root_login();
        let values: Vec<_> = logins.iter().map(|(value, at)| (*value, at.is_for_all())).collect();
        let expected = [
            (Some(RootLogin::Yes), true),
            (Some(RootLogin::No), true),
            (Some(RootLogin::ProhibitPassword), false),
            (None, true),
        ];
        assert_eq!(values, expected);
        assert_eq!(config.effective("PERMITROOTLOGIN"), Some("Yes"));
    }

    #[test]
    fn the_first_value_outside_of_blocks_counts_and_defaults_fill_in() {
        let config = config(
            "//- /etc/ssh/sshd_config\nCiphers +aes128-cbc,arcfour\nMatch User x\nMACs hmac-md5\nX11Forwarding yes\n",
        );
        let ciphers = config.algorithms("ciphers").unwrap();
        assert_eq!((ciphers.mode, &ciphers.names[..]), (Mode::Add, &["aes128-cbc", "arcfour"][..]));
        assert_eq!(config.algorithms("MACs"), None);
        assert_eq!(config.effective("X11Forwarding"), Some("no"));
        assert_eq!(config.effective("UsePrivilegeSeparation"), Some("sandbox"));
        assert_eq!(config.effective("Banner"), None);
    }

    #[test]
    fn directives_release_8_refuses_are_found_in_any_case_once() {
        let config = config(
            "//- /etc/ssh/sshd_config\nshowpatchlevel no\nShowPatchLevel no\nProtocol 2\n#UseLogin no\n",
        );
        assert_eq!(config.among(REFUSED_BY_8)[0].directive.line, 1);
        assert_eq!(config.among(REFUSED_BY_8).len(), 1);
        assert_eq!(config.among(IGNORED_BY_8).len(), 1);
    }

    #[test]
    fn included_files_are_read_in_place_and_inside_their_block() {
        let config = config(
            "//- /etc/ssh/sshd_config\nA 1\nInclude \"sshd_config.d/*.conf\" /none\nMatch User x\nInclude /etc/ssh/y\nB 2\n\
             //- dir /etc/ssh/sshd_config.d: b.conf a.conf no\n//- /etc/ssh/sshd_config.d/a.conf\nC 3\nMatch all\nD 4\n\
             //- /etc/ssh/sshd_config.d/b.conf\nE 5\n//- /etc/ssh/y\nF 6\nInclude y\n//- absent /none\n",
        );
        let show = |p: &Placed| {
            let block = p.directive.block.as_deref().unwrap_or("-");
            format!("{}{} {block}", p.directive.keyword, p.directive.value())
        };
        let shown: Vec<_> = config.directives.iter().map(show).collect();
        assert_eq!(shown[..4], ["A1 -", "C3 -", "D4 all", "E5 -"]);
        // The file that includes itself ends at the depth OpenSSH allows.
        assert_eq!(shown.len(), 4 + 16 + 1);
        assert!(shown[4..20].iter().all(|line| line.starts_with("F6 User x")));
        assert_eq!(config.odd.len(), 1);
        assert_eq!(config.missing, []);
    }

    #[test]
    fn an_included_file_nobody_captured_is_missing() {
        let config = config("//- /etc/ssh/sshd_config\nInclude x/*.conf\n");
        assert_eq!(config.missing, [Unknown::not_captured("/etc/ssh/x")]);
        assert_eq!(config.includes.len(), 1);
    }

    #[test]
    fn a_file_is_there_or_absent_or_unknown() {
        let absent = evidence("//- absent /etc/ssh/sshd_config\n");
        assert_eq!(Ssh::new(&absent).server(), Ok(None));
        let unreadable = evidence("//- unreadable /etc/ssh/sshd_config: EACCES\n");
        assert!(Ssh::new(&unreadable).server().is_err());
        assert!(Ssh::new(&absent).client().is_err());
    }
}
