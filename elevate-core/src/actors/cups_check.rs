//! CUPS: what moved to other files, and what is gone.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::cups::Config;
use crate::facts::parse::directives::Directive;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "cups_check",
    summary: "CUPS has moved or dropped directives",
    about: "CUPS of release 8 runs no interface scripts, includes no other files, knows no digest \
            authentication, finds certificates in a directory, and reads SetEnv, PassEnv and \
            PrintcapFormat in `cups-files.conf`. The files are changed after the upgrade: included \
            ones are taken into `cupsd.conf`, directives move, digest becomes a password in plain \
            text. Interface scripts need a PPD written for them before; look at who may log in \
            and whether the connection is encrypted.",
    covers: &["cups_scanner", "cups_migrate"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["cups", "packages"],
    kinds: &[INTERFACES, INCLUDE, PRINTCAP, ENVIRONMENT, CERTIFICATES, DIGEST],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const fn kind(id: &'static str, severity: Severity, title: &'static str) -> Kind {
    Kind::new(id, "cups_check", severity, title).groups(&["services"])
}

const INTERFACES: Kind =
    kind("cups.interface-scripts", Severity::Medium, "CUPS of release 8 runs no interface scripts")
        .groups(&["drivers"]);
const INCLUDE: Kind =
    kind("cups.include", Severity::Medium, "CUPS of release 8 includes no other files");
const PRINTCAP: Kind =
    kind("cups.printcap-format", Severity::Low, "CUPS reads PrintcapFormat in another file");
const ENVIRONMENT: Kind =
    kind("cups.environment", Severity::Low, "CUPS reads SetEnv and PassEnv in another file");
const CERTIFICATES: Kind =
    kind("cups.certificates", Severity::Medium, "CUPS finds certificates in a directory")
        .groups(&["services", "authentication"]);
const DIGEST: Kind =
    kind("cups.digest", Severity::Medium, "CUPS of release 8 has no digest authentication")
        .groups(&["authentication", "security", "services"]);

const CUPSD: &str = "/etc/cups/cupsd.conf";
const FILES: &str = "/etc/cups/cups-files.conf";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("cups") {
        return Ok(());
    }
    let cups = host.facts().cups();
    let scripts = outcome.found(cups.interface_scripts());
    if !scripts.is_empty() {
        let finding = INTERFACES
            .finding(format!(
                "Printers with these scripts in /etc/cups/interfaces do not print any more: {}.",
                scripts.join(", ")
            ))
            .about("file", scripts.iter().map(|name| format!("/etc/cups/interfaces/{name}")))
            .hint(
                "Make each script a filter: move it to /usr/lib/cups/filter with mode 750 and \
                 owner root:lp, and name it in a PPD with *cupsFilter2.",
            )
            .link("https://www.cups.org/doc/spec-ppd.html#cupsFilter2");
        outcome.report(finding);
    }
    let config = outcome.known(cups.config()).flatten().unwrap_or_default();
    let files = outcome.known(cups.files()).flatten();
    outcome.lacks_all(&config.missing);
    include(host, outcome, &config);
    let moved = |names: [&'static str; 2]| {
        names.into_iter().flat_map(|name| config.all(name)).collect::<Vec<_>>()
    };
    let both = |finding: Finding| finding.about("file", [CUPSD, FILES]);
    let what = "These lines are moved to cups-files.conf after the upgrade.";
    let printcap: Vec<_> = config.all("PrintcapFormat").collect();
    tell(host, outcome, both(PRINTCAP.finding(what)), &printcap);
    tell(host, outcome, both(ENVIRONMENT.finding(what)), &moved(["SetEnv", "PassEnv"]));
    let names = |d: &&Directive| d.is("ServerCertificate") || d.is("ServerKey");
    let files = files.iter().flat_map(|file| &file.value).filter(names);
    let named: Vec<_> = files.filter(|d| !d.value.is_empty()).map(|d| (FILES, d)).collect();
    let what = "CUPS of release 8 does not know these lines; it takes certificates and keys from \
                ServerKeychain, which is /etc/cups/ssl unless said otherwise. The lines are taken \
                out after the upgrade, and the files copied or their directory named.";
    tell(host, outcome, CERTIFICATES.finding(what).about("file", [FILES]), &named);
    let what = "Authentication by digest is gone: these lines ask for Basic after the upgrade, \
                which sends passwords as they are.";
    let hint = "Let clients come over TLS only (DefaultEncryption, Encryption).";
    let digest = DIGEST.finding(what).about("file", [CUPSD]).hint(hint);
    tell(host, outcome, digest, &config.digest());
    migrate(outcome, &cups.migration(&config));
    Ok(())
}

fn tell(host: &Host<'_>, outcome: &mut Outcome, finding: Finding, lines: &[(&str, &Directive)]) {
    if !lines.is_empty() {
        let places = lines.iter().map(|(file, directive)| (*file, directive.line));
        outcome.report(host.seen(finding, places));
    }
}

fn include(host: &Host<'_>, outcome: &mut Outcome, config: &Config) {
    let is_complete = config.missing.is_empty();
    if config.files.len() < 2 && is_complete {
        return;
    }
    let what = if is_complete {
        "What these lines include is put at the end of cupsd.conf after the upgrade."
    } else {
        "Not every file that is included was captured: put what it says into cupsd.conf yourself."
    };
    let files = config.files.iter().map(|(file, _)| file);
    let lines: Vec<_> = config.all("Include").collect();
    tell(host, outcome, INCLUDE.finding(what).about("file", files), &lines);
}

fn migrate(outcome: &mut Outcome, migration: &Fact<crate::facts::cups::Migration>) {
    let Ok(migration) = migration else { return };
    for file in &migration.files {
        outcome.rewrite(
            When::After,
            "CUPS of release 8 reads these lines elsewhere or not at all",
            file,
        );
    }
    for (from, to) in &migration.copies {
        let change = Change::Copy { from: from.clone(), to: to.clone() };
        outcome.step(Step::new(When::After, "CUPS of release 8 looks for it there", change));
    }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const SCRIPTS: &str = "//- dir /etc/cups/interfaces:\n";

    fn with(cupsd: &str, files: &str) -> String {
        told(
            ACTOR,
            &format!(
                "//- packages\ncups\n{SCRIPTS}//- /etc/cups/cupsd.conf\n{cupsd}\n\
                 //- /etc/cups/cups-files.conf\n{files}\n"
            ),
        )
    }

    #[test]
    fn a_configuration_that_means_the_same_is_passed_by() {
        assert_eq!(
            with("Listen x\n#Include y\nSetEnv\n#SetEnv A\nAuthType Basic", "#ServerKey x"),
            ""
        );
    }

    #[test]
    fn everything_at_once() {
        let host = "//- packages\ncups\n//- dir /etc/cups/interfaces: lp1 lp2\n\
                    //- /etc/cups/cupsd.conf\nInclude x.conf\nDefaultAuthType Digest\nSetEnv A B\n\
                    PrintcapFormat bsd\n//- /etc/cups/x.conf\n<Location />\n AuthType Basic\n\
                    </Location>\nPassEnv C\n//- /etc/cups/cups-files.conf\nSystemGroup root\n\
                    ServerCertificate /etc/x/a.crt\nServerKey ssl/a.key\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        medium cups.interface-scripts [drivers]
          CUPS of release 8 runs no interface scripts: Printers with these scripts in /etc/cups/interfaces do not print any more: lp1, lp2.
          about: file /etc/cups/interfaces/lp1
          about: file /etc/cups/interfaces/lp2
          hint: Make each script a filter: move it to /usr/lib/cups/filter with mode 750 and owner root:lp, and name it in a PPD with *cupsFilter2.
        medium cups.include [services]
          CUPS of release 8 includes no other files: What these lines include is put at the end of cupsd.conf after the upgrade.
          seen: /etc/cups/cupsd.conf:1: Include x.conf
          about: file /etc/cups/cupsd.conf
          about: file /etc/cups/x.conf
        low cups.printcap-format [services]
          CUPS reads PrintcapFormat in another file: These lines are moved to cups-files.conf after the upgrade.
          seen: /etc/cups/cupsd.conf:4: PrintcapFormat bsd
          about: file /etc/cups/cups-files.conf
          about: file /etc/cups/cupsd.conf
        low cups.environment [services]
          CUPS reads SetEnv and PassEnv in another file: These lines are moved to cups-files.conf after the upgrade.
          seen: /etc/cups/cupsd.conf:3: SetEnv A B
          seen: /etc/cups/x.conf:4: PassEnv C
          about: file /etc/cups/cups-files.conf
          about: file /etc/cups/cupsd.conf
        medium cups.certificates [services, authentication]
          CUPS finds certificates in a directory: CUPS of release 8 does not know these lines; it takes certificates and keys from ServerKeychain, which is /etc/cups/ssl unless said otherwise. The lines are taken out after the upgrade, and the files copied or their directory named.
          seen: /etc/cups/cups-files.conf:2: ServerCertificate /etc/x/a.crt
          seen: /etc/cups/cups-files.conf:3: ServerKey ssl/a.key
          about: file /etc/cups/cups-files.conf
        medium cups.digest [authentication, security, services]
          CUPS of release 8 has no digest authentication: Authentication by digest is gone: these lines ask for Basic after the upgrade, which sends passwords as they are.
          seen: /etc/cups/cupsd.conf:2: DefaultAuthType Digest
          about: file /etc/cups/cupsd.conf
          hint: Let clients come over TLS only (DefaultEncryption, Encryption).
        after: CUPS of release 8 reads these lines elsewhere or not at all
          /etc/cups/cupsd.conf:1: Include x.conf -> DefaultAuthType Basic
          /etc/cups/cupsd.conf:2: DefaultAuthType Digest -> 
          /etc/cups/cupsd.conf:3: SetEnv A B -> # Added for release 8: /etc/cups/x.conf
          /etc/cups/cupsd.conf:4: PrintcapFormat bsd -> <Location />
          /etc/cups/cupsd.conf:5: (nothing) ->  AuthType Basic
          /etc/cups/cupsd.conf:5: (nothing) -> </Location>
        after: CUPS of release 8 reads these lines elsewhere or not at all
          /etc/cups/cups-files.conf:2: ServerCertificate /etc/x/a.crt -> # Added for release 8:
          /etc/cups/cups-files.conf:3: ServerKey ssl/a.key -> SetEnv A B
          /etc/cups/cups-files.conf:4: (nothing) -> PrintcapFormat bsd
          /etc/cups/cups-files.conf:4: (nothing) -> PassEnv C
        after: CUPS of release 8 looks for it there
          copy /etc/x/a.crt to /etc/cups/ssl/a.crt
        ");
    }

    /// leapp's defect: it compares the beginning of a name only.
    #[test]
    fn the_whole_name_of_a_directive_counts() {
        assert_eq!(with("Includedir x\nSetEnvironment A", "ServerKeychain /x"), "");
    }

    /// leapp's defect: it never comes to an end there.
    #[test]
    fn files_that_include_each_other_are_taken_in_once() {
        let cups = "//- /etc/cups/a\nInclude b\nA 1\n//- /etc/cups/b\nInclude a\nB 2";
        let told = with(&format!("Include a\n{cups}"), "");
        assert!(told.contains("-> A 1") && told.contains("-> B 2"), "{told}");
    }

    /// leapp's defect: it ends the run with an error there.
    #[test]
    fn one_of_the_files_may_be_absent() {
        let host = format!(
            "//- packages\ncups\n{SCRIPTS}//- /etc/cups/cupsd.conf\n  AuthType BasicDigest\n\
             //- absent /etc/cups/cups-files.conf\n"
        );
        insta::assert_snapshot!(told(ACTOR, &host), @"
        medium cups.digest [authentication, security, services]
          CUPS of release 8 has no digest authentication: Authentication by digest is gone: these lines ask for Basic after the upgrade, which sends passwords as they are.
          seen: /etc/cups/cupsd.conf:1:   AuthType BasicDigest
          about: file /etc/cups/cupsd.conf
          hint: Let clients come over TLS only (DefaultEncryption, Encryption).
        after: CUPS of release 8 reads these lines elsewhere or not at all
          /etc/cups/cupsd.conf:1:   AuthType BasicDigest ->   AuthType Basic
        ");
        let host = format!(
            "//- packages\ncups\n{SCRIPTS}//- absent /etc/cups/cupsd.conf\n\
             //- /etc/cups/cups-files.conf\nServerKey /k/a.key\nServerCertificate /k/a.crt\n"
        );
        insta::assert_snapshot!(told(ACTOR, &host), @"
        medium cups.certificates [services, authentication]
          CUPS finds certificates in a directory: CUPS of release 8 does not know these lines; it takes certificates and keys from ServerKeychain, which is /etc/cups/ssl unless said otherwise. The lines are taken out after the upgrade, and the files copied or their directory named.
          seen: /etc/cups/cups-files.conf:1: ServerKey /k/a.key
          seen: /etc/cups/cups-files.conf:2: ServerCertificate /k/a.crt
          about: file /etc/cups/cups-files.conf
        after: CUPS of release 8 reads these lines elsewhere or not at all
          /etc/cups/cups-files.conf:1: ServerKey /k/a.key -> # Added for release 8:
          /etc/cups/cups-files.conf:2: ServerCertificate /k/a.crt -> ServerKeychain /k
        ");
    }

    #[test]
    fn an_included_file_that_is_not_there_is_nothing_to_take_in() {
        let told = with("Include gone\n//- absent /etc/cups/gone", "");
        assert_eq!(told, "");
    }

    #[test]
    fn an_included_file_nobody_captured_keeps_the_others_where_they_are() {
        insta::assert_snapshot!(with("Include unseen\nInclude a\n//- /etc/cups/a\nA 1", ""), @"
        medium cups.include [services]
          CUPS of release 8 includes no other files: Not every file that is included was captured: put what it says into cupsd.conf yourself.
          seen: /etc/cups/cupsd.conf:1: Include unseen
          seen: /etc/cups/cupsd.conf:2: Include a
          about: file /etc/cups/a
          about: file /etc/cups/cupsd.conf
        low actors.undecided [sanity]
          A check lacks evidence: cups_check (CUPS has moved or dropped directives) was not decided: /etc/cups/unseen: was not captured.
          about: evidence /etc/cups/unseen
        ");
    }

    #[test]
    fn a_line_with_a_secret_is_told_without_it() {
        insta::assert_snapshot!(with("SetEnv TOKEN REDACTED", "User lp"), @"
        low cups.environment [services]
          CUPS reads SetEnv and PassEnv in another file: These lines are moved to cups-files.conf after the upgrade.
          seen: /etc/cups/cupsd.conf:1: SetEnv TOKEN REDACTED
          about: file /etc/cups/cups-files.conf
          about: file /etc/cups/cupsd.conf
        after: CUPS of release 8 reads these lines elsewhere or not at all
          Lines 1 of /etc/cups/cupsd.conf change; what they say in full is on the host alone, since a snapshot holds no secrets
        after: CUPS of release 8 reads these lines elsewhere or not at all
          Lines 2 of /etc/cups/cups-files.conf change; what they say in full is on the host alone, since a snapshot holds no secrets
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\ncups\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: cups_check (CUPS has moved or dropped directives) was not decided: /etc/cups/interfaces: was not captured; /etc/cups/cupsd.conf: was not captured; /etc/cups/cups-files.conf: was not captured.
          about: evidence /etc/cups/cups-files.conf
          about: evidence /etc/cups/cupsd.conf
          about: evidence /etc/cups/interfaces
        ");
    }

    #[test]
    fn a_host_without_cups_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\ncups unsigned\ncups-libs\n"), "");
    }
}
