//! Applications of which it matters that they are there: clusters, identity
//! management, PostgreSQL, Satellite, SAP HANA.

use super::look::{self, Found};
use super::parse::key_value;
use super::{Fact, Facts, Unknown, read};
use crate::snapshot::{EntryKind, Evidence};

/// Evidence the questions read.
pub const READS: &[&str] = &[
    COROSYNC,
    CIB,
    IPA,
    IPA_CLIENT,
    IPA_SERVER,
    "/var/lib/pgsql/data",
    "/var/lib/pgsql/data/PG_VERSION",
    "/var/lib/pgsql",
    "/var/lib/pgsql/*/data/PG_VERSION",
    "/var/lib",
    "/var/opt/rh/*/lib/pgsql/data",
    "/var/opt/rh/*/lib/pgsql/data/PG_VERSION",
    "/var/opt/rh",
    "/usr/libexec/initscripts/legacy-actions/postgresql",
    "/hana/shared",
    "/hana/shared/*",
    "/hana/shared/*/exe/linuxx86_64/hdb/manifest",
    "/hana/shared/*/exe/linuxppc64le/hdb/manifest",
];

const COROSYNC: &str = "/etc/corosync/corosync.conf";
const CIB: &str = "/var/lib/pacemaker/cib/cib.xml";
const IPA: &str = "/etc/ipa/default.conf";
const IPA_CLIENT: &str = "/var/lib/ipa-client/sysrestore/sysrestore.state";
const IPA_SERVER: &str = "/var/lib/ipa/sysrestore/sysrestore.state";
const HANA: &str = "/hana/shared";
/// Data of the PostgreSQL that Satellite brings.
pub const SATELLITE_DATA: &str = "/var/opt/rh/rh-postgresql12/lib/pgsql/data";

/// Questions on applications.
#[derive(Debug, Clone, Copy)]
pub struct Applications<'a> {
    evidence: &'a Evidence,
}

impl<'a> Facts<'a> {
    /// Applications.
    pub fn applications(&self) -> Applications<'a> {
        Applications::new(&self.snapshot.evidence)
    }
}

/// What a host is in a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClusterRole {
    /// A node: corosync is configured.
    Node,
    /// A remote node: only Pacemaker's state is there.
    Remote,
}

/// A directory of data of PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Where it is.
    pub path: String,
    /// Major version of the data, as `PG_VERSION` has it.
    pub version: String,
}

/// Where Satellite's data is, and where they have to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SatelliteData {
    /// Whether other data is at the new place already, which forbids the move.
    pub occupied: Fact<bool>,
    /// Whether both places are on one file system; `None` where nothing tells.
    pub same_file_system: Option<bool>,
}

/// An installation of SAP HANA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hana {
    /// Its name: the directory below `/hana/shared`.
    pub name: String,
    /// Numbers of its instances.
    pub instances: Vec<String>,
    /// `release` of its manifest.
    pub release: Option<String>,
    /// `rev-number` of its manifest.
    pub revision: Option<String>,
    /// `rev-patchlevel` of its manifest.
    pub patch_level: Option<String>,
}

impl<'a> Applications<'a> {
    /// Asks this evidence.
    pub fn new(evidence: &'a Evidence) -> Self {
        Self { evidence }
    }

    /// What the host is in a cluster; `None` where it is in none. Asked by
    /// `check_ha_cluster`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn cluster_role(&self) -> Fact<Option<ClusterRole>> {
        let node = look::is_file(self.evidence, COROSYNC);
        if node == Ok(true) {
            return Ok(Some(ClusterRole::Node));
        }
        let remote = look::is_file(self.evidence, CIB)?;
        node?;
        Ok(remote.then_some(ClusterRole::Remote))
    }

    /// Whether the host is a configured client of identity management. Asked by
    /// `ipa_scanner`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn is_ipa_client(&self) -> Fact<bool> {
        self.both_files(IPA, IPA_CLIENT)
    }

    /// Whether the host is a configured server of identity management. Asked by
    /// `ipa_scanner`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn is_ipa_server(&self) -> Fact<bool> {
        Ok(self.both_files(IPA, IPA_SERVER)? && self.is_ipa_client()?)
    }

    fn both_files(&self, one: &str, other: &str) -> Fact<bool> {
        match (look::is_file(self.evidence, one), look::is_file(self.evidence, other)) {
            (Ok(false), _) | (_, Ok(false)) => Ok(false),
            (one, other) => Ok(one? && other?),
        }
    }

    /// Data of PostgreSQL with its version: of the distribution, of the
    /// project's own packages, of software collections.
    pub fn postgresql(&self) -> Found<Database> {
        let mut found = Found::default();
        let mut places = vec!["/var/lib/pgsql/data".to_owned()];
        for (directory, end) in [("/var/lib/pgsql", "data"), ("/var/opt/rh", "lib/pgsql/data")] {
            let names = look::names_in(self.evidence, directory, |name| name != "data");
            names.missing.into_iter().for_each(|unknown| found.missed(unknown));
            let below = names.items.into_iter().filter(|(_, kind)| *kind == EntryKind::Directory);
            places.extend(below.map(|(name, _)| format!("{directory}/{name}/{end}")));
        }
        for path in places {
            let version = read::value(self.evidence, &format!("{path}/PG_VERSION"));
            if let Some(Some(version)) = found.take(version) {
                found.items.push(Database { path, version });
            }
        }
        found
    }

    /// Where the data of Satellite's PostgreSQL is to go; `None` where there is
    /// none. Asked by `satellite_upgrade_facts`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn satellite_data(&self) -> Fact<Option<SatelliteData>> {
        if look::exists(self.evidence, SATELLITE_DATA)? {
            let new = ["/var/lib/pgsql/data", "/var/lib/pgsql", "/var/lib", "/"];
            let holds_something =
                |path: &str| look::names_in(self.evidence, path, |_| true).any(|_| true);
            let occupied = match holds_something(new[0]) {
                Ok(true) => holds_something(SATELLITE_DATA),
                other => other,
            };
            let device = |path: &str| self.evidence.entry(path).captured().and_then(|e| e.device);
            let there = new.iter().find(|path| self.evidence.kind(path).captured().is_some());
            let same = there.and_then(|path| Some(device(path)? == device(SATELLITE_DATA)?));
            return Ok(Some(SatelliteData { occupied, same_file_system: same }));
        }
        Ok(None)
    }

    /// Whether initscripts' way to PostgreSQL is a link that stands in the way of
    /// its new package. Asked by `satellite_upgrade_facts`.
    ///
    /// # Errors
    ///
    /// Where nobody looked.
    pub fn has_legacy_postgresql_link(&self) -> Fact<bool> {
        let path = "/usr/libexec/initscripts/legacy-actions/postgresql";
        Ok(read::link(self.evidence, path)?.is_some())
    }

    /// Installations of SAP HANA. Whether one runs is not among what files tell.
    /// Asked by `scan_sap_hana`.
    pub fn hana(&self) -> Found<Hana> {
        let names = look::names_in(self.evidence, HANA, |_| true);
        let mut found = Found { items: Vec::new(), missing: names.missing };
        for (name, _) in names.items {
            for arch in ["linuxx86_64", "linuxppc64le"] {
                let path = format!("{HANA}/{name}/exe/{arch}/hdb/manifest");
                let manifest = look::parsed(self.evidence, &path, |t| key_value::parse(t, ':'));
                let Some(Some(manifest)) = found.take(manifest) else { continue };
                let get = |key: &str| {
                    key_value::last(&manifest.value, key).map(|pair| pair.value.clone())
                };
                let hana = Hana {
                    instances: self.hana_instances(&name, &mut found.missing),
                    release: get("release"),
                    revision: get("rev-number"),
                    patch_level: get("rev-patchlevel"),
                    name: name.clone(),
                };
                found.items.push(hana);
                break;
            }
        }
        found
    }

    /// Whether an instance of SAP HANA runs, by its number, as `sapcontrol` said
    /// where somebody asked it. Asked by `scan_sap_hana`.
    ///
    /// # Errors
    ///
    /// Where nobody asked.
    pub fn runs_hana(&self, number: &str) -> Fact<bool> {
        let asks = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let of_it = words.windows(2).any(|pair| pair == ["-nr", number]);
            of_it && line.contains("sapcontrol") && words.contains(&"GetProcessList")
        };
        let mut outputs = self.evidence.commands.iter().filter(|(line, _)| asks(line));
        let Some((_, output)) = outputs.next() else {
            let line = format!("command:sapcontrol -nr {number} -function GetProcessList");
            return Err(Unknown::not_captured(line));
        };
        let text = output.text();
        let runs = |line: &str| {
            let mut words = line.split(',').map(str::trim);
            words.any(|word| matches!(word, "GREEN" | "YELLOW"))
        };
        Ok(text.lines().any(runs))
    }

    fn hana_instances(&self, name: &str, missing: &mut Vec<Unknown>) -> Vec<String> {
        let directory = format!("{HANA}/{name}");
        let names = look::names_in(self.evidence, &directory, |entry| entry.contains("HDB"));
        missing.extend(names.missing);
        let last_two = |name: String| {
            let skip = name.chars().count().saturating_sub(2);
            name.chars().skip(skip).collect()
        };
        names.items.into_iter().map(|(name, _)| last_two(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;

    fn ask<T>(text: &str, question: fn(&Applications<'static>) -> T) -> T {
        question(&Applications::new(Box::leak(Box::new(evidence(text)))))
    }

    #[test]
    fn corosync_makes_a_node_and_pacemaker_alone_a_remote_one() {
        let role = |text| ask(text, Applications::cluster_role);
        assert_eq!(role("//- /etc/corosync/corosync.conf\n"), Ok(Some(ClusterRole::Node)));
        let remote = "//- absent /etc/corosync\n//- /var/lib/pacemaker/cib/cib.xml\n";
        assert_eq!(role(remote), Ok(Some(ClusterRole::Remote)));
        assert_eq!(role("//- absent /etc\n//- absent /var\n"), Ok(None));
        assert!(role("//- absent /var\n").is_err());
        assert!(role("").is_err());
        let directory = "//- dir /etc/corosync: corosync.conf/\n//- absent /var\n";
        assert_eq!(role(directory), Ok(None));
    }

    #[test]
    fn identity_management_needs_all_its_files() {
        let client =
            "//- /etc/ipa/default.conf\n//- /var/lib/ipa-client/sysrestore/sysrestore.state\n";
        assert_eq!(ask(client, Applications::is_ipa_client), Ok(true));
        let server = format!("{client}//- /var/lib/ipa/sysrestore/sysrestore.state\n");
        assert_eq!(ask(&server, Applications::is_ipa_server), Ok(true));
        assert!(ask(client, Applications::is_ipa_server).is_err());
        let no_state = "//- /etc/ipa/default.conf\n//- absent /var\n";
        assert_eq!(ask(no_state, Applications::is_ipa_client), Ok(false));
        assert!(ask("//- /etc/ipa/default.conf\n", Applications::is_ipa_client).is_err());
    }

    #[test]
    fn data_of_postgresql_is_found_wherever_it_came_from() {
        let text = "//- dir /var/lib/pgsql: data/ 12/ backups/ x\n//- dir /var/opt/rh: rh-pg/\n//- /var/lib/pgsql/data/PG_VERSION\n9.2\n//- /var/lib/pgsql/12/data/PG_VERSION\n12\n\
            //- absent /var/lib/pgsql/backups/data\n//- /var/opt/rh/rh-pg/lib/pgsql/data/PG_VERSION\n10\n";
        let found = ask(text, Applications::postgresql).all().unwrap();
        let versions: Vec<_> = found.iter().map(|d| d.version.as_str()).collect();
        assert_eq!(versions, ["9.2", "12", "10"]);
        assert_eq!(ask("//- absent /var\n", Applications::postgresql).any(|_| true), Ok(false));
        assert!(ask("", Applications::postgresql).any(|_| true).is_err());
    }

    #[test]
    fn data_of_satellite_may_not_go_where_other_data_is() {
        let there = "//- dir /var/opt/rh/rh-postgresql12/lib/pgsql/data: base/\n//- dir /var/lib/pgsql/data: base/\n";
        let data = ask(there, Applications::satellite_data).unwrap().unwrap();
        assert_eq!((data.occupied, data.same_file_system), (Ok(true), None));
        let host = evidence(
            "//- entry /var/opt/rh/rh-postgresql12/lib/pgsql/data/ 0 device=1\n//- dir /var/lib: x\n//- entry /var/lib/ 0 device=1\n",
        );
        let data = Applications::new(&host).satellite_data().unwrap().unwrap();
        assert_eq!((data.occupied, data.same_file_system), (Ok(false), Some(true)));
        assert_eq!(ask("//- absent /var\n", Applications::satellite_data), Ok(None));
        assert!(ask("", Applications::satellite_data).is_err());
        let link = "//- link /usr/libexec/initscripts/legacy-actions/postgresql -> x\n";
        assert_eq!(ask(link, Applications::has_legacy_postgresql_link), Ok(true));
        assert!(ask("", Applications::has_legacy_postgresql_link).is_err());
    }

    #[test]
    fn hana_has_instances_and_a_version() {
        let text = "//- dir /hana/shared: ABC/ tmp/\n//- dir /hana/shared/ABC: HDB00/ xHDB1\u{e9}/ exe/\n//- absent /hana/shared/tmp/exe\n\
            //- /hana/shared/ABC/exe/linuxx86_64/hdb/manifest\nrelease: 2.00\nrev-number: 059\nodd\n";
        let found = ask(text, Applications::hana).all().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].instances, ["00", "1\u{e9}"]);
        assert_eq!(found[0].revision.as_deref(), Some("059"));
        assert_eq!(found[0].patch_level, None);
        assert_eq!(ask("//- absent /hana\n", Applications::hana).any(|_| true), Ok(false));
        assert!(ask("", Applications::hana).any(|_| true).is_err());
    }

    #[test]
    fn an_instance_of_hana_runs_where_a_process_of_it_does() {
        let host = |state: &str| {
            format!(
                "//- command sudo -u abcadm /x/sapcontrol -nr 00 -function GetProcessList\n\
                 name, description, dispstatus\nhdbdaemon, HDB Daemon, {state}, x\n"
            )
        };
        for (state, expected) in [("GREEN", true), ("YELLOW", true), ("GRAY", false)] {
            let evidence = evidence(&host(state));
            assert_eq!(Applications::new(&evidence).runs_hana("00"), Ok(expected), "{state}");
            assert!(Applications::new(&evidence).runs_hana("01").is_err());
        }
    }
}
