use super::*;
use crate::facts::testing::evidence;
use crate::snapshot::Content;

fn ask<T>(text: &str, question: impl Fn(Network<'_>) -> T) -> T {
    question(Network::new(&evidence(text)))
}

/// One card on PCI at this address and driver, with virtio's bus between.
fn card(address: &str, more: &str) -> String {
    format!(
        "//- dir /sys/class/net: eth0@ lo@ bonding_masters\n\
         //- link /sys/class/net/lo -> ../../devices/virtual/net/lo\n\
         //- link /sys/class/net/eth0 -> ../../devices/pci0000:00/{address}/virtio0/net/eth0\n\
         //- /sys/class/net/eth0/address\n52:54:00:AA:BB:CC\n//- /sys/class/net/eth0/type\n1\n\
         //- /sys/class/net/eth0/dev_port\n0\n\
         //- link /sys/class/net/eth0/device/driver -> ../../../../bus/virtio/drivers/virtio_net\n\
         //- unreadable /sys/class/net/eth0/phys_port_name: Operation not supported (os error 95)\n\
         //- dir /sys/bus/pci/devices: {address}@\n//- dir /sys/bus/pci/devices/{address}: vendor\n\
         {more}"
    )
}

/// Nothing of the host's own names interfaces.
const PLAIN: &str = "//- absent /etc/udev/rules.d\n//- dir /etc/sysconfig/network-scripts: ifcfg-lo\n\
                     //- absent /etc/systemd/network\n//- /proc/cmdline\nro\n//- dir /sys/bus/pci/slots:\n";

fn predicted(host: &str) -> (Option<String>, NamedBy) {
    let mut names = ask(host, |n| n.predicted_names()).unwrap();
    assert_eq!(names.len(), 1, "lo has no hardware");
    let name = names.remove(0);
    (name.name, name.named_by)
}

fn name(host: &str) -> String {
    match predicted(host) {
        (Some(name), by) => format!("{name} {by:?}"),
        (None, by) => format!("- {by:?}"),
    }
}

#[test]
fn interfaces_are_of_sysfs_with_what_is_behind_them() {
    let host = card(
        "0000:00:03.0",
        "//- link /sys/class/net/eth0/master -> ../bond0\n//- /sys/class/net/eth0/bonding_slave/perm_hwaddr\n52:54:00:00:00:01\n",
    );
    let all = ask(&host, |n| n.interfaces()).unwrap();
    assert_eq!(all.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["eth0", "lo"]);
    assert_eq!((all[0].is_virtual, all[1].is_virtual), (Some(false), Some(true)));
    assert_eq!(
        (all[0].pci.as_deref(), all[0].driver.as_deref()),
        (Some("0000:00:03.0"), Some("virtio_net"))
    );
    assert_eq!(
        (all[0].mac.as_deref(), all[0].master.as_deref()),
        (Some("52:54:00:00:00:01"), Some("bond0"))
    );
    assert!(all[0].has_kernel_name() && !all[1].has_kernel_name());
    assert!(!Interface { name: "eth".into(), ..Interface::default() }.has_kernel_name());
}

#[test]
fn interfaces_are_of_ip_where_sysfs_was_not_captured() {
    let ip = "//- command ip addr\n1: lo: <UP>\n    link/loopback 00:00:00:00:00:00\n2: eth0: <UP>\n    link/ether 0e:ee:d5:a3:25:ee brd ff\n3: eth0.5@eth0: <UP>\n    link/ether 0e:ee:d5:a3:25:ee brd ff\n";
    assert!(ask(ip, |n| n.physical()).is_err(), "nothing tells what eth0 is");
    let with = format!("{ip}//- command ethtool -i eth0\ndriver: vif\nbus-info: vif-0\n");
    let physical = ask(&with, |n| n.physical()).unwrap();
    assert_eq!((physical.len(), physical[0].driver.as_deref()), (1, Some("vif")));
    for host in ["", "//- unreadable /sys/class/net: EIO\n", "//- absent /sys/class/net\n"] {
        assert!(ask(host, |n| n.interfaces()).is_err(), "{host:?}");
        assert!(ask(host, |n| n.predicted_names()).is_err(), "{host:?}");
    }
    assert_eq!(
        ask("//- absent /sys/class/net\n//- /proc/cmdline\nro\n", |n| n.interfaces()),
        Ok(vec![])
    );
}

#[test]
fn a_card_is_named_by_onboard_index_then_slot_then_place() {
    let at = |address: &str, more: &str| name(&card(address, &format!("{PLAIN}{more}")));
    let of = |file: &str, value: &str| {
        format!("//- /sys/bus/pci/devices/0000:00:03.0/{file}\n{value}\n")
    };
    let slot = |n: &str, address: &str| {
        format!(
            "//- dir /sys/bus/pci/slots: {n}/ x-1/\n//- /sys/bus/pci/slots/{n}/address\n{address}\n"
        )
    };
    assert_eq!(at("0000:00:03.0", ""), "enp0s3 Path");
    assert_eq!(at("0000:0b:00.1", ""), "enp11s0f1 Path");
    assert_eq!(at("0001:0b:00.0", ""), "enP1p11s0 Path");
    assert_eq!(at("0000:00:03.0", &slot("3", "0000:00:03")), "ens3 Slot");
    assert_eq!(at("0000:00:03.0", &slot("0", "0000:00:03")), "enp0s3 Path", "there is no slot 0");
    assert_eq!(
        at("0000:00:03.0", &format!("{}{}", of("acpi_index", "2"), slot("3", "0000:00:03"))),
        "eno2 Onboard"
    );
    assert_eq!(at("0000:00:03.0", &of("index", "1")), "eno1 Onboard");
    // VMware gives an index that is no index.
    assert_eq!(at("0000:00:03.0", &of("acpi_index", "16777215")), "enp0s3 Path");
    assert_eq!(at("0000:00:03.0", &of("acpi_index", "0")), "enp0s3 Path");
}

#[test]
fn ports_and_functions_are_told_in_the_name() {
    let host = card("0000:00:03.0", PLAIN);
    let port = host.replace("dev_port\n0\n", "dev_port\n1\n");
    assert_eq!(name(&port), "enp0s3d1 Path");
    let named = host.replace("//- unreadable /sys/class/net/eth0/phys_port_name: Operation not supported (os error 95)\n", "//- /sys/class/net/eth0/phys_port_name\np0\n");
    assert_eq!(name(&named), "enp0s3np0 Path");
    let two = host.replace("devices: 0000:00:03.0@", "devices: 0000:00:03.0@ 0000:00:03.1@");
    assert_eq!(name(&two), "enp0s3f0 Path");
    let mut header = vec![0; 64];
    let mut registers = evidence(&host);
    header[0x0e] = 0x80;
    registers
        .files
        .insert("/sys/bus/pci/devices/0000:00:03.0/config".to_owned(), Content::new(header));
    let found = Network::new(&registers).predicted_names().unwrap();
    assert_eq!(found[0].name.as_deref(), Some("enp0s3f0"));
    let infiniband = host.replace("eth0/type\n1\n", "eth0/type\n32\n");
    assert_eq!(name(&infiniband), "ibp0s3 Path");
}

#[test]
fn what_cannot_be_told_is_left_open_with_its_reason() {
    let host = card("0000:00:03.0", PLAIN);
    for (host, why) in [
        (
            host.replace("virtio/drivers/virtio_net", "pci/drivers/mlx5_core"),
            "ports under release 8",
        ),
        (host.replace("eth0/type\n1\n", "eth0/type\n801\n"), "neither Ethernet"),
        (host.replace("virtio0/net", "usb1/1-1/1-1:1.0/net"), "USB"),
        (host.replace("pci0000:00/0000:00:03.0/virtio0", "platform/x"), "no bus"),
        (host.replace("//- dir /sys/bus/pci/slots:\n", ""), "/sys/bus/pci/slots: was not captured"),
        (
            host.replace("slots:\n", "slots: 5/\n//- /sys/bus/pci/slots/5/address\n0000:00:02\n")
                .replace("pci0000:00/", "pci0000:00/0000:00:02.0/"),
            "bridge above",
        ),
        (host.replace("//- /proc/cmdline\nro\n", ""), "/proc/cmdline"),
        (host.replace("\nro\n", "\nbiosdevname=1\n"), "biosdevname"),
        (host.replace("//- absent /etc/udev/rules.d\n", ""), "/etc/udev/rules.d: was not captured"),
        (
            format!("{host}//- link /sys/bus/pci/devices/0000:00:03.0/physfn -> ../0000:00:02.0\n"),
            "virtual function",
        ),
    ] {
        let found = name(&host);
        assert!(found.starts_with("- Undecided") && found.contains(why), "{why}: {found}");
    }
}

#[test]
fn without_places_the_kernel_numbers_interfaces() {
    let host = card("0000:00:03.0", PLAIN);
    assert_eq!(name(&host.replace("\nro\n", "\nro net.ifnames=0\n")), "- KernelOrder");
    assert_eq!(name(&host.replace("pci0000:00/0000:00:03.0/virtio0", "vif-0")), "- KernelOrder");
    let s390 = host.replace("pci0000:00/0000:00:03.0/virtio0", "qeth/0.0.0600");
    assert_eq!(name(&s390), "enc600 Channel");
}

#[test]
fn the_hosts_own_files_name_before_systemd_does() {
    let host = card("0000:00:03.0", PLAIN);
    let with = |from: &str, to: &str| name(&host.replace(from, to));
    let rules = "//- dir /etc/udev/rules.d: 70-persistent-net.rules x\n//- /etc/udev/rules.d/70-persistent-net.rules\n";
    let rule = format!(
        "{rules}# c\nSUBSYSTEM==\"net\", ATTR{{address}}==\"52:54:00:aa:bb:cc\", NAME=\"lan\"\n"
    );
    let absent = "//- absent /etc/udev/rules.d\n";
    assert_eq!(
        with(absent, &rule),
        "lan UdevRule(\"/etc/udev/rules.d/70-persistent-net.rules\", 2)"
    );
    let other = format!(
        "{rules}SUBSYSTEM==\"net\", ATTR{{address}}==\"52:54:00:aa:bb:00\", NAME=\"lan\"\nSUBSYSTEM==\"block\", NAME=\"x\"\n"
    );
    assert_eq!(with(absent, &other), "enp0s3 Path");
    let by_bus = format!("{rules}SUBSYSTEM==\"net\", KERNELS==\"0000:00:03.0\", NAME=\"lan\"\n");
    assert!(with(absent, &by_bus).contains("line 1 names in a way of its own"));
    let scripts = "//- dir /etc/sysconfig/network-scripts: ifcfg-lo\n";
    let ifcfg = "//- dir /etc/sysconfig/network-scripts: ifcfg-a ifcfg-b.bak\n//- /etc/sysconfig/network-scripts/ifcfg-a\nDEVICE=\"wan\"\nHWADDR=52:54:00:AA:bb:cc\n";
    assert_eq!(with(scripts, ifcfg), "wan Ifcfg(\"/etc/sysconfig/network-scripts/ifcfg-a\")");
    let link = "//- dir /etc/systemd/network: 10.link\n//- /etc/systemd/network/10.link\n[Match]\nMACAddress=52:54:00:aa:bb:cc\n[Link]\n";
    assert_eq!(
        with("//- absent /etc/systemd/network\n", &format!("{link}Name=dmz\n")),
        "dmz LinkFile(\"/etc/systemd/network/10.link\")"
    );
    assert!(
        with("//- absent /etc/systemd/network\n", &format!("{link}NamePolicy=mac\n"))
            .contains("policy of its own")
    );
}

#[test]
fn ifcfg_files_of_an_interface_are_found_by_device_address_or_name() {
    let host = "//- dir /etc/sysconfig/network-scripts: ifcfg-x ifcfg-y ifcfg-eth0 ifcfg-z.rpmsave ifcfg-lo ifup\n\
                //- /etc/sysconfig/network-scripts/ifcfg-x\nDEVICE=eth0\n//- /etc/sysconfig/network-scripts/ifcfg-y\nHWADDR=AA:BB\n\
                //- /etc/sysconfig/network-scripts/ifcfg-eth0\nBOOTPROTO=dhcp\n";
    let found = ask(host, |n| n.ifcfgs_of("eth0", Some("aa:bb"))).unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(ask(host, |n| n.ifcfgs_of("eth1", None)), Ok(vec![]));
    assert_eq!(ask(host, |n| n.ifcfgs()).unwrap().items.len(), 3);
    assert_eq!(ask("//- absent /etc/sysconfig\n", |n| n.ifcfgs()).unwrap().items, []);
    for host in ["", "//- unreadable /etc: EIO\n"] {
        assert!(ask(host, |n| n.ifcfgs()).is_err());
        assert!(ask(host, |n| n.naming_rules()).is_err());
        assert!(ask(host, |n| n.link_files()).is_err());
        assert!(ask(host, |n| n.connections()).is_err());
        assert!(ask(host, |n| n.network_manager()).is_err());
    }
}

#[test]
fn networkmanager_reads_its_files_in_order() {
    let dirs = "//- dir /usr/lib/NetworkManager/conf.d: 00.conf 10.conf\n//- dir /etc/NetworkManager/conf.d: 10.conf\n//- absent /run/NetworkManager\n";
    let host = format!(
        "{dirs}//- /usr/lib/NetworkManager/conf.d/00.conf\n[main]\ndhcp=usr\n//- /usr/lib/NetworkManager/conf.d/10.conf\n[main]\ndns=hidden\n\
         //- /etc/NetworkManager/conf.d/10.conf\n[main]\nplugins=ifcfg-rh\n//- /etc/NetworkManager/NetworkManager.conf\n[main]\ndhcp=dhclient\nodd\n"
    );
    let config = ask(&host, |n| n.network_manager()).unwrap();
    let (file, key) = config.get("main", "dhcp").unwrap().unwrap();
    assert_eq!(
        (file, key.value.as_str(), key.line),
        ("/etc/NetworkManager/NetworkManager.conf", "dhclient", 2)
    );
    assert_eq!(config.get("main", "dns"), Ok(None));
    assert_eq!(config.odd[0].1.line, 3);
    let printed = "//- command NetworkManager --print-config\n# NetworkManager configuration\n[main]\ndhcp=internal\n";
    let config = ask(printed, |n| n.network_manager()).unwrap();
    assert_eq!(config.get("main", "dhcp").unwrap().unwrap().1.value, "internal");
    let partly =
        ask("//- /etc/NetworkManager/NetworkManager.conf\n[main]\n", |n| n.network_manager())
            .unwrap();
    assert!(partly.get("main", "dhcp").is_err(), "the drop-ins are unknown");
    let none = ask(
        "//- absent /etc/NetworkManager\n//- absent /usr/lib/NetworkManager\n//- absent /run/NetworkManager\n",
        |n| n.network_manager(),
    );
    assert_eq!(none.unwrap().get("main", "dhcp"), Ok(None));
}

#[test]
fn files_that_name_an_interface_are_listed_and_those_not_captured_too() {
    let host = "//- /etc/sysconfig/iptables\n-A INPUT -i eth0 -j ACCEPT\n-A INPUT -i veth0\n//- /etc/hosts\neth0\n//- /etc/cron.d/x\n# eth0\n//- dir /etc/cron.d: x\n";
    let mentions = ask(host, |n| n.mentions("eth0"));
    let places: Vec<_> = mentions
        .places
        .iter()
        .map(|p| (p.path.as_str(), p.mention.line, p.mention.is_comment))
        .collect();
    assert_eq!(places, [("/etc/cron.d/x", 1, true), ("/etc/sysconfig/iptables", 1, false)]);
    assert!(mentions.unread.contains(&Unknown::not_captured("/etc/firewalld")));
    assert!(!mentions.unread.contains(&Unknown::not_captured("/etc/cron.d")));
    assert_eq!(
        ask("//- absent /etc\n//- absent /var/spool\n", |n| n.mentions("eth0")),
        Mentions::default()
    );
}

#[test]
fn connections_keep_client_ids() {
    let host = "//- dir /etc/NetworkManager/system-connections: a .swp b~\n//- /etc/NetworkManager/system-connections/a\n[ipv4]\ndhcp-client-id=abc\n";
    let found = ask(host, |n| n.connections()).unwrap();
    assert_eq!((found.items.len(), found.items[0].value[0].value.as_str()), (1, "abc"));
}

#[test]
fn client_ids_that_are_words_become_hexadecimal() {
    let after = |id: &str| {
        let host = format!(
            "//- dir /etc/sysconfig/network-scripts: ifcfg-a\n//- /etc/sysconfig/network-scripts/ifcfg-a\nDHCP_CLIENT_ID=\"x\"\nDEVICE=a\nDHCP_CLIENT_ID={id}\n\
             //- absent /etc/NetworkManager/system-connections\n"
        );
        let found = ask(&host, |n| n.client_ids_in_hex());
        assert_eq!(found.missing, []);
        found.items.first().map(|rewrite| rewrite.after.lines().last().unwrap().to_owned())
    };
    assert_eq!(after("\"foo\"").as_deref(), Some("DHCP_CLIENT_ID=66:6f:6f"));
    assert_eq!(after("a\tb").as_deref(), None, "a shell reads a command there");
    assert_eq!(after("é").as_deref(), Some("DHCP_CLIENT_ID=c3:a9"));
    for kept in ["1:2:ff", "ab", "mac", "stable", "''", "foo\nNM_CONTROLLED=no"] {
        assert_eq!(after(kept), None, "{kept}");
    }
    let host = "//- absent /etc/sysconfig/network-scripts\n//- dir /etc/NetworkManager/system-connections: a\n\
                //- /etc/NetworkManager/system-connections/a\n[ipv6]\ndhcp-client-id=no\n[ipv4]\ndhcp-client-id=a:bcd\n";
    let found = ask(host, |n| n.client_ids_in_hex());
    assert_eq!(found.items[0].after.lines().last(), Some("dhcp-client-id=61:3a:62:63:64"));
    assert_eq!(ask("", |n| n.client_ids_in_hex()).missing.len(), 2);
}
