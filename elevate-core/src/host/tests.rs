//! The same host seen as a directory and as an archive, and what must not lead
//! out of either.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::root::Way;
use super::testing::TempDir;
use super::*;

/// A root with everything that could lead out of it.
fn root(name: &str) -> TempDir {
    let root = TempDir::new(name);
    root.write("etc/passwd", b"inside");
    root.write("etc/empty", b"");
    root.write("usr/lib/os-release", b"ID=centos\n");
    root.write(OsStr::from_bytes(b"etc/odd-\xff"), b"x");
    root.directory("proc/self");
    root.write("dev/sda", b"no device");
    root.pipe("run/pipe");
    for (name, target) in [
        ("lib", "usr/lib"),
        ("etc/os-release", "../usr/lib/os-release"),
        ("absolute", "/etc/passwd"),
        ("absolute-directory", "/etc/"),
        ("up", "../../../../../../../../etc/passwd"),
        ("up-and-back", "etc/../../../lib/../../etc/passwd"),
        ("machine", "/proc/self/root/etc/passwd"),
        ("outside", "/usr/bin/env"),
        ("nowhere", "nothing/here"),
        ("file-as-directory", "etc/passwd/"),
        ("file-and-up", "etc/passwd/../empty"),
        ("loop", "loop"),
        ("ping", "pong"),
        ("pong", "/ping/x"),
        ("to-pipe", "run/pipe"),
    ] {
        root.link(target, name);
    }
    for number in 1..=45 {
        root.link(&format!("{}", number - 1), &format!("chain/{number}"));
    }
    root.write("chain/0", b"end");
    root
}

const PATHS: [&str; 32] = [
    "/",
    "/..",
    "/etc",
    "/etc/",
    "/etc/passwd",
    "/etc/passwd/",
    "/etc/passwd/x",
    "/etc/passwd/..",
    "/etc/passwd/.",
    "/etc/empty",
    "/etc/os-release",
    "//etc/./../etc//passwd",
    "/lib",
    "/lib/",
    "/lib/os-release",
    "/lib/../../etc/passwd",
    "/absolute",
    "/absolute-directory/passwd",
    "/up",
    "/up-and-back",
    "/machine",
    "/outside",
    "/nowhere",
    "/file-as-directory",
    "/file-and-up",
    "/loop",
    "/loop/x",
    "/ping",
    "/to-pipe",
    "/dev/sda",
    "/chain",
    "relative",
];

/// A root, by each way of following paths in it that there is on this machine.
fn both(directory: &Path) -> [Root; 2] {
    [Root::open(directory).unwrap(), Root::open_in(directory, Way::Steps).unwrap()]
}

/// The directory as an archive, made without following any link.
fn packed(root: &Path) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    tar.follow_symlinks(false);
    tar.append_dir_all(".", root).unwrap();
    tar.into_inner().unwrap()
}

/// All a host says of a path. The device a file is on differs, and so does the
/// size of a directory.
fn answers(host: &dyn Host, path: &str) -> String {
    let node = host.node(path).map(|node| {
        let size = if node.kind == NodeKind::Directory { 0 } else { node.size };
        Node { device: 0, size, ..node }
    });
    let open = host.open(path).map(|open| {
        let mut buffer = [0; 4];
        (open.len(), open.is_empty(), open.read_at(1, &mut buffer).unwrap(), buffer)
    });
    format!(
        "{node:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{open:?}\n",
        host.link(path),
        host.list(path, 100),
        host.list(path, 3),
        host.read(path, 100),
        host.read(path, 5),
    )
}

#[test]
fn a_directory_and_an_archive_of_it_say_the_same() {
    let directory = root("same");
    let ([root, stepped], tar) = (both(directory.path()), packed(directory.path()));
    let archive = archive::read_all(&*tar, &ArchiveLimits::default()).unwrap();
    assert_eq!(archive.problems, Vec::<String>::new());
    let chain = (0..=45).map(|number| format!("/chain/{number}"));
    for path in PATHS.map(str::to_owned).into_iter().chain(chain.take(41)) {
        let (one, other) = (answers(&root, &path), answers(&archive.tree, &path));
        assert_eq!(one, other, "{path}");
        assert_eq!(one, answers(&stepped, &path), "{path}");
        assert_eq!(root.read_device(&path, 9), archive.tree.read_device(&path, 9), "{path}");
    }
}

#[test]
fn no_link_leads_out_of_a_root() {
    let directory = root("inside");
    for root in both(directory.path()) {
        for path in
            ["/absolute", "/up", "/up-and-back", "/../etc/passwd", "/absolute-directory/passwd"]
        {
            assert_eq!(root.read(path, 100), Ok(b"inside".to_vec()), "{path}");
        }
        for path in ["/machine", "/outside", "/nowhere", "/file-as-directory", "/file-and-up"] {
            assert_eq!(root.read(path, 1 << 24), Err(Denied::Absent), "{path}");
        }
        for path in ["/loop", "/loop/x", "/ping"] {
            assert_eq!(root.read(path, 100), Err(Denied::Unreadable(TOO_MANY_LINKS.to_owned())));
        }
    }
}

#[test]
fn links_of_the_kernel_do_not_lead_out_of_a_root() {
    // Below it `root` and `cwd` are links that lead wherever the process is.
    for root in both(Path::new("/proc/self")) {
        assert!(root.node("/root").is_ok_and(|node| node.kind == NodeKind::Link));
        for path in ["/root/etc/passwd", "/cwd/Cargo.toml", "/exe", "/fd/0", "/task/../../1/status"]
        {
            assert!(root.read(path, 1 << 30).is_err(), "{path}");
        }
        assert!(root.read("/status", 1 << 20).is_ok());
    }
}

#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let directory = root("pipe");
    for root in both(directory.path()) {
        let refused =
            Err(Denied::Unreadable("is a pipe or a socket, not a regular file".to_owned()));
        assert_eq!(root.read("/run/pipe", 9), refused);
        assert_eq!(root.read("/to-pipe", 9), refused);
        assert_eq!(root.open("/to-pipe").err(), refused.err());
    }
}

#[test]
fn a_device_in_a_root_is_never_the_machines_own() {
    // The machine's devices, seen as if they were of another host.
    for root in both(Path::new("/dev")) {
        let refused =
            Err(Denied::Unreadable("is a character device, not a block device".to_owned()));
        assert_eq!(root.read_device("/zero", 9), refused);
        assert_eq!(
            root::no_device(NodeKind::BlockDevice),
            Denied::Unreadable("is a device of another machine, which is not here".to_owned())
        );
        let file = Err(Denied::Unreadable("is a character device, not a regular file".to_owned()));
        assert_eq!(root.read("/zero", 9), file);
    }
}

#[test]
fn what_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    if Live::new().node("/proc/self").unwrap().uid == 0 {
        println!("skipped: this user may read anything");
        return;
    }
    let directory = root("forbidden");
    let path = directory.write("etc/shadow", b"secret");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
    for root in both(directory.path()) {
        let refused = root.read("/etc/shadow", 9).unwrap_err();
        assert!(refused.to_string().starts_with("Permission denied"), "{refused}");
        assert_eq!(root.node("/etc/shadow").unwrap().mode, 0);
    }
}

#[test]
fn a_directory_is_listed_whole_or_not_at_all() {
    let directory = TempDir::new("many");
    for number in 0..300 {
        directory.write(format!("etc/{number}"), b"");
    }
    for root in both(directory.path()) {
        let refused = Err(Denied::Unreadable("has more than 299 entries".to_owned()));
        assert_eq!(root.list("/etc", 299), refused);
        let names = root.list("/etc", 300).unwrap();
        assert!(names.len() == 300 && names.is_sorted());
        assert_eq!(
            root.list("/etc/7", 9).unwrap_err().to_string(),
            "is a regular file, not a directory"
        );
    }
}

#[test]
fn an_unpacked_root_says_nothing_of_room_and_a_mounted_one_does() {
    let directory = root("space");
    let unpacked = Root::open(directory.path()).unwrap();
    let refused = unpacked.space("/etc").unwrap_err();
    assert_eq!(refused.to_string(), "is on a file system of this machine, not of the host");
    assert_eq!(unpacked.space("/nothing"), Err(Denied::Absent));
    let mounted = Root::open(Path::new("/proc")).unwrap();
    assert_eq!(mounted.space("/").unwrap().entries_have_kinds, Some(true));
    assert_eq!(mounted.space("/version").unwrap().entries_have_kinds, None);
    let machine = Root::open(Path::new("/")).unwrap();
    assert!(machine.space("/").unwrap().total > 0);
}

#[test]
fn a_root_is_a_directory() {
    let directory = root("kind");
    let file = directory.path().join("etc/passwd");
    for (path, kind, expected) in [
        (&*file, Kind::Root, "cannot be opened: Not a directory (os error 20)"),
        (
            Path::new("/nowhere"),
            Kind::Root,
            "cannot be opened: No such file or directory (os error 2)",
        ),
        (
            Path::new("/nowhere"),
            Kind::Collected,
            "cannot be opened: No such file or directory (os error 2)",
        ),
        (
            Path::new("/dev/null"),
            Kind::Collected,
            "cannot be opened: is a character device, not a regular file",
        ),
    ] {
        assert_eq!(open(path, kind).err().unwrap().to_string(), expected);
    }
    let opened = open(directory.path(), Kind::Root).unwrap();
    assert_eq!((opened.door(), opened.uname()), (Door::Root, None));
    assert_eq!(opened.command("uname -a", 9), Err(Denied::NotHeld));
}
