//! Prints every package of an rpm database as
//!
//! ```text
//! rpm -qa --nosignature --nodigest --qf FORMAT
//! ```
//!
//! prints it, in the order of the file, without public keys:
//! `rpmdb_dump PACKAGES`. `rpmdb_dump --format` prints the format.
//!
//! It shows how a database is read package by package, and it is what
//! `cargo xtask bench-compare` times beside rpm.

#![expect(clippy::disallowed_methods, reason = "an example opens the file it is told to")]

use std::error::Error;
use std::io::{self, BufWriter, Write};

use elevate_core::rpm::header::{DependencyKind, FileState, Header, Record, SignatureKind};
use elevate_core::rpm::rpmdb::{self, DbFiles, FileSource, Mode};

/// A line of single tags for each package, then one for each dependency and file.
const FORMAT: &str = "\
N %{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH} %{LONGSIZE} %{INSTALLTIME} %{SOURCERPM}|%{VENDOR}|\
%{PACKAGER}|%{DSAHEADER:pgpsig}|%{RSAHEADER:pgpsig}\\n\
[P %{PROVIDENAME} %{PROVIDEFLAGS} %{PROVIDEVERSION}\\n]\
[R %{REQUIRENAME} %{REQUIREFLAGS} %{REQUIREVERSION}\\n]\
[C %{CONFLICTNAME} %{CONFLICTFLAGS} %{CONFLICTVERSION}\\n]\
[O %{OBSOLETENAME} %{OBSOLETEFLAGS} %{OBSOLETEVERSION}\\n]\
[r %{RECOMMENDNAME} %{RECOMMENDFLAGS} %{RECOMMENDVERSION}\\n]\
[s %{SUGGESTNAME} %{SUGGESTFLAGS} %{SUGGESTVERSION}\\n]\
[u %{SUPPLEMENTNAME} %{SUPPLEMENTFLAGS} %{SUPPLEMENTVERSION}\\n]\
[e %{ENHANCENAME} %{ENHANCEFLAGS} %{ENHANCEVERSION}\\n]\
[F %{FILENAMES} %{FILEFLAGS} %{FILESTATES} %{FILEMODES} \\n]";

fn main() -> Result<(), Box<dyn Error>> {
    let argument = std::env::args().nth(1).ok_or("usage: rpmdb_dump PACKAGES | --format")?;
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if argument == "--format" {
        writeln!(out, "{FORMAT}")?;
        return Ok(out.flush()?);
    }
    let source = FileSource::new(std::fs::File::open(argument)?)?;
    for record in rpmdb::open(&DbFiles::single(&source))?.records(Mode::Strict) {
        if let Record::Package(header) = record? {
            package(&mut out, &header)?;
        }
    }
    Ok(out.flush()?)
}

fn package(out: &mut impl Write, header: &Header) -> io::Result<()> {
    let none = || "(none)".into();
    let number = |number: Option<u64>| number.map_or_else(none, |number| number.to_string());
    let signature = |kind| header.signature(kind).unwrap_or_else(none);
    let evr = header.evr();
    write!(out, "N {} {}:{}-{} ", header.name(), evr.epoch, evr.version, evr.release)?;
    match header.arch() {
        Some(arch) => write!(out, "{arch} ")?,
        None => out.write_all(b"(none) ")?,
    }
    write!(out, "{} {} ", number(header.size()), number(header.install_time()))?;
    for text in [header.source_rpm(), header.vendor(), header.packager()] {
        write!(out, "{}|", text.as_deref().unwrap_or("(none)"))?;
    }
    write!(out, "{}|", signature(SignatureKind::DsaHeader))?;
    writeln!(out, "{}", signature(SignatureKind::RsaHeader))?;
    for (letter, kind) in b"PRCOrsue".iter().zip(DependencyKind::ALL) {
        for dependency in header.dependencies(kind) {
            out.write_all(&[*letter, b' '])?;
            out.write_all(dependency.name.as_bytes())?;
            decimal(out, dependency.flags.0)?;
            out.write_all(dependency.version.as_bytes())?;
            out.write_all(b"\n")?;
        }
    }
    files(out, header)
}

fn files(out: &mut impl Write, header: &Header) -> io::Result<()> {
    for file in header.files() {
        out.write_all(b"F ")?;
        out.write_all(file.directory.as_bytes())?;
        out.write_all(file.name.as_bytes())?;
        decimal(out, file.flags.0)?;
        match file.state {
            None => out.write_all(b"(none)")?,
            Some(FileState::Normal) => out.write_all(b"0")?,
            Some(FileState::Replaced) => out.write_all(b"1")?,
            Some(FileState::NotInstalled) => out.write_all(b"2")?,
            Some(FileState::NetShared) => out.write_all(b"3")?,
            Some(FileState::WrongColor) => out.write_all(b"4")?,
            Some(FileState::Other(other)) => write!(out, "{other}")?,
        }
        match file.mode {
            Some(mode) => decimal(out, mode)?,
            None => out.write_all(b" (none) ")?,
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A number between spaces. There are hundreds of thousands, and the formatting of
/// the standard library would take a tenth of the whole time for them.
fn decimal(out: &mut impl Write, mut number: u32) -> io::Result<()> {
    let mut text = *b"            ";
    let mut at = text.len() - 1;
    loop {
        at -= 1;
        text[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return out.write_all(&text[at - 1..]);
        }
    }
}
