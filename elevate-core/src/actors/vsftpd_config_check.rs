//! vsftpd: no TCP wrappers, and other defaults.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::ftp::Config;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "vsftpd_config_check",
    summary: "vsftpd has no TCP wrappers and other defaults",
    about: "vsftpd of release 8 does not look at `/etc/hosts.allow` and `/etc/hosts.deny`, and \
            does not start where `tcp_wrappers` is on: who was kept out by rules there would get \
            in. Put such rules into the firewall, set `tcp_wrappers=NO` and try again. Files are \
            changed after the upgrade: tcp_wrappers off, `strict_ssl_read_eof=NO` as before, and \
            anonymous users let in where they are by the default of release 7.",
    covers: &["vsftpd_config_read", "vsftpd_config_update"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["ftp", "tcp_wrappers", "verification", "packages"],
    kinds: &[WRAPPERS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const WRAPPERS: Kind = Kind::new(
    "vsftpd.tcp-wrappers",
    "vsftpd_config_check",
    Severity::High,
    "vsftpd of release 8 has no TCP wrappers",
)
.inhibiting()
.groups(&["services", "network"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("vsftpd") {
        return Ok(());
    }
    let ftp = host.facts().ftp();
    let configs = outcome.found(ftp.configs());
    let wrapped: Vec<&Config> =
        configs.iter().filter(|config| config.flag("tcp_wrappers") == Some(true)).collect();
    if !wrapped.is_empty() {
        wrappers(host, outcome, &wrapped);
    }
    for config in &configs {
        let why = "Keep vsftpd starting and behaving as before";
        match ftp.adjusted(config) {
            Some(file) if config.is_main() => {
                outcome.rewrite_shipped(host, "vsftpd", why, &file, None);
            }
            Some(file) => outcome.rewrite(When::After, why, &file),
            None => {}
        }
        if config.is_main() {
            new_default(host, outcome, config);
        }
    }
    Ok(())
}

fn wrappers(host: &Host<'_>, outcome: &mut Outcome, wrapped: &[&Config]) {
    let rules = outcome.known(host.facts().tcp_wrappers().rules_for("vsftpd"));
    let Some(rules) = rules.filter(|rules| !rules.is_empty()) else { return };
    let finding = WRAPPERS
        .finding(
            "These files turn TCP wrappers on, and rules of them are for vsftpd, which will not \
             look at them any more.",
        )
        .about("package", ["tcp_wrappers", "vsftpd"])
        .about("file", wrapped.iter().map(|config| &config.file.source))
        .hint("Move the rules to the firewall, and set tcp_wrappers=NO in these files.")
        .link("https://access.redhat.com/solutions/3906701");
    let settings = wrapped
        .iter()
        .filter_map(|config| Some((config.file.source.as_str(), config.get("tcp_wrappers")?.line)));
    let rules = rules.iter().map(|rule| (rule.file.as_str(), rule.line));
    let finding = host.seen(finding, settings.chain(rules));
    let is_hidden = wrapped.iter().all(|config| !config.file.odd.is_empty());
    let leapp = "passes a file by that has a line it does not know, and this with it";
    outcome.report(if is_hidden { finding.leapp(leapp) } else { finding });
}

/// What the file of release 8 has to be told that takes the place of one nobody changed.
fn new_default(host: &Host<'_>, outcome: &mut Outcome, config: &Config) {
    let is_modified = host.facts().verification().is_modified(&config.file.source, "vsftpd");
    if is_modified == Ok(true) || config.flag("anonymous_enable") == Some(false) {
        return;
    }
    let what = "Put `anonymous_enable=YES` and `strict_ssl_read_eof=NO` at the end of the \
                /etc/vsftpd/vsftpd.conf that comes with release 8, and make the line \
                `anonymous_enable=NO` in it a comment";
    let step = Step::new(When::After, "Let anonymous users in as before", Change::other(what));
    let condition = "nobody changed the file, so that the new package replaces it";
    outcome.step(if is_modified.is_err() { step.on(condition) } else { step });
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const RULES: &str = "//- /etc/hosts.allow\nvsftpd: LOCAL\n//- absent /etc/hosts.deny\n";
    const NO_RULES: &str = "//- absent /etc/hosts.allow\n//- absent /etc/hosts.deny\n";
    const CHANGED: &str = "//- command rpm -V vsftpd\nS.5......  c /etc/vsftpd/vsftpd.conf\n";
    const KEPT: &str = "strict_ssl_read_eof=YES\n";

    fn with(rules: &str, files: &[(&str, &str)]) -> String {
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let listing = format!("//- dir /etc/vsftpd: {}\n", names.join(" "));
        let files = files.iter().map(|(name, text)| format!("//- /etc/vsftpd/{name}\n{text}"));
        let files: String = files.collect();
        told(ACTOR, &format!("//- packages\nvsftpd\n{rules}{CHANGED}{listing}{files}"))
    }

    fn inhibits(rules: &str, conf: &str) -> bool {
        with(rules, &[("vsftpd.conf", conf)]).contains("high inhibitor vsftpd.tcp-wrappers")
    }

    #[test]
    fn rules_for_vsftpd_forbid_the_upgrade_where_it_looks_at_them() {
        let quiet = format!("tcp_wrappers=NO\n{KEPT}");
        insta::assert_snapshot!(with(
            RULES,
            &[
                ("a.conf", &format!("listen=NO\ntcp_wrappers=Yes\n{KEPT}")),
                ("b.conf", &quiet),
                ("vsftpd.conf", KEPT),
            ]
        ), @"
        high inhibitor vsftpd.tcp-wrappers [services, network]
          vsftpd of release 8 has no TCP wrappers: These files turn TCP wrappers on, and rules of them are for vsftpd, which will not look at them any more.
          seen: /etc/vsftpd/a.conf:2: tcp_wrappers=Yes
          seen: /etc/hosts.allow:1: vsftpd: LOCAL
          about: file /etc/vsftpd/a.conf
          about: package tcp_wrappers
          about: package vsftpd
          hint: Move the rules to the firewall, and set tcp_wrappers=NO in these files.
        after: Keep vsftpd starting and behaving as before
          /etc/vsftpd/a.conf:2: tcp_wrappers=Yes -> #tcp_wrappers=Yes
          /etc/vsftpd/a.conf:4: (nothing) -> # Added for release 8:
          /etc/vsftpd/a.conf:4: (nothing) -> tcp_wrappers=NO
        ");
    }

    #[test]
    fn one_without_the_other_does_not() {
        assert!(!inhibits(RULES, "listen=YES\n"));
        assert!(!inhibits(NO_RULES, "tcp_wrappers=YES\n"));
        let except = "//- /etc/hosts.allow\n//- /etc/hosts.deny\nALL EXCEPT vsftpd: ALL\n";
        assert!(!inhibits(except, "tcp_wrappers=YES\n"));
        let all = "//- absent /etc/hosts.allow\n//- /etc/hosts.deny\nALL EXCEPT sshd: ALL\n";
        assert!(inhibits(all, "tcp_wrappers=YES\n"));
    }

    /// leapp's defect: such a file is passed by as a whole there.
    #[test]
    fn a_line_that_is_not_understood_hides_nothing() {
        let conf = format!(" # wrappers\nunknown=1\ntcp_wrappers=YES\n{KEPT}");
        insta::assert_snapshot!(with(RULES, &[("vsftpd.conf", &conf)]), @"
        high inhibitor vsftpd.tcp-wrappers [services, network]
          vsftpd of release 8 has no TCP wrappers: These files turn TCP wrappers on, and rules of them are for vsftpd, which will not look at them any more.
          seen: /etc/vsftpd/vsftpd.conf:3: tcp_wrappers=YES
          seen: /etc/hosts.allow:1: vsftpd: LOCAL
          about: file /etc/vsftpd/vsftpd.conf
          about: package tcp_wrappers
          about: package vsftpd
          hint: Move the rules to the firewall, and set tcp_wrappers=NO in these files.
          leapp: passes a file by that has a line it does not know, and this with it
        after: Keep vsftpd starting and behaving as before
          /etc/vsftpd/vsftpd.conf:3: tcp_wrappers=YES -> #tcp_wrappers=YES
          /etc/vsftpd/vsftpd.conf:5: (nothing) -> # Added for release 8:
          /etc/vsftpd/vsftpd.conf:5: (nothing) -> tcp_wrappers=NO
        ");
    }

    #[test]
    fn settings_keep_their_old_meaning() {
        insta::assert_snapshot!(with(NO_RULES, &[("vsftpd.conf", "tcp_wrappers=YES\nlisten=NO\n")]), @"
        after: Keep vsftpd starting and behaving as before
          /etc/vsftpd/vsftpd.conf:1: tcp_wrappers=YES -> #tcp_wrappers=YES
          /etc/vsftpd/vsftpd.conf:3: (nothing) -> # Added for release 8:
          /etc/vsftpd/vsftpd.conf:3: (nothing) -> tcp_wrappers=NO
          /etc/vsftpd/vsftpd.conf:3: (nothing) -> strict_ssl_read_eof=NO
        ");
        assert_eq!(with(NO_RULES, &[("vsftpd.conf", KEPT)]), "");
    }

    #[test]
    fn a_file_nobody_changed_is_a_new_one_by_then() {
        let unchanged = "//- packages\nvsftpd\n//- command rpm -V vsftpd\n\n\
                         //- dir /etc/vsftpd: vsftpd.conf\n//- /etc/vsftpd/vsftpd.conf\n";
        insta::assert_snapshot!(told(ACTOR, &format!("{unchanged}{NO_RULES}")), @"
        after: Let anonymous users in as before
          Put `anonymous_enable=YES` and `strict_ssl_read_eof=NO` at the end of the /etc/vsftpd/vsftpd.conf that comes with release 8, and make the line `anonymous_enable=NO` in it a comment
        ");
        let text = format!("{NO_RULES}{unchanged}anonymous_enable=NO\n");
        assert_eq!(told(ACTOR, &text), "");
    }

    #[test]
    fn whether_the_file_was_changed_may_be_unknown() {
        let host = format!(
            "//- packages\nvsftpd\n//- dir /etc/vsftpd: vsftpd.conf\n\
             //- /etc/vsftpd/vsftpd.conf\nlisten=NO\n{NO_RULES}"
        );
        insta::assert_snapshot!(told(ACTOR, &host), @"
        after: Keep vsftpd starting and behaving as before
          if: the file was changed on this host; else the new package replaces it
          /etc/vsftpd/vsftpd.conf:2: (nothing) -> # Added for release 8:
          /etc/vsftpd/vsftpd.conf:2: (nothing) -> strict_ssl_read_eof=NO
        after: Let anonymous users in as before
          if: nobody changed the file, so that the new package replaces it
          Put `anonymous_enable=YES` and `strict_ssl_read_eof=NO` at the end of the /etc/vsftpd/vsftpd.conf that comes with release 8, and make the line `anonymous_enable=NO` in it a comment
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nvsftpd\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: vsftpd_config_check (vsftpd has no TCP wrappers and other defaults) was not decided: /etc/vsftpd: was not captured.
          about: evidence /etc/vsftpd
        ");
        let rules = told(
            ACTOR,
            "//- packages\nvsftpd\n//- dir /etc/vsftpd: a.conf\n//- /etc/vsftpd/a.conf\n\
             tcp_wrappers=YES\nstrict_ssl_read_eof=NO\n",
        );
        assert!(rules.contains("/etc/hosts.allow: was not captured"), "{rules}");
        assert_eq!(told(ACTOR, "//- packages\nvsftpd\n//- absent /etc/vsftpd\n"), "");
    }

    #[test]
    fn a_host_without_vsftpd_is_none_of_its_business() {
        assert_eq!(told(ACTOR, RULES), "");
    }
}
