//! `filelists.xml`: every file of every package.
//!
//! It is by far the largest file of a repository and nearly nothing of it is ever
//! asked for, so it is walked through and kept nowhere.

use std::io::Read;

use super::metadata::{
    Fault, MetadataError, MetadataRemark, Oddity, Place, Remarks, Source, Tag, Token, Xml, excerpt,
    is_blank,
};
use super::primary::{FileKind, MAX_PACKAGES};

/// The longest path, in bytes; Linux allows 4,096.
pub const MAX_PATH: usize = 64 << 10;

/// A file of a package; its texts are lent for the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<'a> {
    /// The checksum of the package in `primary.xml`, in hexadecimal digits, in
    /// lower case.
    pub package: &'a str,
    /// The full path.
    pub path: &'a str,
    /// What it is.
    pub kind: FileKind,
}

/// What there was in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// How many packages.
    pub packages: u64,
    /// How many files.
    pub files: u64,
    /// What is odd.
    pub remarks: Vec<MetadataRemark>,
}

/// Hands every file to `each`, in the order of the file. `from` is the text,
/// decompressed; `shown` is what it is called in messages.
///
/// # Errors
///
/// Broken XML, and a file that is cut off. They name the package.
pub fn scan(
    from: impl Read,
    shown: &str,
    each: impl FnMut(Listed<'_>),
) -> Result<Scanned, MetadataError> {
    let mut scanner = Scanner {
        xml: Xml::new(from),
        shown,
        package: String::new(),
        path: String::new(),
        packages: 0,
        files: 0,
        remarks: Remarks::default(),
        each,
    };
    match scanner.run() {
        Ok(()) => Ok(Scanned {
            packages: scanner.packages,
            files: scanner.files,
            remarks: scanner.remarks.into_list(),
        }),
        Err(fault) => {
            let offset = scanner.xml.offset();
            Err(fault.at(place(shown, scanner.packages, &scanner.package), offset))
        }
    }
}

struct Scanner<'a, R, F> {
    xml: Xml<Source<R>>,
    shown: &'a str,
    package: String,
    path: String,
    packages: u64,
    files: u64,
    remarks: Remarks,
    each: F,
}

impl<R: Read, F: FnMut(Listed<'_>)> Scanner<'_, R, F> {
    fn run(&mut self) -> Result<(), Fault> {
        let stated = self.root()?;
        loop {
            match self.xml.next()? {
                Token::Start(tag) if tag.name() == "package" => {
                    begin(&tag, &mut self.package)?;
                    self.package()?;
                }
                Token::Start(tag) => {
                    let what = Oddity::UnknownElement(excerpt(tag.name()));
                    self.note(what);
                    self.xml.skip()?;
                }
                Token::Text(text) if !is_blank(&text) => self.note(Oddity::StrayText),
                Token::Text(_) | Token::End(_) => {}
                Token::Eof => break,
            }
        }
        self.package.clear();
        let found = std::mem::take(&mut self.packages);
        if let Some(stated) = stated.filter(|stated| *stated != found) {
            self.note(Oddity::Count { stated, found });
        }
        self.packages = found;
        self.note_replaced();
        Ok(())
    }

    /// How many packages there should be.
    fn root(&mut self) -> Result<Option<u64>, Fault> {
        let stated = loop {
            if let Token::Start(tag) = self.xml.next()? {
                tag.must_be("filelists")?;
                let [packages] = tag.attributes(["packages"])?;
                break packages.map(|text| text.parse().map_err(|_| excerpt(&text)));
            }
        };
        if let Some(encoding) = self.xml.encoding() {
            let what = Oddity::Encoding(encoding.to_owned());
            self.note(what);
        }
        match stated.transpose() {
            Ok(stated) => Ok(stated),
            Err(text) => {
                self.note(Oddity::NotANumber(text));
                Ok(None)
            }
        }
    }

    fn package(&mut self) -> Result<(), Fault> {
        self.packages += 1;
        if self.packages > MAX_PACKAGES {
            return Err(Fault::TooMany { what: "packages", limit: MAX_PACKAGES });
        }
        if self.package.is_empty() {
            self.note(Oddity::NoChecksum);
        }
        loop {
            match self.xml.next()? {
                Token::Start(tag) if tag.name() == "file" => {
                    let kind = FileKind::of(tag.attributes(["type"])?[0].as_deref());
                    self.file(kind)?;
                }
                Token::Start(tag) => {
                    if tag.name() != "version" {
                        let what = Oddity::UnknownElement(excerpt(tag.name()));
                        self.note(what);
                    }
                    self.xml.skip()?;
                }
                Token::Text(text) if !is_blank(&text) => self.note(Oddity::StrayText),
                Token::Text(_) => {}
                Token::End(_) | Token::Eof => break,
            }
        }
        self.note_replaced();
        Ok(())
    }

    fn note_replaced(&mut self) {
        if self.xml.take_replaced() {
            self.note(Oddity::NotUtf8);
        }
    }

    fn file(&mut self, kind: FileKind) -> Result<(), Fault> {
        self.path.clear();
        if self.xml.text(&mut self.path, MAX_PATH)? {
            self.note(Oddity::Nested);
        }
        if !self.path.starts_with('/') {
            self.note(Oddity::RelativeFile);
            self.path.insert(0, '/');
        }
        self.files += 1;
        (self.each)(Listed { package: &self.package, path: &self.path, kind });
        Ok(())
    }

    fn note(&mut self, what: Oddity) {
        self.remarks.note(what, || place(self.shown, self.packages, &self.package));
    }
}

/// Takes the attributes of a package.
fn begin(tag: &Tag<'_>, package: &mut String) -> Result<(), Fault> {
    let [id] = tag.attributes(["pkgid"])?;
    package.clear();
    package.push_str(id.as_deref().unwrap_or_default());
    package.make_ascii_lowercase();
    Ok(())
}

/// File and place.
fn place(shown: &str, number: u64, package: &str) -> (String, Place) {
    (shown.to_owned(), Place { package: number, name: excerpt(package), ..Place::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files, one a line, and the remarks.
    fn read(xml: &str) -> Result<(String, Vec<String>), MetadataError> {
        let mut files = String::new();
        let scanned = scan(xml.as_bytes(), "filelists.xml", |file| {
            files.push_str(&format!("{} {:?} {}\n", file.package, file.kind, file.path));
        })?;
        assert_eq!(scanned.files, files.lines().count() as u64);
        Ok((files, scanned.remarks.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn every_file_is_handed_over_with_its_package() {
        let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
<filelists xmlns="http://linux.duke.edu/metadata/filelists" packages="2">
<package pkgid="AB12" name="a" arch="noarch">
  <version epoch="0" ver="1" rel="1"/>
  <file>/usr/bin/a &amp; b</file>
  <file type="dir"> /usr</file><file type="ghost">/run/a</file>
</package>
<package pkgid="cd34" name="b" arch="noarch"><version epoch="0" ver="1" rel="1"/></package>
</filelists>
"#;
        let (files, remarks) = read(xml).unwrap();
        assert_eq!(files, "ab12 File /usr/bin/a & b\nab12 Directory / /usr\nab12 Ghost /run/a\n");
        let added =
            "filelists.xml: package 1 (ab12): a file path without a leading /, which is added";
        assert_eq!(remarks, [added]);
    }

    #[test]
    fn odd_lists_are_read_with_remarks() {
        let xml = "<filelists packages='5'><x><file>/no</file></x>hm<package>
            <file><b>/deep</b></file><y/>hm</package></filelists>";
        let (files, remarks) = read(xml).unwrap();
        assert_eq!(files, " File /\n");
        assert_eq!(
            remarks,
            [
                "filelists.xml: <x> is not known here, left out",
                "filelists.xml: text where none belongs, left out (2 times)",
                "filelists.xml: package 1: no checksum",
                "filelists.xml: package 1: an element where none belongs, left out",
                "filelists.xml: package 1: a file path without a leading /, which is added",
                "filelists.xml: package 1: <y> is not known here, left out",
                "filelists.xml: states 5 packages, has 1",
            ]
        );
    }
}
