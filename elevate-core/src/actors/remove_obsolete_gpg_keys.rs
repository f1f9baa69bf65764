//! Keys that no package of release 8 is signed with.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::upgrade_data::signatures::obsoleted_keys;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "remove_obsolete_gpg_keys",
    summary: "keys that release 8 gave up are trusted",
    about: "Keys that are not used any more should not be trusted for ever: they are removed from \
            the rpm database before the packages are replaced.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["package_manager"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let imported = host.facts().keys().iter();
    let imported: Vec<String> =
        imported.map(|key| format!("gpg-pubkey-{}-{}", key.id, key.created)).collect();
    let obsolete = obsoleted_keys(host.target().major).iter();
    let obsolete: Vec<&str> =
        obsolete.copied().filter(|key| imported.iter().any(|own| own == key)).collect();
    if !obsolete.is_empty() {
        let mut command = vec!["rpm", "-e"];
        command.extend(obsolete);
        let why = "Packages of release 8 are not signed with these keys.";
        outcome.step(Step::new(When::Before, why, Change::run(&command)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn keys_that_were_given_up_are_removed() {
        let host =
            "//- key 2fa658e0-45700c69\n//- key f4a80eb5-53a7ff4b\n//- key db42a60e-37ea5438\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        before: Packages of release 8 are not signed with these keys.
          run rpm -e gpg-pubkey-2fa658e0-45700c69 gpg-pubkey-db42a60e-37ea5438
        ");
    }

    #[test]
    fn a_key_of_another_time_is_another_key() {
        assert_eq!(told(ACTOR, "//- key 2fa658e0-00000000\n"), "");
        assert_eq!(told(ACTOR, ""), "");
    }
}
