//! Who the host is, from its release files, its kernel and its packages.

use super::packages::Found;
use crate::host::Host;
use crate::model::{Arch, Distro, Release, System};
use crate::snapshot::{Evidence, GivenIdentity, Identity};

/// Files with the full release, in the order they are asked.
const RELEASE_FILES: [&str; 9] = [
    "/etc/cloudlinux-release",
    "/etc/oracle-release",
    "/etc/sl-release",
    "/etc/almalinux-release",
    "/etc/rocky-release",
    "/etc/centos-release",
    "/etc/system-release",
    "/etc/redhat-release",
    "/etc/issue",
];

/// Puts together who the host is; what is missing otherwise.
pub(super) fn identity(
    host: &dyn Host,
    evidence: &Evidence,
    found: &Found,
    given: &GivenIdentity,
) -> Result<Identity, Vec<&'static str>> {
    let text =
        |path: &str| evidence.file(path).captured().map(|content| content.text().into_owned());
    let os_release = text("/etc/os-release").unwrap_or_default();
    let release_text = release_text(&text);
    let uname = host.uname();

    let distro = || value(&os_release, "ID").and_then(|id| id.parse::<Distro>().ok());
    let distro = given.distro.clone().or_else(distro).or_else(|| named(&release_text));
    let release = given.release.or_else(|| release(&release_text, &os_release));
    let machine = || uname.as_ref()?.machine.parse::<Arch>().ok();
    let arch = given.arch.clone().or_else(machine).or_else(|| found.arch.clone());
    match (distro.or(found.distro.clone()), release.or(found.release), arch) {
        (Some(distro), Some(release), Some(arch)) => Ok(Identity {
            system: System { distro, release },
            arch,
            kernel: given.kernel.clone().or_else(|| uname.as_ref().map(|u| u.release.clone())),
            hostname: given.hostname.clone().or_else(|| match &uname {
                Some(uname) => Some(uname.node.clone()),
                None => text("/etc/hostname").map(|name| name.trim().to_owned()),
            }),
            cloud: given.cloud.clone().or_else(|| found.cloud()),
        }),
        (distro, release, arch) => Err([
            (distro.is_none(), "its distribution"),
            (release.is_none(), "its release"),
            (arch.is_none(), "its architecture"),
        ]
        .into_iter()
        .filter_map(|(missing, what)| missing.then_some(what))
        .collect()),
    }
}

/// The first of the files with the full release.
pub(super) fn release_text(text: &dyn Fn(&str) -> Option<String>) -> String {
    RELEASE_FILES.iter().find_map(|path| text(path)).unwrap_or_default()
}

/// The release that files tell.
pub(super) fn release(release_text: &str, os_release: &str) -> Option<Release> {
    number(release_text).or_else(|| value(os_release, "VERSION_ID")?.parse().ok())
}

/// A value of os-release(5): `ID="centos"`.
fn value<'a>(os_release: &'a str, key: &str) -> Option<&'a str> {
    let of_line = |line: &'a str| line.trim().strip_prefix(key)?.strip_prefix('=');
    let value = os_release.lines().filter_map(of_line).next_back()?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// The release in `CentOS Linux release 7.9.2009 (Core)`.
fn number(text: &str) -> Option<Release> {
    let (_, after) = text.split_once("release")?;
    after.split_whitespace().next()?.parse().ok()
}

/// The distribution a release file names.
fn named(text: &str) -> Option<Distro> {
    const NAMES: [(&str, Distro); 8] = [
        ("CentOS", Distro::CentOs),
        ("Red Hat Enterprise Linux", Distro::Rhel),
        ("Oracle Linux", Distro::Oracle),
        ("Scientific Linux", Distro::Scientific),
        ("CloudLinux", Distro::CloudLinux),
        ("AlmaLinux", Distro::AlmaLinux),
        ("Rocky Linux", Distro::Rocky),
        ("EuroLinux", Distro::EuroLinux),
    ];
    NAMES.into_iter().find_map(|(name, distro)| text.starts_with(name).then_some(distro))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_files_are_read_as_distributions_write_them() {
        let cases = [
            ("CentOS Linux release 7.9.2009 (Core)\n", "centos", "7.9"),
            ("Red Hat Enterprise Linux Server release 7.3 (Maipo)", "rhel", "7.3"),
            ("Oracle Linux Server release 7.9", "ol", "7.9"),
            ("Scientific Linux release 7.9 (Nitrogen)", "scientific", "7.9"),
            ("CloudLinux release 7.9 (Boris Yegorov)", "cloudlinux", "7.9"),
        ];
        for (text, distro, release) in cases {
            assert_eq!(named(text).unwrap().id(), distro);
            assert_eq!(number(text).unwrap().to_string(), release);
        }
        assert_eq!(named("Slackware 14"), None);
        assert_eq!(number("CentOS Linux release Stream"), None);
        assert_eq!(value("NAME=\"x\"\nID=\"ol\"\nVERSION_ID='7.9'\n", "VERSION_ID"), Some("7.9"));
    }
}
