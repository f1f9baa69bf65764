//! The database of frobnicator.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_frobnicator",
    summary: "frobnicator's database",
    about: "Release 8 has another frobnicator, which does not read the database of this one. \
            Export it before the upgrade and import it afterwards.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[DATABASE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const DATABASE: Kind = Kind::new(
    "services.frobnicator-database",
    "check_frobnicator",
    Severity::High,
    "frobnicator's database is not read after the upgrade",
)
.inhibiting()
.groups(&["services"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.has("frobnicator") {
        let finding = DATABASE
            .finding("frobnicator is installed; its database has to be exported before.")
            .about("package", ["frobnicator"])
            .command(&["frobnicator", "--export", "/var/tmp/frobnicator.dump"]);
        outcome.report(finding);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn an_installed_frobnicator_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nfrobnicator\n"), @"
        high inhibitor services.frobnicator-database [services]
          frobnicator's database is not read after the upgrade: frobnicator is installed; its database has to be exported before.
          about: package frobnicator
          run: frobnicator --export /var/tmp/frobnicator.dump
        ");
    }

    #[test]
    fn a_host_without_it_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\nbash\n"), "");
    }
}
