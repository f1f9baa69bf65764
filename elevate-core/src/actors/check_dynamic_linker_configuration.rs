//! The dynamic linker looks in more places than the distribution's.

use std::collections::BTreeSet;

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::environment::LinkerLine;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_dynamic_linker_configuration",
    summary: "the dynamic linker is told of further libraries",
    about: "Libraries in further directories are loaded by every program that asks for their \
            names, also by those of release 8, which may not start with them. Take lines away \
            that are not the distribution's, from /etc/ld.so.conf and /etc/ld.so.conf.d, run \
            ldconfig, and unset LD_LIBRARY_PATH and LD_PRELOAD, until the upgrade is done.",
    covers: &["scan_dynamic_linker_configuration"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["environment", "packages", "verification"],
    kinds: &[CUSTOM],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const CUSTOM: Kind = Kind::new(
    "files.dynamic-linker",
    "check_dynamic_linker_configuration",
    Severity::High,
    "Libraries of others may be loaded instead of the distribution's",
)
.groups(&["OS facts"]);

const MAIN: &str = "/etc/ld.so.conf";
const DROP_INS: &str = "/etc/ld.so.conf.d";
const VARIABLES: [&str; 2] = ["LD_LIBRARY_PATH", "LD_PRELOAD"];

/// How names of files of the distribution begin, with the packages they are of.
const OWNERS: [(&str, &str); 12] = [
    ("atlas-", "atlas"),
    ("bind99-", "bind99-libs"),
    ("dyninst-", "dyninst"),
    ("fakeroot-", "fakeroot-libs"),
    ("kernel-", "kernel"),
    ("libiscsi-", "libiscsi"),
    ("llvm-private", "llvm-private"),
    ("mariadb-", "mariadb-libs"),
    ("octave-", "octave"),
    ("qt-", "qt"),
    ("tcl-", "tcl"),
    ("xulrunner-", "xulrunner"),
];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let variables =
        VARIABLES.iter().filter(|name| host.setting(name).is_some_and(|value| !value.is_empty()));
    let variables: Vec<&str> = variables.copied().collect();
    let linker = outcome.known(host.facts().environment().linker()).flatten().unwrap_or_default();
    outcome.lacks_all(&linker.missing);
    let files: BTreeSet<&str> = linker.directories.iter().map(|line| line.file.as_str()).collect();
    let custom: BTreeSet<&str> =
        files.into_iter().filter(|file| is_custom(host, outcome, file)).collect();
    let lines: Vec<&LinkerLine> =
        linker.directories.iter().filter(|line| custom.contains(line.file.as_str())).collect();
    if lines.is_empty() && variables.is_empty() {
        return Ok(());
    }
    let mut told = Vec::new();
    if !lines.is_empty() {
        let directories: Vec<&str> = lines.iter().map(|line| line.directory.as_str()).collect();
        told.push(format!("Libraries are looked for in {}.", directories.join(", ")));
    }
    if !variables.is_empty() {
        told.push(format!("{} is set.", variables.join(" and ")));
    }
    let mut finding = CUSTOM.finding(told.join(" ")).hint(
        "Take the lines away, run ldconfig and unset the variables until the upgrade is done.",
    );
    for line in &lines {
        finding = finding.seen(&line.file, line.line, &line.directory);
    }
    finding = finding.about("file", custom.iter().filter(|file| **file == MAIN));
    if custom.iter().any(|file| *file != MAIN) {
        finding = finding.about("directory", [DROP_INS]);
    }
    outcome.report(finding);
    Ok(())
}

/// Whether a file with directories in it is not what a package of the distribution
/// installed. The distribution's own /etc/ld.so.conf has none.
fn is_custom(host: &Host<'_>, outcome: &mut Outcome, file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    let owner = OWNERS.iter().find(|(start, package)| name.starts_with(start) && host.has(package));
    match owner {
        Some((_, package)) if file != MAIN => {
            outcome.known(host.facts().verification().is_modified(file, package)) == Some(true)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    const DISTRIBUTION: &str = "//- /etc/ld.so.conf\ninclude ld.so.conf.d/*.conf\n";

    fn with(name: &str, content: &str, more: &str) -> String {
        told(
            ACTOR,
            &format!(
                "{DISTRIBUTION}//- dir /etc/ld.so.conf.d: {name}\n\
                 //- /etc/ld.so.conf.d/{name}\n{content}\n{more}"
            ),
        )
    }

    #[test]
    fn a_file_of_nobody_is_told_of() {
        insta::assert_snapshot!(with("own.conf", "# mine\n/opt/own/lib", ""), @"
        high files.dynamic-linker [OS facts]
          Libraries of others may be loaded instead of the distribution's: Libraries are looked for in /opt/own/lib.
          seen: /etc/ld.so.conf.d/own.conf:2: /opt/own/lib
          about: directory /etc/ld.so.conf.d
          hint: Take the lines away, run ldconfig and unset the variables until the upgrade is done.
        ");
    }

    #[test]
    fn so_are_lines_in_the_main_file_and_variables() {
        let host = "//- /etc/ld.so.conf\n#include x\n/usr/local/lib # why\n";
        let case = Case::new(ACTOR, host).setting("LD_PRELOAD", "/opt/x.so");
        insta::assert_snapshot!(case.told(), @"
        high files.dynamic-linker [OS facts]
          Libraries of others may be loaded instead of the distribution's: Libraries are looked for in /usr/local/lib. LD_PRELOAD is set.
          seen: /etc/ld.so.conf:2: /usr/local/lib
          about: file /etc/ld.so.conf
          hint: Take the lines away, run ldconfig and unset the variables until the upgrade is done.
        ");
    }

    const MARIADB: &str = "//- packages\nmariadb-libs\n";

    #[test]
    fn files_of_the_distribution_are_fine_while_nobody_changed_them() {
        let name = "mariadb-x86_64.conf";
        let clean =
            format!("{MARIADB}//- command rpm -Va\n.......T.  c /etc/ld.so.conf.d/{name}\n");
        assert_eq!(with(name, "/usr/lib64/mysql", &clean), "");
        let changed =
            format!("{MARIADB}//- command rpm -Va\nS.5....T.  c /etc/ld.so.conf.d/{name}\n");
        assert!(with(name, "/usr/lib64/mysql", &changed).starts_with("high files.dynamic-linker"));
        let foreign = "//- packages\nmariadb-libs third-party\n";
        assert!(with(name, "/usr/lib64/mysql", foreign).starts_with("high files.dynamic-linker"));
        insta::assert_snapshot!(with(name, "/usr/lib64/mysql", MARIADB), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_dynamic_linker_configuration (the dynamic linker is told of further libraries) was not decided: command:rpm -V mariadb-libs: was not captured.
          about: evidence command:rpm -V mariadb-libs
        ");
    }

    #[test]
    fn comments_alone_do_not_matter() {
        assert_eq!(with("own.conf", "# /opt/own/lib", ""), "");
    }

    /// leapp crashes without the file.
    #[test]
    fn without_the_file_nothing_is_looked_for_elsewhere() {
        assert_eq!(told(ACTOR, "//- absent /etc/ld.so.conf\n"), "");
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_dynamic_linker_configuration (the dynamic linker is told of further libraries) was not decided: /etc/ld.so.conf: was not captured.
          about: evidence /etc/ld.so.conf
        ");
    }
}
