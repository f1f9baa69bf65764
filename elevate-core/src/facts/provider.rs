//! Whose cloud the host is in, by what points to one.

mod rhui;

use super::{Fact, Facts, HostRepositories, Unknown, look, read};
use crate::snapshot::Snapshot;

pub use rhui::Rhui;

/// Evidence the questions read, beside packages, repositories and identity.
pub const READS: &[&str] = &[VENDOR, "/sys/class/dmi/id/bios_version", CLOUD_INIT];

const VENDOR: &str = "/sys/class/dmi/id/sys_vendor";
const CLOUD_INIT: &str = "/etc/cloud";

/// Packages of release 7 through which a provider's update infrastructure is
/// reached, with the provider.
const CLIENTS: &[(&str, Provider)] = &[
    ("rh-amazon-rhui-client", Provider::Aws),
    ("rh-amazon-rhui-client-arm", Provider::Aws),
    ("rh-amazon-rhui-client-sap-bundle", Provider::Aws),
    ("rhui-azure-rhel7", Provider::Azure),
    ("rhui-azure-rhel7-base-sap-apps", Provider::Azure),
    ("rhui-azure-rhel7-base-sap-ha", Provider::Azure),
    ("google-rhui-client-rhel7", Provider::Google),
    ("google-rhui-client-rhel7-els", Provider::Google),
    ("google-rhui-client-rhel79-sap", Provider::Google),
    ("client-rhel7", Provider::Alibaba),
];

/// Packages an image of a provider brings.
const AGENTS: &[(&str, Provider)] = &[
    ("WALinuxAgent", Provider::Azure),
    ("google-guest-agent", Provider::Google),
    ("google-compute-engine", Provider::Google),
    ("ec2-utils", Provider::Aws),
    ("amazon-ssm-agent", Provider::Aws),
];

/// Questions on the cloud a host is in.
#[derive(Debug, Clone, Copy)]
pub struct CloudProvider<'a> {
    snapshot: &'a Snapshot,
    repositories: &'a HostRepositories,
}

impl Facts<'_> {
    /// Whose cloud the host is in.
    pub fn provider(&self) -> CloudProvider<'_> {
        CloudProvider { snapshot: self.snapshot, repositories: &self.repositories }
    }
}

/// A provider of clouds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// Amazon.
    Aws,
    /// Microsoft.
    Azure,
    /// Google.
    Google,
    /// Alibaba.
    Alibaba,
}

/// What points to a provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hint {
    /// The provider.
    pub provider: Provider,
    /// Whether updates come from its infrastructure, rather than that the host
    /// only runs there.
    pub updates: bool,
    /// What says so: a package, a repository, the name of the hardware.
    pub what: String,
}

impl CloudProvider<'_> {
    /// Everything that points to a provider, sorted. Reads packages, ids of
    /// repositories, and the hardware's vendor where a kernel was running. Asked
    /// by `checkrhui`.
    pub fn hints(&self) -> Vec<Hint> {
        let mut hints: Vec<Hint> = Vec::new();
        for package in &self.snapshot.packages {
            let name = package.name.as_str();
            for (table, updates) in [(CLIENTS, true), (AGENTS, false)] {
                let known = table.iter().find(|(client, _)| *client == name);
                hints.extend(known.map(|(_, provider)| Hint {
                    provider: *provider,
                    updates,
                    what: format!("package {name}"),
                }));
            }
        }
        for (id, ..) in &self.repositories.all {
            let id = id.as_str();
            let provider = match id {
                id if id.starts_with("rhui-microsoft") => Provider::Azure,
                id if id.contains("rhui-REGION") || id.contains("rhui-client-config-server") => {
                    Provider::Aws
                }
                _ => continue,
            };
            hints.push(Hint { provider, updates: true, what: format!("repository {id}") });
        }
        if let Ok(Some(vendor)) = self.hardware_vendor() {
            let known = [
                ("Amazon EC2", Provider::Aws),
                ("Microsoft Corporation", Provider::Azure),
                ("Google", Provider::Google),
                ("Alibaba Cloud", Provider::Alibaba),
            ];
            let known = known.iter().find(|(name, _)| *name == vendor);
            hints.extend(known.map(|(_, provider)| Hint {
                provider: *provider,
                updates: false,
                what: format!("hardware of {vendor}"),
            }));
        }
        hints.sort();
        hints.dedup();
        hints
    }

    /// Vendor of the hardware, as its firmware says. On Xen only the version of
    /// the firmware tells Amazon's.
    ///
    /// # Errors
    ///
    /// Where it was not captured, or no kernel was running.
    pub fn hardware_vendor(&self) -> Fact<Option<String>> {
        let evidence = &self.snapshot.evidence;
        let vendor = read::value(evidence, VENDOR)?;
        if vendor.as_deref() == Some("Xen") {
            let version = read::value(evidence, "/sys/class/dmi/id/bios_version");
            if version.is_ok_and(|text| text.is_some_and(|text| text.contains("amazon"))) {
                return Ok(Some("Amazon EC2".to_owned()));
            }
        }
        Ok(vendor)
    }

    /// Whether cloud-init is configured.
    ///
    /// # Errors
    ///
    /// Where nobody looked for `/etc/cloud`.
    pub fn has_cloud_init(&self) -> Fact<bool> {
        look::exists(&self.snapshot.evidence, CLOUD_INIT)
    }

    /// The provider of updates the packages tell, where they tell one.
    ///
    /// # Errors
    ///
    /// Where they tell several.
    pub fn of_updates(&self) -> Fact<Option<Provider>> {
        let hints = self.hints();
        let mut providers: Vec<Provider> =
            hints.iter().filter(|hint| hint.updates).map(|hint| hint.provider).collect();
        providers.dedup();
        match providers[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(Unknown::malformed("packages", "clients of several providers are installed")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::evidence;
    use super::*;
    use crate::model::InstalledPackage;

    fn snapshot(packages: &[&str], repository: &str, text: &str) -> Snapshot {
        let new = |name: &&str| {
            InstalledPackage::new(name.parse().unwrap(), "1-1".parse().unwrap(), None)
        };
        let packages: Vec<_> = packages.iter().map(new).collect();
        let json = serde_json::json!({
            "format": "elevate-snapshot", "version": 1,
            "identity": {"system": "rhel:7.9", "arch": "x86_64"},
            "packages": packages, "repositories": [{"id": repository, "enabled": true}],
        });
        let mut snapshot: Snapshot = serde_json::from_value(json).unwrap();
        snapshot.evidence = evidence(text);
        snapshot
    }

    #[test]
    fn packages_repositories_and_hardware_point_to_a_provider() {
        let host = snapshot(
            &["rhui-azure-rhel7", "WALinuxAgent", "bash"],
            "rhui-microsoft-azure-rhel7",
            "//- /sys/class/dmi/id/sys_vendor\nMicrosoft Corporation\n",
        );
        let facts = Facts::new(&host);
        let hints = facts.provider().hints();
        assert_eq!(hints.len(), 4);
        assert!(hints.iter().all(|hint| hint.provider == Provider::Azure));
        assert_eq!(facts.provider().of_updates(), Ok(Some(Provider::Azure)));
    }

    #[test]
    fn clients_of_two_providers_settle_nothing() {
        let host = snapshot(&["client-rhel7", "google-rhui-client-rhel7"], "base", "");
        assert!(Facts::new(&host).provider().of_updates().is_err());
        let none = snapshot(&["bash"], "base", "");
        let facts = Facts::new(&none);
        assert_eq!((facts.provider().of_updates(), facts.provider().hints()), (Ok(None), vec![]));
        assert!(facts.provider().hardware_vendor().is_err());
        assert!(facts.provider().has_cloud_init().is_err());
    }

    #[test]
    fn xen_of_amazon_is_told_by_its_firmware() {
        let host = snapshot(
            &[],
            "rhui-REGION-rhel-server-releases",
            "//- /sys/class/dmi/id/sys_vendor\nXen\n//- /sys/class/dmi/id/bios_version\n4.2.amazon\n//- dir /etc: cloud/\n",
        );
        let facts = Facts::new(&host);
        assert_eq!(facts.provider().hardware_vendor(), Ok(Some("Amazon EC2".to_owned())));
        assert_eq!(facts.provider().hints().len(), 2);
        assert_eq!(facts.provider().has_cloud_init(), Ok(true));
    }
}
