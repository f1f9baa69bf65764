//! Whether an XFS file system has `ftype`: of its superblock, or of what
//! `xfs_info` prints. Without it, leapp needs an image for each mount.

/// A superblock of XFS, as far as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XfsSuperblock {
    /// Version of the format: 4 or 5.
    pub version: u8,
    /// Whether directories say what kind their entries are.
    pub ftype: bool,
    /// Label, where it has one.
    pub label: Option<String>,
}

impl XfsSuperblock {
    /// Reads the first sector of a device; `None` where no XFS begins there.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if bytes.get(..4)? != b"XFSB" {
            return None;
        }
        let flags = u16::from_be_bytes(bytes.get(100..102)?.try_into().ok()?);
        // Version 4 notes it among features2, which are valid with one bit of
        // the version; version 5 among the features old kernels must refuse.
        let (version, ftype) = match flags & 0xf {
            4 => (4, flags & 0x8000 != 0 && word(200)? & 0x200 != 0),
            5 => (5, word(216)? & 1 != 0),
            _ => return None,
        };
        let label = bytes.get(108..120)?.split(|byte| *byte == 0).next().unwrap_or_default();
        let label = String::from_utf8_lossy(label).into_owned();
        Some(Self { version, ftype, label: Some(label).filter(|label| !label.is_empty()) })
    }
}

/// Reads `ftype` of what `xfs_info` prints; `None` where it is not there, as
/// with tools too old to know it.
pub fn ftype_of_info(text: &str) -> Option<bool> {
    let mut words = text.split_whitespace();
    match words.find_map(|word| word.strip_prefix("ftype="))? {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(version: u16, features2: u32, incompat: u32) -> Vec<u8> {
        let mut block = vec![0; 512];
        block[..4].copy_from_slice(b"XFSB");
        block[100..102].copy_from_slice(&version.to_be_bytes());
        block[108..112].copy_from_slice(b"root");
        block[200..204].copy_from_slice(&features2.to_be_bytes());
        block[216..220].copy_from_slice(&incompat.to_be_bytes());
        block
    }

    #[test]
    fn both_versions_tell_in_their_own_place() {
        let ftype = |block: Vec<u8>| XfsSuperblock::parse(&block).map(|b| (b.version, b.ftype));
        assert_eq!(ftype(block(0xb4a4, 0x28a, 0)), Some((4, true)));
        assert_eq!(ftype(block(0xb4a4, 0x8a, 1)), Some((4, false)));
        assert_eq!(ftype(block(0x34a4, 0x28a, 0)), Some((4, false)), "features2 are not valid");
        assert_eq!(ftype(block(0xb4a5, 0, 1)), Some((5, true)));
        assert_eq!(ftype(block(0xb4a5, 0x28a, 2)), Some((5, false)));
        assert_eq!(ftype(block(0xb4a6, 0, 1)), None);
        assert_eq!(XfsSuperblock::parse(&block(5, 0, 1)).unwrap().label.as_deref(), Some("root"));
    }

    #[test]
    fn what_is_no_superblock_is_none() {
        assert_eq!(XfsSuperblock::parse(b"XFSB"), None);
        assert_eq!(XfsSuperblock::parse(&[0; 512]), None);
        assert_eq!(XfsSuperblock::parse(&block(4, 0, 0)[..202]).map(|b| b.version), Some(4));
    }

    #[test]
    fn xfs_info_tells_unless_it_is_too_old() {
        let text =
            "meta-data=/dev/sda1 isize=512\nnaming   =version 2 bsize=4096 ascii-ci=0 ftype=0\n";
        assert_eq!(ftype_of_info(text), Some(false));
        assert_eq!(ftype_of_info("naming ascii-ci=0 ftype=1"), Some(true));
        assert_eq!(ftype_of_info("naming =version 2 ascii-ci=0"), None);
        assert_eq!(ftype_of_info("ftype=maybe"), None);
    }
}
