//! PostgreSQL, whose data the new version cannot read.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "postgresql_check",
    summary: "data of PostgreSQL 9.2",
    about: "Release 7 has PostgreSQL 9.2, release 8 has 10, which does not read the data of 9.2: \
            the server does not start until they are converted. Some extensions of \
            postgresql-contrib are gone, tsearch2 among them.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[SERVER, CONTRIB],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SERVER: Kind = Kind::new(
    "database.postgresql",
    "postgresql_check",
    Severity::Medium,
    "Data of PostgreSQL have to be converted after the upgrade",
)
.groups(&["services"]);

const CONTRIB: Kind = Kind::new(
    "database.postgresql-contrib",
    "postgresql_check",
    Severity::Medium,
    "Extensions of PostgreSQL are gone in release 8",
)
.groups(&["services"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("postgresql-server") {
        return Ok(());
    }
    outcome.report(
        SERVER
            .finding(
                "postgresql-server goes from 9.2 to 10, which does not start on data of 9.2 until \
                 they are converted.",
            )
            .about("package", ["postgresql-server"])
            .hint("Back the data up now, and convert them after the upgrade before you start it.")
            .link("https://red.ht/rhel-8-migrate-postgresql-server"),
    );
    if host.has("postgresql-contrib") {
        outcome.report(
            CONTRIB
                .finding(
                    "postgresql-contrib of release 8 has no dummy_seclabel, test_parser and \
                     tsearch2; databases that use one of them cannot be converted as they are.",
                )
                .about("package", ["postgresql-contrib"]),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn server_and_extensions_are_told_of() {
        let host = "//- packages\npostgresql-server\npostgresql-contrib\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        medium database.postgresql [services]
          Data of PostgreSQL have to be converted after the upgrade: postgresql-server goes from 9.2 to 10, which does not start on data of 9.2 until they are converted.
          about: package postgresql-server
          hint: Back the data up now, and convert them after the upgrade before you start it.
        medium database.postgresql-contrib [services]
          Extensions of PostgreSQL are gone in release 8: postgresql-contrib of release 8 has no dummy_seclabel, test_parser and tsearch2; databases that use one of them cannot be converted as they are.
          about: package postgresql-contrib
        ");
    }

    #[test]
    fn the_server_alone_is_one_finding() {
        let told = told(ACTOR, "//- packages\npostgresql-server\n");
        assert_eq!(told.matches("medium").count(), 1, "{told}");
    }

    #[test]
    fn without_the_distributions_server_it_is_silent() {
        assert_eq!(told(ACTOR, "//- packages\npostgresql-contrib\npostgresql\n"), "");
        assert_eq!(told(ACTOR, "//- packages\npostgresql-server third-party\n"), "");
    }
}
