//! How vsftpd is configured.

use super::look::{self, Found};
use super::parse::vsftpd::{self, Setting, boolean};
use super::read::Parsed;
use super::rewrite::{self, Rewrite};
use super::{Facts, OddLine};
use crate::snapshot::Evidence;

/// Evidence the questions read.
pub const READS: &[&str] = &[DIRECTORY, "/etc/vsftpd/*.conf"];

const DIRECTORY: &str = "/etc/vsftpd";
const MAIN: &str = "/etc/vsftpd/vsftpd.conf";

/// Questions on vsftpd.
#[derive(Debug, Clone, Copy)]
pub struct Ftp<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// How vsftpd is configured.
    pub fn ftp(&self) -> Ftp<'a> {
        Ftp::new(&self.snapshot.evidence)
    }
}

/// A configuration file of vsftpd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Its settings. Among the odd lines are those vsftpd refuses to start
    /// with: an unknown option, a value that is none.
    pub file: Parsed<Vec<Setting>>,
}

impl<'a> Ftp<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// Configuration files: `*.conf` in `/etc/vsftpd`.
    /// Every setting that can be read is, also in a file with odd lines, which
    /// leapp passes by as a whole. Asked by `vsftpd_config_read`.
    pub fn configs(&self) -> Found<Config> {
        let wanted = |name: &str| name.ends_with(".conf") && !name.starts_with('.');
        look::files_in(self.evidence, DIRECTORY, wanted, checked).map(|file| Config { file })
    }

    /// A file as vsftpd of release 8 takes it: TCP wrappers off, and a connection that
    /// ends without a word accepted as before. `None` where it says so already, or where
    /// it seems not to be vsftpd's. Asked by `vsftpd_config_update`.
    pub fn adjusted(&self, config: &Config) -> Option<Rewrite> {
        let wrappers = config.flag("tcp_wrappers") == Some(true);
        if !config.is_main() && !config.file.odd.is_empty() && !wrappers {
            return None;
        }
        let text = look::text(self.evidence, &config.file.source).ok().flatten()?;
        let mut new = Vec::new();
        if wrappers {
            new.push("tcp_wrappers=NO");
        }
        if config.get("strict_ssl_read_eof").is_none() {
            new.push("strict_ssl_read_eof=NO");
        }
        let of_wrappers = |line: &str| line.trim_start().starts_with("tcp_wrappers=");
        let after = rewrite::lines(&text, |_, line| {
            Some(if wrappers && of_wrappers(line) { format!("#{line}") } else { line.to_owned() })
        });
        Rewrite::new(&config.file.source, &text, rewrite::append(&after, "#", &new))
    }
}

impl Config {
    /// Whether it is the file vsftpd comes with.
    pub fn is_main(&self) -> bool {
        self.file.source == MAIN
    }

    /// A setting, the last line on it.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.file.value.iter().rfind(|setting| setting.name == name)
    }

    /// A setting that is on or off; `None` where it is not there or is neither.
    pub fn flag(&self, name: &str) -> Option<bool> {
        boolean(&self.get(name)?.value)
    }
}

fn checked(text: &str) -> (Vec<Setting>, Vec<OddLine>) {
    let (settings, mut odd) = vsftpd::parse(text);
    for setting in &settings {
        if let Some(why) = refused(setting) {
            if odd.len() >= 1000 {
                break;
            }
            let text = format!("{}={}", setting.name, setting.value);
            odd.push(OddLine::new(setting.line, &text, why));
        }
    }
    odd.sort();
    (settings, odd)
}

/// Why vsftpd refuses a setting, if it does.
fn refused(setting: &Setting) -> Option<&'static str> {
    let name = setting.name.as_str();
    if BOOLEANS.contains(&name) {
        return boolean(&setting.value).is_none().then_some("is neither yes nor no");
    }
    if NUMBERS.contains(&name) {
        let number = !setting.value.is_empty() && setting.value.bytes().all(|b| b.is_ascii_digit());
        return (!number).then_some("is no number");
    }
    (!TEXTS.contains(&name)).then_some("is no option of vsftpd")
}

const TEXTS: &[&str] = &[
    "anon_root",
    "banned_email_file",
    "banner_file",
    "ca_certs_file",
    "chown_username",
    "chroot_list_file",
    "cmds_allowed",
    "cmds_denied",
    "deny_file",
    "dh_param_file",
    "dsa_cert_file",
    "dsa_private_key_file",
    "ecdh_param_file",
    "email_password_file",
    "ftp_username",
    "ftpd_banner",
    "guest_username",
    "hide_file",
    "listen_address",
    "listen_address6",
    "local_root",
    "message_file",
    "nopriv_user",
    "pam_service_name",
    "pasv_address",
    "rsa_cert_file",
    "rsa_private_key_file",
    "secure_chroot_dir",
    "ssl_ciphers",
    "user_config_dir",
    "user_sub_token",
    "userlist_file",
    "vsftpd_log_file",
    "xferlog_file",
];

const NUMBERS: &[&str] = &[
    "accept_timeout",
    "anon_max_rate",
    "anon_umask",
    "bind_retries",
    "chown_upload_mode",
    "connect_timeout",
    "data_connection_timeout",
    "delay_failed_login",
    "delay_successful_login",
    "file_open_mode",
    "ftp_data_port",
    "idle_session_timeout",
    "listen_port",
    "local_max_rate",
    "local_umask",
    "max_clients",
    "max_login_fails",
    "max_per_ip",
    "pasv_max_port",
    "pasv_min_port",
    "trans_chunk_size",
];

const BOOLEANS: &[&str] = &[
    "allow_anon_ssl",
    "allow_writeable_chroot",
    "anon_mkdir_write_enable",
    "anon_other_write_enable",
    "anon_upload_enable",
    "anon_world_readable_only",
    "anonymous_enable",
    "ascii_download_enable",
    "ascii_upload_enable",
    "async_abor_enable",
    "background",
    "better_stou",
    "check_shell",
    "chmod_enable",
    "chown_uploads",
    "chroot_list_enable",
    "chroot_local_user",
    "connect_from_port_20",
    "debug_ssl",
    "delete_failed_uploads",
    "deny_email_enable",
    "dirlist_enable",
    "dirmessage_enable",
    "download_enable",
    "dual_log_enable",
    "force_anon_data_ssl",
    "force_anon_logins_ssl",
    "force_dot_files",
    "force_local_data_ssl",
    "force_local_logins_ssl",
    "ftp_enable",
    "guest_enable",
    "hide_ids",
    "http_enable",
    "implicit_ssl",
    "isolate",
    "isolate_network",
    "listen",
    "listen_ipv6",
    "local_enable",
    "lock_upload_files",
    "log_die",
    "log_ftp_protocol",
    "ls_recurse_enable",
    "mdtm_write",
    "no_anon_password",
    "no_log_lock",
    "one_process_model",
    "passwd_chroot_enable",
    "pasv_addr_resolve",
    "pasv_enable",
    "pasv_promiscuous",
    "port_enable",
    "port_promiscuous",
    "ptrace_sandbox",
    "require_cert",
    "require_ssl_reuse",
    "reverse_lookup_enable",
    "run_as_launching_user",
    "seccomp_sandbox",
    "secure_email_list_enable",
    "session_support",
    "setproctitle_enable",
    "ssl_enable",
    "ssl_request_cert",
    "ssl_sslv2",
    "ssl_sslv3",
    "ssl_tlsv1",
    "ssl_tlsv1_1",
    "ssl_tlsv1_2",
    "strict_ssl_read_eof",
    "strict_ssl_write_shutdown",
    "syslog_enable",
    "tcp_wrappers",
    "text_userdb_names",
    "tilde_user_enable",
    "use_localtime",
    "use_sendfile",
    "userlist_deny",
    "userlist_enable",
    "userlist_log",
    "validate_cert",
    "virtual_use_local_privs",
    "write_enable",
    "xferlog_enable",
    "xferlog_std_format",
];

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    #[test]
    fn a_file_with_an_odd_line_does_not_hide_its_settings() {
        let host = evidence(
            "//- dir /etc/vsftpd: vsftpd.conf ftpusers .x.conf z.conf\n//- /etc/vsftpd/vsftpd.conf\nTCP_Wrappers=YES\ntcp_wrappers=NO\n # c\nlisten=maybe\naccept_timeout=1x\ntcp_wrappers=Yes\nftpd_banner=\n\
             //- /etc/vsftpd/z.conf\ntcp_wrappers=0\n",
        );
        let configs = Ftp::new(&host).configs().all().unwrap();
        assert_eq!(configs.len(), 2);
        assert_eq!(configs[0].flag("tcp_wrappers"), Some(true));
        assert_eq!(configs[0].flag("listen"), None);
        assert_eq!(configs[0].flag("strict_ssl_read_eof"), None);
        let odd: Vec<_> = configs[0].file.odd.iter().map(|o| (o.line, o.why.as_str())).collect();
        let expected = [
            (1, "is no option of vsftpd"),
            (3, "is not `option=value`"),
            (4, "is neither yes nor no"),
            (5, "is no number"),
        ];
        assert_eq!(odd, expected);
        assert_eq!(configs[1].flag("tcp_wrappers"), Some(false));
    }

    #[test]
    fn files_are_adjusted_where_they_are_vsftpds() {
        let host = evidence(
            "//- dir /etc/vsftpd: a.conf b.conf c.conf vsftpd.conf\n//- /etc/vsftpd/a.conf\nxyz\n\
             //- /etc/vsftpd/b.conf\nxyz=1\ntcp_wrappers=yes\nstrict_ssl_read_eof=YES\n\
             //- /etc/vsftpd/c.conf\nlisten=NO\ntcp_wrappers=NO\n\
             //- /etc/vsftpd/vsftpd.conf\nstrict_ssl_read_eof=NO\n",
        );
        let ftp = Ftp::new(&host);
        let all = ftp.configs().all().unwrap();
        let after: Vec<_> = all.iter().map(|c| ftp.adjusted(c).map(|file| file.after)).collect();
        let b = "xyz=1\n#tcp_wrappers=yes\nstrict_ssl_read_eof=YES\n# Added for release 8:\n\
                 tcp_wrappers=NO\n";
        let c = "listen=NO\ntcp_wrappers=NO\n# Added for release 8:\nstrict_ssl_read_eof=NO\n";
        assert_eq!(after, [None, Some(b.to_owned()), Some(c.to_owned()), None]);
    }

    #[test]
    fn absent_files_are_none_and_unseen_ones_are_missing() {
        let none = evidence("//- absent /etc/vsftpd\n");
        assert_eq!(Ftp::new(&none).configs().any(|_| true), Ok(false));
        assert!(Ftp::new(&evidence("")).configs().any(|_| true).is_err());
        let unreadable =
            evidence("//- dir /etc/vsftpd: a.conf\n//- unreadable /etc/vsftpd/a.conf: EACCES\n");
        assert!(Ftp::new(&unreadable).configs().any(|_| true).is_err());
    }

    #[test]
    fn every_option_is_known_once() {
        let all: Vec<_> = TEXTS.iter().chain(NUMBERS).chain(BOOLEANS).collect();
        let unique: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!((unique.len(), all.len()), (34 + 21 + 86, 34 + 21 + 86));
    }
}
