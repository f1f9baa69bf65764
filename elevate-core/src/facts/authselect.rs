//! What authselect has to be told for a host to go on as authconfig set it up.

use super::parse::shell_vars;
use super::{Fact, Facts, Unknown};

/// Modules a profile of authselect can stand for.
const KNOWN: [&str; 24] = [
    "pam_access",
    "pam_deny",
    "pam_ecryptfs",
    "pam_env",
    "pam_faildelay",
    "pam_faillock",
    "pam_fprintd",
    "pam_keyinit",
    "pam_krb5",
    "pam_lastlog",
    "pam_limits",
    "pam_localuser",
    "pam_mkhomedir",
    "pam_oddjob_mkhomedir",
    "pam_permit",
    "pam_pkcs11",
    "pam_pwquality",
    "pam_sss",
    "pam_succeed_if",
    "pam_systemd",
    "pam_u2f",
    "pam_umask",
    "pam_unix",
    "pam_winbind",
];

/// Features of every profile, by the module that asks for them.
const BY_MODULE: [(&str, &str); 5] = [
    ("pam_faillock", "with-faillock"),
    ("pam_fprintd", "with-fingerprint"),
    ("pam_access", "with-pamaccess"),
    ("pam_mkhomedir", "with-mkhomedir"),
    ("pam_oddjob_mkhomedir", "with-mkhomedir"),
];

/// A profile of authselect with its features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authselect {
    /// The profile, or why there is none.
    pub profile: Result<&'static str, NoProfile>,
    /// Its features, sorted.
    pub features: Vec<&'static str>,
    /// Settings of authconfig that count here and are neither on nor off.
    pub unclear: Vec<&'static str>,
    /// Evidence on features, or on other profiles, that is missing.
    pub missing: Vec<Unknown>,
}

/// Why no profile does what the host's files do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoProfile {
    /// Users are neither in SSSD nor winbind nor NIS.
    Local,
    /// They are in several of these.
    Several(Vec<&'static str>),
    /// Modules no profile has.
    Modules(Vec<String>),
}

impl Authselect {
    /// The command that does it; `None` without a profile.
    pub fn command(&self) -> Option<Vec<&'static str>> {
        let profile = self.profile.as_ref().ok()?;
        let command = ["authselect", "select", "--force", profile];
        Some(command.into_iter().chain(self.features.iter().copied()).collect())
    }
}

impl Facts<'_> {
    /// The profile of authselect that does what the files of PAM do. Reads what
    /// [`Facts::pam`] does, and whether ypbind is started. Asked by
    /// `authselect_scanner`.
    ///
    /// # Errors
    ///
    /// Where one of the five files authconfig writes was not captured.
    pub fn authselect(&self) -> Fact<Authselect> {
        let modules = self.pam().central_modules()?;
        let mut found = Authselect {
            profile: Err(NoProfile::Local),
            features: Vec::new(),
            unclear: Vec::new(),
            missing: Vec::new(),
        };
        let unknown: Vec<String> =
            modules.iter().filter(|name| !KNOWN.contains(&name.as_str())).cloned().collect();
        if !unknown.is_empty() {
            found.profile = Err(NoProfile::Modules(unknown));
            return Ok(found);
        }
        let has = |name: &str| modules.contains(name);
        let has_ypbind = self.packages().iter().any(|package| package.name.as_str() == "ypbind");
        let nis = if has_ypbind { self.services().is_enabled("ypbind.service") } else { Ok(false) };
        let nis = found.take(nis).unwrap_or(false);
        let candidates = [("sssd", has("pam_sss")), ("winbind", has("pam_winbind")), ("nis", nis)];
        let profiles: Vec<&'static str> =
            candidates.iter().filter(|(_, used)| *used).map(|(name, _)| *name).collect();
        found.profile = match profiles[..] {
            [] => Err(NoProfile::Local),
            [profile] => Ok(profile),
            _ => Err(NoProfile::Several(profiles)),
        };
        let by_module = BY_MODULE.iter().filter(|(module, _)| has(module));
        found.features.extend(by_module.map(|(_, feature)| *feature));
        match found.profile {
            Ok("sssd") => self.features_of_sssd(has("pam_pkcs11"), &mut found),
            Ok("winbind") => self.flag("WINBINDKRB5", "with-krb5", &mut found),
            _ => {}
        }
        found.features.sort_unstable();
        found.features.dedup();
        Ok(found)
    }

    fn features_of_sssd(&self, has_pkcs11: bool, found: &mut Authselect) {
        let sudo = found.take(self.pam().sources("sudoers")).unwrap_or_default();
        if sudo.iter().any(|source| source == "sss") {
            found.features.push("with-sudo");
        }
        if has_pkcs11 {
            return;
        }
        self.flag("USESMARTCARD", "with-smartcard", found);
        self.flag("FORCESMARTCARD", "with-smartcard-required", found);
        let removal = found.take(self.pam().smartcard_removal()).flatten();
        if removal.as_deref() == Some("lock-screen") {
            found.features.push("with-smartcard-lock-on-removal");
        }
    }

    /// A feature that a setting of authconfig asks for.
    fn flag(&self, name: &'static str, feature: &'static str, found: &mut Authselect) {
        let Some(file) = found.take(self.pam().authconfig()) else { return };
        let settings = file.map(|file| file.value).unwrap_or_default();
        let is_set =
            shell_vars::last(&settings, name).is_some_and(|value| !value.trim().is_empty());
        match self.pam().authconfig_flag(name) {
            Ok(Some(true)) => found.features.push(feature),
            Ok(None) if is_set => found.unclear.push(name),
            _ => {}
        }
    }
}

impl Authselect {
    fn take<T>(&mut self, fact: Fact<T>) -> Option<T> {
        let missed = |unknown| {
            if !self.missing.contains(&unknown) {
                self.missing.push(unknown);
            }
        };
        fact.map_err(missed).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::host;
    use super::*;

    const REST: &str = "//- absent /etc/sysconfig/authconfig\n//- absent /etc/dconf\n\
                        //- absent /etc/nsswitch.conf\n//- command systemctl list-unit-files\n\
                        ypbind.service enabled\n";

    /// Profile and features of a host with these modules.
    fn of(modules: &str, rest: &str) -> (Result<&'static str, NoProfile>, Vec<&'static str>) {
        let lines = modules.split_whitespace().map(|name| format!("auth required {name}.so\n"));
        let text = format!(
            "{rest}//- dir /etc/pam.d: system-auth\n//- /etc/pam.d/system-auth\n{}",
            lines.collect::<String>()
        );
        let snapshot = host(&text);
        let found = Facts::new(&snapshot).authselect().unwrap();
        assert_eq!((&found.missing[..], &found.unclear[..]), (&[][..], &[][..]));
        (found.profile, found.features)
    }

    #[test]
    fn one_source_of_users_is_a_profile_and_several_are_none() {
        let nis = format!("//- packages\nypbind\n{REST}");
        for (modules, rest, expected) in [
            ("pam_unix", REST, Err(NoProfile::Local)),
            ("pam_sss", REST, Ok("sssd")),
            ("pam_winbind", REST, Ok("winbind")),
            ("pam_unix", &nis, Ok("nis")),
            ("pam_sss pam_winbind", REST, Err(NoProfile::Several(vec!["sssd", "winbind"]))),
            ("pam_sss", &nis, Err(NoProfile::Several(vec!["sssd", "nis"]))),
            ("pam_winbind", &nis, Err(NoProfile::Several(vec!["winbind", "nis"]))),
            ("pam_sss pam_winbind", &nis, Err(NoProfile::Several(vec!["sssd", "winbind", "nis"]))),
            ("pam_sss pam_ldap", REST, Err(NoProfile::Modules(vec!["pam_ldap".to_owned()]))),
        ] {
            assert_eq!(of(modules, rest).0, expected, "{modules}");
        }
    }

    #[test]
    fn modules_ask_for_features() {
        for (module, feature) in BY_MODULE {
            assert_eq!(of(&format!("pam_winbind {module}"), REST).1, [feature]);
        }
        let all = "pam_sss pam_oddjob_mkhomedir pam_mkhomedir pam_access";
        assert_eq!(of(all, REST).1, ["with-mkhomedir", "with-pamaccess"]);
        assert_eq!(of("pam_faillock pam_ldap", REST).1, [""; 0]);
    }

    const SETTINGS: &str = "//- /etc/sysconfig/authconfig\nUSESMARTCARD=yes\nFORCESMARTCARD=yes\nWINBINDKRB5=yes\n\
         //- /etc/dconf/db/distro.d/10-authconfig\n[org/gnome/settings-daemon/peripherals/smartcard]\nremoval-action='lock-screen'\n\
         //- /etc/nsswitch.conf\nsudoers: files sss\n";

    #[test]
    fn settings_ask_for_features_of_their_profile() {
        let smartcard =
            ["with-smartcard", "with-smartcard-lock-on-removal", "with-smartcard-required"];
        let sssd: Vec<_> = smartcard.into_iter().chain(["with-sudo"]).collect();
        assert_eq!(of("pam_sss", SETTINGS).1, sssd);
        assert_eq!(of("pam_sss pam_pkcs11", SETTINGS).1, ["with-sudo"]);
        assert_eq!(of("pam_winbind", SETTINGS).1, ["with-krb5"]);
        assert_eq!(of("pam_unix", SETTINGS).1, [""; 0]);
        let commented = SETTINGS.replace("sudoers", "#sudoers");
        assert!(!of("pam_sss", &commented).1.contains(&"with-sudo"));
    }

    #[test]
    fn evidence_counts_only_for_the_profile_it_is_about() {
        let asked = |text: &str| {
            let snapshot = host(&format!("//- dir /etc/pam.d: system-auth\n{text}"));
            Facts::new(&snapshot).authselect()
        };
        let found = asked("//- /etc/pam.d/system-auth\nauth required pam_sss.so\n").unwrap();
        let missing: Vec<_> = found.missing.iter().map(|one| one.evidence.as_str()).collect();
        let expected = [
            "/etc/nsswitch.conf",
            "/etc/sysconfig/authconfig",
            "/etc/dconf/db/distro.d/10-authconfig",
        ];
        assert_eq!(missing, expected);
        assert_eq!(found.command().unwrap().join(" "), "authselect select --force sssd");
        let found = asked("//- /etc/pam.d/system-auth\nauth required pam_unix.so\n").unwrap();
        assert_eq!((found.missing, found.profile), (vec![], Err(NoProfile::Local)));
        assert!(asked("").is_err());
        let text = "//- /etc/pam.d/system-auth\nauth required pam_winbind.so\n//- /etc/sysconfig/authconfig\nWINBINDKRB5=maybe\n";
        assert_eq!(asked(text).unwrap().unclear, ["WINBINDKRB5"]);
    }
}
