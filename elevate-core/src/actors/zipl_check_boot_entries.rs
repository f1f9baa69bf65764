//! The boot menu of s390x, which becomes one file an entry.

use std::collections::BTreeMap;

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::parse::zipl::ZiplSection;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "zipl_check_boot_entries",
    summary: "entries of /etc/zipl.conf that become one",
    about: "Release 8 has a file in /boot/loader/entries for each entry of the boot menu, named \
            after its kernel. zipl-switch-to-blscfg makes them of /etc/zipl.conf; two rescue \
            entries, or two entries for one kernel, would get the same name. Keep one of them.",
    covers: &["source_boot_loader_scanner", "zipl_convert_to_blscfg"],
    applies: Applies::SEVEN_TO_EIGHT.on(&["s390x"]),
    needs: &["boot"],
    kinds: &[RESCUE, KERNEL],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NAME: &str = "zipl_check_boot_entries";
const FILE: &str = "/etc/zipl.conf";

const RESCUE: Kind = Kind::new(
    "boot.zipl-several-rescue",
    NAME,
    Severity::High,
    "/etc/zipl.conf has several rescue entries",
)
.inhibiting()
.groups(&["boot"]);

const KERNEL: Kind = Kind::new(
    "boot.zipl-same-kernel",
    NAME,
    Severity::High,
    "/etc/zipl.conf has several entries for one kernel",
)
.inhibiting()
.groups(&["boot"]);

/// An entry of the menu with the path of its kernel.
type Entry<'a> = (&'a ZiplSection, &'a str);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let Some(menu) = host.facts().boot().zipl()? else { return Ok(()) };
    // An address may stand behind the path.
    let path = |image: &str| image.split_once(',').map_or(image.len(), |(path, _)| path.len());
    let entry = |section| {
        let image = ZiplSection::get(section, "image")?;
        Some((section, image.get(..path(image))?.trim()))
    };
    let entries: Vec<Entry<'_>> = menu.value.iter().filter_map(entry).collect();
    if entries.is_empty() {
        return Ok(());
    }
    let is_rescue = |(_, image): &Entry<'_>| image.to_lowercase().contains("rescue");
    let (rescue, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_rescue);
    if rescue.len() > 1 {
        let summary = format!("Of the rescue entries {} one may stay.", titles(&rescue));
        let hint = "Keep the rescue entry you need and remove the others from /etc/zipl.conf.";
        outcome.report(seen(RESCUE.finding(summary).hint(hint), &rescue));
    }
    let mut by_version: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for entry in others {
        by_version.entry(version(entry.1)).or_default().push(entry);
    }
    by_version.retain(|_, entries| entries.len() > 1);
    if !by_version.is_empty() {
        let told = by_version.iter().map(|(version, e)| format!("{version}: {}", titles(e)));
        let told = told.collect::<Vec<_>>().join("; ");
        let finding = KERNEL
            .finding(format!("Of the entries for one kernel one may stay. {told}."))
            .hint("Keep one entry for each kernel and remove the others from /etc/zipl.conf.");
        outcome.report(by_version.values().fold(finding, |finding, e| seen(finding, e)));
    }
    let what = "zipl-switch-to-blscfg of release 8 makes a file in /boot/loader/entries of each \
                entry of /etc/zipl.conf, named after /etc/machine-id and the kernel, and takes \
                the entries out of /etc/zipl.conf";
    let why = "the boot menu of release 8 is a directory of entries";
    outcome.step(Step::new(When::Before, why, Change::other(what)));
    Ok(())
}

/// What the file of an entry is named after.
fn version(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or(image);
    if let Some((_, version)) = image.rsplit_once("/vmlinuz-") {
        return version;
    }
    if image.contains("vmlinuz-") { image } else { name }
}

fn titles(entries: &[Entry<'_>]) -> String {
    entries.iter().map(|(section, _)| section.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn seen(finding: Finding, entries: &[Entry<'_>]) -> Finding {
    entries.iter().fold(finding, |finding, (section, image)| {
        finding.seen(FILE, section.line, &format!("[{}] {image}", section.name))
    })
}

#[cfg(test)]
mod tests {
    use super::{ACTOR, version};
    use crate::actor::testing::told;

    fn menu(entries: &[(&str, &str)]) -> String {
        let entry = |(title, image): &(&str, &str)| format!("[{title}]\nimage={image}\n");
        let entries: String = entries.iter().map(entry).collect();
        told(
            ACTOR,
            &format!(
                "//- host centos:7.9 s390x\n//- /etc/zipl.conf\n[defaultboot]\ndefault=linux\n{entries}"
            ),
        )
    }

    #[test]
    fn several_rescue_entries_forbid_the_upgrade() {
        insta::assert_snapshot!(menu(&[
            ("linux", "/boot/vmlinuz-3.10.0-1160.el7.s390x"),
            ("rescue-1", "/boot/vmlinuz-0-rescue-c0ffee"),
            ("rescue-2", "/boot/vmlinuz-0-Rescue-c0ffee"),
        ]), @"
        high inhibitor boot.zipl-several-rescue [boot]
          /etc/zipl.conf has several rescue entries: Of the rescue entries rescue-1, rescue-2 one may stay.
          seen: /etc/zipl.conf:5: [rescue-1] /boot/vmlinuz-0-rescue-c0ffee
          seen: /etc/zipl.conf:7: [rescue-2] /boot/vmlinuz-0-Rescue-c0ffee
          hint: Keep the rescue entry you need and remove the others from /etc/zipl.conf.
        before: the boot menu of release 8 is a directory of entries
          zipl-switch-to-blscfg of release 8 makes a file in /boot/loader/entries of each entry of /etc/zipl.conf, named after /etc/machine-id and the kernel, and takes the entries out of /etc/zipl.conf
        ");
    }

    #[test]
    fn several_entries_for_one_kernel_forbid_it_too() {
        insta::assert_snapshot!(menu(&[
            ("a", "/boot/vmlinuz-4.1"),
            ("b", "/boot/4.1,0x10000"),
            ("c", "/boot/vmlinuz-4.2"),
        ]), @"
        high inhibitor boot.zipl-same-kernel [boot]
          /etc/zipl.conf has several entries for one kernel: Of the entries for one kernel one may stay. 4.1: a, b.
          seen: /etc/zipl.conf:3: [a] /boot/vmlinuz-4.1
          seen: /etc/zipl.conf:5: [b] /boot/4.1
          hint: Keep one entry for each kernel and remove the others from /etc/zipl.conf.
        before: the boot menu of release 8 is a directory of entries
          zipl-switch-to-blscfg of release 8 makes a file in /boot/loader/entries of each entry of /etc/zipl.conf, named after /etc/machine-id and the kernel, and takes the entries out of /etc/zipl.conf
        ");
    }

    #[test]
    fn one_entry_a_kernel_is_converted() {
        insta::assert_snapshot!(menu(&[
            ("linux", "/boot/vmlinuz-4.1"),
            ("old", "/boot/patched-4.1"),
            ("rescue", "/boot/vmlinuz-0-rescue-c0ffee"),
        ]), @"
        before: the boot menu of release 8 is a directory of entries
          zipl-switch-to-blscfg of release 8 makes a file in /boot/loader/entries of each entry of /etc/zipl.conf, named after /etc/machine-id and the kernel, and takes the entries out of /etc/zipl.conf
        ");
    }

    #[test]
    fn a_kernel_is_named_by_what_follows_its_name() {
        for (image, name) in [
            ("/boot/vmlinuz-4.1", "4.1"),
            ("/boot/4.1", "4.1"),
            ("/boot/patched-4.1", "patched-4.1"),
            ("patched-4.1", "patched-4.1"),
            ("vmlinuz-4.1", "vmlinuz-4.1"),
            ("/boot/foo-vmlinuz-4.1", "/boot/foo-vmlinuz-4.1"),
        ] {
            assert_eq!(version(image), name, "{image}");
        }
    }

    /// leapp asks grubby on every architecture, and ends with an error where it fails.
    #[test]
    fn other_architectures_and_menus_without_entries_are_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- host centos:7.9 x86_64\n"), "");
        assert_eq!(menu(&[]), "");
        assert_eq!(told(ACTOR, "//- host centos:7.9 s390x\n//- absent /etc/zipl.conf\n"), "");
    }

    #[test]
    fn without_the_menu_it_says_what_it_lacks() {
        let told = told(ACTOR, "//- host centos:7.9 s390x\n");
        assert!(told.contains("about: evidence /etc/zipl.conf"), "{told}");
    }
}
