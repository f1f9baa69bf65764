//! Signatures, as rpm prints them with `:pgpsig`. Nothing is verified.

use crate::model::civil;

/// What rpm prints for a packet that is no signature.
const UNREADABLE: &str = "(not an OpenPGP signature)";
/// The packet that is a signature (RFC 4880, 4.3).
const SIGNATURE: u8 = 2;

/// `RSA/SHA256, Tue Mar 19 19:51:33 2019, Key ID 24c6a8a7f4a80eb5`, in UTC.
pub(super) fn text(packet: &[u8]) -> String {
    let Some(signature) = body(packet).and_then(read) else { return UNREADABLE.to_owned() };
    let Signature { algorithm, hash, time, key } = signature;
    let (algorithm, hash) = (algorithm_name(algorithm), hash_name(hash));
    format!("{algorithm}/{hash}, {}, Key ID {key:016x}", date(time))
}

struct Signature {
    algorithm: u8,
    hash: u8,
    /// Seconds since 1970; 0 where the signature tells none.
    time: u32,
    /// 0 where the signature tells none.
    key: u64,
}

/// The body of a packet, in the old or the new format (RFC 4880, 4.2).
fn body(packet: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = packet.split_first()?;
    let (kind, length, rest) = match first {
        0xc0.. => {
            let (length, rest) = new_length(rest)?;
            (first & 0x3f, length, rest)
        }
        0x80.. => {
            // A length of indeterminate size goes to the end.
            let size = [1, 2, 4].get(usize::from(first & 3));
            let (length, rest) = match size {
                Some(&size) => (big_endian(rest.get(..size)?), rest.get(size..)?),
                None => (rest.len() as u64, rest),
            };
            ((first >> 2) & 0xf, length, rest)
        }
        _ => return None,
    };
    let body = rest.get(..usize::try_from(length).ok()?)?;
    (kind == SIGNATURE).then_some(body)
}

/// A length of a packet in the new format, or of a part of a signature.
fn new_length(bytes: &[u8]) -> Option<(u64, &[u8])> {
    match *bytes {
        [first @ 0..192, ref rest @ ..] => Some((first.into(), rest)),
        [255, a, b, c, d, ref rest @ ..] => Some((big_endian(&[a, b, c, d]), rest)),
        [first @ 192..=254, second, ref rest @ ..] => {
            Some(((u64::from(first) - 192) * 256 + u64::from(second) + 192, rest))
        }
        _ => None,
    }
}

fn read(body: &[u8]) -> Option<Signature> {
    match *body {
        // Version 3: five hashed bytes, kind, time, key id, algorithms.
        [3, 5, _, t0, t1, t2, t3, ref rest @ ..] => {
            let (key, algorithms) = rest.split_first_chunk::<8>()?;
            let [algorithm, hash, ..] = *algorithms else { return None };
            let time = u32::from_be_bytes([t0, t1, t2, t3]);
            Some(Signature { algorithm, hash, time, key: u64::from_be_bytes(*key) })
        }
        // Version 4: kind, algorithms, and parts of which some are hashed too.
        [4, _, algorithm, hash, ref rest @ ..] => {
            let (hashed, rest) = sized(rest)?;
            let (unhashed, _) = sized(rest)?;
            let (time, key) = (part(hashed, 2)?, part(hashed, 16)?.or(part(unhashed, 16)?));
            // An issuer's fingerprint ends in the key id.
            let print = part(hashed, 33)?.or(part(unhashed, 33)?);
            let key = key.or(print.filter(|print| print.first() == Some(&4)));
            let time = time.and_then(<[u8]>::first_chunk).map_or(0, |t| u32::from_be_bytes(*t));
            let key = key.and_then(<[u8]>::last_chunk).map_or(0, |key| u64::from_be_bytes(*key));
            Some(Signature { algorithm, hash, time, key })
        }
        _ => None,
    }
}

/// Bytes after their length in two bytes, and the rest.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}

/// The first part of this kind; `None` where the parts are damaged.
#[expect(clippy::option_option, reason = "damaged, absent, there")]
fn part(mut parts: &[u8], wanted: u8) -> Option<Option<&[u8]>> {
    while !parts.is_empty() {
        let (length, rest) = new_length(parts)?;
        let (part, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        let (kind, value) = part.split_first()?;
        if kind & 0x7f == wanted {
            return Some(Some(value));
        }
        parts = rest;
    }
    Some(None)
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, &byte| (sum << 8) | u64::from(byte))
}

fn algorithm_name(number: u8) -> &'static str {
    match number {
        1 => "RSA",
        2 => "RSA(Encrypt-Only)",
        3 => "RSA(Sign-Only)",
        16 => "Elgamal(Encrypt-Only)",
        17 => "DSA",
        18 => "Elliptic Curve",
        19 => "ECDSA",
        20 => "Elgamal",
        21 => "Diffie-Hellman (X9.42)",
        22 => "EdDSA",
        _ => "Unknown public key algorithm",
    }
}

fn hash_name(number: u8) -> &'static str {
    match number {
        1 => "MD5",
        2 => "SHA1",
        3 => "RIPEMD160",
        5 => "MD2",
        6 => "TIGER192",
        7 => "HAVAL-5-160",
        8 => "SHA256",
        9 => "SHA384",
        10 => "SHA512",
        11 => "SHA224",
        _ => "Unknown hash algorithm",
    }
}

/// `Tue Mar  5 17:35:04 2019`, as C's `%c` has it in its own locale.
fn date(time: u32) -> String {
    const WEEK: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, seconds) = (time / 86_400, time % 86_400);
    let (year, month, day) = civil(days.into());
    let (week, month) = (WEEK[(days % 7) as usize], MONTHS[month as usize - 1]);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{week} {month} {day:2} {hour:02}:{minute:02}:{second:02} {year}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_read_as_the_c_library_prints_them() {
        assert_eq!(date(0), "Thu Jan  1 00:00:00 1970");
        assert_eq!(date(951_825_600), "Tue Feb 29 12:00:00 2000");
        assert_eq!(date(1_476_967_974), "Thu Oct 20 12:52:54 2016");
        assert_eq!(date(1_553_025_093), "Tue Mar 19 19:51:33 2019");
        assert_eq!(date(u32::MAX), "Sun Feb  7 06:28:15 2106");
    }

    #[test]
    fn a_signature_of_version_3_names_its_key() {
        let mut packet = vec![0x88, 22, 3, 5, 0, 0x5c, 0x91, 0x48, 0x45];
        packet.extend([0x24, 0xc6, 0xa8, 0xa7, 0xf4, 0xa8, 0x0e, 0xb5, 1, 8, 0, 0, 0, 0, 0]);
        assert_eq!(text(&packet), "RSA/SHA256, Tue Mar 19 19:51:33 2019, Key ID 24c6a8a7f4a80eb5");
    }

    #[test]
    fn a_signature_of_version_4_names_its_key_by_id_or_fingerprint() {
        let hashed = [5, 2, 0, 0, 0, 0];
        let id = [9, 16, 1, 2, 3, 4, 5, 6, 7, 8];
        let mut fingerprint = vec![22, 33, 4];
        fingerprint.extend([0; 12]);
        fingerprint.extend([1, 2, 3, 4, 5, 6, 7, 8]);
        for unhashed in [&id[..], &fingerprint] {
            let mut packet = vec![4, 0, 17, 2, 0, 6];
            packet.extend(hashed);
            packet.extend([0, u8::try_from(unhashed.len()).unwrap()]);
            packet.extend(unhashed);
            packet.insert(0, u8::try_from(packet.len()).unwrap());
            packet.insert(0, 0xc2);
            let expected = "DSA/SHA1, Thu Jan  1 00:00:00 1970, Key ID 0102030405060708";
            assert_eq!(text(&packet), expected);
        }
    }

    #[test]
    fn what_is_no_signature_is_said_to_be_none() {
        for packet in [&b""[..], b"\0", b"\x99\0\x01\x04", b"\xc2\x05\x04", b"\x88\x01\x03"] {
            assert_eq!(text(packet), UNREADABLE, "{packet:?}");
        }
    }

    proptest! {
        #[test]
        fn no_packet_makes_it_panic(mut packet in prop::collection::vec(any::<u8>(), 0..80), old: bool) {
            if let [first, length, version, ..] = packet.as_mut_slice() {
                *first = if old { 0x88 } else { 0xc2 };
                *length %= 80;
                *version = 3 + *version % 2;
            }
            let text = text(&packet);
            prop_assert!(text == UNREADABLE || text.contains(", Key ID "));
        }
    }
}
