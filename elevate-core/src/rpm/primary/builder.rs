//! A package in the making.

use std::borrow::Cow;

use super::package::{Dependency, Entry, FileKind, Parts, Span, Text, push_evr};
use super::{MAX_LIST, MAX_PACKAGES, MAX_TEXT};
use crate::rpm::header::DependencyKind;
use crate::rpm::metadata::{Fault, Oddity, Place, Remarks, Tag, excerpt};

/// What becomes of the content of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// It is a text of the package.
    Text(Text),
    /// It is the path of a file.
    File(FileKind),
    /// It is dependencies.
    Dependencies(DependencyKind),
    /// It is more elements of the package.
    Elements,
    /// The attributes say everything, or nobody asks for it.
    Nothing,
}

/// The package that is being read, and what is odd about all of them.
#[derive(Debug)]
pub(super) struct Builder {
    shown: String,
    /// Which package this is, from 1.
    number: u64,
    /// The element that is being read, where it is a list.
    list: Option<&'static str>,
    pub(super) parts: Parts,
    pub(super) remarks: Remarks,
}

impl Builder {
    pub(super) fn new(shown: &str) -> Self {
        let (parts, remarks) = (Parts::default(), Remarks::default());
        Self { shown: shown.to_owned(), number: 0, list: None, parts, remarks }
    }

    /// File and place.
    pub(super) fn place(&self) -> (String, Place) {
        let place = Place {
            package: self.number,
            name: excerpt(self.parts.text(Text::Name)),
            part: self.list.unwrap_or_default().to_owned(),
        };
        (self.shown.clone(), place)
    }

    pub(super) fn note(&mut self, what: Oddity) {
        let mut remarks = std::mem::take(&mut self.remarks);
        remarks.note(what, || self.place());
        self.remarks = remarks;
    }

    /// Notes something about the file as a whole.
    pub(super) fn note_of_file(&mut self, what: Oddity) {
        self.remarks.note(what, || (self.shown.clone(), Place::default()));
    }

    /// Begins with a package; says whether it is one.
    pub(super) fn begin(&mut self, tag: &Tag<'_>) -> Result<bool, Fault> {
        self.parts.clear();
        self.number += 1;
        if self.number > MAX_PACKAGES {
            return Err(Fault::TooMany { what: "packages", limit: MAX_PACKAGES });
        }
        let [kind, reference] = tag.attributes(["type", "pkgid"])?;
        if let Some(kind) = kind.filter(|kind| kind != "rpm") {
            self.note(Oddity::NotRpm(excerpt(&kind)));
        }
        if reference.is_some() {
            self.note(Oddity::Extends);
        }
        Ok(reference.is_none())
    }

    /// Takes the attributes of an element of the package, and says what becomes of
    /// its content.
    pub(super) fn start(&mut self, tag: &Tag<'_>) -> Result<Content, Fault> {
        match tag.name() {
            "version" => self.version(tag),
            "checksum" => self.checksum(tag),
            "time" => self.time(tag),
            "size" => self.size(tag),
            "location" => self.location(tag),
            "file" => Ok(Content::File(FileKind::of(tag.attributes(["type"])?[0].as_deref()))),
            name => {
                // Nothing is asked for, but they must be attributes.
                let [] = tag.attributes([])?;
                Ok(self.content_of(name))
            }
        }
    }

    fn content_of(&mut self, name: &str) -> Content {
        match name {
            "name" => Content::Text(Text::Name),
            "arch" => Content::Text(Text::Arch),
            "summary" => Content::Text(Text::Summary),
            "rpm:vendor" => Content::Text(Text::Vendor),
            "rpm:sourcerpm" => Content::Text(Text::SourceRpm),
            "format" => Content::Elements,
            "description" | "packager" | "url" | "rpm:license" | "rpm:group" | "rpm:buildhost"
            | "rpm:header-range" => Content::Nothing,
            name => match DependencyKind::ALL.into_iter().find(|kind| list_name(*kind) == name) {
                Some(kind) => Content::Dependencies(kind),
                None => self.unknown(name),
            },
        }
    }

    pub(super) fn unknown(&mut self, name: &str) -> Content {
        self.note(Oddity::UnknownElement(excerpt(name)));
        Content::Nothing
    }

    fn version(&mut self, tag: &Tag<'_>) -> Result<Content, Fault> {
        let [epoch, version, release] = tag.attributes(["epoch", "ver", "rel"])?;
        let start = self.parts.text.len();
        push_evr(&mut self.parts.text, epoch.as_deref(), version.as_deref(), release.as_deref());
        self.set(Text::Evr, start)?;
        Ok(Content::Nothing)
    }

    fn checksum(&mut self, tag: &Tag<'_>) -> Result<Content, Fault> {
        let [algorithm] = tag.attributes(["type"])?;
        self.parts.algorithm = Some(algorithm.as_deref().unwrap_or_default().parse()?);
        Ok(Content::Text(Text::Checksum))
    }

    fn time(&mut self, tag: &Tag<'_>) -> Result<Content, Fault> {
        let [build, file] = tag.attributes(["build", "file"])?;
        self.parts.build_time = self.number_or_0(build);
        self.parts.file_time = self.number_or_0(file);
        Ok(Content::Nothing)
    }

    fn size(&mut self, tag: &Tag<'_>) -> Result<Content, Fault> {
        let [package, installed, archive] = tag.attributes(["package", "installed", "archive"])?;
        self.parts.package_size = self.number_or_0(package);
        self.parts.installed_size = self.number_or_0(installed);
        self.parts.archive_size = self.number_or_0(archive);
        Ok(Content::Nothing)
    }

    fn location(&mut self, tag: &Tag<'_>) -> Result<Content, Fault> {
        for (text, value) in
            [Text::Location, Text::Base].into_iter().zip(tag.attributes(["href", "xml:base"])?)
        {
            if let Some(value) = value {
                let start = self.parts.text.len();
                self.parts.text.push_str(&value);
                self.set(text, start)?;
            }
        }
        Ok(Content::Nothing)
    }

    /// A number, where it is one.
    pub(super) fn number(&mut self, text: &str) -> Option<u64> {
        let number = text.parse().ok();
        if number.is_none() {
            self.note(Oddity::NotANumber(excerpt(text)));
        }
        number
    }

    fn number_or_0(&mut self, text: Option<Cow<'_, str>>) -> u64 {
        text.and_then(|text| self.number(&text)).unwrap_or_default()
    }

    /// Keeps what was added to the text since it was so long.
    pub(super) fn set(&mut self, text: Text, start: usize) -> Result<(), Fault> {
        let span = self.since(start)?;
        if self.parts.set(text, span) {
            self.note(Oddity::Repeated(text.element()));
        }
        match self.parts.algorithm {
            Some(algorithm) if text == Text::Checksum => {
                let hex = self.parts.get_mut(span);
                hex.make_ascii_lowercase();
                Ok(algorithm.check(hex)?)
            }
            _ => Ok(()),
        }
    }

    fn since(&self, start: usize) -> Result<Span, Fault> {
        if self.parts.text.len() > MAX_TEXT {
            return Err(Fault::TooMany {
                what: "bytes of text in a package",
                limit: MAX_TEXT as u64,
            });
        }
        Ok(self.parts.since(start))
    }

    /// Keeps a file whose path was added to the text since it was so long.
    pub(super) fn file(&mut self, kind: FileKind, start: usize) -> Result<(), Fault> {
        if !self.parts.text[start..].starts_with('/') {
            self.note(Oddity::RelativeFile);
            self.parts.text.insert(start, '/');
        }
        let span = self.since(start)?;
        self.parts.files.push((kind, span));
        Fault::bound(self.parts.files.len(), MAX_LIST, "files of a package")
    }

    /// Begins a list of dependencies. One that is there again takes the place of
    /// the first.
    pub(super) fn begin_list(&mut self, kind: DependencyKind) {
        let name = list_name(kind);
        if !self.parts.list(kind).is_empty() {
            self.note(Oddity::Repeated(name));
            self.parts.list_mut(kind).clear();
        }
        self.list = Some(name);
    }

    pub(super) fn end_list(&mut self) {
        self.list = None;
    }

    /// Takes a dependency.
    pub(super) fn entry(&mut self, kind: DependencyKind, tag: &Tag<'_>) -> Result<(), Fault> {
        let [name, flags, epoch, version, release, pre, of] =
            tag.attributes(["name", "flags", "epoch", "ver", "rel", "pre", "kind"])?;
        let Some(name) = name else {
            self.note(Oddity::UnnamedDependency);
            return Ok(());
        };
        let start = self.parts.text.len();
        if let Some(of) = of.filter(|of| of != "package") {
            self.note(Oddity::DependencyKind(excerpt(&of)));
            self.parts.text.push_str(&of);
            self.parts.text.push(':');
        }
        self.parts.text.push_str(&name);
        let mut entry = Entry {
            name: self.since(start)?,
            evr: Span::default(),
            flags: 0,
            pre: kind == DependencyKind::Requires && pre.is_some_and(|pre| pre.starts_with('1')),
        };
        if name.is_empty() {
            self.note(Oddity::EmptyDependency);
        }
        if let Some(flags) = flags {
            let start = self.parts.text.len();
            let text = &mut self.parts.text;
            push_evr(text, epoch.as_deref(), version.as_deref(), release.as_deref());
            entry.evr = self.since(start)?;
            entry.flags = self.flags(&flags, self.parts.text.len() == start);
        } else if version.is_some() {
            self.note(Oddity::NoComparison);
        }
        self.parts.list_mut(kind).push(entry);
        Fault::bound(self.parts.list(kind).len(), MAX_LIST, "dependencies of a kind")
    }

    fn flags(&mut self, name: &str, has_no_version: bool) -> u8 {
        let flags = Dependency::flags_of(name);
        if flags == Dependency::NEVER {
            self.note(Oddity::UnknownFlags(excerpt(name)));
        } else if has_no_version {
            self.note(Oddity::NothingToCompare);
        }
        flags
    }

    /// Whether the package can be used; notes what it lacks.
    pub(super) fn is_complete(&mut self) -> bool {
        if self.parts.text(Text::Name).is_empty() {
            self.note(Oddity::NoName);
            return false;
        }
        let lacks = [
            (Text::Evr, Oddity::NoVersion),
            (Text::Location, Oddity::NoLocation),
            (Text::Checksum, Oddity::NoChecksum),
        ];
        for (text, what) in lacks {
            if self.parts.text(text).is_empty() {
                self.note(what);
            }
        }
        if self.parts.text(Text::Arch).is_empty() {
            let is_there = self.parts.has(Text::Arch);
            self.note(if is_there { Oddity::EmptyArch } else { Oddity::NoArch });
        }
        true
    }
}

/// The element that holds the dependencies of a kind.
fn list_name(kind: DependencyKind) -> &'static str {
    match kind {
        DependencyKind::Provides => "rpm:provides",
        DependencyKind::Requires => "rpm:requires",
        DependencyKind::Conflicts => "rpm:conflicts",
        DependencyKind::Obsoletes => "rpm:obsoletes",
        DependencyKind::Recommends => "rpm:recommends",
        DependencyKind::Suggests => "rpm:suggests",
        DependencyKind::Supplements => "rpm:supplements",
        DependencyKind::Enhances => "rpm:enhances",
    }
}
