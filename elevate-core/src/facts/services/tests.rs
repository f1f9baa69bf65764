use super::super::testing::evidence;
use super::*;

const HOST: &str = "\
//- dir /etc/systemd/system: multi-user.target.wants/ getty.target.wants/ own.service default.target@ masked.service@ dbus-alias.service@ opt.service@ gone.service@ bak.d/
//- dir /etc/systemd/system/multi-user.target.wants: sshd.service@ broken.service@
//- dir /etc/systemd/system/getty.target.wants: getty@tty1.service@
//- dir /etc/systemd/system/bak.d:
//- link /etc/systemd/system/multi-user.target.wants/sshd.service -> /usr/lib/systemd/system/sshd.service
//- link /etc/systemd/system/multi-user.target.wants/broken.service -> /usr/lib/systemd/system/broken.service
//- link /etc/systemd/system/getty.target.wants/getty@tty1.service -> /usr/lib/systemd/system/getty@.service
//- link /etc/systemd/system/default.target -> /lib/systemd/system/multi-user.target
//- link /etc/systemd/system/masked.service -> /dev/null
//- link /etc/systemd/system/dbus-alias.service -> /usr/lib/systemd/system/aliased.service
//- link /etc/systemd/system/opt.service -> /opt/x/opt.service
//- link /etc/systemd/system/gone.service -> ../../gone.service
//- /etc/systemd/system/own.service
[Install]
WantedBy=multi-user.target
//- /opt/x/opt.service
[Service]
//- absent /etc/gone.service
//- absent /usr/lib/systemd/system/multi-user.target
//- dir /usr/lib/systemd/system: sshd.service getty@.service aliased.service static.service also.service empty.service rl@ unread.service masked.service
//- link /usr/lib/systemd/system/rl -> static.service
//- /usr/lib/systemd/system/sshd.service
[Install]
WantedBy=multi-user.target
//- /usr/lib/systemd/system/getty@.service
[Install]
WantedBy=getty.target
//- /usr/lib/systemd/system/aliased.service
[Install]
Alias=dbus-alias.service
//- /usr/lib/systemd/system/static.service
[Service]
ExecStart=/x
//- /usr/lib/systemd/system/also.service
[Install]
Also=other.socket
//- /usr/lib/systemd/system/empty.service
//- dir /etc/rc.d/init.d: functions legacy network README
//- dir /etc/rc.d/rc3.d: S10network K50legacy S99local
//- dir /etc/rc.d/rc5.d: S99legacy
//- absent /etc/rc.d/rc0.d
//- absent /etc/rc.d/rc1.d
//- absent /etc/rc.d/rc2.d
//- absent /etc/rc.d/rc4.d
//- absent /etc/rc.d/rc6.d
";

#[test]
fn states_are_those_systemctl_would_print() {
    let host = evidence(HOST);
    let services = Services::new(&host);
    for (unit, expected) in [
        ("sshd.service", Some(State::Enabled)),
        ("getty@tty1.service", Some(State::Enabled)),
        ("getty@.service", Some(State::Enabled)),
        ("getty@tty2.service", Some(State::Disabled)),
        ("aliased.service", Some(State::Enabled)),
        ("own.service", Some(State::Disabled)),
        ("static.service", Some(State::Static)),
        ("also.service", Some(State::Indirect)),
        ("masked.service", Some(State::Masked)),
        ("empty.service", Some(State::Masked)),
        ("opt.service", Some(State::Linked)),
        ("none.service", None),
    ] {
        assert_eq!(services.state(unit), Ok(expected), "{unit}");
    }
    let states = services.states().unwrap();
    assert_eq!(states["sshd.service"], Ok(State::Enabled));
    assert!(states["unread.service"].is_err());
    // What is in its [Install] section nobody captured.
    let unread = Unknown::not_captured("/usr/lib/systemd/system/unread.service");
    assert_eq!(services.state("unread.service"), Err(unread));
}

#[test]
fn links_that_lead_nowhere_are_found_and_masks_are_not_among_them() {
    let host = evidence(HOST);
    let broken = Services::new(&host).broken_links();
    let paths: Vec<_> = broken.items.iter().map(|link| link.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/etc/systemd/system/default.target",
            "/etc/systemd/system/gone.service",
            "/etc/systemd/system/multi-user.target.wants/broken.service",
        ]
    );
    assert_eq!(broken.missing, []);
}

#[test]
fn scripts_are_services_where_no_unit_takes_their_place() {
    let host = evidence(HOST);
    let services = Services::new(&host);
    let sysv = services.sysv().unwrap();
    let shown: Vec<_> = sysv.iter().map(|s| (s.name.as_str(), &s.runlevels[..])).collect();
    assert_eq!(shown, [("legacy", &[5][..]), ("network", &[3][..])]);
    assert_eq!(services.is_enabled("network.service"), Ok(true));
    assert_eq!(services.is_enabled("nothing.service"), Ok(false));
    let text = evidence(
        "//- command chkconfig --list\nnetwork 0:off 1:off 2:on 3:on 4:off 5:off 6:off\nxinetd based services:\n x: off\n",
    );
    let sysv = Services::new(&text).sysv().unwrap();
    assert_eq!((sysv[0].name.as_str(), &sysv[0].runlevels[..]), ("network", &[2, 3][..]));
    assert!(Services::new(&evidence("")).sysv().is_err());
}

#[test]
fn the_output_of_systemctl_answers_where_directories_were_not_listed() {
    let host = evidence(
        "//- command systemctl list-unit-files\nntpd.service enabled\nx.service bad-state\n\
         //- command systemctl list-units\nntpd.service loaded active running NTP\n\
         //- command systemctl get-default\nmulti-user.target\n",
    );
    let services = Services::new(&host);
    assert_eq!(services.state("ntpd.service"), Ok(Some(State::Enabled)));
    assert_eq!(services.state("x.service"), Ok(Some(State::Other("bad-state".to_owned()))));
    assert_eq!(services.state("y.service"), Ok(None));
    assert!(services.state("y@1.service").is_err());
    assert_eq!(services.is_active("ntpd.service"), Ok(true));
    assert_eq!(services.is_active("y.service"), Ok(false));
    assert_eq!(services.default_target(), Ok(Some("multi-user.target".to_owned())));
    assert_eq!(services.units().unwrap().len(), 2);
    assert_eq!(services.states().unwrap()["ntpd.service"], Ok(State::Enabled));
    let nothing = evidence("");
    let services = Services::new(&nothing);
    assert!(services.state("x.service").is_err());
    assert!(services.is_active("x.service").is_err());
    assert!(services.default_target().is_err());
    assert!(services.units().is_err());
}

#[test]
fn control_groups_tell_what_runs() {
    let host = evidence("//- dir /sys/fs/cgroup/systemd/system.slice: ntpd.service/ tasks\n");
    assert_eq!(Services::new(&host).is_active("ntpd.service"), Ok(true));
    assert_eq!(Services::new(&host).is_active("ntpdate.service"), Ok(false));
    let root = evidence("//- absent /sys/fs/cgroup/systemd/system.slice\n");
    assert!(Services::new(&root).is_active("ntpd.service").is_err());
}

#[test]
fn a_unit_that_is_unreadable_is_not_taken_for_disabled() {
    let host = evidence(
        "//- unreadable /etc/systemd/system: EACCES\n//- dir /usr/lib/systemd/system: a.service\n",
    );
    let error = Services::new(&host).state("a.service").unwrap_err();
    assert_eq!(error.to_string(), "/etc/systemd/system/a.service: could not be read: EACCES");
    assert!(!Services::new(&host).broken_links().missing.is_empty());
}

const PRESETS: &str = "\
//- dir /etc/systemd/system-preset: 50-mine.preset 90-default.preset@
//- /etc/systemd/system-preset/50-mine.preset
enable b*.service
enable t@.service x
//- link /etc/systemd/system-preset/90-default.preset -> /dev/null
//- dir /usr/lib/systemd/system-preset: 10-first.preset 50-mine.preset 90-default.preset 99-disable.preset
//- /usr/lib/systemd/system-preset/10-first.preset
disable bad.service
mask x
//- /usr/lib/systemd/system-preset/50-mine.preset
disable *
//- /usr/lib/systemd/system-preset/90-default.preset
enable zzz.service
//- /usr/lib/systemd/system-preset/99-disable.preset
disable *
";

#[test]
fn the_first_preset_by_name_counts_and_files_of_etc_hide_their_namesakes() {
    let host = evidence(PRESETS);
    let services = Services::new(&host);
    let preset = |unit: &str| services.preset(unit).unwrap();
    // By whole path, as leapp sorts, the rule of /etc would come first.
    assert!(!preset("bad.service").enable);
    assert!(preset("bee.service").enable);
    assert!(!preset("zzz.service").enable);
    assert!(preset("t@x.service").enable && !preset("t@y.service").enable);
    let rule = ("/usr/lib/systemd/system-preset/99-disable.preset".to_owned(), 1);
    assert_eq!(preset("zzz.service").rule, Some(rule));
    assert_eq!(services.preset_files().items[0].odd.len(), 1);
    let none = evidence("//- absent /etc/systemd\n//- absent /usr/lib/systemd\n");
    assert_eq!(Services::new(&none).preset("a.service"), Ok(Preset { enable: true, rule: None }));
    assert!(Services::new(&evidence("")).preset("a.service").is_err());
}

#[test]
fn drop_ins_and_own_files_override_a_unit() {
    let host = evidence(
        "//- dir /etc/systemd/system: a.service b.service.d/\n//- dir /etc/systemd/system/b.service.d: x.conf y.bak\n//- dir /usr/lib/systemd/system: c.service\n",
    );
    let services = Services::new(&host);
    assert_eq!(services.is_overridden("a.service"), Ok(true));
    assert_eq!(services.is_overridden("b.service"), Ok(true));
    assert_eq!(services.is_overridden("c.service"), Ok(false));
    assert_eq!(services.is_replaced("a.service"), Ok(true));
    assert_eq!(services.is_replaced("b.service"), Ok(false));
    let paths = services.drop_ins("b.service").all().unwrap();
    assert_eq!(paths, ["/etc/systemd/system/b.service.d/x.conf"]);
    assert!(Services::new(&evidence("")).is_overridden("a.service").is_err());
    assert!(Services::new(&evidence("")).is_replaced("a.service").is_err());
}
