//! The first 512 bytes of a disk: which boot loader is in them, and what they
//! say of partitions.

/// A first sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootSector {
    /// Whether it ends in `55 AA`.
    pub signed: bool,
    /// Which boot loader begins in it.
    pub loader: Loader,
    /// Primary partitions, in the order of the table; empty without a
    /// signature.
    pub partitions: Vec<Partition>,
    /// Whether the partitions are in a GPT behind it, which is not in these
    /// bytes.
    pub is_gpt: bool,
}

/// A boot loader, by the marks it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loader {
    /// GRUB 2.
    Grub2,
    /// GRUB 0.9x. `leapp_flags` where its strings stand where `file` says
    /// `GRUB version 0.94`, which is what leapp refuses.
    LegacyGrub {
        /// Whether leapp refuses it.
        leapp_flags: bool,
    },
    /// `GRUB` stands there and no known version of it.
    SomeGrub,
    /// No mark of GRUB.
    NotGrub,
}

impl Loader {
    /// Whether `GRUB` stands in the sector, which is all leapp looks for.
    pub fn is_grub(self) -> bool {
        self != Loader::NotGrub
    }
}

/// An entry of the partition table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its number, from 1.
    pub number: u8,
    /// Its type: `0x83` Linux, `0xee` GPT, `0x05`, `0x0f` and `0x85` extended.
    pub kind: u8,
    /// Whether it is marked active.
    pub active: bool,
    /// First sector.
    pub start: u32,
    /// How many sectors.
    pub sectors: u32,
}

impl BootSector {
    /// Reads a sector; `None` where there are less than 512 bytes.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let sector = bytes.get(..512)?;
        let signed = sector.ends_with(&[0x55, 0xaa]);
        let table = sector.get(446..510).filter(|_| signed).unwrap_or_default();
        let entries = table.chunks_exact(16).zip(1u8..);
        let partitions: Vec<Partition> =
            entries.filter_map(|(entry, number)| partition(number, entry)).collect();
        let is_gpt = partitions.iter().any(|partition| partition.kind == 0xee);
        Some(Self { signed, loader: loader(sector), partitions, is_gpt })
    }

    /// Bytes before the first partition of the table, where it has one; room
    /// for GRUB's core. `sector_size` is that of the disk. leapp wants 1 MiB
    /// (`check_first_partition_offset`), and does not ask where a GPT is.
    pub fn first_partition_offset(&self, sector_size: u64) -> Option<u64> {
        let starts = self.partitions.iter().map(|partition| u64::from(partition.start));
        starts.min().map(|start| start.saturating_mul(sector_size)).filter(|_| !self.is_gpt)
    }
}

fn partition(number: u8, entry: &[u8]) -> Option<Partition> {
    let word = |at: usize| -> Option<u32> {
        Some(u32::from_le_bytes(entry.get(at..at + 4)?.try_into().ok()?))
    };
    let kind = *entry.get(4)?;
    (kind != 0).then_some(())?;
    let active = entry.first() == Some(&0x80);
    Some(Partition { number, kind, active, start: word(8)?, sectors: word(12)? })
}

fn loader(sector: &[u8]) -> Loader {
    let holds = |mark: &[u8]| sector.windows(mark.len()).any(|window| window == mark);
    if !holds(b"GRUB") {
        return Loader::NotGrub;
    }
    // Both have the same words; the old one ends them with a NUL.
    if holds(b"Geom\0Hard Disk\0Read\0 Error\0") {
        return Loader::LegacyGrub { leapp_flags: is_0_94(sector) };
    }
    match holds(b"Geom\0Hard Disk\0Read\0 Error\r\n\0") {
        true => Loader::Grub2,
        false => Loader::SomeGrub,
    }
}

/// What the magic of `file` asks of a sector of GRUB 0.94.
fn is_0_94(sector: &[u8]) -> bool {
    let at = |index: usize| sector.get(index).copied().unwrap_or_default();
    let geom = sector.get(342..408).unwrap_or_default();
    sector.ends_with(&[0x55, 0xaa])
        && geom.windows(6).any(|window| window == b"\0Geom\0")
        && at(0x41) < 2
        && at(0x3e) > 2
        && sector
            .get(377..)
            .is_some_and(|s| s.starts_with(b"GRUB \0Geom\0Hard Disk\0Read\0 Error\0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(marks: &[(usize, &[u8])]) -> Vec<u8> {
        let mut sector = vec![0; 512];
        sector[510] = 0x55;
        sector[511] = 0xaa;
        for (at, mark) in marks {
            sector[*at..*at + mark.len()].copy_from_slice(mark);
        }
        sector
    }

    const OLD: &[u8] = b"GRUB \0Geom\0Hard Disk\0Read\0 Error\0";
    const NEW: &[u8] = b"GRUB \0Geom\0Hard Disk\0Read\0 Error\r\n\0";

    fn loader_of(marks: &[(usize, &[u8])]) -> Loader {
        BootSector::parse(&sector(marks)).unwrap().loader
    }

    #[test]
    fn the_loader_is_told_by_its_words() {
        assert_eq!(loader_of(&[(384, NEW)]), Loader::Grub2);
        assert_eq!(
            loader_of(&[(377, OLD), (0x3e, &[3])]),
            Loader::LegacyGrub { leapp_flags: true }
        );
        assert_eq!(loader_of(&[(377, OLD)]), Loader::LegacyGrub { leapp_flags: false });
        assert_eq!(
            loader_of(&[(379, OLD), (0x3e, &[3])]),
            Loader::LegacyGrub { leapp_flags: false }
        );
        assert_eq!(loader_of(&[(100, b"GRUB")]), Loader::SomeGrub);
        assert_eq!(loader_of(&[(100, b"LILO")]), Loader::NotGrub);
    }

    fn entry(kind: u8, start: u32, sectors: u32) -> Vec<u8> {
        let mut entry = vec![0x80, 0, 0, 0, kind, 0, 0, 0];
        entry.extend(start.to_le_bytes());
        entry.extend(sectors.to_le_bytes());
        entry
    }

    #[test]
    fn the_smallest_start_counts_whatever_the_order() {
        let (late, early) = (entry(0x83, 2050, 9), entry(0x82, 63, 9));
        let sector = BootSector::parse(&sector(&[(446, &late), (478, &early)])).unwrap();
        assert_eq!(sector.partitions.iter().map(|p| p.number).collect::<Vec<_>>(), [1, 3]);
        assert!(sector.partitions[0].active);
        assert_eq!(sector.first_partition_offset(512), Some(32256));
        assert_eq!(sector.first_partition_offset(u64::MAX), Some(u64::MAX));
    }

    #[test]
    fn a_gpt_has_its_partitions_elsewhere_and_a_bare_disk_has_none() {
        let gpt = entry(0xee, 1, u32::MAX);
        let gpt = BootSector::parse(&sector(&[(446, &gpt)])).unwrap();
        assert!(gpt.is_gpt);
        assert_eq!(gpt.first_partition_offset(512), None);
        let bare = BootSector::parse(&[0x83; 512]).unwrap();
        assert!(!bare.signed && bare.partitions.is_empty());
        assert_eq!(BootSector::parse(&[0; 511]), None);
    }
}
