//! Checksums as metadata states them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::excerpt;

/// How a checksum is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `md5`
    Md5,
    /// `sha` or `sha1`, which are the same.
    Sha1,
    /// `sha224`
    Sha224,
    /// `sha256`, what createrepo writes.
    Sha256,
    /// `sha384`
    Sha384,
    /// `sha512`
    Sha512,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 6] = [
        Algorithm::Md5,
        Algorithm::Sha1,
        Algorithm::Sha224,
        Algorithm::Sha256,
        Algorithm::Sha384,
        Algorithm::Sha512,
    ];

    /// The name, as createrepo writes it today.
    pub fn as_str(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha224 => "sha224",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
        }
    }

    /// How long its checksums are, in hexadecimal digits.
    pub fn digits(self) -> usize {
        match self {
            Algorithm::Md5 => 32,
            Algorithm::Sha1 => 40,
            Algorithm::Sha224 => 56,
            Algorithm::Sha256 => 64,
            Algorithm::Sha384 => 96,
            Algorithm::Sha512 => 128,
        }
    }

    /// Says where `hex` is no checksum of this algorithm.
    ///
    /// # Errors
    ///
    /// Another length, and anything but hexadecimal digits.
    pub fn check(self, hex: &str) -> Result<(), ChecksumError> {
        let are_digits = hex.bytes().fold(true, |so_far, byte| so_far & byte.is_ascii_hexdigit());
        if hex.len() == self.digits() && are_digits {
            return Ok(());
        }
        Err(ChecksumError::Hex { algorithm: self, hex: excerpt(hex) })
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = ChecksumError;

    /// Reads a name in upper or lower case, as libsolv does.
    fn from_str(name: &str) -> Result<Self, ChecksumError> {
        if name.eq_ignore_ascii_case("sha") {
            return Ok(Algorithm::Sha1);
        }
        let mut all = Algorithm::ALL.into_iter();
        all.find(|algorithm| name.eq_ignore_ascii_case(algorithm.as_str()))
            .ok_or_else(|| ChecksumError::Algorithm(excerpt(name)))
    }
}

/// A checksum: how it is made, and its digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checksum {
    algorithm: Algorithm,
    hex: String,
}

impl Checksum {
    /// A checksum from its hexadecimal digits.
    ///
    /// # Errors
    ///
    /// Those of [`Algorithm::check`].
    pub fn new(algorithm: Algorithm, hex: &str) -> Result<Self, ChecksumError> {
        algorithm.check(hex)?;
        Ok(Self { algorithm, hex: hex.to_ascii_lowercase() })
    }

    /// How it is made.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its hexadecimal digits, in lower case.
    pub fn hex(&self) -> &str {
        &self.hex
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, self.hex)
    }
}

/// A checksum that is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChecksumError {
    /// Nobody knows how to make it.
    #[error("checksum type {0:?} is not known")]
    Algorithm(String),
    /// Its digits are none, or too many, or too few.
    #[error("{hex:?} is no {algorithm} checksum")]
    Hex {
        /// How it is said to be made.
        algorithm: Algorithm,
        /// The beginning of the digits.
        hex: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_spelling() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
            assert_eq!(algorithm.as_str().to_uppercase().parse(), Ok(algorithm));
            assert!(algorithm.check(&"a".repeat(algorithm.digits())).is_ok());
        }
        assert_eq!("sha".parse(), Ok(Algorithm::Sha1));
        let error = "crc32".parse::<Algorithm>().unwrap_err();
        assert_eq!(error.to_string(), r#"checksum type "crc32" is not known"#);
    }

    #[test]
    fn digits_are_counted_and_made_small() {
        let sum = Checksum::new(Algorithm::Md5, "D41D8CD98F00B204E9800998ECF8427E").unwrap();
        assert_eq!(sum.to_string(), "md5:d41d8cd98f00b204e9800998ecf8427e");
        for hex in
            ["", "d41d", "d41d8cd98f00b204e9800998ecf8427g", "d41d8cd98f00b204e9800998ecf842é"]
        {
            let error = Checksum::new(Algorithm::Md5, hex).unwrap_err().to_string();
            assert!(error.ends_with("is no md5 checksum"), "{error}");
        }
    }
}
