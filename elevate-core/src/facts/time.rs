//! How the host keeps time: ntpd, ntpdate, chronyd.

use std::collections::BTreeSet;

use super::look;
use super::parse::directives::{self, CHRONY, Directive, NTP};
use super::read::Parsed;
use super::rewrite;
use super::services::Services;
use super::{Fact, Facts, OddLine, Unknown};
use crate::snapshot::Evidence;

/// Evidence the questions read, beside that on services.
pub const READS: &[&str] =
    &[NTP_CONF, STEP_TICKERS, "/etc/ntp/keys", "/etc/ntp/crypto/pw", CHRONY_CONF];

const NTP_CONF: &str = "/etc/ntp.conf";
const STEP_TICKERS: &str = "/etc/ntp/step-tickers";
const CHRONY_CONF: &str = "/etc/chrony.conf";
/// Files inside files, as ntpd allows them.
const DEEPEST: usize = 5;
/// Most files read for one configuration.
const MOST_FILES: usize = 64;

/// Questions on time.
#[derive(Debug, Clone, Copy)]
pub struct Time<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How the host keeps time.
    pub fn time(&self) -> Time<'a> {
        Time::new(&self.snapshot.evidence)
    }
}

pub use super::rewrite::chrony::{Chrony, Ignored};

/// `/etc/ntp.conf` with the files it takes in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NtpConfig {
    /// File and directive, in the order they are read.
    pub directives: Vec<(String, Directive)>,
    /// File and line that were not understood.
    pub odd: Vec<(String, OddLine)>,
    /// Included files that were not seen, or are not there.
    pub missing: Vec<Unknown>,
}

/// One of the services that chrony takes the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NtpService {
    /// `ntpd`, of package `ntp`.
    Ntpd,
    /// `ntpdate`, of package `ntpdate`.
    Ntpdate,
    /// `ntp-wait`, of package `ntp-perl`.
    NtpWait,
}

impl NtpService {
    /// Name of the unit.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Ntpd => "ntpd.service",
            Self::Ntpdate => "ntpdate.service",
            Self::NtpWait => "ntp-wait.service",
        }
    }

    /// Package it is from.
    pub fn package(self) -> &'static str {
        match self {
            Self::Ntpd => "ntp",
            Self::Ntpdate => "ntpdate",
            Self::NtpWait => "ntp-perl",
        }
    }

    /// The file without which it has nothing to do.
    pub fn config(self) -> Option<&'static str> {
        match self {
            Self::Ntpd => Some(NTP_CONF),
            Self::Ntpdate => Some(STEP_TICKERS),
            Self::NtpWait => None,
        }
    }
}

impl<'a> Time<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// How ntpd is configured; `None` where it is not. Reads `/etc/ntp.conf`
    /// and its include files. Asked by `check_ntp`, `migrate_ntp`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn ntp(&self) -> Fact<Option<NtpConfig>> {
        let Some(text) = look::text(self.evidence, NTP_CONF)? else { return Ok(None) };
        let mut config = NtpConfig::default();
        let mut seen = BTreeSet::from([NTP_CONF.to_owned()]);
        self.ntp_file(NTP_CONF, &text, 0, &mut seen, &mut config);
        Ok(Some(config))
    }

    fn ntp_file(
        &self,
        path: &str,
        text: &str,
        depth: usize,
        seen: &mut BTreeSet<String>,
        to: &mut NtpConfig,
    ) {
        let (directives, odd) = directives::parse(text, &NTP);
        to.odd.extend(odd.into_iter().map(|odd| (path.to_owned(), odd)));
        for directive in directives {
            if directive.name != "includefile" {
                to.directives.push((path.to_owned(), directive));
                continue;
            }
            let name = directive.words().next().unwrap_or_default();
            let other = look::within("/", name.trim_matches('"'));
            if depth == DEEPEST || seen.len() == MOST_FILES || !seen.insert(other.clone()) {
                let why = "is included again, too deep, or after too many others";
                let odd = OddLine::new(directive.line, name, why);
                to.odd.push((path.to_owned(), odd));
                continue;
            }
            match look::text(self.evidence, &other) {
                Ok(Some(text)) => self.ntp_file(&other, &text, depth + 1, seen, to),
                Ok(None) => {
                    let odd = OddLine::new(directive.line, name, "is included and not there");
                    to.odd.push((path.to_owned(), odd));
                }
                Err(unknown) => to.missing.push(unknown),
            }
        }
    }

    /// Servers ntpdate asks; `None` where there is no such file. Reads
    /// `/etc/ntp/step-tickers`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn step_tickers(&self) -> Fact<Option<Vec<String>>> {
        let text = look::text(self.evidence, STEP_TICKERS)?;
        let hosts = |text: &str| {
            let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
            lines.flat_map(str::split_whitespace).map(str::to_owned).collect()
        };
        Ok(text.map(|text| hosts(&text)))
    }

    /// chrony's configuration as it is made from what these services of ntp are told, with
    /// the files of ntp that were not seen. Asked by `migrate_ntp`.
    ///
    /// # Errors
    ///
    /// Where a file of one of them was not captured.
    pub fn chrony_from(&self, services: &[NtpService]) -> Fact<(Chrony, Vec<Unknown>)> {
        let has = |service| services.contains(&service);
        let tickers = if has(NtpService::Ntpdate) { self.step_tickers()? } else { None };
        let ntp = if has(NtpService::Ntpd) { self.ntp()? } else { None };
        let ntp = ntp.unwrap_or_else(NtpConfig::without_sources);
        let chrony = rewrite::chrony::convert(&ntp.directives, &tickers.unwrap_or_default());
        Ok((chrony, ntp.missing))
    }

    /// The file of keys that ntpd names; `None` where it names none. Asked by
    /// `migrate_ntp`.
    ///
    /// # Errors
    ///
    /// Where its configuration was not captured.
    pub fn ntp_keys(&self) -> Fact<Option<String>> {
        let config = self.ntp()?.unwrap_or_default();
        let named = config.directives.iter().rfind(|(_, d)| d.name == "keys");
        Ok(named.and_then(|(_, d)| Some(d.words().next()?.trim_matches('"').to_owned())))
    }

    /// Directives of chronyd; `None` where there are none. Reads
    /// `/etc/chrony.conf`. Asked by `check_chrony`.
    ///
    /// # Errors
    ///
    /// Where the file was not captured.
    pub fn chrony(&self) -> Fact<Option<Parsed<Vec<Directive>>>> {
        look::parsed(self.evidence, CHRONY_CONF, |text| directives::parse(text, &CHRONY))
    }

    /// Which of ntp's files are there, of those a migration to chrony keeps.
    /// Asked by `check_ntp`.
    ///
    /// # Errors
    ///
    /// Where nobody looked for one of them.
    pub fn ntp_files(&self) -> Fact<Vec<&'static str>> {
        let mut files = Vec::new();
        for path in [NTP_CONF, "/etc/ntp/keys", "/etc/ntp/crypto/pw", STEP_TICKERS] {
            if look::exists(self.evidence, path)? {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// Whether a service of ntp is in use: its file is there, and its unit is
    /// enabled and active. Asked by `check_ntp`.
    ///
    /// # Errors
    ///
    /// Where one of the three is unknown and the others do not settle it.
    pub fn uses(&self, service: NtpService) -> Fact<bool> {
        let services = Services::new(self.evidence);
        let config = service.config().map_or(Ok(true), |path| look::exists(self.evidence, path));
        let asked =
            [config, services.is_enabled(service.unit()), services.is_active(service.unit())];
        if asked.contains(&Ok(false)) {
            return Ok(false);
        }
        let mut unknown = asked.into_iter().filter_map(Result::err);
        unknown.next().map_or(Ok(true), Err)
    }
}

impl NtpConfig {
    /// What stands for the configuration of ntpd where only ntpdate is in use: nobody is
    /// answered.
    fn without_sources() -> Self {
        let text = "driftfile /var/lib/ntp/drift\nrestrict default ignore";
        let (directives, _) = directives::parse(text, &NTP);
        let directives = directives.into_iter().map(|d| (NTP_CONF.to_owned(), d)).collect();
        Self { directives, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn include_files_are_read_in_place_and_missing_ones_told() {
        let host = evidence(
            "//- /etc/ntp.conf\nserver 0.x iburst # c\nincludefile /etc/ntp/a\nincludefile /gone\nincludefile /unseen\nfudge 127.127.1.0 stratum 10\n\
             //- /etc/ntp/a\ndriftfile /d\nincludefile /etc/ntp/a\n//- absent /gone\n",
        );
        let config = Time::new(&host).ntp().unwrap().unwrap();
        let names: Vec<_> = config.directives.iter().map(|(_, d)| d.name.as_str()).collect();
        let expected = ["server", "driftfile", "fudge"];
        assert_eq!(names, expected);
        let odd: Vec<_> = config.odd.iter().map(|(file, odd)| (file.as_str(), odd.line)).collect();
        assert_eq!(odd, [("/etc/ntp/a", 2), ("/etc/ntp.conf", 3)]);
        assert_eq!(config.missing, [Unknown::not_captured("/unseen")]);
    }

    #[test]
    fn files_are_there_or_absent_or_unknown() {
        let host = evidence(
            "//- /etc/ntp/step-tickers\n# c\na b # c\nc\n//- absent /etc/ntp.conf\n//- /etc/chrony.conf\npool x iburst\n",
        );
        let time = Time::new(&host);
        assert_eq!(time.step_tickers().unwrap().unwrap(), ["a", "b", "c"]);
        assert_eq!(time.ntp(), Ok(None));
        assert_eq!(time.chrony().unwrap().unwrap().value[0].name, "pool");
        assert!(time.ntp_files().is_err());
        let some = evidence("//- dir /etc: ntp/\n//- dir /etc/ntp: keys\n");
        assert_eq!(Time::new(&some).ntp_files(), Ok(vec!["/etc/ntp/keys"]));
        let nothing = evidence("");
        let time = Time::new(&nothing);
        assert!(time.ntp().is_err() && time.step_tickers().is_err() && time.chrony().is_err());
    }

    #[test]
    fn a_service_is_in_use_when_enabled_and_active_with_its_file() {
        let units = "//- command systemctl list-unit-files\nntpd.service enabled\nntpdate.service disabled\nntp-wait.service enabled\n";
        let running = "//- command systemctl list-units\nntpd.service loaded active running x\n";
        let host = evidence(&format!("//- /etc/ntp.conf\n{units}{running}"));
        let time = Time::new(&host);
        assert_eq!(time.uses(NtpService::Ntpd), Ok(true));
        assert_eq!(time.uses(NtpService::Ntpdate), Ok(false));
        assert_eq!(time.uses(NtpService::NtpWait), Ok(false));
        let host = evidence(&format!("//- /etc/ntp.conf\n{units}"));
        assert!(Time::new(&host).uses(NtpService::Ntpd).is_err());
        // Without its file nothing else matters.
        let host = evidence("//- absent /etc/ntp.conf\n");
        assert_eq!(Time::new(&host).uses(NtpService::Ntpd), Ok(false));
    }

    #[test]
    fn chrony_is_told_what_the_services_in_use_were_told() {
        let host = evidence(
            "//- /etc/ntp.conf\nserver a\nincludefile /unseen\n//- /etc/ntp/step-tickers\nb\n",
        );
        let time = Time::new(&host);
        let (chrony, missing) = time.chrony_from(&[NtpService::Ntpd]).unwrap();
        assert!(chrony.text.contains("\nserver a\n") && !chrony.text.contains("slew"));
        assert_eq!(missing, [Unknown::not_captured("/unseen")]);
        let (chrony, missing) = time.chrony_from(&[NtpService::Ntpdate]).unwrap();
        assert!(!chrony.text.contains("server a") && chrony.text.contains("initstepslew 0.1 b\n"));
        assert!(!chrony.text.contains("allow") && missing.is_empty());
        assert!(Time::new(&evidence("")).chrony_from(&[NtpService::Ntpd]).is_err());
    }
}
