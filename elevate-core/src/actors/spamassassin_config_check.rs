//! SpamAssassin: versions of TLS, the kind of its service, checksums of rules.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::When;
use crate::facts::{Fact, Rewrite};
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "spamassassin_config_check",
    summary: "SpamAssassin's options and service change",
    about: "On release 8 `spamc --ssl` takes no version and `spamd --ssl-version` is gone: both \
            take the best version of TLS the other side knows, and none of them SSLv3. The service \
            keeps spamd in the foreground, so it must not be started with `-d`. sa-update checks \
            rules by SHA256 and SHA512. `spamc.conf` and `/etc/sysconfig/spamassassin` are changed \
            after the upgrade; scripts, your own unit file and your own channels are yours to do.",
    covers: &["spamassassin_config_read", "spamassassin_config_update"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["daemons", "services", "verification", "packages"],
    kinds: &[SPAMC, SPAMC_SSLV3, SPAMD, SPAMD_SSLV3, SERVICE, UPDATE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NAME: &str = "spamassassin_config_check";
const SPAMC_TITLE: &str = "spamc --ssl takes no version on release 8";
const SPAMD_TITLE: &str = "spamd has no --ssl-version on release 8";

const SPAMC: Kind = Kind::new("spamassassin.spamc-ssl", NAME, Severity::Medium, SPAMC_TITLE)
    .groups(&["encryption"]);
const SPAMC_SSLV3: Kind = Kind::new("spamassassin.spamc-sslv3", NAME, Severity::High, SPAMC_TITLE)
    .groups(&["encryption"]);
const SPAMD: Kind = Kind::new("spamassassin.spamd-ssl", NAME, Severity::Medium, SPAMD_TITLE)
    .groups(&["encryption", "services"]);
const SPAMD_SSLV3: Kind = Kind::new("spamassassin.spamd-sslv3", NAME, Severity::High, SPAMD_TITLE)
    .groups(&["encryption", "services"]);
const SERVICE: Kind = Kind::new(
    "spamassassin.service",
    NAME,
    Severity::Medium,
    "spamd stays in the foreground on release 8",
)
.groups(&["services"]);
const UPDATE: Kind = Kind::new(
    "spamassassin.sa-update",
    NAME,
    Severity::Low,
    "sa-update checks SHA256 and SHA512 on release 8",
);

const UNIT: &str = "/etc/systemd/system/spamassassin.service";
const SPAMC_CONF: &str = "/etc/mail/spamassassin/spamc.conf";
const SYSCONFIG: &str = "/etc/sysconfig/spamassassin";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("spamassassin") {
        return Ok(());
    }
    let daemons = host.facts().daemons();
    let spamc = outcome.known(daemons.spamc_ssl()).flatten();
    let spamd = outcome.known(daemons.spamd_ssl_version()).flatten();
    let is_replaced = outcome.known(host.facts().services().is_replaced("spamassassin.service"));
    report_versions(outcome, spamc.as_deref(), spamd.as_deref());
    outcome.report(service(is_replaced == Some(true)));
    outcome.report(
        UPDATE
            .finding("sa-update of release 8 does not look at SHA1 sums of rules any more.")
            .hint(
                "Whoever uses --channel, --channelfile or --install needs sums of the new kinds.",
            ),
    );
    let file = spamc.and_then(|_| outcome.known(daemons.spamc()).flatten());
    rewrite(host, outcome, file, "spamc --ssl takes no version on release 8");
    let in_foreground = is_replaced == Some(false);
    if spamd.is_some() || in_foreground {
        let file = outcome.known(daemons.spamd(in_foreground)).flatten();
        let why = if in_foreground {
            "spamd of release 8 stays in the foreground and names no version of TLS"
        } else {
            "spamd of release 8 names no version of TLS"
        };
        rewrite(host, outcome, file, why);
    }
    Ok(())
}

fn report_versions(outcome: &mut Outcome, spamc: Option<&str>, spamd: Option<&str>) {
    let kind = |version, plain, sslv3| if version == Some("sslv3") { sslv3 } else { plain };
    let about = |finding: Finding, version: Option<&str>, path: &'static str| match version {
        Some(_) => finding.about("file", [path]),
        None => finding,
    };
    let what = "`--ssl` alone chooses the version of TLS on release 8; SSLv3 is none of them.";
    let what = match spamc {
        Some(version) => format!("{SPAMC_CONF} names {version}, which is taken out. {what}"),
        None => what.to_owned(),
    };
    let hint = "Take versions after --ssl out of scripts that call spamc.";
    let finding = kind(spamc, SPAMC, SPAMC_SSLV3).finding(what).hint(hint);
    outcome.report(about(finding, spamc, SPAMC_CONF));
    let what = "`--ssl` alone turns encryption on in release 8; SSLv3 is not spoken.";
    let what = match spamd {
        Some(version) => format!("{SYSCONFIG} names {version}; `--ssl` takes its place. {what}"),
        None => what.to_owned(),
    };
    let hint = "Where clients know SSLv3 only, they need a newer spamc.";
    let finding = kind(spamd, SPAMD, SPAMD_SSLV3).finding(what).hint(hint);
    outcome.report(about(finding, spamd, SYSCONFIG));
}

fn service(is_replaced: bool) -> Finding {
    if is_replaced {
        let what = "The unit of release 8 has Type=simple. This host has its own unit file, which \
                    stays as it is, and so do the options it starts spamd with.";
        let hint = "Compare your unit file with that of release 8.";
        return SERVICE.finding(what).about("file", [UNIT]).hint(hint);
    }
    let what = "The unit of release 8 has Type=simple instead of forking: `-d` is taken out of \
                SPAMDOPTIONS after the upgrade.";
    SERVICE.finding(what).about("file", [SYSCONFIG])
}

fn rewrite(host: &Host<'_>, outcome: &mut Outcome, file: Option<Rewrite>, why: &str) {
    let Some(file) = file else { return };
    // A file nobody changed is replaced by one with the options of release 8.
    let verification = host.facts().verification();
    if verification.is_modified(&file.path, "spamassassin") != Ok(false) {
        outcome.back_up(When::After, &file, ".leapp-backup");
        outcome.rewrite_shipped(host, "spamassassin", why, &file, None);
    }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const NO_UNIT: &str = "//- absent /etc/systemd/system/spamassassin.service\n";
    const CHANGED: &str = "//- command rpm -V spamassassin\n\
                           S.5......  c /etc/mail/spamassassin/spamc.conf\n\
                           S.5......  c /etc/sysconfig/spamassassin\n";

    fn with(unit: &str, spamc: &str, spamd: &str) -> String {
        told(
            ACTOR,
            &format!(
                "//- packages\nspamassassin\n{unit}{CHANGED}\
                 //- /etc/mail/spamassassin/spamc.conf\n{spamc}\n\
                 //- /etc/sysconfig/spamassassin\nSPAMDOPTIONS=\"{spamd}\"\n"
            ),
        )
    }

    #[test]
    fn changes_are_told_on_every_host_that_has_it() {
        insta::assert_snapshot!(with(NO_UNIT, "# -d x", "-c -m5 -H"), @"
        medium spamassassin.spamc-ssl [encryption]
          spamc --ssl takes no version on release 8: `--ssl` alone chooses the version of TLS on release 8; SSLv3 is none of them.
          hint: Take versions after --ssl out of scripts that call spamc.
        medium spamassassin.spamd-ssl [encryption, services]
          spamd has no --ssl-version on release 8: `--ssl` alone turns encryption on in release 8; SSLv3 is not spoken.
          hint: Where clients know SSLv3 only, they need a newer spamc.
        medium spamassassin.service [services]
          spamd stays in the foreground on release 8: The unit of release 8 has Type=simple instead of forking: `-d` is taken out of SPAMDOPTIONS after the upgrade.
          about: file /etc/sysconfig/spamassassin
        low spamassassin.sa-update []
          sa-update checks SHA256 and SHA512 on release 8: sa-update of release 8 does not look at SHA1 sums of rules any more.
          hint: Whoever uses --channel, --channelfile or --install needs sums of the new kinds.
        ");
    }

    #[test]
    fn versions_are_told_and_taken_out() {
        insta::assert_snapshot!(with(NO_UNIT, "--ssl sslv3", "-d -c --ssl-version=tlsv1"), @r#"
        high spamassassin.spamc-sslv3 [encryption]
          spamc --ssl takes no version on release 8: /etc/mail/spamassassin/spamc.conf names sslv3, which is taken out. `--ssl` alone chooses the version of TLS on release 8; SSLv3 is none of them.
          about: file /etc/mail/spamassassin/spamc.conf
          hint: Take versions after --ssl out of scripts that call spamc.
        medium spamassassin.spamd-ssl [encryption, services]
          spamd has no --ssl-version on release 8: /etc/sysconfig/spamassassin names tlsv1; `--ssl` takes its place. `--ssl` alone turns encryption on in release 8; SSLv3 is not spoken.
          about: file /etc/sysconfig/spamassassin
          hint: Where clients know SSLv3 only, they need a newer spamc.
        medium spamassassin.service [services]
          spamd stays in the foreground on release 8: The unit of release 8 has Type=simple instead of forking: `-d` is taken out of SPAMDOPTIONS after the upgrade.
          about: file /etc/sysconfig/spamassassin
        low spamassassin.sa-update []
          sa-update checks SHA256 and SHA512 on release 8: sa-update of release 8 does not look at SHA1 sums of rules any more.
          hint: Whoever uses --channel, --channelfile or --install needs sums of the new kinds.
        after: Keep the file as it was
          copy /etc/mail/spamassassin/spamc.conf to /etc/mail/spamassassin/spamc.conf.leapp-backup
        after: spamc --ssl takes no version on release 8
          /etc/mail/spamassassin/spamc.conf:1: --ssl sslv3 -> --ssl
        after: Keep the file as it was
          copy /etc/sysconfig/spamassassin to /etc/sysconfig/spamassassin.leapp-backup
        after: spamd of release 8 stays in the foreground and names no version of TLS
          /etc/sysconfig/spamassassin:1: SPAMDOPTIONS="-d -c --ssl-version=tlsv1" -> SPAMDOPTIONS="-c --ssl"
        "#);
    }

    #[test]
    fn sslv3_of_the_daemon_weighs_more() {
        let told = with(NO_UNIT, "--ssl\ntlsv1", "--ssl-version sslv3");
        assert!(told.contains("high spamassassin.spamd-sslv3 [encryption, services]"));
        assert!(told.contains("medium spamassassin.spamc-ssl [encryption]"));
    }

    #[test]
    fn an_administrators_unit_keeps_its_daemon_in_the_background() {
        let unit = "//- dir /etc/systemd/system: spamassassin.service\n";
        insta::assert_snapshot!(with(unit, "", "-d --ssl-version=tlsv1"), @r#"
        medium spamassassin.spamc-ssl [encryption]
          spamc --ssl takes no version on release 8: `--ssl` alone chooses the version of TLS on release 8; SSLv3 is none of them.
          hint: Take versions after --ssl out of scripts that call spamc.
        medium spamassassin.spamd-ssl [encryption, services]
          spamd has no --ssl-version on release 8: /etc/sysconfig/spamassassin names tlsv1; `--ssl` takes its place. `--ssl` alone turns encryption on in release 8; SSLv3 is not spoken.
          about: file /etc/sysconfig/spamassassin
          hint: Where clients know SSLv3 only, they need a newer spamc.
        medium spamassassin.service [services]
          spamd stays in the foreground on release 8: The unit of release 8 has Type=simple. This host has its own unit file, which stays as it is, and so do the options it starts spamd with.
          about: file /etc/systemd/system/spamassassin.service
          hint: Compare your unit file with that of release 8.
        low spamassassin.sa-update []
          sa-update checks SHA256 and SHA512 on release 8: sa-update of release 8 does not look at SHA1 sums of rules any more.
          hint: Whoever uses --channel, --channelfile or --install needs sums of the new kinds.
        after: Keep the file as it was
          copy /etc/sysconfig/spamassassin to /etc/sysconfig/spamassassin.leapp-backup
        after: spamd of release 8 names no version of TLS
          /etc/sysconfig/spamassassin:1: SPAMDOPTIONS="-d --ssl-version=tlsv1" -> SPAMDOPTIONS="-d --ssl"
        "#);
        assert!(!with(unit, "", "-d").contains("after:"));
    }

    #[test]
    fn files_nobody_changed_are_new_ones_by_then() {
        let host = format!(
            "//- packages\nspamassassin\n{NO_UNIT}//- absent /etc/mail\n\
             //- /etc/sysconfig/spamassassin\nSPAMDOPTIONS=\"-d\"\n\
             //- command rpm -V spamassassin\n\n"
        );
        assert!(!told(ACTOR, &host).contains("after:"));
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nspamassassin\n"), @"
        medium spamassassin.spamc-ssl [encryption]
          spamc --ssl takes no version on release 8: `--ssl` alone chooses the version of TLS on release 8; SSLv3 is none of them.
          hint: Take versions after --ssl out of scripts that call spamc.
        medium spamassassin.spamd-ssl [encryption, services]
          spamd has no --ssl-version on release 8: `--ssl` alone turns encryption on in release 8; SSLv3 is not spoken.
          hint: Where clients know SSLv3 only, they need a newer spamc.
        medium spamassassin.service [services]
          spamd stays in the foreground on release 8: The unit of release 8 has Type=simple instead of forking: `-d` is taken out of SPAMDOPTIONS after the upgrade.
          about: file /etc/sysconfig/spamassassin
        low spamassassin.sa-update []
          sa-update checks SHA256 and SHA512 on release 8: sa-update of release 8 does not look at SHA1 sums of rules any more.
          hint: Whoever uses --channel, --channelfile or --install needs sums of the new kinds.
        low actors.undecided [sanity]
          A check lacks evidence: spamassassin_config_check (SpamAssassin's options and service change) was not decided: /etc/mail/spamassassin/spamc.conf: was not captured; /etc/sysconfig/spamassassin: was not captured; /etc/systemd/system/spamassassin.service: was not captured.
          about: evidence /etc/mail/spamassassin/spamc.conf
          about: evidence /etc/sysconfig/spamassassin
          about: evidence /etc/systemd/system/spamassassin.service
        ");
    }

    #[test]
    fn a_host_without_it_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\nspamassassin third-party\n"), "");
    }
}
