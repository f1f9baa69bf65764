use super::*;

/// What each function reads, and conditions that hold then. Without it they are unknown.
const CASES: [(&str, &[&str]); 13] = [
    (
        "//- /proc/mounts\n/dev/sda1 / xfs rw,noatime 0 0\n/dev/sdb1 /var ext4 ro 0 0\n",
        &[
            "mount('/var/lib').path == '/var' && mount('/etc').path == '/'",
            "mount('/').device == '/dev/sda1' && mount('/').type == 'xfs'",
            "'noatime' in mount('/').options && !('noatime' in mount('/var').options)",
            "mounts().exists(m, m.type == 'ext4' && 'ro' in m.options)",
        ],
    ),
    (
        "//- /etc/fstab\n/dev/md0 /var xfs defaults 0 0\n# none\nUUID=1 /var/lib xfs rw,noatime 0 0\n",
        &[
            "fstab().map(e, e.path) == ['/var', '/var/lib'] && fstab()[1].line == 3",
            "fstab()[0].device == '/dev/md0' && fstab()[1].options == ['rw', 'noatime']",
            "fstab().all(e, e.type == 'xfs')",
        ],
    ),
    ("//- absent /etc/fstab", &["fstab() == []"]),
    ("//- kernel 3.10.0-1160.el7.x86_64", &["kernel() == '3.10.0-1160.el7.x86_64'"]),
    (
        "//- absent /sys/firmware/efi\n//- dir /sys/firmware:\n//- absent /boot/grub2/grubenv\n\
         //- dir /boot/loader/entries:\n\
         //- /boot/grub2/grub.cfg\nset default=\"0\"\nmenuentry 'EL' {\n linux16 /vmlinuz-3.10.0-1.el7.x86_64 ro\n}\n",
        &["bootEntry().title == 'EL' && bootEntry().kernel == '3.10.0-1.el7.x86_64'"],
    ),
    (
        "//- /proc/meminfo\nMemTotal: 2048 kB\nMemAvailable: 1024 kB\n",
        &["memory().total == 2097152 && memory().available == 1048576"],
    ),
    (
        "//- dir /sys/class/net: lo@ eth0@\n\
         //- link /sys/class/net/lo -> ../../devices/virtual/net/lo\n\
         //- link /sys/class/net/eth0 -> ../../devices/pci0000:00/0000:00:03.0/net/eth0\n\
         //- /sys/class/net/eth0/address\n52:54:00:AB:00:01\n",
        &["interfaces().map(i, i.name) == ['eth0'] && interfaces()[0].mac == '52:54:00:ab:00:01'"],
    ),
    ("//- /run/systemd/container\nlxc\n", &["container() == 'lxc'"]),
    (
        "//- /etc/ssh/sshd_config\nPort 22\nMatch User x\nPermitRootLogin no\n",
        &["sshd('port') == '22' && sshd('PermitRootLogin') == ''"],
    ),
    ("//- /sys/fs/selinux/enforce\n0\n", &["selinux() == 'permissive'"]),
    ("//- /etc/passwd\nmysql:x:27:27::/:/bin/sh\n", &["user('mysql') && !user('my')"]),
    ("//- /etc/group\nmysql:x:27:\n", &["group('mysql') && !group('my')"]),
    (
        "//- command ss -tlnp\nState Recv-Q Send-Q Local Peer\nLISTEN 0 1 *:3306 *:*\n\
         //- command ps -ef\nUID PID CMD\nroot 1 /usr/sbin/mysqld --user\n",
        &["listens(3306) && !listens(80) && listens('3306')", "runs('mysqld') && !runs('named')"],
    ),
];

#[test]
fn functions_answer_from_the_evidence_and_are_unknown_without() {
    for (host, conditions) in CASES {
        for condition in conditions {
            assert_eq!(holds(condition, host), Some(true), "{condition}");
            assert_eq!(holds(&format!("!({condition})"), host), Some(false), "!({condition})");
            assert_eq!(holds(condition, ""), None, "{condition}");
        }
    }
}

#[test]
fn what_is_missing_is_named() {
    for (condition, missing) in [
        ("listens(80)", "/proc/net/tcp"),
        ("runs('x')", "command:ps auxwww"),
        ("user('x')", "/etc/passwd"),
        ("mount('/').type == 'xfs'", "/proc/self/mountinfo"),
        ("bootEntry().kernel == ''", "/sys/firmware"),
        ("selinux() == 'disabled'", "/sys/fs/selinux/enforce"),
        ("memory().total > 0", "/proc/meminfo"),
    ] {
        let test = trial("", "['low actors.undecided']");
        let rules = format!("{}{test}says = [\"evidence {missing}\"]\n", actor(condition));
        assert_eq!(failures(&rules), "", "{condition}");
    }
}

#[test]
fn a_package_tells_its_key_and_that_it_has_none() {
    let host = "//- packages\na\nb key 24C6A8A7F4A80EB5\nc unsigned\n";
    for condition in [
        "packages('a')[0].key == packages('b')[0].key && packages('a')[0].key != 'none'",
        "packages('c')[0].key == 'none'",
    ] {
        assert_eq!(holds(condition, host), Some(true), "{condition}");
    }
}

#[test]
fn a_function_that_is_called_wrongly_says_how_to_call_it() {
    for (condition, says) in [
        ("listens('ssh')", "is no port"),
        ("user()", "user(name): whether there is a local account"),
        ("user(true)", "takes texts and numbers only"),
    ] {
        let test = trial("//- /etc/passwd\n", "['low actors.undecided']");
        let rules = format!("{}{test}says = [\"{says}\"]\n", actor(condition));
        assert_eq!(failures(&rules), "", "{condition}");
    }
}

#[test]
fn numbers_of_facts_and_tables_can_be_reckoned_with() {
    let host = "//- /proc/meminfo\nMemTotal: 2 kB\nMemAvailable: 1 kB\n";
    assert_eq!(holds("memory().total - memory().available * 3 == -1024", host), Some(true));
    let tables = "[tables]\nsizes = [1, 2]\nhalf = 0.5\n";
    let condition = actor("tables.sizes[0] + tables.sizes[1] - 4 == -1 && tables.half < 1.0");
    assert_eq!(failures(&format!("{tables}{condition}{}", trial("", "['low t.x']"))), "");
}

/// The table of functions is what conditions can call.
#[test]
fn every_function_says_how_it_is_called_and_is_known() {
    for (name, how) in crate::pack::functions::NAMES {
        assert!(how.starts_with(&format!("{name}(")), "{name}: {how}");
        assert!(!how.contains('\n') && !how.contains("  "), "{how}");
    }
}
