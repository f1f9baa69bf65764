//! Docker of the distribution, which release 8 does not have.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_docker",
    summary: "containers of docker",
    about: "Release 8 has podman in the place of docker. The package is removed, and its \
            containers are not taken over: make them anew with podman and attach their volumes \
            before the upgrade. Packages of Docker Inc. (docker-ce) are another product.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[DOCKER],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const DOCKER: Kind = Kind::new(
    "containers.docker",
    "check_docker",
    Severity::High,
    "Containers of docker are not taken over",
)
.groups(&["tools"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.all_named("docker").is_empty() {
        outcome.report(
            DOCKER
                .finding("docker is installed; the upgrade removes it, and its containers stop.")
                .about("package", ["docker"])
                .hint(
                    "Make the containers anew with podman and attach their volumes before you \
                     upgrade.",
                )
                .link("https://access.redhat.com/solutions/5213331"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn docker_is_told_of_whoever_made_it() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\ndocker third-party\n"), @"
        high containers.docker [tools]
          Containers of docker are not taken over: docker is installed; the upgrade removes it, and its containers stop.
          about: package docker
          hint: Make the containers anew with podman and attach their volumes before you upgrade.
        ");
        assert_ne!(told(ACTOR, "//- packages\ndocker\n"), "");
    }

    #[test]
    fn other_dockers_are_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\ndocker-ce third-party\ndocker-engine\npodman\n"), "");
    }
}
