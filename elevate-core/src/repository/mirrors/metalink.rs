//! Metalinks, version 3, as MirrorManager makes them.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{List, MirrorsError};
use crate::rpm::metadata::excerpt;

/// How deep elements may lie in each other.
const DEEPEST: usize = 32;
/// The most versions of `repomd.xml` a metalink may accept.
const MOST_VERSIONS: usize = 100;
/// The most checksums of one version.
const MOST_CHECKSUMS: usize = 10;
/// Preference of a mirror that has none.
const NO_PREFERENCE: i64 = 0;

/// What `repomd.xml` may be, according to a metalink.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepomdVersion {
    /// Seconds since 1970, where it is said.
    pub timestamp: Option<u64>,
    /// Size in bytes, where it is said.
    pub size: Option<u64>,
    /// Kinds of checksum (`sha256`) and their values in hexadecimal.
    pub checksums: Vec<(String, String)>,
}

/// Reads the file `repomd.xml` of a metalink.
pub(super) fn read(text: &str, list: &mut List<'_>) -> Result<(), MirrorsError> {
    let malformed = |why: String| MirrorsError::Malformed(why);
    let mut metalink = Metalink::default();
    let mut reader = Reader::from_str(text);
    loop {
        let at = reader.buffer_position() as usize;
        match reader.read_event().map_err(|error| malformed(error.to_string()))? {
            Event::Start(element) => metalink.open(&element, at)?,
            Event::Empty(element) => {
                metalink.open(&element, at)?;
                metalink.close();
            }
            Event::End(_) => metalink.close(),
            Event::Text(text) => metalink.text.push_str(&text),
            Event::CData(text) => metalink.text.push_str(&text),
            Event::GeneralRef(entity) => metalink.entity(&entity),
            Event::Eof => break,
            _ => {}
        }
    }
    if !metalink.path.is_empty() {
        return Err(malformed("it ends too early".to_owned()));
    }
    if !metalink.found {
        return Err(malformed("it has no file repomd.xml".to_owned()));
    }
    metalink.finish(text, list);
    Ok(())
}

#[derive(Default)]
struct Metalink {
    /// Local names of the elements that are open.
    path: Vec<String>,
    /// Text of the innermost element so far.
    text: String,
    /// Whether there was a file `repomd.xml`.
    found: bool,
    /// Whether that file is open.
    inside: bool,
    kind: String,
    /// Preference and byte at which it stands, of the address that is open.
    url: (i64, usize),
    urls: Vec<(i64, usize, String)>,
    versions: Vec<RepomdVersion>,
}

impl Metalink {
    fn open(&mut self, element: &BytesStart<'_>, at: usize) -> Result<(), MirrorsError> {
        if self.path.len() == DEEPEST {
            return Err(MirrorsError::Malformed("elements lie too deep".to_owned()));
        }
        let name = element.local_name().as_ref().to_owned();
        if self.path.is_empty() && name != "metalink" {
            return Err(MirrorsError::Malformed(format!("it is <{}>", excerpt(&name))));
        }
        self.text.clear();
        match name.as_str() {
            "file" => {
                self.inside = !self.found && attribute(element, "name") == "repomd.xml";
                self.found |= self.inside;
            }
            "hash" => self.kind = attribute(element, "type").to_ascii_lowercase(),
            "url" => {
                let preference = attribute(element, "preference");
                self.url = (preference.parse().unwrap_or(NO_PREFERENCE), at);
            }
            _ => {}
        }
        let starts = name == "alternate" || name == "file";
        if self.inside && starts && self.versions.len() < MOST_VERSIONS {
            self.versions.push(RepomdVersion::default());
        }
        self.path.push(name);
        Ok(())
    }

    fn close(&mut self) {
        let name = self.path.pop().unwrap_or_default();
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if !self.inside {
            return;
        }
        let Some(version) = self.versions.last_mut() else { return };
        match name.as_str() {
            "timestamp" => version.timestamp = text.parse().ok(),
            "size" => version.size = text.parse().ok(),
            "hash" if version.checksums.len() < MOST_CHECKSUMS => {
                version.checksums.push((self.kind.clone(), text.to_ascii_lowercase()));
            }
            "url" => self.urls.push((self.url.0, self.url.1, text.to_owned())),
            "file" => self.inside = false,
            _ => {}
        }
    }

    /// `&amp;` in an address.
    fn entity(&mut self, name: &str) {
        self.text.push_str(quick_xml::escape::resolve_xml_entity(name).unwrap_or("\u{fffd}"));
    }

    /// Sorts the mirrors, the most preferred ones first, and hands them over.
    fn finish(mut self, text: &str, list: &mut List<'_>) {
        self.urls.sort_by_key(|(preference, at, _)| (-preference, *at));
        let mut lines = Lines { text, at: 0, line: 1 };
        let mut at: Vec<usize> = self.urls.iter().map(|(_, at, _)| *at).collect();
        at.sort_unstable();
        let line_of: std::collections::BTreeMap<usize, usize> =
            at.into_iter().map(|at| (at, lines.of(at))).collect();
        for (_, at, url) in &self.urls {
            let line = line_of.get(at).copied().unwrap_or(1);
            match url.strip_suffix("repodata/repomd.xml") {
                Some(base) => list.add(line, base),
                None => list.odd(line, format_args!("{:?} is no repomd.xml", excerpt(url))),
            }
        }
        self.versions.retain(|version| !version.checksums.is_empty());
        list.mirrors.repomd = self.versions;
    }
}

/// Counts lines from one byte to the next, each once.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, at: usize) -> usize {
        let passed = self.text.as_bytes().get(self.at..at).unwrap_or_default();
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count();
        self.at = at;
        self.line
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let found = element.try_get_attribute(name).ok().flatten();
    let value = found.and_then(|found| found.normalized_value(XmlVersion::Implicit1_0).ok());
    value.map(|value| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{Location, MirrorsError, read};
    use crate::repository::Variables;

    fn metalink(body: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<metalink version=\"3.0\" xmlns:mm0=\"x\"><files>\n\
             <file name=\"other\"><size>1</size></file>{body}</files></metalink>"
        )
    }

    const FILE: &str = "<file name=\"repomd.xml\">
<mm0:timestamp>1700000000</mm0:timestamp><size>4000</size>
<verification><hash type=\"md5\">AA</hash><hash type=\"sha256\">bb</hash></verification>
<mm0:alternates><mm0:alternate><mm0:timestamp>1600000000</mm0:timestamp><size>3000</size>
<verification><hash type=\"sha256\">cc</hash></verification></mm0:alternate></mm0:alternates>
<resources>
<url protocol=\"http\" preference=\"90\">http://b/x/repodata/repomd.xml</url>
<url protocol=\"https\" preference=\"100\">https://a/x?p=1&amp;q=/repodata/repomd.xml</url>
<url protocol=\"rsync\" preference=\"100\">rsync://a/x/repodata/repomd.xml</url>
<url protocol=\"http\" preference=\"80\">http://c/x/</url>
<url>http://d/repodata/repomd.xml</url>
</resources></file>";

    fn place() -> Location {
        Location::parse("https://m/metalink").unwrap()
    }

    #[test]
    fn mirrors_are_in_order_of_preference_and_checksums_of_every_version_are_kept() {
        let mirrors = read(metalink(FILE).as_bytes(), &place(), &Variables::new()).unwrap();
        let bases: Vec<String> = mirrors.bases.iter().map(ToString::to_string).collect();
        assert_eq!(bases, ["https://a/x?p=1&q=/", "http://b/x/", "http://d/"]);
        let versions: Vec<_> = mirrors
            .repomd
            .iter()
            .map(|v| (v.timestamp.unwrap(), v.size.unwrap(), v.checksums.len()))
            .collect();
        assert_eq!(versions, [(1_700_000_000, 4000, 2), (1_600_000_000, 3000, 1)]);
        assert_eq!(mirrors.repomd[0].checksums[0], ("md5".to_owned(), "aa".to_owned()));
        let remarks: Vec<String> = mirrors.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(
            remarks,
            [
                "https://m/metalink:11: \"rsync://a/x/\" the protocol \"rsync\" is not supported; http, https and file are",
                "https://m/metalink:12: \"http://c/x/\" is no repomd.xml",
            ]
        );
    }

    #[test]
    fn a_broken_metalink_is_refused() {
        let whole = metalink(FILE);
        let refused = |text: &str| {
            let error = read(text.as_bytes(), &place(), &Variables::new()).unwrap_err();
            assert!(matches!(error, MirrorsError::Malformed(_)), "{text:.60}: {error}");
            error.to_string()
        };
        for end in (20..whole.len()).step_by(17) {
            refused(&whole[..end]);
        }
        assert!(refused(&metalink("")).ends_with("it has no file repomd.xml"));
        assert!(refused(&"<a>".repeat(100)).ends_with("it is <a>"));
        assert!(refused(&"<metalink>".repeat(100)).ends_with("elements lie too deep"));
    }
}
