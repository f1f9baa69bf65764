//! The reader of `repomd.xml`.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Component, Path};

use super::{Data, DistroTag, MAX_DATA, MAX_TEXT, Repomd};
use crate::rpm::metadata::{
    Checksum, Fault, MetadataError, Oddity, Place, Remarks, Source, Tag, Token, Xml, excerpt,
    is_blank,
};

/// Reads a `repomd.xml`; `shown` is what it is called in messages.
///
/// # Errors
///
/// Broken XML, a file that is cut off, and more than there can be.
pub fn read(from: impl Read, shown: &str) -> Result<Repomd, MetadataError> {
    let mut reader = Reader {
        xml: Xml::new(from),
        shown,
        entry: Data::default(),
        entries: 0,
        repomd: Repomd::default(),
        remarks: Remarks::default(),
    };
    match reader.run() {
        Ok(()) => Ok(Repomd { remarks: reader.remarks.into_list(), ..reader.repomd }),
        Err(fault) => {
            let offset = reader.xml.offset();
            Err(fault.at(place(shown, &reader.entry), offset))
        }
    }
}

struct Reader<'a, R> {
    xml: Xml<Source<R>>,
    shown: &'a str,
    /// The file of metadata that is being read; without a kind in between.
    entry: Data,
    /// How many there were, with those that were left out.
    entries: usize,
    repomd: Repomd,
    remarks: Remarks,
}

/// File and place.
fn place(shown: &str, entry: &Data) -> (String, Place) {
    let kind = excerpt(&entry.kind);
    let part = if kind.is_empty() { kind } else { format!("data {kind:?}") };
    (shown.to_owned(), part.into())
}

impl<R: Read> Reader<'_, R> {
    fn run(&mut self) -> Result<(), Fault> {
        loop {
            if let Token::Start(tag) = self.xml.next()? {
                tag.must_be("repomd")?;
                break;
            }
        }
        if let Some(encoding) = self.xml.encoding() {
            let what = Oddity::Encoding(encoding.to_owned());
            self.note(what);
        }
        self.elements(Self::element)?;
        // What follows is the end, or an error.
        while !matches!(self.xml.next()?, Token::Eof) {}
        if self.xml.take_replaced() {
            self.note(Oddity::NotUtf8);
        }
        Ok(())
    }

    /// Hands the elements of the open element to `take`, which reads to their ends.
    fn elements(
        &mut self,
        take: impl Fn(&mut Self, Start) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => {
                    let start = Start::of(&tag)?;
                    take(self, start)?;
                }
                Token::Text(text) if !is_blank(&text) => self.note(Oddity::StrayText),
                Token::Text(_) => {}
                Token::End(_) | Token::Eof => return Ok(()),
            }
        }
    }

    fn element(&mut self, start: Start) -> Result<(), Fault> {
        match start.name.as_str() {
            "revision" => self.repomd.revision = Some(self.text()?),
            "tags" => self.elements(Self::tag)?,
            "data" => self.data(start)?,
            _ => self.unknown(&start.name)?,
        }
        Ok(())
    }

    fn tag(&mut self, start: Start) -> Result<(), Fault> {
        match start.name.as_str() {
            "content" => {
                let text = self.text()?;
                self.repomd.content_tags.push(text);
            }
            "repo" => {
                let text = self.text()?;
                self.repomd.repo_tags.push(text);
            }
            "distro" => {
                let name = self.text()?;
                self.repomd.distro_tags.push(DistroTag { cpe: start.cpe, name });
            }
            name => self.unknown(name)?,
        }
        let tags = &self.repomd;
        let count = tags.content_tags.len() + tags.repo_tags.len() + tags.distro_tags.len();
        Fault::bound(count, MAX_DATA, "tags")
    }

    fn data(&mut self, start: Start) -> Result<(), Fault> {
        self.entry.kind = start.kind.unwrap_or_default();
        self.elements(Self::property)?;
        match self.lack() {
            Some(what) => self.note(what),
            None => self.repomd.data.push(self.entry.clone()),
        }
        self.entry = Data::default();
        self.entries += 1;
        Fault::bound(self.entries, MAX_DATA, "files")
    }

    /// Why a file cannot be taken; notes what is odd about one that can.
    fn lack(&mut self) -> Option<Oddity> {
        let data = &self.entry;
        if data.kind.is_empty() {
            return Some(Oddity::NoKind);
        }
        if data.location.is_empty() {
            return Some(Oddity::NoLocation);
        }
        if !stays_below(&data.location) {
            return Some(Oddity::Location(excerpt(&data.location)));
        }
        let has_no_checksum = data.checksum.is_none();
        if self.repomd.data.iter().any(|other| other.kind == data.kind) {
            self.note(Oddity::SecondOfKind(excerpt(&self.entry.kind)));
        }
        if has_no_checksum {
            self.note(Oddity::NoChecksum);
        }
        None
    }

    fn property(&mut self, start: Start) -> Result<(), Fault> {
        match start.name.as_str() {
            "location" => {
                self.entry.location = start.href.unwrap_or_default();
                self.entry.base = start.base;
                self.xml.skip()?;
            }
            "checksum" => self.entry.checksum = self.checksum(start.kind)?,
            "open-checksum" => self.entry.open_checksum = self.checksum(start.kind)?,
            "size" => self.entry.size = self.number()?,
            "open-size" => self.entry.open_size = self.number()?,
            "timestamp" => self.entry.timestamp = self.number()?,
            "database_version" => self.entry.database_version = self.number()?,
            // Of zchunk files, which are not read.
            "header-checksum" | "header-size" => self.xml.skip().map(|_| ())?,
            name => self.unknown(name)?,
        }
        Ok(())
    }

    fn checksum(&mut self, algorithm: Option<String>) -> Result<Option<Checksum>, Fault> {
        let hex = self.text()?;
        let algorithm = algorithm.unwrap_or_default().parse();
        match algorithm.and_then(|algorithm| Checksum::new(algorithm, hex.trim())) {
            Ok(checksum) => Ok(Some(checksum)),
            Err(why) => {
                self.note(Oddity::BadChecksum(why.to_string()));
                Ok(None)
            }
        }
    }

    /// A number; a fraction, which timestamps may have, is left out.
    fn number(&mut self) -> Result<Option<u64>, Fault> {
        let text = self.text()?;
        let whole = text.split_once('.').map_or(text.as_str(), |(whole, _)| whole);
        let number = whole.trim().parse().ok();
        if number.is_none() {
            self.note(Oddity::NotANumber(excerpt(&text)));
        }
        Ok(number)
    }

    fn text(&mut self) -> Result<String, Fault> {
        let mut text = String::new();
        if self.xml.text(&mut text, MAX_TEXT)? {
            self.note(Oddity::Nested);
        }
        Ok(text)
    }

    fn unknown(&mut self, name: &str) -> Result<(), Fault> {
        self.note(Oddity::UnknownElement(excerpt(name)));
        self.xml.skip().map(|_| ())
    }

    fn note(&mut self, what: Oddity) {
        self.remarks.note(what, || place(self.shown, &self.entry));
    }
}

/// A tag, away from the text it is in.
struct Start {
    name: String,
    kind: Option<String>,
    href: Option<String>,
    base: Option<String>,
    cpe: Option<String>,
}

impl Start {
    fn of(tag: &Tag<'_>) -> Result<Self, Fault> {
        let values = tag.attributes(["type", "href", "xml:base", "cpeid"])?;
        let [kind, href, base, cpe] = values.map(|value| value.map(Cow::into_owned));
        Ok(Self { name: tag.name().to_owned(), kind, href, base, cpe })
    }
}

/// Whether a location is a path that does not lead out of the repository. An
/// address is none: `:` before the first `/` makes a scheme.
fn stays_below(location: &str) -> bool {
    let stays = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    let first = location.split('/').next().unwrap_or_default();
    !first.contains(':')
        && !location.contains(['\\', '?', '#'])
        && Path::new(location).components().all(stays)
}
