//! leapp itself was changed.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::parse::verify::Difference;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_custom_modifications_actor",
    summary: "files of leapp were changed",
    about: "Where leapp carries the upgrade out, it does what its files say. Files that are not \
            what their package installed make it do something else than it is known to do, and \
            than was planned. Install the packages again, unless the changes are yours and wanted. \
            Files that belong to no package are not looked for.",
    covers: &["scan_custom_modifications_actor"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages", "verification"],
    kinds: &[CONFIG, CODE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const CONFIG: Kind = Kind::new(
    "tool.config-modified",
    "check_custom_modifications_actor",
    Severity::High,
    "The configuration of leapp was changed",
)
.groups(&["upgrade process"]);

const CODE: Kind = Kind::new(
    "tool.code-modified",
    "check_custom_modifications_actor",
    Severity::High,
    "The code of leapp was changed",
)
.groups(&["upgrade process"]);

const PACKAGES: [&str; 3] = ["leapp", "python2-leapp", "leapp-upgrade-el7toel8"];

/// Where their files are.
const PLACES: [&str; 3] =
    ["/etc/leapp/", "/usr/lib/python2.7/site-packages/leapp/", "/usr/share/leapp-repository/"];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let installed = PACKAGES.iter().copied().filter(|name| !host.all_named(name).is_empty());
    let installed: Vec<&str> = installed.collect();
    if installed.is_empty() {
        return Ok(());
    }
    let differences = host.facts().verification().differences_of(&installed)?;
    let is_changed = |one: &Difference| {
        one.changes_content()
            && PLACES.iter().any(|place| one.path.starts_with(place))
            && !one.path.ends_with(".pyc")
    };
    let changed = differences.iter().filter(|one| is_changed(one));
    let (config, code): (Vec<&Difference>, Vec<_>) =
        changed.partition(|one| one.attribute == Some('c'));
    if !config.is_empty() {
        let hint = "Look whether these changes are wanted.";
        outcome.report(about(&CONFIG, &config).hint(hint));
    }
    if !code.is_empty() {
        let mut command = vec!["yum", "reinstall"];
        command.extend(installed);
        let hint = "Install the packages again, or have the changes looked at by who made them.";
        outcome.report(about(&CODE, &code).hint(hint).command(&command));
    }
    Ok(())
}

fn about(kind: &Kind, changed: &[&Difference]) -> Finding {
    let paths: Vec<&str> = changed.iter().map(|one| one.path.as_str()).collect();
    let summary = format!("These are not what their packages installed: {}.", paths.join(", "));
    kind.finding(summary).about("file", paths)
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const LEAPP: &str = "//- packages\nleapp third-party\nleapp-upgrade-el7toel8 third-party\n";

    fn verified(lines: &str) -> String {
        told(ACTOR, &format!("{LEAPP}//- command rpm -Va --nomtime\n{lines}"))
    }

    #[test]
    fn changed_files_are_told_of() {
        insta::assert_snapshot!(
            verified(
                "S.5......  c /etc/leapp/leapp.conf\n\
                 S.5......    /usr/share/leapp-repository/repositories/x/actor.py\n\
                 S.5......    /usr/share/leapp-repository/repositories/x/actor.pyc\n\
                 missing     /usr/lib/python2.7/site-packages/leapp/cli.py\n"
            ),
            @"
        high tool.config-modified [upgrade process]
          The configuration of leapp was changed: These are not what their packages installed: /etc/leapp/leapp.conf.
          about: file /etc/leapp/leapp.conf
          hint: Look whether these changes are wanted.
        high tool.code-modified [upgrade process]
          The code of leapp was changed: These are not what their packages installed: /usr/lib/python2.7/site-packages/leapp/cli.py, /usr/share/leapp-repository/repositories/x/actor.py.
          about: file /usr/lib/python2.7/site-packages/leapp/cli.py
          about: file /usr/share/leapp-repository/repositories/x/actor.py
          hint: Install the packages again, or have the changes looked at by who made them.
          run: yum reinstall leapp leapp-upgrade-el7toel8
        "
        );
    }

    #[test]
    fn other_files_and_other_differences_are_none_of_its_business() {
        assert_eq!(verified("S.5......  c /etc/other\n.M.......  c /etc/leapp/leapp.conf\n"), "");
        assert_eq!(told(ACTOR, "//- packages\nbash\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, LEAPP), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_custom_modifications_actor (files of leapp were changed) was not decided: command:rpm -V leapp: was not captured.
          about: evidence command:rpm -V leapp
        ");
    }
}
