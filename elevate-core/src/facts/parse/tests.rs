use proptest::prelude::*;

use super::*;

/// Every parser of text, by name.
fn all(text: &str) {
    shell_vars::parse(text);
    cmdline::CommandLine::parse(text);
    modules::parse(text);
    cpu::parse_cpuinfo(text);
    cpu::parse_lscpu(text);
    cpu::parse_meminfo(text);
    dmidecode::parse(text);
    bls::parse(text);
    grub_cfg::parse(text);
    grubenv::GrubEnv::parse(text.as_bytes());
    legacy_grub::parse(text);
    zipl::parse(text);
    ls::parse(text);
    fstab::parse(text);
    mounts::parse_mountinfo(text);
    mounts::parse_mounts(text);
    mounts::parse_mount_output(text);
    mounts::parse_swaps(text);
    df::parse(text);
    xfs::ftype_of_info(text);
    mdadm::parse_mdstat(text);
    mdadm::parse_conf(text);
    crypttab::parse(text);
    lvm::parse(text);
    lvm::from_mapper_name(text);
    multipath::parse(text);
    lsblk::parse(text);
    keyfile::parse(text);
    lspci::parse_blocks(text);
    lspci::parse_lines(text);
    net_text::parse_ip(text);
    net_text::parse_ethtool(text);
    net_text::mentions_of_interface(text, "a");
    udev_rules::parse(text);
}

#[test]
fn octal_escapes_are_undone_and_others_left() {
    for (text, expected) in [
        ("a\\040b", "a b"),
        ("\\134040", "\\040"),
        ("\\303\\244", "ä"),
        ("\\8", "\\8"),
        ("\\04", "\\04"),
        ("\\777", "\\777"),
        ("\\", "\\"),
        ("ä\\011", "ä\t"),
    ] {
        assert_eq!(unescape_octal(text), expected, "{text:?}");
    }
}

#[test]
fn notes_are_bounded_and_say_so() {
    let (found, notes) = modules::parse(&"x\n".repeat(5000));
    assert!(found.is_empty());
    assert_eq!(notes.len(), MOST_ODD);
    assert_eq!(notes[MOST_ODD - 1].why, "and lines after this one are odd too");
    let (found, notes) = modules::parse(&"x 1 0\n".repeat(MOST_ENTRIES + 2));
    assert_eq!((found.len(), notes.len()), (MOST_ENTRIES, 2));
}

#[test]
fn names_that_every_entry_repeats_are_bounded() {
    let long = "x".repeat(10_000);
    let (keys, notes) = keyfile::parse(&format!("[{long}]\na=b\n[c]\nd=e\n"));
    assert_eq!((keys.len(), notes.len()), (1, 2));
    let (rows, notes) = lsblk::parse(&format!("{long} 8:0 0 1G 0 disk\nsda 8:0 0 1G 0 disk\n"));
    assert_eq!((rows.len(), notes.len()), (1, 1));
    let (listed, notes) = ls::parse(&format!("/{long}:\n-rw-r--r-- 1 0 0 5 Oct 19 2016 x\n"));
    assert_eq!((listed[0].directory.as_deref(), notes.len()), (None, 1));
    let (cfg, _) = grub_cfg::parse(&format!("submenu {long} {{\nmenuentry x {{\n}}\n}}\n"));
    assert_eq!(cfg.entries[0].submenus[0].len(), LONGEST_NAME);
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>()) {
        all(&text);
    }

    #[test]
    fn no_text_of_marks_makes_a_parser_panic(text in "([a-c0-9ä]|[ \t\n\\\\\"'#={}()\\[\\]:;,$/<>!*+|`@.-]| on | type |menuentry |defaults|\u{0}){0,80}") {
        all(&text);
    }

    #[test]
    fn no_bytes_make_a_reader_of_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..1100)) {
        grubenv::GrubEnv::parse(&bytes);
        boot_sector::BootSector::parse(&bytes);
        xfs::XfsSuperblock::parse(&bytes);
    }
}
