//! The running kernel and the machine below it.

use std::borrow::Cow;

use super::parse::cmdline::CommandLine;
use super::parse::cpu::{self, Cpu, Memory};
use super::parse::dmidecode::{self, Dmi};
use super::parse::modules::{self, Module};
use super::read::{self, Parsed};
use super::{Fact, Unknown, Why};
use crate::snapshot::Evidence;

/// What the questions here read: paths, and command lines after `command:`.
pub const READS: &[&str] = &[
    "/proc/cmdline",
    "/proc/modules",
    "command:lsmod",
    "/proc/cpuinfo",
    "command:lscpu",
    "/proc/meminfo",
    "/proc/sysinfo",
    "/proc/vz",
    "/proc/bc",
    "/proc/xen",
    "/sys/hypervisor/type",
    "/sys/class/dmi/id",
    "/sys/class/dmi/id/sys_vendor",
    "/sys/class/dmi/id/product_name",
    "/sys/class/dmi/id/board_vendor",
    "/sys/class/dmi/id/bios_vendor",
    "/sys/class/dmi/id/bios_version",
    "/sys/class/dmi/id/chassis_asset_tag",
    "command:dmidecode",
    "/run/systemd/container",
    "/run/.containerenv",
    "/.dockerenv",
    "command:virt-what",
    "command:uname -a",
];

/// Questions about the running kernel.
#[derive(Debug, Clone, Copy)]
pub struct Kernel<'a> {
    evidence: &'a Evidence,
    identity: Option<&'a str>,
}

impl<'a> Kernel<'a> {
    /// Asks this evidence. `identity` is the release of the running kernel
    /// where the snapshot knows it.
    pub fn new(evidence: &'a Evidence, identity: Option<&'a str>) -> Self {
        Self { evidence, identity }
    }

    /// The arguments the kernel was started with, from `/proc/cmdline`. Asked
    /// by `scan_kernel_cmdline`, `biosdevname`, `check_fips` and others; leapp
    /// cuts values at a second `=`, here they are whole.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn command_line(&self) -> Fact<CommandLine> {
        let text = read::text(self.evidence, "/proc/cmdline")?;
        let text = text.ok_or_else(|| Unknown::not_captured("/proc/cmdline"))?;
        Ok(CommandLine::parse(&text))
    }

    /// The release of the running kernel, `3.10.0-1160.el7.x86_64`: of the
    /// snapshot's identity or of `uname -a`. Asked by `scan_source_kernel` and
    /// `check_installed_kernels`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn release(&self) -> Fact<Cow<'a, str>> {
        if let Some(release) = self.identity {
            return Ok(Cow::Borrowed(release));
        }
        let source = read::source(self.evidence, &["command:uname -a"])?;
        let text = source.map(|source| source.text().into_owned()).unwrap_or_default();
        // Linux HOST RELEASE #1 SMP ...
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            ["Linux", _, release, ..] => Ok(Cow::Owned(release.to_owned())),
            _ => Err(Unknown::malformed("command:uname -a", "is not Linux HOST RELEASE")),
        }
    }

    /// The loaded modules with their use, from `/proc/modules` or `lsmod`.
    /// Asked by `check_btrfs`, `detect_kernel_drivers`, `sctp_read_status`.
    ///
    /// # Errors
    ///
    /// Where neither was captured.
    pub fn modules(&self) -> Fact<Parsed<Vec<Module>>> {
        match read::source(self.evidence, &["/proc/modules", "command:lsmod"])? {
            Some(source) => {
                let parsed = modules::parse(&source.text());
                Ok(source.parsed(parsed))
            }
            // A kernel that runs and has no such file has no modules.
            None => Ok(nothing("/proc/modules", Vec::new())),
        }
    }

    /// A loaded module, by name; `-` and `_` are one. Reads what
    /// [`Kernel::modules`] does.
    ///
    /// # Errors
    ///
    /// As [`Kernel::modules`].
    pub fn module(&self, name: &str) -> Fact<Option<Module>> {
        Ok(self.modules()?.value.into_iter().find(|module| module.is(name)))
    }

    /// The processor, from `/proc/cpuinfo` or `lscpu`. Asked by `scancpu`.
    ///
    /// # Errors
    ///
    /// Where neither was captured, or it names no processor.
    pub fn cpu(&self) -> Fact<Parsed<Cpu>> {
        let source = read::source(self.evidence, &["/proc/cpuinfo", "command:lscpu"])?;
        let source = source.ok_or_else(|| Unknown::not_captured("/proc/cpuinfo"))?;
        let text = source.text();
        let parsed = match source.index {
            0 => cpu::parse_cpuinfo(&text),
            _ => cpu::parse_lscpu(&text),
        };
        let parsed = source.parsed(parsed);
        match parsed.value.count {
            0 => Err(Unknown::malformed(parsed.source, "names no processor")),
            _ => Ok(parsed),
        }
    }

    /// Memory, from `/proc/meminfo`. Asked by `scanmemory` and `checkmemory`.
    ///
    /// # Errors
    ///
    /// Where it was not captured.
    pub fn memory(&self) -> Fact<Parsed<Memory>> {
        let source = read::source(self.evidence, &["/proc/meminfo"])?;
        let source = source.ok_or_else(|| Unknown::not_captured("/proc/meminfo"))?;
        let parsed = cpu::parse_meminfo(&source.text());
        Ok(source.parsed(parsed))
    }

    /// How firmware names the machine, from `/sys/class/dmi/id` or
    /// `dmidecode`. Machines without DMI (ppc64le, s390x) have no names. Asked
    /// by `biosdevname`, which wants to know of Dell.
    ///
    /// # Errors
    ///
    /// Where nothing of it was captured.
    pub fn dmi(&self) -> Fact<Dmi> {
        const ID: &str = "/sys/class/dmi/id";
        let mut dmi = Dmi::default();
        let mut unknown = None;
        let mut known = 0;
        for (name, place) in dmi.fields() {
            match read::value(self.evidence, &format!("{ID}/{name}")) {
                Ok(value) => {
                    *place = value;
                    known += 1;
                }
                // One that root alone may read takes nothing from the others.
                Err(error) => unknown = unknown.or(Some(error)),
            }
        }
        if known > 0 {
            return Ok(dmi);
        }
        if let Ok(Some(source)) = read::source(self.evidence, &["command:dmidecode"]) {
            return Ok(dmidecode::parse(&source.text()));
        }
        unknown.map_or_else(|| Err(Unknown::not_captured(ID)), Err)
    }

    /// The kind of container the host is, if it is one: `docker`, `podman`,
    /// `lxc`, `openvz` ... Upgrades cannot be done in one. Reads what systemd
    /// and the engines leave in `/run` and `/`, `/proc/vz`, and `virt-what`.
    ///
    /// # Errors
    ///
    /// Where no hint says so and one of them was not captured.
    pub fn container(&self) -> Fact<Option<String>> {
        let mut unknown = None;
        let mut look = |fact: Fact<Option<String>>| {
            fact.unwrap_or_else(|error| {
                unknown.get_or_insert(error);
                None
            })
        };
        let there = |path: &str, name: &str| {
            let name = name.to_owned();
            read::exists(self.evidence, path).map(|there| there.then_some(name))
        };
        let hints = [
            look(read::value(self.evidence, "/run/systemd/container")),
            look(there("/.dockerenv", "docker")),
            look(there("/run/.containerenv", "podman")),
            // The host of OpenVZ containers has /proc/bc beside it.
            look(there("/proc/vz", "openvz").and_then(|vz| match vz {
                Some(_) if read::exists(self.evidence, "/proc/bc")? => Ok(None),
                vz => Ok(vz),
            })),
        ];
        let told = || self.virt_what(&["docker", "lxc", "openvz", "podman", "virtuozzo"]);
        match (hints.into_iter().flatten().next().or_else(told), unknown) {
            (Some(container), _) => Ok(Some(container)),
            (None, Some(error)) => Err(error),
            (None, None) if !read::is_live(self.evidence) => {
                let why = "no kernel was running when the host was captured".to_owned();
                let evidence = "/run/systemd/container".to_owned();
                Err(Unknown { evidence, why: Why::Unreadable(why) })
            }
            (None, None) => Ok(None),
        }
    }

    /// Who runs the machine, if it is a virtual one, under the names systemd
    /// has: `kvm`, `qemu`, `vmware`, `microsoft`, `oracle`, `xen`, `amazon`,
    /// `zvm`, `powervm`, `parallels`, `bhyve`; `vm-other` where a flag of the
    /// processor alone tells. Reads DMI, `/sys/hypervisor/type`, `/proc/xen`,
    /// `/proc/sysinfo` (s390x), the processor, and `virt-what`.
    ///
    /// # Errors
    ///
    /// Where nothing says so, and neither the processor's flags nor DMI were
    /// captured.
    pub fn hypervisor(&self) -> Fact<Option<String>> {
        let dmi = self.dmi();
        let cpu = self.cpu().map(|cpu| cpu.value);
        let text = |path: &str| read::value(self.evidence, path).ok().flatten();
        let of_cpu = cpu.as_ref().ok().and_then(|cpu| cpu.hypervisor.as_deref());
        let named = dmi.as_ref().ok().and_then(of_dmi).map(str::to_owned);
        let named = named
            .or_else(|| text("/sys/hypervisor/type"))
            .or_else(|| {
                let xen = read::exists(self.evidence, "/proc/xen") == Ok(true);
                xen.then(|| "xen".to_owned())
            })
            .or_else(|| text("/proc/sysinfo").as_deref().and_then(of_sysinfo).map(str::to_owned))
            .or_else(|| of_cpu.map(of_lscpu))
            .or_else(|| {
                self.virt_what(&["kvm", "qemu", "vmware", "hyperv", "virtualbox", "xen", "zvm"])
            });
        match (named, cpu) {
            (Some(name), _) => Ok(Some(name)),
            (None, Ok(cpu)) if cpu.flags.contains("hypervisor") => Ok(Some("vm-other".to_owned())),
            (None, Ok(_)) => Ok(None),
            (None, Err(_)) if dmi.is_ok_and(|dmi| dmi.sys_vendor.is_some()) => Ok(None),
            (None, Err(error)) => Err(error),
        }
    }

    fn virt_what(&self, names: &[&str]) -> Option<String> {
        let source = read::source(self.evidence, &["command:virt-what"]).ok()??;
        let text = source.text();
        // Its messages begin with its name.
        let mut lines = text.lines().map(str::trim).filter(|line| !line.starts_with("virt-what"));
        let named = |line: &str| names.contains(&line);
        lines.find(|line| named(line)).map(|line| match line {
            "hyperv" => "microsoft".to_owned(),
            "virtualbox" => "oracle".to_owned(),
            line => line.to_owned(),
        })
    }
}

fn nothing<T>(source: &str, value: T) -> Parsed<T> {
    Parsed { source: source.to_owned(), value, odd: Vec::new() }
}

/// As `systemd-detect-virt` reads the names of firmware.
fn of_dmi(dmi: &Dmi) -> Option<&'static str> {
    let product = dmi.product_name.as_deref().unwrap_or_default();
    let fields = [&dmi.product_name, &dmi.sys_vendor, &dmi.board_vendor, &dmi.bios_vendor];
    let names = [
        ("KVM", "kvm"),
        ("Amazon EC2", "amazon"),
        ("QEMU", "qemu"),
        ("Google", "kvm"),
        ("OpenStack", "kvm"),
        ("RHEV", "kvm"),
        ("oVirt", "kvm"),
        ("VMware", "vmware"),
        ("VMW", "vmware"),
        ("innotek GmbH", "oracle"),
        ("VirtualBox", "oracle"),
        ("Xen", "xen"),
        ("Bochs", "bochs"),
        ("Parallels", "parallels"),
        ("BHYVE", "bhyve"),
    ];
    let is = |text: &str| names.iter().find(|(start, _)| text.starts_with(start));
    let vendor = dmi.sys_vendor.as_deref().unwrap_or_default();
    if vendor == "Microsoft Corporation" && product.starts_with("Virtual Machine") {
        return Some("microsoft");
    }
    // Machines of EC2 without a hypervisor say so in their product's name.
    if product.contains(".metal") {
        return None;
    }
    fields.into_iter().flatten().find_map(|text| is(text)).map(|(_, name)| *name)
}

fn of_sysinfo(text: &str) -> Option<&'static str> {
    let line = text.lines().find(|line| line.starts_with("VM00 Control Program"))?;
    Some(if line.contains("KVM") { "kvm" } else { "zvm" })
}

fn of_lscpu(vendor: &str) -> String {
    match vendor {
        "KVM" => "kvm".to_owned(),
        "VMware" => "vmware".to_owned(),
        "Microsoft" => "microsoft".to_owned(),
        "Xen" => "xen".to_owned(),
        "pHyp" => "powervm".to_owned(),
        other => other.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::evidence;

    fn ask<T>(text: &str, question: impl Fn(Kernel<'_>) -> T) -> T {
        question(Kernel::new(&evidence(text), None))
    }

    #[test]
    fn the_command_line_is_read_or_unknown() {
        let line = ask("//- /proc/cmdline\nro root=UUID=a=b net.ifnames=0\n", |k| k.command_line());
        assert_eq!(line.unwrap().last("root"), Some("UUID=a=b"));
        for host in ["", "//- absent /proc/cmdline\n", "//- unreadable /proc/cmdline: EIO\n"] {
            assert!(ask(host, |k| k.command_line()).is_err(), "{host:?}");
        }
    }

    #[test]
    fn the_release_is_of_the_identity_or_of_uname() {
        let host = evidence("//- command uname -a\nLinux h 3.10.0-514.el7.x86_64 #1 SMP x86_64\n");
        assert_eq!(Kernel::new(&host, Some("3.10.0-1")).release().unwrap(), "3.10.0-1");
        assert_eq!(Kernel::new(&host, None).release().unwrap(), "3.10.0-514.el7.x86_64");
        assert!(ask("//- command uname -a\nuname: cannot\n", |k| k.release().is_err()));
        assert!(ask("", |k| k.release().is_err()));
    }

    #[test]
    fn modules_are_of_the_kernel_or_of_lsmod() {
        let host = "//- command lsmod\nModule Size Used by\npata_acpi 13053 0\n";
        assert!(ask(host, |k| k.module("pata-acpi")).unwrap().unwrap().is_idle());
        assert_eq!(ask(host, |k| k.module("btrfs")), Ok(None));
        let live = "//- absent /proc/modules\n//- /proc/cmdline\nro\n";
        assert_eq!(ask(live, |k| k.modules()).unwrap().value, []);
        for host in [
            "",
            "//- absent /proc/modules\n",
            "//- unreadable /proc/modules: EACCES\n",
            "//- command lsmod\nbash: lsmod: command not found\n",
        ] {
            assert!(ask(host, |k| k.modules()).is_err(), "{host:?}");
        }
    }

    #[test]
    fn processor_and_memory_are_unknown_where_nothing_tells() {
        let host =
            "//- /proc/cpuinfo\nprocessor : 0\nmodel : 5\n//- /proc/meminfo\nMemTotal: 5 kB\n";
        assert_eq!(ask(host, |k| k.cpu()).unwrap().value.model, Some(5));
        assert_eq!(ask(host, |k| k.memory()).unwrap().value.total, Some(5));
        assert!(ask("//- /proc/cpuinfo\n\n", |k| k.cpu()).is_err());
        assert!(ask("//- unreadable /proc/meminfo: EIO\n", |k| k.memory()).is_err());
        let lscpu = "//- command lscpu\nCPU(s): 2\nModel: 7\n";
        assert_eq!(ask(lscpu, |k| k.cpu()).unwrap().value.model, Some(7));
        assert!(ask(lscpu, |k| k.memory()).is_err());
    }

    #[test]
    fn firmware_names_the_machine() {
        let host = "//- /sys/class/dmi/id/sys_vendor\nDell Inc.\n//- unreadable /sys/class/dmi/id/bios_version: EACCES\n";
        assert_eq!(ask(host, |k| k.dmi()).unwrap().sys_vendor.as_deref(), Some("Dell Inc."));
        let text = "//- command dmidecode\nSystem Information\n\tManufacturer: QEMU\n";
        assert_eq!(ask(text, |k| k.dmi()).unwrap().sys_vendor.as_deref(), Some("QEMU"));
        // No DMI on this machine, which runs.
        let none = "//- absent /sys/class/dmi\n//- /proc/cmdline\nro\n";
        assert_eq!(ask(none, |k| k.dmi()), Ok(Dmi::default()));
        assert!(ask("", |k| k.dmi()).is_err());
        assert!(ask("//- unreadable /sys/class/dmi: EIO\n", |k| k.dmi()).is_err());
    }

    #[test]
    fn a_container_is_told_by_what_its_engine_leaves() {
        let no = "//- /proc/cmdline\nro\n//- dir /run/systemd: notify\n//- dir /: bin@\n//- dir /run: systemd/\n\
                  //- dir /proc: cmdline\n";
        for (host, expected) in [
            ("//- /run/systemd/container\nlxc\n", Ok(Some("lxc"))),
            ("//- /.dockerenv\n", Ok(Some("docker"))),
            ("//- command virt-what\nopenvz\n", Ok(Some("openvz"))),
            ("//- dir /proc: vz/\n", Ok(Some("openvz"))),
            ("//- dir /proc: vz/ bc/\n", Err(())),
            (no, Ok(None)),
            ("", Err(())),
            ("//- unreadable /run/systemd/container: EIO\n", Err(())),
            ("//- absent /run/systemd\n", Err(())),
        ] {
            let found = ask(host, |k| k.container()).map_err(|_| ());
            assert_eq!(found, expected.map(|name| name.map(str::to_owned)), "{host:?}");
        }
    }

    #[test]
    fn a_virtual_machine_is_told_by_firmware_kernel_or_processor() {
        for (host, expected) in [
            ("//- /sys/class/dmi/id/sys_vendor\nQEMU\n", Ok(Some("qemu"))),
            ("//- /sys/class/dmi/id/product_name\nVMware Virtual Platform\n", Ok(Some("vmware"))),
            (
                "//- /sys/class/dmi/id/sys_vendor\nMicrosoft Corporation\n//- /sys/class/dmi/id/product_name\nVirtual Machine\n",
                Ok(Some("microsoft")),
            ),
            (
                "//- /sys/class/dmi/id/sys_vendor\nMicrosoft Corporation\n//- /sys/class/dmi/id/product_name\nSurface\n",
                Ok(None),
            ),
            (
                "//- /sys/class/dmi/id/sys_vendor\nAmazon EC2\n//- /sys/class/dmi/id/product_name\nm5.metal\n",
                Ok(None),
            ),
            ("//- /sys/hypervisor/type\nxen\n", Ok(Some("xen"))),
            ("//- dir /proc: xen/\n", Ok(Some("xen"))),
            ("//- /proc/sysinfo\nVM00 Control Program: z/VM    6.4.0\n", Ok(Some("zvm"))),
            ("//- command lscpu\nCPU(s): 1\nHypervisor vendor: pHyp\n", Ok(Some("powervm"))),
            ("//- /proc/cpuinfo\nprocessor : 0\nflags : hypervisor\n", Ok(Some("vm-other"))),
            ("//- /proc/cpuinfo\nprocessor : 0\nflags : fpu\n", Ok(None)),
            ("//- command virt-what\nvirt-what: helper not found\nhyperv\n", Ok(Some("microsoft"))),
            ("//- command virt-what\nvirt-what: kvm\n", Err(())),
            ("", Err(())),
        ] {
            let found = ask(host, |k| k.hypervisor()).map_err(|_| ());
            assert_eq!(found, expected.map(|name| name.map(str::to_owned)), "{host:?}");
        }
    }
}
