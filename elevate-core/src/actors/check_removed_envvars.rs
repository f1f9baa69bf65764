//! Settings of older leapps.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_removed_envvars",
    summary: "settings that leapp no longer knows",
    about: "LEAPP_GRUB_DEVICE told older versions of leapp where the boot loader is. It is found \
            out now; a run that still sets it expects something that will not happen.",
    applies: Applies::SEVEN_TO_EIGHT,
    kinds: &[SET],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SET: Kind = Kind::new(
    "env.removed-variable",
    "check_removed_envvars",
    Severity::High,
    "A setting is used that is gone",
)
.inhibiting()
.groups(&["upgrade process"]);

const GONE: &str = "LEAPP_GRUB_DEVICE";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if let Some(value) = host.setting(GONE) {
        let finding = SET
            .finding(format!("{GONE} is set, to {value:?}."))
            .hint(format!("Unset {GONE}; devices with the boot loader are found without it."));
        outcome.report(finding);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::Case;

    #[test]
    fn a_variable_that_is_gone_forbids_the_upgrade() {
        let case = Case::new(ACTOR, "").setting("LEAPP_GRUB_DEVICE", "/dev/sda");
        insta::assert_snapshot!(case.told(), @r#"
        high inhibitor env.removed-variable [upgrade process]
          A setting is used that is gone: LEAPP_GRUB_DEVICE is set, to "/dev/sda".
          hint: Unset LEAPP_GRUB_DEVICE; devices with the boot loader are found without it.
        "#);
    }

    #[test]
    fn other_variables_are_fine() {
        assert_eq!(Case::new(ACTOR, "").setting("LEAPP_UNSUPPORTED", "1").told(), "");
    }
}
