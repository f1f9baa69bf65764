use super::*;
use crate::facts::parse::boot_sector::Loader;
use crate::facts::parse::grubenv::Fault;
use crate::facts::testing::evidence;
use crate::snapshot::Content;

fn ask<T>(text: &str, question: impl Fn(Boot<'_>) -> T) -> T {
    question(Boot::new(&evidence(text)))
}

#[test]
fn firmware_is_told_by_directories_of_a_kernel_that_runs() {
    for (host, expected) in [
        ("//- dir /sys/firmware: efi/ dmi/\n", Some(Firmware::Efi)),
        ("//- dir /sys/firmware: opal/\n", Some(Firmware::Opal)),
        ("//- dir /sys/firmware: dmi/\n", Some(Firmware::Bios)),
        ("//- absent /sys/firmware/efi\n//- /proc/cmdline\nro\n", Some(Firmware::Bios)),
        ("//- absent /sys/firmware/efi\n", None),
        ("//- unreadable /sys/firmware: EIO\n", None),
        (
            "//- command ls -lanR /sys/firmware\n/sys/firmware:\ndrwxr-xr-x. 6 0 0 0 May 30 11:50 efi\n",
            Some(Firmware::Efi),
        ),
        (
            "//- command ls -lanR /sys/firmware\n/sys/firmware:\ndrwxr-xr-x. 6 0 0 0 May 30 11:50 acpi\n",
            Some(Firmware::Bios),
        ),
        ("//- command ls -lanR /sys/firmware\ntotal 0\n", None),
        ("", None),
    ] {
        assert_eq!(ask(host, |b| b.firmware()).ok(), expected, "{host:?}");
    }
}

#[test]
fn defaults_of_grub_are_read_with_what_leapp_looks_at() {
    let host = "//- /etc/default/grub\nGRUB_CMDLINE_LINUX=\"a b\" junk\nGRUB_DEFAULT=saved\n";
    let grub = ask(host, |b| b.default_grub()).unwrap().unwrap();
    assert_eq!((grub.odd[0].line, grub.value.len()), (1, 2));
    assert_eq!(ask(host, |b| b.default_grub_ends_in_newline()), Ok(Some(true)));
    let mut host = evidence("");
    host.files.insert("/etc/default/grub".to_owned(), Content::from("A=b"));
    assert_eq!(Boot::new(&host).default_grub_ends_in_newline(), Ok(Some(false)));
    assert_eq!(ask("//- absent /etc/default/grub\n", |b| b.default_grub()), Ok(None));
    assert_eq!(ask("//- absent /etc/default\n", |b| b.default_grub_ends_in_newline()), Ok(None));
    for host in ["", "//- unreadable /etc/default/grub: EACCES\n"] {
        assert!(ask(host, |b| b.default_grub()).is_err());
        assert!(ask(host, |b| b.default_grub_ends_in_newline()).is_err());
    }
}

#[test]
fn environments_are_of_bios_and_of_every_vendor_of_efi() {
    let host = "//- dir /boot/efi/EFI: BOOT/ centos/\n//- /boot/efi/EFI/centos/grubenv\nshort\n\
                //- absent /boot/efi/EFI/BOOT/grubenv\n//- /boot/grub2/grubenv\nshort\n\
                //- link /boot/grub2/grubenv -> ../efi/EFI/centos/grubenv\n";
    let found = ask(host, |b| b.environments()).unwrap().files;
    assert_eq!(found[0].link.as_deref(), Some("../efi/EFI/centos/grubenv"));
    assert_eq!(found[1].path, "/boot/efi/EFI/centos/grubenv");
    assert!(found[1].link.is_none() && found[1].env.faults.contains(&Fault::LineEnd));
    let none = "//- absent /boot/efi\n//- absent /boot/grub2\n";
    assert_eq!(ask(none, |b| b.environments()), Ok(Environments::default()));
    assert_eq!(ask(none, |b| b.grub_cfgs()), Ok(Found::default()));
    let archive = "//- /boot/grub2/grub.cfg\nblscfg\n//- /boot/efi/EFI/centos/grub.cfg\n\n";
    let found = ask(archive, |b| b.grub_cfgs()).unwrap();
    assert_eq!(
        (found.items.len(), found.missing),
        (2, vec![Unknown::not_captured("/boot/efi/EFI")])
    );
    for host in ["", "//- absent /boot/efi\n//- unreadable /boot/grub2: EACCES\n"] {
        assert!(ask(host, |b| b.environments()).is_err());
        assert!(ask(host, |b| b.grub_cfgs()).is_err());
    }
}

/// A host with BIOS whose `grub.cfg` and environment are these.
fn menu(cfg: &str, env: &str) -> String {
    format!(
        "//- dir /sys/firmware: dmi/\n//- absent /etc/zipl.conf\n//- /boot/grub2/grub.cfg\n{cfg}{env}"
    )
}

const CFG: &str = "if [ \"${next_entry}\" ] ; then\nset default=\"${next_entry}\"\nelse\nset default=\"${saved_entry}\"\nfi\n\
                   menuentry 'A' { \nlinux16 /vmlinuz-1 ro\n}\nmenuentry 'B' {\nlinux16 /vmlinuz-2 ro\n}\n";

#[test]
fn the_default_is_worked_out_as_grub_does() {
    let env = |lines: &str| format!("//- /boot/grub2/grubenv\n# GRUB Environment Block\n{lines}");
    let fixed = "set default=\"1\"\nmenuentry 'A' {\n}\nmenuentry 'B' {\n}\n";
    for (cfg, env, title, chosen_by) in [
        (CFG, env("saved_entry=B\n"), "B", ChosenBy::SavedEntry("B".into())),
        (CFG, env("saved_entry=1\n"), "B", ChosenBy::SavedEntry("1".into())),
        (CFG, env("saved_entry=B\nnext_entry=A\n"), "A", ChosenBy::NextEntry("A".into())),
        (CFG, env("saved_entry=gone\n"), "A", ChosenBy::First(Some("gone".into()))),
        (CFG, env(""), "A", ChosenBy::First(None)),
        (CFG, "//- absent /boot/grub2/grubenv\n".to_owned(), "A", ChosenBy::First(None)),
        (fixed, String::new(), "B", ChosenBy::Fixed("1".into())),
    ] {
        let entry = ask(&menu(cfg, &env), |b| b.default_entry()).unwrap().unwrap();
        assert_eq!((entry.title.as_str(), entry.chosen_by.clone()), (title, chosen_by), "{env:?}");
    }
    assert!(ask(&menu(CFG, ""), |b| b.default_entry()).is_err(), "the environment is unknown");
    assert_eq!(ask(&menu("set default=0\n", ""), |b| b.default_entry()), Ok(None));
    let entry = ask(&menu(CFG, &env("saved_entry=B\n")), |b| b.default_entry()).unwrap().unwrap();
    assert_eq!(entry.release(), Some("2"));
}

#[test]
fn the_default_may_be_an_entry_file_the_newest_first() {
    let entries = "//- dir /boot/loader/entries: a-1.conf a-10.conf x\n//- /boot/loader/entries/a-1.conf\ntitle One\nversion 4.18.0-9.el8\nlinux /vmlinuz-9\n\
                   //- /boot/loader/entries/a-10.conf\ntitle Ten\nversion 4.18.0-80.el8\n";
    let bls = |env: &str| {
        menu("insmod blscfg\nblscfg\n", &format!("//- /boot/grub2/grubenv\n{env}{entries}"))
    };
    let title = |host: String| ask(&host, |b| b.default_entry()).unwrap().unwrap().title;
    assert_eq!(title(bls("x=y\n")), "Ten");
    assert_eq!(title(bls("saved_entry=a-1\n")), "One");
    assert_eq!(title(bls("saved_entry=1\n")), "One");
    let missing = bls("x=y\n").replace("//- /boot/loader/entries/a-1.conf\n", "//- /etc/other\n");
    assert!(ask(&missing, |b| b.default_entry()).is_err());
}

#[test]
fn with_efi_the_menu_is_the_one_of_its_vendor() {
    let host = "//- dir /sys/firmware: efi/\n//- dir /boot/efi/EFI: centos/ redhat/\n//- absent /boot/grub2\n\
                //- /boot/efi/EFI/centos/grub.cfg\nset default=0\nmenuentry 'C' {\n}\n\
                //- /boot/efi/EFI/redhat/grub.cfg\nset default=0\nmenuentry 'R' {\n}\n";
    assert!(ask(host, |b| b.default_entry()).is_err());
    let linked = format!("{host}//- link /etc/grub2-efi.cfg -> ../boot/efi/EFI/redhat/grub.cfg\n");
    assert_eq!(ask(&linked, |b| b.default_entry()).unwrap().unwrap().title, "R");
}

#[test]
fn on_s390x_the_default_is_a_section_of_zipl() {
    let host = "//- /etc/zipl.conf\n[defaultboot]\ndefault=linux\n[linux]\nimage=/boot/vmlinuz-3\n";
    let entry = ask(host, |b| b.default_entry()).unwrap().unwrap();
    assert_eq!(entry.kernel.as_deref(), Some("/boot/vmlinuz-3"));
    let menu = "//- /etc/zipl.conf\n[defaultboot]\ndefaultmenu=menu1\n:menu1\n1=linux\n";
    assert!(ask(menu, |b| b.default_entry()).is_err());
    assert!(ask("", |b| b.zipl()).is_err());
    assert!(ask("//- unreadable /etc/zipl.conf: EIO\n", |b| b.zipl()).is_err());
    assert_eq!(ask("//- absent /etc/zipl.conf\n", |b| b.zipl()), Ok(None));
}

#[test]
fn what_is_in_boot_is_told_by_its_name() {
    let host = "//- dir /boot: vmlinuz-3.10.0-1 initramfs-3.10.0-1.img initramfs-3.10.0-1kdump.img .vmlinuz-upgrade.x86_64.hmac vmlinuz-upgrade.x86_64 grub2/\n\
                //- entry /boot/vmlinuz-upgrade.x86_64 9\n";
    let files = ask(host, |b| b.files()).unwrap();
    let find = |name: &str| files.iter().find(|f| f.name == name).unwrap();
    assert_eq!(find("vmlinuz-3.10.0-1").kind, BootFileKind::Kernel("3.10.0-1".into()));
    assert_eq!(
        find("initramfs-3.10.0-1kdump.img").kind,
        BootFileKind::Initramfs("3.10.0-1".into())
    );
    assert_eq!(find(".vmlinuz-upgrade.x86_64.hmac").kind, BootFileKind::UpgradeLeftover);
    assert_eq!(find("vmlinuz-upgrade.x86_64").size, Some(9));
    assert_eq!((find("grub2").kind.clone(), find("grub2").size), (BootFileKind::Other, None));
    let ls = "//- command ls -lanR /boot\n/boot:\n-rw-r--r--. 1 0 0 5 Oct 19  2016 vmlinuz-1\n\n/boot/grub2:\n-rw-r--r--. 1 0 0 5 Oct 19  2016 x\n";
    assert_eq!(ask(ls, |b| b.files()).unwrap().len(), 1);
    assert!(ask("", |b| b.files()).is_err());
    assert!(ask("//- unreadable /boot: EACCES\n", |b| b.files()).is_err());
}

#[test]
fn disks_of_boot_have_their_first_sectors() {
    let host = "//- /proc/mounts\n/dev/sda1 /boot xfs rw 0 0\n//- dir /sys/class/block: sda@ sda1@\n\
                //- link /sys/class/block/sda1 -> ../../devices/x/block/sda/sda1\n//- /sys/class/block/sda/queue/logical_block_size\n4096\n";
    let mut host = evidence(host);
    let disks = Boot::new(&host).disks().unwrap();
    assert_eq!((disks[0].device.as_str(), disks[0].sector_size), ("/dev/sda", 4096));
    assert_eq!(disks[0].sector, Err(Unknown::not_captured("/dev/sda")));
    let mut sector = vec![0; 512];
    sector[100..104].copy_from_slice(b"GRUB");
    host.sectors.insert("/dev/sda".to_owned(), Content::new(sector));
    let disks = Boot::new(&host).disks().unwrap();
    assert_eq!(disks[0].sector.as_ref().unwrap().loader, Loader::SomeGrub);
    host.sectors.insert("/dev/sda".to_owned(), Content::new("short"));
    assert!(Boot::new(&host).disks().unwrap()[0].sector.is_err());
    assert!(ask("", |b| b.disks()).is_err());
}

#[test]
fn small_files_are_read_absent_or_unknown() {
    let host = "//- /etc/machine-id\n0123456789ABCDEF0123456789abcdef\n//- /etc/sysconfig/kernel\nDEFAULTKERNEL=kernel\n\
                //- entry /usr/sbin/efibootmgr 5\n//- link /boot/grub -> grub2\n//- /boot/grub/grub.conf\ndefault=0\n";
    assert_eq!(ask(host, |b| b.machine_id()).unwrap().unwrap(), "0123456789abcdef0123456789abcdef");
    assert_eq!(ask(host, |b| b.sysconfig_kernel()).unwrap().unwrap().value[0].value, "kernel");
    assert_eq!(ask(host, |b| b.has_efibootmgr()), Ok(true));
    assert_eq!(ask(host, |b| b.grub_link()).unwrap().as_deref(), Some("grub2"));
    assert_eq!(
        ask(host, |b| b.legacy_menu()).unwrap().unwrap().value.default.as_deref(),
        Some("0")
    );
    let none = "//- dir /etc: x\n//- dir /boot: x\n//- dir /usr/sbin: x\n";
    assert_eq!(ask(none, |b| b.machine_id()), Ok(None));
    assert_eq!(ask(none, |b| b.sysconfig_kernel()), Ok(None));
    assert_eq!(ask(none, |b| b.has_efibootmgr()), Ok(false));
    assert_eq!(ask(none, |b| b.grub_link()), Ok(None));
    assert_eq!(ask(none, |b| b.legacy_menu()), Ok(None));
    assert!(ask("//- /etc/machine-id\nuninitialized\n", |b| b.machine_id()).is_err());
    for host in
        ["", "//- unreadable /etc: EIO\n//- unreadable /boot: EIO\n//- unreadable /usr: EIO\n"]
    {
        assert!(ask(host, |b| b.machine_id()).is_err());
        assert!(ask(host, |b| b.sysconfig_kernel()).is_err());
        assert!(ask(host, |b| b.has_efibootmgr()).is_err());
        assert!(ask(host, |b| b.grub_link()).is_err());
        assert!(ask(host, |b| b.legacy_menu()).is_err());
        assert!(ask(host, |b| b.entries()).is_err());
    }
}

#[test]
fn where_the_firmware_is_not_known_the_only_menu_there_is_counts() {
    let menu = "//- /boot/grub2/grub.cfg\nmenuentry 'one' {\n linux /vmlinuz-1.el8.x86_64 ro\n}\n";
    let release = |host: &str| {
        let entry = ask(host, |b| b.default_entry());
        entry.map(|entry| entry.and_then(|entry| entry.release().map(str::to_owned)))
    };
    let only = format!("//- absent /boot/efi\n{menu}");
    assert_eq!(release(&only), Ok(Some("1.el8.x86_64".to_owned())));
    // There may be another.
    assert!(release(menu).is_err());
    let two = format!("//- dir /boot/efi/EFI: x/\n//- /boot/efi/EFI/x/grub.cfg\n{menu}");
    assert!(release(&two).is_err());
}
