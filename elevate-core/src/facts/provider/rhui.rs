//! The update infrastructure of cloud providers, RHUI: by which packages it is
//! reached in release 7 and in release 8.

use super::CloudProvider;
use crate::facts::{Fact, Unknown};
use crate::model::{Arch, Release};

/// How a provider serves updates to one kind of image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhui {
    /// The provider, and the kind of image where it has several.
    pub provider: &'static str,
    /// Client package of release 7.
    pub source: &'static str,
    /// Client package of release 8.
    target: &'static str,
    /// The one of release 8.10 where it is another.
    target_of_8_10: Option<&'static str>,
    /// Package that brings what the upgrade needs to reach the repositories.
    pub helper: &'static str,
}

impl Rhui {
    /// The client package of a release 8.
    pub fn target(&self, release: Release) -> &'static str {
        let is_last = release >= Release::new(8, 10);
        self.target_of_8_10.filter(|_| is_last).unwrap_or(self.target)
    }
}

const fn setup(
    provider: &'static str,
    source: &'static str,
    target: &'static str,
    helper: &'static str,
) -> Rhui {
    Rhui { provider, source, target, target_of_8_10: None, helper }
}

const fn last(mut setup: Rhui, target: &'static str) -> Rhui {
    setup.target_of_8_10 = Some(target);
    setup
}

const X86_64: &[Rhui] = &[
    setup("AWS", "rh-amazon-rhui-client", "rh-amazon-rhui-client", "leapp-rhui-aws"),
    last(
        setup(
            "AWS SAP",
            "rh-amazon-rhui-client-sap-bundle",
            "rh-amazon-rhui-client-sap-bundle-e4s",
            "leapp-rhui-aws-sap-e4s",
        ),
        "rh-amazon-rhui-client-sap-bundle",
    ),
    setup("Azure", "rhui-azure-rhel7", "rhui-azure-rhel8", "leapp-rhui-azure"),
    last(
        setup(
            "Azure SAP applications",
            "rhui-azure-rhel7-base-sap-apps",
            "rhui-azure-rhel8-sapapps",
            "leapp-rhui-azure-sap",
        ),
        "rhui-azure-rhel8-base-sap-apps",
    ),
    last(
        setup(
            "Azure SAP HA",
            "rhui-azure-rhel7-base-sap-ha",
            "rhui-azure-rhel8-sap-ha",
            "leapp-rhui-azure-sap",
        ),
        "rhui-azure-rhel8-base-sap-ha",
    ),
    setup("Google", "google-rhui-client-rhel7", "google-rhui-client-rhel8", "leapp-rhui-google"),
    setup(
        "Google",
        "google-rhui-client-rhel7-els",
        "google-rhui-client-rhel8",
        "leapp-rhui-google",
    ),
    last(
        setup(
            "Google SAP",
            "google-rhui-client-rhel79-sap",
            "google-rhui-client-rhel8-sap",
            "leapp-rhui-google-sap",
        ),
        "google-rhui-client-rhel810-sap",
    ),
    setup("Alibaba", "client-rhel7", "aliyun_rhui_rhel8", "leapp-rhui-alibaba"),
];

const AARCH64: &[Rhui] =
    &[setup("AWS", "rh-amazon-rhui-client-arm", "rh-amazon-rhui-client", "leapp-rhui-aws")];

impl CloudProvider<'_> {
    /// The infrastructures whose clients are installed, and lead to one thing;
    /// empty where there are none. Asked by `checkrhui`, `check_etc_releasever`.
    ///
    /// # Errors
    ///
    /// Where clients of several are installed that lead to different ones.
    pub fn rhui(&self) -> Fact<Vec<&'static Rhui>> {
        let arch: &Arch = &self.snapshot.identity.arch;
        let table = match arch.as_str() {
            "x86_64" => X86_64,
            "aarch64" => AARCH64,
            _ => &[],
        };
        let is_installed =
            |name: &str| self.snapshot.packages.iter().any(|p| p.name.as_str() == name);
        let found: Vec<&Rhui> = table.iter().filter(|rhui| is_installed(rhui.source)).collect();
        let end = |rhui: &Rhui| (rhui.target, rhui.helper);
        match found.iter().all(|rhui| found.first().is_some_and(|first| end(first) == end(rhui))) {
            true => Ok(found),
            false => {
                let names: Vec<&str> = found.iter().map(|rhui| rhui.source).collect();
                let why = format!("clients of several clouds: {}", names.join(", "));
                Err(Unknown::malformed("installed packages", why))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::{Facts, testing::host};
    use crate::model::Release;

    fn found(arch: &str, packages: &str) -> Result<Vec<(&'static str, &'static str)>, String> {
        let snapshot = host(&format!("//- host rhel:7.9 {arch}\n//- packages\n{packages}\n"));
        let facts = Facts::new(&snapshot);
        let rhui = facts.provider().rhui().map_err(|unknown| unknown.to_string())?;
        Ok(rhui.iter().map(|one| (one.target(Release::new(8, 8)), one.helper)).collect())
    }

    #[test]
    fn an_infrastructure_is_known_by_its_client() {
        assert_eq!(found("x86_64", "bash"), Ok(Vec::new()));
        let azure = vec![("rhui-azure-rhel8", "leapp-rhui-azure")];
        assert_eq!(found("x86_64", "rhui-azure-rhel7"), Ok(azure));
        assert_eq!(found("aarch64", "rhui-azure-rhel7"), Ok(Vec::new()));
        assert_eq!(found("aarch64", "rh-amazon-rhui-client-arm").unwrap().len(), 1);
    }

    #[test]
    fn two_clients_that_lead_to_one_thing_are_no_riddle() {
        let google = "google-rhui-client-rhel7\ngoogle-rhui-client-rhel7-els";
        assert_eq!(found("x86_64", google).unwrap().len(), 2);
        let error = found("x86_64", "rhui-azure-rhel7\nclient-rhel7").unwrap_err();
        assert!(error.contains("clients of several clouds"), "{error}");
    }

    #[test]
    fn the_last_release_has_clients_of_its_own() {
        let of = |minor| {
            super::X86_64
                .iter()
                .find(|rhui| rhui.provider == "Google SAP")
                .map(|rhui| rhui.target(Release::new(8, minor)))
        };
        assert_eq!(of(8), Some("google-rhui-client-rhel8-sap"));
        assert_eq!(of(10), Some("google-rhui-client-rhel810-sap"));
    }
}
