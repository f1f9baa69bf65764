//! Checksums of files as they are read.

use std::io::{self, Read};

use md5::Md5;
use sha1::Sha1;
use sha2::digest::{Digest, Update};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use thiserror::Error;

use crate::model::hex;
use crate::rpm::metadata::{Algorithm, Checksum, ChecksumError};

/// How much is read at once where nobody else asks for the bytes.
const CHUNK: usize = 64 << 10;

/// Makes the checksum of what is read through it.
pub struct Verifying<R> {
    from: R,
    hasher: Hasher,
    algorithm: Algorithm,
    read: u64,
}

/// A file that is not the one that was announced.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// It is shorter or longer.
    #[error("has {found} bytes where {expected} are announced")]
    Size {
        /// What is announced, in bytes.
        expected: u64,
        /// What was read.
        found: u64,
    },
    /// It has another checksum.
    #[error("has checksum {found} where {expected} is announced")]
    Checksum {
        /// What is announced.
        expected: Checksum,
        /// What was read.
        found: Checksum,
    },
    /// The rest of it cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The digits that were made are none, which cannot be.
    #[error(transparent)]
    Digits(#[from] ChecksumError),
}

impl<R: Read> Verifying<R> {
    /// Makes a checksum of this kind.
    pub fn new(from: R, algorithm: Algorithm) -> Self {
        Self { from, hasher: Hasher::new(algorithm), algorithm, read: 0 }
    }

    /// Reads what is left, and compares the whole with what is announced. The size
    /// is compared first, where it is known: it says more.
    ///
    /// # Errors
    ///
    /// Another size or checksum, and what reading says.
    pub fn verify(mut self, expected: &Checksum, size: Option<u64>) -> Result<(), VerifyError> {
        let mut rest = vec![0; CHUNK];
        while self.read(&mut rest)? > 0 {}
        if let Some(expected) = size.filter(|size| *size != self.read) {
            return Err(VerifyError::Size { expected, found: self.read });
        }
        let found = Checksum::new(self.algorithm, &self.hasher.hex())?;
        if found == *expected {
            return Ok(());
        }
        Err(VerifyError::Checksum { expected: expected.clone(), found })
    }
}

impl<R: Read> Read for Verifying<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(into)?;
        self.hasher.update(into.get(..length).unwrap_or_default());
        self.read += length as u64;
        Ok(length)
    }
}

/// A checksum in the making.
enum Hasher {
    Md5(Md5),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Hasher::Md5(Md5::new()),
            Algorithm::Sha1 => Hasher::Sha1(Sha1::new()),
            Algorithm::Sha224 => Hasher::Sha224(Sha224::new()),
            Algorithm::Sha256 => Hasher::Sha256(Sha256::new()),
            Algorithm::Sha384 => Hasher::Sha384(Sha384::new()),
            Algorithm::Sha512 => Hasher::Sha512(Sha512::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Md5(hasher) => Update::update(hasher, bytes),
            Hasher::Sha1(hasher) => Update::update(hasher, bytes),
            Hasher::Sha224(hasher) => Update::update(hasher, bytes),
            Hasher::Sha256(hasher) => Update::update(hasher, bytes),
            Hasher::Sha384(hasher) => Update::update(hasher, bytes),
            Hasher::Sha512(hasher) => Update::update(hasher, bytes),
        }
    }

    fn hex(self) -> String {
        match self {
            Hasher::Md5(hasher) => hex(&hasher.finalize()),
            Hasher::Sha1(hasher) => hex(&hasher.finalize()),
            Hasher::Sha224(hasher) => hex(&hasher.finalize()),
            Hasher::Sha256(hasher) => hex(&hasher.finalize()),
            Hasher::Sha384(hasher) => hex(&hasher.finalize()),
            Hasher::Sha512(hasher) => hex(&hasher.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `abc`, from FIPS 180-4 and RFC 1321.
    const ABC: [(Algorithm, &str); 6] = [
        (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
        (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (Algorithm::Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            Algorithm::Sha384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            Algorithm::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ];

    #[test]
    fn every_algorithm_makes_the_checksums_of_its_standard() {
        for (algorithm, hex) in ABC {
            let sum = Checksum::new(algorithm, hex).unwrap();
            Verifying::new(&b"abc"[..], algorithm).verify(&sum, Some(3)).unwrap();
        }
    }

    #[test]
    fn what_nobody_read_counts_too() {
        let sum = Checksum::new(ABC[0].0, ABC[0].1).unwrap();
        let mut verifying = Verifying::new(&b"abc"[..], Algorithm::Md5);
        let mut first = [0];
        assert_eq!(verifying.read(&mut first).unwrap(), 1);
        verifying.verify(&sum, None).unwrap();
    }

    #[test]
    fn another_file_is_told_by_its_size_or_its_checksum() {
        let sum = Checksum::new(ABC[0].0, ABC[0].1).unwrap();
        let verify = |text: &str, size| {
            let verifying = Verifying::new(text.as_bytes(), Algorithm::Md5);
            verifying.verify(&sum, size).unwrap_err().to_string()
        };
        assert_eq!(verify("abcd", Some(3)), "has 4 bytes where 3 are announced");
        assert_eq!(
            verify("abd", Some(3)),
            "has checksum md5:4911e516e5aa21d327512e0c8b197616 where md5:900150983cd24fb0d6963f7d28e17f72 is announced"
        );
    }
}
