//! Satellite, Foreman and their database.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::applications::{SATELLITE_DATA, SatelliteData};
use crate::facts::{Fact, Unknown};
use crate::finding::{Kind, Severity};
use crate::model::ModuleStream;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "satellite_upgrade_check",
    summary: "Satellite and Foreman with their database",
    about: "Packages of Satellite 6.11 come from software collections on release 7 and from \
            modules on release 8: modules are enabled, packages are asked for by their new \
            names, and foreman-installer sets all up anew at the first boot. A database on the host \
            moves from the software collection to /var/lib/pgsql/data, which must be free and \
            large enough.",
    covers: &["satellite_upgrade_facts", "satellite_upgrade_data_migration", "satellite_upgrader"],
    applies: Applies::SEVEN_TO_EIGHT.on(&["x86_64"]),
    needs: &["applications", "packages", "storage"],
    kinds: &[OCCUPIED, MOVE, SPACE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NAME: &str = "satellite_upgrade_check";
const NEW_DATA: &str = "/var/lib/pgsql/data";
const PAGE: &str = "https://access.redhat.com/solutions/6794671";

const OCCUPIED: Kind = Kind::new(
    "satellite.database-occupied",
    NAME,
    Severity::High,
    "Other data is where the database of Satellite has to go",
)
.inhibiting();

const MOVE: Kind = Kind::new(
    "satellite.database-move",
    NAME,
    Severity::Medium,
    "The database of Satellite moves and is indexed anew",
);

const SPACE: Kind = Kind::new(
    "satellite.database-space",
    NAME,
    Severity::High,
    "There is too little room for the database of Satellite",
)
.inhibiting();

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let has = |name: &str| !host.all_named(name).is_empty();
    if !has("foreman") && !has("foreman-proxy") {
        return Ok(());
    }
    packages(host, outcome);
    if has("rh-postgresql12-postgresql-server") {
        database(host, outcome);
    }
    let installer = match has("foreman-installer-katello") {
        true => Change::run(&["foreman-installer", "--disable-system-checks"]),
        false => Change::run(&["foreman-installer"]),
    };
    let why = "Foreman is set up anew on release 8, and its services are enabled again";
    outcome.step(Step::new(When::FirstBoot, why, installer));
    Ok(())
}

/// Collections whose packages go.
const GONE: [&str; 5] = [
    "tfm-runtime",
    "tfm-pulpcore-runtime",
    "rh-redis5-runtime",
    "rh-ruby27-runtime",
    "rh-python38-runtime",
];

/// Beginnings of names, and what stands in their place in release 8.
const RENAMED: [(&str, &str); 7] = [
    ("tfm-rubygem-hammer", "rubygem-hammer"),
    ("tfm-rubygem-foreman", "rubygem-foreman"),
    ("tfm-rubygem-katello", "rubygem-katello"),
    ("tfm-rubygem-smart_proxy", "rubygem-smart_proxy"),
    ("tfm-pulpcore-python3-pulp", "python38-pulp"),
    ("foreman-installer", "foreman-installer"),
    ("satellite-installer", "satellite-installer"),
];

fn packages(host: &Host<'_>, outcome: &mut Outcome) {
    let has = |name: &str| !host.all_named(name).is_empty();
    GONE.iter().filter(|name| has(name)).for_each(|name| outcome.remove(name));
    outcome.install("rubygem-foreman_maintain");
    enable(outcome, "ruby", "2.7");
    if has("katello") {
        enable(outcome, "pki-core", "10.6");
        enable(outcome, "pki-deps", "10.6");
        enable(outcome, "python38", "3.8");
        outcome.install("katello");
        let target = host.target();
        if target.major == 8 && matches!(target.minor, 8 | 9) {
            ["tomcat", "tomcat-lib"].iter().filter(|n| has(n)).for_each(|n| outcome.remove(n));
        }
    }
    if has("rh-redis5-redis") {
        enable(outcome, "redis", "5");
        outcome.install("redis");
    }
    for name in host.names() {
        for (old, new) in RENAMED {
            if let Some(rest) = name.strip_prefix(old) {
                outcome.install(&format!("{new}{rest}"));
            }
        }
    }
    let product = ["satellite", "satellite-capsule"].into_iter().find(|name| has(name));
    let mut repositories = vec!["satellite-maintenance-6.11-for-rhel-8-x86_64-rpms".to_owned()];
    if let Some(product) = product {
        enable(outcome, product, "el8");
        outcome.install(product);
        repositories.insert(0, format!("{product}-6.11-for-rhel-8-x86_64-rpms"));
    }
    let what = format!(
        "enable {}, or the repositories of release 8 your Foreman comes from",
        repositories.join(" and ")
    );
    let why = "the packages of Satellite have repositories of their own";
    outcome.step(Step::new(When::Prepare, why, Change::other(what)));
}

fn enable(outcome: &mut Outcome, name: &str, stream: &str) {
    outcome.enable_module(ModuleStream { name: name.to_owned(), stream: stream.to_owned() });
}

fn database(host: &Host<'_>, outcome: &mut Outcome) {
    let has = |name: &str| !host.all_named(name).is_empty();
    enable(outcome, "postgresql", "12");
    if has("rh-postgresql12-runtime") {
        outcome.remove("rh-postgresql12-runtime");
    }
    outcome.install("postgresql");
    outcome.install("postgresql-server");
    for part in ["contrib", "evr"] {
        let old = format!("rh-postgresql12-postgresql-{part}");
        if has(&old) {
            outcome.remove(&old);
            outcome.install(&format!("postgresql-{part}"));
        }
    }
    let applications = host.facts().applications();
    if outcome.known(applications.has_legacy_postgresql_link()) == Some(true) {
        let path = "/usr/libexec/initscripts/legacy-actions/postgresql".to_owned();
        let why = "rpm cannot put a directory in the place of a link";
        outcome.step(Step::new(When::Before, why, Change::Delete { path }));
    }
    // leapp crashes where the data is not where it is expected.
    if let Some(data) = outcome.known(applications.satellite_data()).flatten() {
        report(host, outcome, &data);
        steps(outcome, &data);
    }
}

fn report(host: &Host<'_>, outcome: &mut Outcome, data: &SatelliteData) {
    if outcome.known(data.occupied.clone()) == Some(true) {
        outcome.report(
            OCCUPIED
                .finding(format!(
                    "{SATELLITE_DATA} has to go to {NEW_DATA}, where other data of PostgreSQL is."
                ))
                .hint(format!("Move what is in {NEW_DATA} elsewhere, or remove it."))
                .seen_in(NEW_DATA),
        );
    }
    let move_of = |how: &str| {
        MOVE.finding(format!(
            "{SATELLITE_DATA} is moved to {NEW_DATA}{how}, and all indexes are built anew when \
             the host has started; on large databases that takes its time."
        ))
        .hint("Back the database up.")
        .link(PAGE)
    };
    if data.same_file_system == Some(true) {
        return outcome.report(move_of(""));
    }
    if data.same_file_system.is_none() {
        outcome.lacks(Unknown::not_captured(format!("file system of {SATELLITE_DATA}")));
        return outcome.report(move_of(""));
    }
    let finding = match space(host) {
        Ok(Space::Enough) => move_of(", on another file system, where there is room for it"),
        Ok(Space::TooLittle { there, needed }) => SPACE
            .finding(format!("The database needs {needed} bytes at {NEW_DATA}; {there} are there."))
            .hint(format!("Make room on the file system of {NEW_DATA}."))
            .link(PAGE),
        Err(unknown) => {
            outcome.lacks(unknown);
            move_of(", on another file system; whether there is room for it is not known")
        }
    };
    outcome.report(finding);
}

enum Space {
    Enough,
    TooLittle { there: u64, needed: u64 },
}

/// The size of the data is not captured. All that is on their file system is more than
/// they are, and as much where they have it for themselves.
fn space(host: &Host<'_>) -> Fact<Space> {
    let storage = host.facts().storage();
    let (old, new) = (storage.room_at(SATELLITE_DATA)?, storage.room_at(NEW_DATA)?);
    let needed = old.total.saturating_sub(old.available);
    if needed <= new.available {
        Ok(Space::Enough)
    } else if old.target == SATELLITE_DATA {
        Ok(Space::TooLittle { there: new.available, needed })
    } else {
        Err(Unknown::not_captured(format!("size of {SATELLITE_DATA}")))
    }
}

fn steps(outcome: &mut Outcome, data: &SatelliteData) {
    let what = format!("move everything in {SATELLITE_DATA} to {NEW_DATA}");
    let why = "PostgreSQL of release 8 has its data there";
    outcome.step(Step::new(When::After, why, Change::other(what)));
    if data.same_file_system != Some(true) {
        let own = Change::run(&["chown", "-R", "postgres:postgres", NEW_DATA]);
        let step =
            Step::new(When::After, "files copied to another file system lose their owner", own);
        outcome.step(match data.same_file_system {
            None => step.on("both places are on different file systems"),
            _ => step,
        });
    }
    let what = "take data_directory out of postgresql.conf, start postgresql and run reindexdb -a";
    let why = "indexes depend on how the C library sorts texts, which is another way in release 8";
    outcome.step(Step::new(When::FirstBoot, why, Change::other(what)));
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    const OLD: &str = "/var/opt/rh/rh-postgresql12/lib/pgsql/data";
    const NO_LINK: &str = "//- absent /usr/libexec/initscripts/legacy-actions/postgresql\n";

    fn with(packages: &str) -> String {
        let packages = packages.replace(' ', "\n");
        told(ACTOR, &format!("//- packages\n{packages}\n{NO_LINK}"))
    }

    /// What is said of a database whose places are on these file systems.
    fn database(old: u32, new: u32, more: &str) -> String {
        let packages = "foreman\nrh-postgresql12-postgresql-server";
        let told = told(
            ACTOR,
            &format!(
                "//- packages\n{packages}\n{NO_LINK}//- entry {OLD}/ 1 device={old}\n\
                 //- entry /var/lib/pgsql/data/ 1 device={new}\n//- dir /var/lib/pgsql/data:\n{more}"
            ),
        );
        let is_other =
            |line: &&str| !line.starts_with("ask: ") && !line.contains("satellite-maint");
        told.lines().filter(is_other).map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn foreman_gets_its_modules_and_its_installer() {
        insta::assert_snapshot!(with("foreman tfm-runtime"), @"
        ask: remove tfm-runtime
        ask: install rubygem-foreman_maintain
        ask: enable-module {name:ruby,stream:2.7}
        prepare: the packages of Satellite have repositories of their own
          enable satellite-maintenance-6.11-for-rhel-8-x86_64-rpms, or the repositories of release 8 your Foreman comes from
        first-boot: Foreman is set up anew on release 8, and its services are enabled again
          run foreman-installer
        ");
    }

    #[test]
    fn satellite_asks_for_packages_by_their_new_names() {
        let told = with(
            "foreman katello satellite satellite-capsule tomcat rh-redis5-redis \
             tfm-rubygem-hammer_cli tfm-rubygem-rack tfm-pulpcore-python3-pulp-rpm \
             satellite-installer foreman-installer-katello",
        );
        insta::assert_snapshot!(told, @"
        ask: install rubygem-foreman_maintain
        ask: enable-module {name:ruby,stream:2.7}
        ask: enable-module {name:pki-core,stream:10.6}
        ask: enable-module {name:pki-deps,stream:10.6}
        ask: enable-module {name:python38,stream:3.8}
        ask: install katello
        ask: enable-module {name:redis,stream:5}
        ask: install redis
        ask: install foreman-installer-katello
        ask: install satellite-installer
        ask: install python38-pulp-rpm
        ask: install rubygem-hammer_cli
        ask: enable-module {name:satellite,stream:el8}
        ask: install satellite
        prepare: the packages of Satellite have repositories of their own
          enable satellite-6.11-for-rhel-8-x86_64-rpms and satellite-maintenance-6.11-for-rhel-8-x86_64-rpms, or the repositories of release 8 your Foreman comes from
        first-boot: Foreman is set up anew on release 8, and its services are enabled again
          run foreman-installer --disable-system-checks
        ");
        assert!(!told.contains("tomcat"), "only 8.8 and 8.9 have none");
    }

    #[test]
    fn a_capsule_has_a_module_of_its_own() {
        let told = with("foreman-proxy satellite-capsule");
        assert!(told.contains("{name:satellite-capsule,stream:el8}"), "{told}");
        assert!(told.contains("satellite-capsule-6.11-for-rhel-8-x86_64-rpms"), "{told}");
    }

    #[test]
    fn tomcat_goes_on_targets_without_it() {
        let host = "//- packages\nforeman\nkatello\ntomcat\ntomcat-lib\n";
        let told = Case::new(ACTOR, host).to("almalinux:8.8").told();
        assert!(told.contains("ask: remove tomcat-lib"), "{told}");
    }

    #[test]
    fn a_database_on_the_same_file_system_is_moved() {
        insta::assert_snapshot!(database(1, 1, ""), @"
        medium satellite.database-move []
          The database of Satellite moves and is indexed anew: /var/opt/rh/rh-postgresql12/lib/pgsql/data is moved to /var/lib/pgsql/data, and all indexes are built anew when the host has started; on large databases that takes its time.
          hint: Back the database up.
        prepare: the packages of Satellite have repositories of their own
        after: PostgreSQL of release 8 has its data there
          move everything in /var/opt/rh/rh-postgresql12/lib/pgsql/data to /var/lib/pgsql/data
        first-boot: indexes depend on how the C library sorts texts, which is another way in release 8
          take data_directory out of postgresql.conf, start postgresql and run reindexdb -a
        first-boot: Foreman is set up anew on release 8, and its services are enabled again
          run foreman-installer
        ");
    }

    #[test]
    fn a_database_with_a_file_system_of_its_own_needs_room() {
        let space = |available: u64| {
            format!(
                "//- /proc/self/mountinfo\n1 0 8:1 / / rw - xfs /dev/sda1 rw\n\
                 2 1 8:2 / {OLD} rw - xfs /dev/sda2 rw\n\
                 //- space {OLD} available=5 total=15\n//- space / available={available} total=50\n"
            )
        };
        let told = database(2, 1, &space(10));
        assert!(told.starts_with("medium satellite.database-move []\n"), "{told}");
        insta::assert_snapshot!(database(2, 1, &space(9)), @"
        high inhibitor satellite.database-space []
          There is too little room for the database of Satellite: The database needs 10 bytes at /var/lib/pgsql/data; 9 are there.
          hint: Make room on the file system of /var/lib/pgsql/data.
        prepare: the packages of Satellite have repositories of their own
        after: PostgreSQL of release 8 has its data there
          move everything in /var/opt/rh/rh-postgresql12/lib/pgsql/data to /var/lib/pgsql/data
        after: files copied to another file system lose their owner
          run chown -R postgres:postgres /var/lib/pgsql/data
        first-boot: indexes depend on how the C library sorts texts, which is another way in release 8
          take data_directory out of postgresql.conf, start postgresql and run reindexdb -a
        first-boot: Foreman is set up anew on release 8, and its services are enabled again
          run foreman-installer
        ");
    }

    #[test]
    fn where_more_is_on_its_file_system_the_size_may_not_be_known() {
        let space = "//- /proc/self/mountinfo\n1 0 8:1 / / rw - xfs /dev/sda1 rw\n\
                     2 1 8:2 / /var/opt rw - xfs /dev/sda2 rw\n\
                     //- space /var/opt available=5 total=15\n//- space / available=9 total=50\n";
        let told = database(2, 1, space);
        assert!(told.contains("medium satellite.database-move"), "{told}");
        assert!(told.contains("about: evidence size of /var/opt/rh"), "{told}");
    }

    #[test]
    fn data_at_the_new_place_forbid_the_upgrade() {
        let more = format!("//- dir {OLD}: base/\n//- dir /var/lib/pgsql/data: base/\n");
        let told = database(1, 1, &more);
        assert!(told.starts_with("high inhibitor satellite.database-occupied []\n"), "{told}");
        assert!(told.contains("medium satellite.database-move"), "{told}");
    }

    #[test]
    fn the_link_of_initscripts_goes() {
        let host = format!(
            "//- packages\nforeman\nrh-postgresql12-postgresql-server\nrh-postgresql12-postgresql-evr\n\
             //- absent {OLD}\n//- link /usr/libexec/initscripts/legacy-actions/postgresql -> x\n"
        );
        let told = told(ACTOR, &host);
        assert!(told.contains("delete /usr/libexec/initscripts"), "{told}");
        assert!(told.contains("ask: install postgresql-evr"), "{told}");
    }

    /// leapp crashes where the data of the collection is not there.
    #[test]
    fn a_server_without_data_has_nothing_to_move() {
        let host = format!(
            "//- packages\nforeman\nrh-postgresql12-postgresql-server\n{NO_LINK}//- absent {OLD}\n"
        );
        let told = told(ACTOR, &host);
        assert!(told.contains("{name:postgresql,stream:12}"), "{told}");
        assert!(!told.contains("satellite.database"), "{told}");
    }

    #[test]
    fn hosts_without_foreman_are_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\nkatello\nrh-postgresql12-postgresql-server\n"), "");
        assert_eq!(told(ACTOR, "//- host centos:7.9 s390x\n//- packages\nforeman\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        let told = told(ACTOR, "//- packages\nforeman\nrh-postgresql12-postgresql-server\n");
        assert!(told.contains("about: evidence /var/opt/rh"), "{told}");
        assert!(told.contains("ask: install postgresql-server"), "{told}");
    }
}
