//! Smaller daemons and tools whose configuration changes its meaning: memcached,
//! SpamAssassin, brltty, Quagga, SCTP, SANE, vim.

use super::look;
use super::parse::{key_value, lines, shell_vars};
use super::read::Parsed;
use super::rewrite::{self, Rewrite};
use super::services::Services;
use super::{Fact, Facts};
use crate::snapshot::{EntryKind, Evidence};

/// Evidence the questions read, beside that on services.
pub const READS: &[&str] = &[
    MEMCACHED,
    SPAMC,
    SPAMD,
    BRLTTY,
    "/etc/quagga",
    "/etc/quagga/*.conf",
    "/etc/sysconfig/quagga",
    "/usr/lib64/libsctp.so.1",
    "/usr/lib/libsctp.so.1",
    "/usr/bin/sctp_test",
    DLM_CONF,
    DLM,
    "/etc/sane.d/*.conf",
    "/etc/virc",
    "/etc/vimrc",
];

const MEMCACHED: &str = "/etc/sysconfig/memcached";
const SPAMC: &str = "/etc/mail/spamassassin/spamc.conf";
const SPAMD: &str = "/etc/sysconfig/spamassassin";
const BRLTTY: &str = "/etc/brltty.conf";
const DLM_CONF: &str = "/etc/dlm/dlm.conf";
const DLM: &str = "/etc/sysconfig/dlm";

/// What vim of release 8 has to be told to behave as that of release 7.
const VIM: [&str; 2] = ["let skip_defaults_vim=1", "set t_BE="];

/// The daemons of Quagga.
pub const QUAGGA: [&str; 8] =
    ["babeld", "bgpd", "isisd", "ospf6d", "ospfd", "ripd", "ripngd", "zebra"];

/// Questions on daemons.
#[derive(Debug, Clone, Copy)]
pub struct Daemons<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// Smaller daemons.
    pub fn daemons(&self) -> Daemons<'a> {
        Daemons::new(&self.snapshot.evidence)
    }
}

impl<'a> Daemons<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// Arguments of memcached, as words; empty where there are none. Reads
    /// `OPTIONS` of `/etc/sysconfig/memcached`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn memcached_options(&self) -> Fact<Vec<String>> {
        self.words(MEMCACHED, "OPTIONS")
    }

    /// Whether the file with memcached's arguments is there. Asked by `check_memcached`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn has_memcached_options(&self) -> Fact<bool> {
        look::exists(self.evidence, MEMCACHED)
    }

    /// Whether memcached listens on no UDP port: `-U 0`, or `--udp-port=0`. It
    /// does so by default up to release 7. Asked by `check_memcached`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn memcached_disables_udp(&self) -> Fact<bool> {
        let words = self.memcached_options()?;
        Ok(option(&words, "-U", "--udp-port").is_some_and(|port| port.parse() == Ok(0u32)))
    }

    /// Version of TLS that `--ssl` of spamc names; `None` where it names none.
    /// Reads `/etc/mail/spamassassin/spamc.conf`. Asked by
    /// `spamassassin_config_read`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn spamc_ssl(&self) -> Fact<Option<String>> {
        let text = look::text(self.evidence, SPAMC)?.unwrap_or_default();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
        let named = words.iter().enumerate().filter_map(|(at, word)| match *word {
            "--ssl" => words.get(at + 1).copied(),
            word => word.strip_prefix("--ssl="),
        });
        let mut known: Vec<&str> = named.filter(|v| matches!(*v, "sslv3" | "tlsv1")).collect();
        // spamc takes the newer one wherever it stands.
        known.sort_unstable();
        Ok(known.pop().map(str::to_owned))
    }

    /// Version of TLS that `--ssl-version` of spamd names; `None` where it names
    /// none. Reads `SPAMDOPTIONS` of `/etc/sysconfig/spamassassin`. Asked by
    /// `spamassassin_config_read`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn spamd_ssl_version(&self) -> Fact<Option<String>> {
        let words = self.words(SPAMD, "SPAMDOPTIONS")?;
        let version = option(&words, "--ssl-version", "--ssl-version");
        Ok(version.filter(|v| matches!(v.as_str(), "sslv3" | "tlsv1")))
    }

    /// brltty's configuration with what release 8 spells otherwise: Bluetooth addresses
    /// that begin with `bth` or `bluez`, and the speech driver `es`. `None` where it has
    /// none of them. Reads `/etc/brltty.conf`. Asked by `check_brltty`; a comment stays,
    /// though leapp takes addresses in comments too.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn brltty(&self) -> Fact<Option<Rewrite>> {
        let Some(text) = look::text(self.evidence, BRLTTY)? else { return Ok(None) };
        let after = rewrite::lines(&text, |_, line| Some(rewrite::brltty::line(line)));
        Ok(Rewrite::new(BRLTTY, &text, after))
    }

    /// Daemons of Quagga that are started at boot, and those that run now; `None`
    /// for the latter where nothing tells. Asked by `quagga_daemons`.
    ///
    /// # Errors
    ///
    /// Where the state of one of them is unknown.
    pub fn quagga(&self) -> Fact<(Vec<&'static str>, Option<Vec<&'static str>>)> {
        let services = Services::new(self.evidence);
        let (mut enabled, mut active) = (Vec::new(), Some(Vec::new()));
        for daemon in QUAGGA {
            let unit = format!("{daemon}.service");
            if services.is_enabled(&unit)? {
                enabled.push(daemon);
            }
            match (services.is_active(&unit), &mut active) {
                (Ok(true), Some(active)) => active.push(daemon),
                (Ok(_), _) => {}
                (Err(_), _) => active = None,
            }
        }
        Ok((enabled, active))
    }

    /// Names of the files in `/etc/quagga`, which are copied to FRR's directory.
    /// Asked by `quagga_to_frr`.
    pub fn quagga_files(&self) -> look::Found<String> {
        let mut names = look::names_in(self.evidence, "/etc/quagga", |_| true);
        names.items.retain(|(_, kind)| *kind != EntryKind::Directory);
        names.map(|(name, _)| name)
    }

    /// Options of Quagga's daemons (`BGPD_OPTS` ...); `None` where there are
    /// none. Reads `/etc/sysconfig/quagga`. Asked by `quagga_to_frr`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn quagga_options(&self) -> Fact<Option<Parsed<Vec<shell_vars::Assignment>>>> {
        look::parsed(self.evidence, "/etc/sysconfig/quagga", shell_vars::parse)
    }

    /// The configuration of BGP as FRR 7.5 reads it, which release 8.4 brings: lists of
    /// extended communities are `bgp`'s; `None` where none is named. Reads
    /// `/etc/quagga/bgpd.conf`, which is copied to `/etc/frr`. Asked by `quagga_to_frr`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn bgpd_conf_of_frr(&self) -> Fact<Option<Rewrite>> {
        let text = look::text(self.evidence, "/etc/quagga/bgpd.conf")?.unwrap_or_default();
        let after = text.replace("ip extcommunity-list", "bgp extcommunity-list");
        let (path, before) = ("/etc/frr/bgpd.conf".to_owned(), text.into_owned());
        Ok((after != before).then_some(Rewrite { path, before, after }))
    }

    /// What on disk says that SCTP is in use, by path; `None` where nothing
    /// does. Whether the module is loaded, and what the journal says, is asked
    /// elsewhere. Asked by `sctp_read_status`.
    ///
    /// # Errors
    ///
    /// Where nothing says so and one of the places was not looked at.
    pub fn sctp(&self) -> Fact<Option<String>> {
        let files = ["/usr/lib64/libsctp.so.1", "/usr/lib/libsctp.so.1", "/usr/bin/sctp_test"];
        let mut unknown = None;
        let mut asked: Vec<(&str, Fact<bool>)> =
            files.iter().map(|path| (*path, look::is_file(self.evidence, path))).collect();
        asked.push((DLM_CONF, self.dlm_conf_uses_sctp()));
        asked.push((DLM, self.dlm_options_use_sctp()));
        for (path, answer) in asked {
            match answer {
                Ok(true) => return Ok(Some(path.to_owned())),
                Ok(false) => {}
                Err(error) => unknown = unknown.or(Some(error)),
            }
        }
        unknown.map_or(Ok(None), Err)
    }

    fn dlm_conf_uses_sctp(&self) -> Fact<bool> {
        let file = look::parsed(self.evidence, DLM_CONF, |text| key_value::parse(text, '='))?;
        let value = file.and_then(|file| key_value::last(&file.value, "protocol").cloned());
        let sctp = |text: &str| ["sctp", "detect", "1", "2"].contains(&text);
        Ok(value.is_some_and(|pair| sctp(&pair.value.to_ascii_lowercase())))
    }

    fn dlm_options_use_sctp(&self) -> Fact<bool> {
        let words = self.words(DLM, "DLM_CONTROLD_OPTS")?;
        let protocol = option(&words, "-r", "--protocol");
        Ok(protocol.is_some_and(|protocol| matches!(protocol.as_str(), "sctp" | "detect")))
    }

    /// Configuration files of SANE that lack a scanner release 8 knows, with what they
    /// lack; those that are not there are none. Asked by `sanebackends_migrate`.
    pub fn sane(&self) -> look::Found<Rewrite> {
        let mut found = look::Found::default();
        let dll = (rewrite::sane::DLL, None);
        let files = rewrite::sane::FILES.iter().map(|file| (file.path, Some(file)));
        for (path, file) in std::iter::once(dll).chain(files) {
            let Some(Some(text)) = found.take(look::text(self.evidence, path)) else { continue };
            let after = match file {
                None => rewrite::sane::dll(&text),
                Some(file) => file.completed(&text),
            };
            found.items.extend(Rewrite::new(path, &text, after));
        }
        found
    }

    /// The configuration of vi (`/etc/virc`) or vim (`/etc/vimrc`) with what makes release
    /// 8 behave as before; `None` where it is there already, or no such file. Asked by
    /// `vim_migrate`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn vim(&self, path: &str) -> Fact<Option<Rewrite>> {
        let Some(text) = look::text(self.evidence, path)? else { return Ok(None) };
        let is_there = |new: &&str| text.lines().any(|line| line.trim() == *new);
        let new: Vec<&str> = VIM.iter().copied().filter(|new| !is_there(new)).collect();
        Ok(Rewrite::new(path, &text, rewrite::append(&text, "\"", &new)))
    }

    /// spamc's options without the version of TLS they name; `None` where they name none.
    /// Reads `/etc/mail/spamassassin/spamc.conf`. Asked by `spamassassin_config_update`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn spamc(&self) -> Fact<Option<Rewrite>> {
        let Some(text) = look::text(self.evidence, SPAMC)? else { return Ok(None) };
        Ok(Rewrite::new(SPAMC, &text, rewrite::spamassassin::spamc(&text)))
    }

    /// spamd's options as release 8 takes them, where the daemon is started in the
    /// foreground or not; `None` where they are so already. Reads
    /// `/etc/sysconfig/spamassassin`. Asked by `spamassassin_config_update`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn spamd(&self, in_foreground: bool) -> Fact<Option<Rewrite>> {
        let Some(text) = look::text(self.evidence, SPAMD)? else { return Ok(None) };
        Ok(Rewrite::new(SPAMD, &text, rewrite::spamassassin::spamd(&text, in_foreground)))
    }

    fn words(&self, path: &str, variable: &str) -> Fact<Vec<String>> {
        let file = look::parsed(self.evidence, path, shell_vars::parse)?;
        let value = file.and_then(|file| shell_vars::last(&file.value, variable));
        Ok(lines::shell_words(&value.unwrap_or_default()).unwrap_or_else(|words| words))
    }
}

/// The value of the last of two spellings of an option: `-x 1`, `-x1`,
/// `--long 1`, `--long=1`.
fn option(words: &[String], short: &str, long: &str) -> Option<String> {
    let mut value = None;
    for (at, word) in words.iter().enumerate() {
        if word == short || word == long {
            value = words.get(at + 1).cloned();
        } else if let Some(rest) = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('=')) {
            value = Some(rest.to_owned());
        } else if !short.starts_with("--")
            && let Some(rest) = word.strip_prefix(short)
        {
            value = Some(rest.to_owned());
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn memcached_listens_on_udp_unless_told_not_to() {
        for (options, expected) in [
            ("-U 0", true),
            ("-l 127.0.0.1 -U0", true),
            ("--udp-port=0", true),
            ("-U 00", true),
            ("-U 11211", false),
            ("-U 0 -U 1", false),
            ("", false),
        ] {
            let host = evidence(&format!(
                "//- /etc/sysconfig/memcached\n#OPTIONS=\"-U 0\"\nOPTIONS=\"{options}\"\n"
            ));
            assert_eq!(Daemons::new(&host).memcached_disables_udp(), Ok(expected), "{options}");
        }
        let none = evidence("//- absent /etc/sysconfig/memcached\n");
        assert_eq!(Daemons::new(&none).memcached_disables_udp(), Ok(false));
        assert!(Daemons::new(&evidence("")).memcached_disables_udp().is_err());
    }

    #[test]
    fn versions_of_tls_are_read_from_spamassassin() {
        let host = evidence(
            "//- /etc/mail/spamassassin/spamc.conf\n#--ssl sslv3\n--ssl\nsslv3 --ssl=tlsv1 --ssl other\n\
             //- /etc/sysconfig/spamassassin\n# SPAMDOPTIONS=\"--ssl-version tlsv1\"\nSPAMDOPTIONS=\"-d -c \\\n --ssl-version=sslv3\"\n",
        );
        let daemons = Daemons::new(&host);
        assert_eq!(daemons.spamc_ssl(), Ok(Some("tlsv1".to_owned())));
        assert_eq!(daemons.spamd_ssl_version(), Ok(Some("sslv3".to_owned())));
        let none = evidence("//- absent /etc/mail\n//- absent /etc/sysconfig/spamassassin\n");
        assert_eq!(Daemons::new(&none).spamc_ssl(), Ok(None));
        assert_eq!(Daemons::new(&none).spamd_ssl_version(), Ok(None));
        assert!(Daemons::new(&evidence("")).spamc_ssl().is_err());
        assert!(Daemons::new(&evidence("")).spamd_ssl_version().is_err());
    }

    #[test]
    fn brltty_lines_that_change_are_found_outside_of_comments() {
        let host = evidence(
            "//- /etc/brltty.conf\n#braille-device bth:00:11:22:33:44:55\nbraille-device usb:,bluez-00-11-22-33-44-5A\nbraille-device bth:00\nspeech-driver es\nspeech-driver espeak\n",
        );
        let rewrite = Daemons::new(&host).brltty().unwrap().unwrap();
        let shown: Vec<_> = rewrite.lines().iter().map(|(line, _)| *line).collect();
        assert_eq!(shown, [2, 4]);
        assert_eq!(Daemons::new(&evidence("//- absent /etc/brltty.conf\n")).brltty(), Ok(None));
        assert!(Daemons::new(&evidence("")).brltty().is_err());
    }

    #[test]
    fn daemons_of_quagga_are_enabled_or_active() {
        let host = evidence(
            "//- command systemctl list-unit-files\nzebra.service enabled\nbabeld.service disabled\n//- command systemctl list-units\nbabeld.service loaded active running x\n//- absent /etc/rc.d/init.d\n",
        );
        let (enabled, active) = Daemons::new(&host).quagga().unwrap();
        assert_eq!((enabled, active), (vec!["zebra"], Some(vec!["babeld"])));
        assert!(Daemons::new(&evidence("")).quagga().is_err());
        let host = evidence(
            "//- dir /etc/quagga: bgpd.conf d/\n//- /etc/sysconfig/quagga\nBGPD_OPTS=\"-A a=b\"\n",
        );
        let daemons = Daemons::new(&host);
        assert_eq!(daemons.quagga_files().all().unwrap(), ["bgpd.conf"]);
        assert_eq!(daemons.quagga_options().unwrap().unwrap().value[0].value, "-A a=b");
        assert!(Daemons::new(&evidence("")).quagga_files().any(|_| true).is_err());
        assert!(Daemons::new(&evidence("")).quagga_options().is_err());
        assert!(Daemons::new(&evidence("")).bgpd_conf_of_frr().is_err());
        let host = evidence("//- /etc/quagga/bgpd.conf\nx\nip extcommunity-list 1 permit rt 1:1\n");
        let rewrite = Daemons::new(&host).bgpd_conf_of_frr().unwrap().unwrap();
        assert_eq!(rewrite.after, "x\nbgp extcommunity-list 1 permit rt 1:1\n");
        let host = evidence("//- /etc/quagga/bgpd.conf\nx\n");
        assert_eq!(Daemons::new(&host).bgpd_conf_of_frr(), Ok(None));
    }

    #[test]
    fn sctp_is_used_where_a_file_says_so() {
        let absent = "//- absent /usr\n";
        for (text, expected) in [
            ("//- absent /etc\n", None),
            ("//- /etc/dlm/dlm.conf\nprotocol = Detect\n", Some(DLM_CONF)),
            (
                "//- absent /etc/dlm\n//- /etc/sysconfig/dlm\nDLM_CONTROLD_OPTS=\"--protocol tcp -r sctp\"\n",
                Some(DLM),
            ),
            (
                "//- absent /etc/dlm\n//- /etc/sysconfig/dlm\n#DLM_CONTROLD_OPTS=\"-r sctp\"\nDLM_CONTROLD_OPTS=--protocol=1\n",
                None,
            ),
        ] {
            let host = evidence(&format!("{absent}{text}"));
            assert_eq!(Daemons::new(&host).sctp(), Ok(expected.map(str::to_owned)), "{text}");
        }
        let found = evidence("//- dir /usr/bin: sctp_test\n");
        assert_eq!(Daemons::new(&found).sctp(), Ok(Some("/usr/bin/sctp_test".to_owned())));
        // A directory of that name is no file.
        let directory = evidence(
            "//- dir /usr/bin: sctp_test/\n//- absent /etc\n//- absent /usr/lib\n//- absent /usr/lib64\n",
        );
        assert_eq!(Daemons::new(&directory).sctp(), Ok(None));
        assert!(Daemons::new(&evidence("//- absent /etc\n")).sctp().is_err());
    }

    #[test]
    fn files_of_sane_and_vim_lack_something_or_not() {
        let host = evidence(
            "//- /etc/virc\nset t_BE=\n//- /etc/vimrc\n set t_BE=\nlet skip_defaults_vim=1\n\
             //- dir /etc/sane.d: dll.conf canon.conf\n//- /etc/sane.d/dll.conf\nnet\n",
        );
        let daemons = Daemons::new(&host);
        let virc = daemons.vim("/etc/virc").unwrap().unwrap();
        assert_eq!(virc.after, "set t_BE=\n\" Added for release 8:\nlet skip_defaults_vim=1\n");
        assert_eq!(daemons.vim("/etc/vimrc"), Ok(None));
        let sane = daemons.sane();
        let paths: Vec<_> = sane.items.iter().map(|rewrite| rewrite.path.as_str()).collect();
        assert_eq!(paths, ["/etc/sane.d/dll.conf"]);
        assert_eq!(sane.missing.len(), 1);
        assert!(Daemons::new(&evidence("")).vim("/etc/virc").is_err());
        assert_eq!(Daemons::new(&evidence("//- absent /etc/sane.d\n")).sane(), Default::default());
    }
}
