//! Processor and memory: `/proc/cpuinfo` or `lscpu`, and `/proc/meminfo`. The
//! keys differ by architecture; what is asked for by the tables of removed
//! processors is read of each.

use std::collections::{BTreeMap, BTreeSet};

use super::{numbered, odd};
use crate::facts::OddLine;

/// A host's processor. All of one host are taken to be alike; the first counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cpu {
    /// How many there are (logical ones).
    pub count: usize,
    /// Maker: `GenuineIntel`, `AuthenticAMD`, `IBM/S390`.
    pub vendor: Option<String>,
    /// Family, on x86.
    pub family: Option<u32>,
    /// Model number, on x86.
    pub model: Option<u32>,
    /// Model in words; on ppc64le such as `POWER8`.
    pub model_name: Option<String>,
    /// Stepping, on x86.
    pub stepping: Option<u32>,
    /// Flags, or features.
    pub flags: BTreeSet<String>,
    /// Machine type, on s390x: `2964`.
    pub machine_type: Option<String>,
    /// Processor version register, on ppc64le.
    pub pvr: Option<u32>,
    /// Implementer, on aarch64.
    pub implementer: Option<u32>,
    /// Part, on aarch64.
    pub part: Option<u32>,
    /// Who runs the machine, where `lscpu` tells.
    pub hypervisor: Option<String>,
}

impl Cpu {
    /// Whether an identity in a table, `x86_64:intel:6:42`, `ppc64le:ibm:4b:*` or
    /// `s390x:ibm:2964:*`, is that of a processor of this architecture. Asked by
    /// `scancpu`. Those of aarch64 are words that no evidence has.
    pub fn is(&self, arch: &str, id: &str) -> bool {
        let parts: Vec<&str> = id.split(':').collect();
        let [of_arch, maker, third, model] = parts[..] else { return false };
        if of_arch != arch {
            return false;
        }
        match arch {
            "x86_64" => {
                let is_maker = match self.vendor.as_deref() {
                    Some("GenuineIntel") => maker == "intel",
                    Some("AuthenticAMD") => maker == "amd",
                    _ => false,
                };
                let family = self.family.map(|family| family.to_string());
                let is_model = self.model.is_some_and(|own| is_model(model, own));
                is_maker && family.as_deref() == Some(third) && is_model
            }
            "ppc64le" => {
                let version = u32::from_str_radix(third, 16).ok();
                version.is_some() && self.pvr.map(|pvr| pvr >> 16) == version
            }
            "s390x" => self.machine_type.as_deref() == Some(third),
            _ => false,
        }
    }
}

/// Whether a model number fits `*`, `42`, `[1-3]` or `{1,[5-7]}`.
fn is_model(pattern: &str, model: u32) -> bool {
    let fits = |part: &str| {
        let part = part.trim();
        let range = part.strip_prefix('[').and_then(|p| p.strip_suffix(']'));
        match range.and_then(|range| range.split_once('-')) {
            Some((from, to)) => {
                let bounds = from.trim().parse().ok().zip(to.trim().parse().ok());
                bounds.is_some_and(|(from, to): (u32, u32)| (from..=to).contains(&model))
            }
            None => part.parse() == Ok(model),
        }
    };
    match pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        _ if pattern.is_empty() || pattern == "*" => true,
        Some(list) => list.split(',').any(fits),
        None if pattern.starts_with('[') => fits(pattern),
        None => pattern == model.to_string(),
    }
}

/// Reads `/proc/cpuinfo`.
pub fn parse_cpuinfo(text: &str) -> (Cpu, Vec<OddLine>) {
    let mut notes = Vec::new();
    let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
    let mut count = 0;
    for (number, line) in numbered(text) {
        if line.trim().is_empty() {
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            odd(&mut notes, number, line, "is not KEY : VALUE");
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        // s390x writes `processor 0: version = FF, machine = 2964`.
        let of_s390 = key.strip_prefix("processor ").is_some_and(|n| n.parse::<u32>().is_ok());
        count += usize::from(key == "processor" || of_s390);
        if of_s390 {
            for part in value.split(',') {
                if let Some((key, value)) = part.split_once('=') {
                    keys.entry(key.trim()).or_insert(value.trim());
                }
            }
        } else if !value.is_empty() {
            keys.entry(key).or_insert(value);
        }
    }
    let get = |key: &str| keys.get(key).copied();
    let number = |key: &str| get(key).and_then(parse_number);
    let cpu = Cpu {
        count,
        vendor: get("vendor_id").map(str::to_owned),
        family: number("cpu family"),
        model: number("model"),
        model_name: get("model name").or_else(|| get("cpu")).map(str::to_owned),
        stepping: number("stepping"),
        flags: words(get("flags").or_else(|| get("Features")).or_else(|| get("features"))),
        machine_type: get("machine").filter(|m| is_machine_type(m)).map(str::to_owned),
        pvr: get("revision").and_then(pvr),
        implementer: number("CPU implementer"),
        part: number("CPU part"),
        hypervisor: None,
    };
    (cpu, notes)
}

/// Reads what `lscpu` prints.
pub fn parse_lscpu(text: &str) -> (Cpu, Vec<OddLine>) {
    let mut notes = Vec::new();
    let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
    for (number, line) in numbered(text) {
        match line.split_once(':') {
            Some((key, value)) if !value.trim().is_empty() => {
                keys.entry(key.trim()).or_insert(value.trim());
            }
            None if !line.trim().is_empty() => odd(&mut notes, number, line, "is not KEY: VALUE"),
            _ => {}
        }
    }
    let get = |key: &str| keys.get(key).copied();
    let number = |key: &str| get(key).and_then(parse_number);
    let cpu = Cpu {
        count: number("CPU(s)").map_or(0, |count| count as usize),
        vendor: get("Vendor ID").map(str::to_owned),
        family: number("CPU family"),
        model: number("Model"),
        model_name: get("Model name").map(str::to_owned),
        stepping: number("Stepping"),
        flags: words(get("Flags")),
        machine_type: get("Machine type").map(str::to_owned),
        pvr: get("Model").and_then(pvr),
        implementer: None,
        part: None,
        hypervisor: get("Hypervisor vendor").or_else(|| get("Hypervisor")).map(str::to_owned),
    };
    (cpu, notes)
}

/// Memory, in KiB.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    /// All that the kernel can use.
    pub total: Option<u64>,
    /// What could be had without swapping.
    pub available: Option<u64>,
    /// Swap.
    pub swap: Option<u64>,
}

/// Reads `/proc/meminfo`.
pub fn parse_meminfo(text: &str) -> (Memory, Vec<OddLine>) {
    let (mut memory, mut notes) = (Memory::default(), Vec::new());
    for (number, line) in numbered(text) {
        let Some((key, value)) = line.split_once(':') else {
            if !line.trim().is_empty() {
                odd(&mut notes, number, line, "is not KEY: VALUE");
            }
            continue;
        };
        let place = match key.trim() {
            "MemTotal" => &mut memory.total,
            "MemAvailable" => &mut memory.available,
            "SwapTotal" => &mut memory.swap,
            _ => continue,
        };
        let kib = value.trim().strip_suffix("kB").and_then(|kib| kib.trim().parse().ok());
        match kib {
            Some(kib) => *place = Some(kib),
            None => odd(&mut notes, number, line, "is no number of kB"),
        }
    }
    (memory, notes)
}

fn parse_number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

fn words(text: Option<&str>) -> BTreeSet<String> {
    text.unwrap_or_default().split_whitespace().take(4096).map(str::to_owned).collect()
}

fn is_machine_type(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `2.1 (pvr 004b 0201)`: two halves of 16 bits.
fn pvr(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("(pvr ")?;
    let hex: String = rest.split(')').next()?.split_whitespace().collect();
    u32::from_str_radix(&hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_of_every_architecture_are_read() {
        let x86 = "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 63\n\
                   model name\t: Intel(R) Xeon(R)\nstepping\t: 2\nflags\t\t: fpu vme hypervisor\n\
                   power management:\n\nprocessor\t: 1\nmodel\t\t: 64\n";
        let (cpu, odd) = parse_cpuinfo(x86);
        assert_eq!(odd, []);
        assert_eq!(
            (cpu.count, cpu.family, cpu.model, cpu.stepping),
            (2, Some(6), Some(63), Some(2))
        );
        assert!(cpu.flags.contains("hypervisor"));
        let z = "vendor_id       : IBM/S390\n# processors    : 2\nfeatures\t: esan3 zarch\n\
                 processor 0: version = FF,  identification = 133EF7,  machine = 2964\n";
        let (cpu, _) = parse_cpuinfo(z);
        assert_eq!((cpu.machine_type.as_deref(), cpu.count), (Some("2964"), 1));
        assert!(cpu.flags.contains("zarch"));
        let power = "processor\t: 0\ncpu\t\t: POWER8E (raw), altivec supported\n\
                     revision\t: 2.1 (pvr 004b 0201)\nmachine\t\t: PowerNV 8247\n";
        let (cpu, _) = parse_cpuinfo(power);
        assert_eq!((cpu.pvr, cpu.machine_type), (Some(0x004b_0201), None));
        let arm =
            "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n";
        let (cpu, _) = parse_cpuinfo(arm);
        assert_eq!((cpu.implementer, cpu.part), (Some(0x41), Some(0xd0c)));
    }

    #[test]
    fn lscpu_tells_the_same() {
        let text = "Architecture:          x86_64\nCPU(s):                4\nVendor ID:             AuthenticAMD\n\
                    CPU family:            23\nModel:                 1\nStepping:              2\n\
                    Hypervisor vendor:     KVM\nFlags:                 fpu vme\n";
        let (cpu, odd) = parse_lscpu(text);
        assert_eq!(odd, []);
        assert_eq!((cpu.count, cpu.family, cpu.model), (4, Some(23), Some(1)));
        assert_eq!(cpu.hypervisor.as_deref(), Some("KVM"));
        let (cpu, _) =
            parse_lscpu("Model:                 2.1 (pvr 004e 1201)\nMachine type: 8561\n");
        assert_eq!((cpu.pvr, cpu.model), (Some(0x004e_1201), None));
        assert_eq!(cpu.machine_type.as_deref(), Some("8561"));
    }

    #[test]
    fn memory_is_in_kib_and_other_units_are_odd() {
        let (memory, odd) =
            parse_meminfo("MemTotal:        1014976 kB\nMemFree: 1 kB\nSwapTotal: 0 kB\n");
        assert_eq!((memory.total, memory.swap, memory.available), (Some(1_014_976), Some(0), None));
        assert_eq!(odd, []);
        let (memory, odd) = parse_meminfo("MemTotal: 12 MB\nnonsense\n");
        assert_eq!(memory.total, None);
        assert_eq!(odd.len(), 2);
    }

    #[test]
    fn numbers_too_large_are_none() {
        let (cpu, _) = parse_cpuinfo("processor : 0\nmodel : 99999999999\nstepping : -1\n");
        assert_eq!((cpu.model, cpu.stepping), (None, None));
    }

    #[test]
    fn models_are_numbers_ranges_and_lists() {
        let models = |pattern: &str| -> Vec<u32> {
            (0..10).filter(|model| is_model(pattern, *model)).collect()
        };
        assert_eq!(models("[1-3]"), [1, 2, 3]);
        assert_eq!(models("{1,[5-7]}"), [1, 5, 6, 7]);
        assert_eq!(models("{x,2}"), [2]);
        assert_eq!(models("7"), [7]);
        assert!(models("[3-1]").is_empty() && models("07").is_empty() && models("x").is_empty());
        assert_eq!((models("*").len(), models("").len()), (10, 10));
    }

    #[test]
    fn a_processor_is_known_by_what_its_architecture_tells() {
        let intel = Cpu {
            vendor: Some("GenuineIntel".to_owned()),
            family: Some(6),
            model: Some(42),
            ..Cpu::default()
        };
        let power = Cpu { pvr: Some(0x004f_1201), ..Cpu::default() };
        let z13 = Cpu { machine_type: Some("2964".to_owned()), ..Cpu::default() };
        for (cpu, arch, id, expected) in [
            (&intel, "x86_64", "x86_64:intel:6:42", true),
            (&intel, "x86_64", "x86_64:intel:6:*", true),
            (&intel, "x86_64", "x86_64:intel:6:45", false),
            (&intel, "x86_64", "x86_64:amd:6:42", false),
            (&intel, "x86_64", "x86_64:intel:6", false),
            (&power, "ppc64le", "ppc64le:ibm:4f:*", true),
            (&power, "ppc64le", "ppc64le:ibm:4b:*", false),
            (&Cpu::default(), "ppc64le", "ppc64le:ibm:x:*", false),
            (&z13, "s390x", "s390x:ibm:2964:*", true),
            (&z13, "x86_64", "s390x:ibm:2964:*", false),
        ] {
            assert_eq!(cpu.is(arch, id), expected, "{id}");
        }
    }
}
