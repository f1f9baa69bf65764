use tar::{Builder, Header};

use super::super::testing::TempDir;
use super::*;

const UNAME: &str = "Linux web.example.com 3.10.0-1160.el7.x86_64 #1 SMP Tue Aug 18 14:50:17 \
                     EDT 2020 x86_64 x86_64 x86_64 GNU/Linux\n";

/// What sosreport leaves, in short.
fn report(top: &str) -> Vec<(String, String)> {
    let files = [
        ("etc/fstab", "/dev/sda1 / xfs defaults 0 0\n"),
        ("sos_commands/kernel/uname_-a", UNAME),
        ("sos_commands/kernel/lsmod.1", "Module Size\n"),
        ("sos_commands/filesys/df_-al", "/bin/sh: df: command not found\n"),
        ("sos_commands/block/lsblk_-f", "command 'lsblk -f' timed out after 300s\n"),
        ("sos_commands/block/ls/ls_-lanR_.dev", "total 0\n"),
        ("var/log/messages", "a log\n"),
        ("installed-rpms", "bash-4.2.46-34.el7.x86_64\n"),
        ("date", "Tue Aug 18\n"),
    ];
    files.map(|(name, text)| (format!("{top}{name}"), text.to_owned())).to_vec()
}

fn builder(files: &[(String, String)]) -> Builder<Vec<u8>> {
    let mut tar = Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = Header::new_gnu();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    tar
}

fn archive(files: &[(String, String)]) -> Vec<u8> {
    builder(files).into_inner().unwrap()
}

fn packed(files: &[(String, String)]) -> Result<Sos, OpenError> {
    Sos::from_reader(&*archive(files), &ArchiveLimits::default(), &is_evidence)
}

fn why(names: &[&str]) -> String {
    let files: Vec<_> = names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
    packed(&files).err().unwrap().to_string()
}

fn text(bytes: Result<Vec<u8>, Denied>) -> Result<String, Denied> {
    bytes.map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn a_report_is_the_same_packed_and_unpacked() {
    let files = report("sosreport-web-2020/");
    let directory = TempDir::new("sos");
    for (name, text) in &files {
        directory.write(name, text.as_bytes());
    }
    let tar = directory.write("report.tar", &archive(&files));
    let inside = directory.path().join("sosreport-web-2020");
    let sources = [
        packed(&files).unwrap(),
        Sos::from_archive(&tar).unwrap(),
        Sos::from_directory(directory.path()).unwrap(),
        Sos::from_directory(&inside).unwrap(),
    ];
    for sos in &sources {
        assert_eq!(sos.door(), Door::Sosreport);
        assert_eq!(sos.read("/etc/fstab", 99).unwrap().len(), 29);
        assert_eq!(sos.read("/etc/nothing", 99), Err(Denied::NotHeld));
        assert_eq!(sos.node("/etc/nothing"), Err(Denied::NotHeld));
        assert_eq!(sos.list("/nothing", 99), Err(Denied::NotHeld));
        assert_eq!(sos.space("/"), Err(Denied::NotHeld));
        let uname = sos.uname().unwrap();
        assert_eq!((uname.machine.as_str(), uname.node.as_str()), ("x86_64", "web.example.com"));
        assert_eq!(uname.release, "3.10.0-1160.el7.x86_64");
        assert_eq!(sos.commands().len(), 5);
        assert_eq!(sos.problems(), Vec::<String>::new());
    }
    let log = Denied::Unreadable("was left in the archive".to_owned());
    assert_eq!(sources[0].read("/var/log/messages", 99), Err(log));
    assert_eq!(text(sources[2].read("/var/log/messages", 99)), Ok("a log\n".to_owned()));
}

#[test]
fn output_is_found_by_the_command_line() {
    let sos = packed(&report("")).unwrap();
    let command = |line| text(sos.command(line, 1000));
    assert_eq!(command("/bin/uname -a").as_deref(), Ok(UNAME));
    assert_eq!(command("ls -lanR /dev").as_deref(), Ok("total 0\n"));
    // Only one with a number is there.
    assert_eq!(command("lsmod").as_deref(), Ok("Module Size\n"));
    // Not there as a command, but at the top.
    assert_eq!(command("date").as_deref(), Ok("Tue Aug 18\n"));
    assert_eq!(command("rpm -qa").as_deref(), Ok("bash-4.2.46-34.el7.x86_64\n"));
    assert_eq!(command("df -al"), Err(Denied::NotHeld));
    assert_eq!(command("id"), Err(Denied::NotHeld));
    assert_eq!(command("/bin/"), Err(Denied::NotHeld));
    let timed_out = "the collector has no output: command 'lsblk -f' timed out after 300s";
    assert_eq!(command("lsblk -f"), Err(Denied::Unreadable(timed_out.to_owned())));
    assert_eq!(sos.command("uname -a", 9).unwrap_err().to_string(), "is larger than 9 bytes");
}

#[test]
fn output_that_is_none_is_told_from_output_that_complains() {
    for none in [
        "Command not found",
        "bash: lvs: command not found\n",
        "/bin/sh: lvs: not found",
        "timeout: failed to run command `/sbin/lvs': No such file or directory\n",
    ] {
        assert_eq!(excuse(none.as_bytes()), Some(Denied::NotHeld), "{none}");
    }
    for unreadable in ["[skipped: no LVM]", "Command 'lvs' timed out", "timeout: sending signal"] {
        let denied = excuse(unreadable.as_bytes());
        assert!(matches!(denied, Some(Denied::Unreadable(_))), "{unreadable}");
    }
    for output in [
        "",
        "/bin/ls: cannot access /var/lib/docker: No such file or directory\n",
        "Unit cinder.service could not be found.\n",
        "1: command not found\n2: fine\n",
        "\u{fffd}",
    ] {
        assert_eq!(excuse(output.as_bytes()), None, "{output}");
    }
    assert_eq!(excuse(b"\xff: command not found"), None);
}

#[test]
fn insights_has_its_tree_at_the_top_or_below_data() {
    for top in ["", "insights-web-2020/", "insights-web-2020/data/", "data/"] {
        let files = [("insights_commands/uname_-a", UNAME), ("etc/hostname", "web\n")];
        let files = files.map(|(name, text)| (format!("{top}{name}"), text.to_owned()));
        let sos = packed(&files).unwrap();
        assert_eq!(sos.door(), Door::Insights, "{top}");
        assert_eq!(text(sos.read("/etc/hostname", 9)), Ok("web\n".to_owned()), "{top}");
        assert_eq!(sos.commands(), ["uname_-a"], "{top}");
    }
}

#[test]
fn links_of_a_report_stay_in_its_host() {
    let mut tar = builder(&report("sosreport/"));
    for (name, target) in [
        ("sosreport/uname", "sos_commands/kernel/uname_-a"),
        ("sosreport/up", "../../other/etc/fstab"),
        ("sosreport/table", "/etc/fstab"),
    ] {
        let mut header = Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        tar.append_link(&mut header, name, target).unwrap();
    }
    let mut header = Header::new_gnu();
    header.set_size(1);
    tar.append_data(&mut header, "other/etc/fstab", &b"x"[..]).unwrap();
    let tar = tar.into_inner().unwrap();
    let sos = Sos::from_reader(&*tar, &ArchiveLimits::default(), &|_| true).unwrap();
    assert_eq!(text(sos.read("/uname", 999)).as_deref(), Ok(UNAME));
    assert_eq!(sos.read("/table", 99).unwrap().len(), 29);
    assert_eq!(sos.read("/up", 99), Err(Denied::NotHeld));
    assert_eq!(sos.read("/../other/etc/fstab", 99), Err(Denied::NotHeld));
}

#[test]
fn what_no_collector_made_is_told_by_what_it_looks_like() {
    let neither = "has neither sos_commands nor insights_commands, ";
    let a_root = format!(
        "{neither}but looks like the root file system of a host; a directory with one belongs to --root"
    );
    assert_eq!(why(&["etc/fstab", "usr/bin/bash"]), a_root);
    assert_eq!(why(&["rootfs/etc/fstab", "rootfs/var/lib/rpm/Packages"]), a_root);
    assert_eq!(why(&[]), format!("{neither}so it is of neither collector; it is empty"));
    let other = format!("{neither}so it is of neither collector; it holds a, b");
    assert_eq!(why(&["a/c", "b"]), other);
    assert_eq!(
        why(&["sos_commands"]),
        format!("{neither}so it is of neither collector; it holds sos_commands")
    );
    assert_eq!(
        why(&["one/sos_commands/x", "two/insights_commands/y"]),
        "holds more than one host: one, two; give one of them"
    );
    assert_eq!(
        why(&["collect/sosreport-a.tar.xz", "collect/sosreport-a.tar.xz.sha256", "collect/logs/x"]),
        "holds other archives: sosreport-a.tar.xz, sosreport-a.tar.xz.sha256; unpack it and give one of them"
    );
}

#[test]
fn a_kernel_is_known_only_from_a_line_that_says_all_of_it() {
    let host = |line: &str| uname(line).map(|uname| uname.machine);
    let old = "Linux a 3.10.0 #1 SMP Tue Aug 18 2020 i686 i686 i386 GNU/Linux";
    assert_eq!(host(old).as_deref(), Some("i686"));
    for odd in [
        "",
        "Linux",
        "Linux a 3.10.0",
        "Linux a 3.10.0 #1 2020",
        "Darwin a 1 #1 2020 arm64",
        "Linux a 1 2020 ../x",
    ] {
        assert_eq!(host(odd), None, "{odd}");
    }
}

/// What fuzzing begins with: a report that is captured whole.
fn seed() -> Vec<u8> {
    let mut files = report("sosreport-web-2020/");
    let release = "CentOS Linux release 7.9.2009 (Core)\n";
    let list = "bash-4.2.46-34.el7.x86_64\ncentos-release-7-9.2009.1.el7.centos.x86_64\n";
    for (name, text) in [
        ("etc/centos-release", release),
        ("etc/ssh/sshd_config", "Include extra.conf\nPermitRootLogin yes\n"),
        ("etc/yum.repos.d/a.repo", "[a]\nname=a\nbaseurl=https://user:secret@example.com/\n"),
        ("sos_commands/rpm/sh_-c_rpm_--nodigest_-qa", list),
    ] {
        files.push((format!("sosreport-web-2020/{name}"), text.to_owned()));
    }
    let mut tar = builder(&files);
    let mut link = Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    let to = "../../etc/centos-release";
    tar.append_link(&mut link, "sosreport-web-2020/etc/redhat-release", to).unwrap();
    tar.into_inner().unwrap()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "compares a file with what makes it; UPDATE_SEEDS=1")]
fn the_seed_kept_for_fuzzing_is_what_the_builder_makes() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds/sos/report.tar");
    if std::env::var("UPDATE_SEEDS").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, seed()).unwrap();
    }
    let stale = "fuzz/seeds/sos/report.tar is stale: cargo xtask fuzz-seeds";
    assert!(std::fs::read(&place).unwrap_or_default() == seed(), "{stale}");
}
