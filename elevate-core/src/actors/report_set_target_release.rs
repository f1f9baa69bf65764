//! A release pinned in subscription-manager stays as it is.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "report_set_target_release",
    summary: "the release set in subscription-manager is not changed",
    about: "Where subscription-manager is installed a release may be set in it, which decides what \
            repositories serve. The upgrade does not touch it. Set it to the target's release \
            afterwards, or unset it.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[KEPT],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const KEPT: Kind = Kind::new(
    "release.rhsm-release-kept",
    "report_set_target_release",
    Severity::Low,
    "The release set in subscription-manager stays as it is",
)
.groups(&["upgrade process"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.all_named("subscription-manager").is_empty() {
        return Ok(());
    }
    let target = host.target().to_string();
    let summary = format!("If one is set, it is not that of the target, {target}, afterwards.");
    outcome.report(
        KEPT.finding(summary)
            .about("package", ["subscription-manager"])
            .hint("Set the release after the upgrade, if the host is registered.")
            .command(&["subscription-manager", "release", "--set", &target]),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn with_subscription_manager_it_tells_of_the_release() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nsubscription-manager\n"), @"
        low release.rhsm-release-kept [upgrade process]
          The release set in subscription-manager stays as it is: If one is set, it is not that of the target, 8.10, afterwards.
          about: package subscription-manager
          hint: Set the release after the upgrade, if the host is registered.
          run: subscription-manager release --set 8.10
        ");
    }

    /// leapp says so on every host.
    #[test]
    fn without_it_there_is_nothing_to_tell() {
        assert_eq!(told(ACTOR, "//- packages\nbash\n"), "");
    }
}
