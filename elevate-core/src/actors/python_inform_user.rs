//! Python without a number.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "python_inform_user",
    summary: "python without a number",
    about: "Release 8 has python2 and python3, and no command python until somebody chooses one. \
            Scripts that begin with #!/usr/bin/python do not start. Let them name the version they \
            are written for; better, port them to python3.",
    applies: Applies::SEVEN_TO_EIGHT,
    kinds: &[PYTHON],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const PYTHON: Kind = Kind::new(
    "python.unversioned",
    "python_inform_user",
    Severity::High,
    "There is no command python in release 8",
)
.groups(&["python"]);

fn run(_: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    outcome.report(
        PYTHON
            .finding(
                "Scripts that call python, and not python2 or python3, do not start after the \
                 upgrade. Packages for python2 end with it.",
            )
            .about("package", ["python", "python2", "python3"])
            .hint(
                "Write python2 or python3 into your scripts. To have a command python, choose one \
                 after the upgrade: alternatives --set python /usr/bin/python3",
            )
            .link("https://red.ht/rhel-8-python"),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    #[test]
    fn every_host_is_told() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        high python.unversioned [python]
          There is no command python in release 8: Scripts that call python, and not python2 or python3, do not start after the upgrade. Packages for python2 end with it.
          about: package python
          about: package python2
          about: package python3
          hint: Write python2 or python3 into your scripts. To have a command python, choose one after the upgrade: alternatives --set python /usr/bin/python3
        ");
    }

    #[test]
    fn other_upgrades_are_none_of_its_business() {
        assert_eq!(Case::new(ACTOR, "").to("almalinux:9.4").told(), "");
    }
}
