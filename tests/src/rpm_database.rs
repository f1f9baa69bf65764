//! A package database as rpm keeps it in its own format (`Packages.db`), made without
//! rpm: packages signed by whoever they say.

use elevate_core::model::Nevra;

/// What a package of the database says.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its full name.
    pub nevra: Nevra,
    /// Provides beside the package itself: `name`, or `name = version`.
    pub provides: Vec<String>,
    /// What it requires.
    pub requires: Vec<String>,
    /// Paths of its files; of configuration with the digest it came with.
    pub files: Vec<(String, Option<String>)>,
    /// Number of the key that signed it.
    pub key: u64,
}

const PAGE: usize = 4096;
const BLOCK: usize = 16;
const TAIL: usize = 12;
/// Seconds since 1970, of every signature and installation.
const TIME: u32 = 1_606_212_001;

/// The bytes of a database of these packages.
pub fn build(packages: &[Stored]) -> Vec<u8> {
    let pages = ((packages.len() + 2) * BLOCK).div_ceil(PAGE);
    let next = number(packages.len() + 1);
    let mut file = [*b"RpmP", [0; 4], 1_u32.to_le_bytes(), number(pages), next].concat();
    file.resize(2 * BLOCK, 0);
    let mut blobs: Vec<u8> = Vec::new();
    for (instance, package) in (1..).zip(packages) {
        let at = number((pages * PAGE + blobs.len()) / BLOCK);
        let blob = blob(instance, header(package));
        file.extend([*b"Slot", number(instance), at, number(blob.len() / BLOCK)].concat());
        blobs.extend(blob);
    }
    while file.len() < pages * PAGE {
        file.extend([&b"Slot"[..], &[0; 12]].concat());
    }
    [file, blobs].concat()
}

fn blob(instance: usize, mut header: Vec<u8>) -> Vec<u8> {
    let length = number(header.len());
    let start = [*b"BlbS", number(instance), 1_u32.to_le_bytes(), length].concat();
    let whole = (BLOCK + header.len() + TAIL).next_multiple_of(BLOCK);
    header.resize(whole - BLOCK - TAIL, 0);
    let body = [start, header].concat();
    let checksum = adler32(&body).to_le_bytes();
    [&body[..], &checksum, &length, b"BlbE"].concat()
}

fn adler32(bytes: &[u8]) -> u32 {
    let add = |(a, b): (u32, u32), byte: &u8| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    };
    let (a, b) = bytes.iter().fold((1, 0), add);
    (b << 16) | a
}

fn number(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("a small number").to_le_bytes()
}

fn header(package: &Stored) -> Vec<u8> {
    let Nevra { name, evr, arch } = &package.nevra;
    let version = evr.to_string();
    let arch = arch.to_string();
    let mut header = Header::default();
    header.text(1000, name.as_str());
    header.text(1001, &evr.version);
    header.text(1002, &evr.release);
    if evr.epoch > 0 {
        header.numbers(1003, &[evr.epoch]);
    }
    header.bytes(268, &signature(package.key));
    header.numbers(1008, &[TIME]);
    header.numbers(1009, &[1 << 20]);
    header.text(1011, "CentOS");
    header.text(1022, &arch);
    header.text(1044, &format!("{name}-{}-{}.src.rpm", evr.version, evr.release));
    let mut provides = vec![format!("{name} = {version}")];
    if arch == "x86_64" {
        provides.push(format!("{name}(x86-64) = {version}"));
    }
    provides.extend(package.provides.iter().cloned());
    header.dependencies([1047, 1112, 1113], &provides);
    header.dependencies([1049, 1048, 1050], &package.requires);
    header.files(&package.files);
    header.finish()
}

/// A signature of version 3, which says who made it and when; nobody could verify it.
fn signature(key: u64) -> Vec<u8> {
    let (time, key) = (TIME.to_be_bytes(), key.to_be_bytes());
    let rsa_sha256 = [1, 8, 0, 0, 0, 0, 0];
    [&[0x88, 22, 3, 5, 0][..], &time, &key, &rsa_sha256].concat()
}

/// A header under construction: an index of tags, and what they say.
#[derive(Default)]
struct Header {
    index: Vec<[u32; 4]>,
    store: Vec<u8>,
}

impl Header {
    fn add(&mut self, tag: u32, kind: u32, count: usize, align: usize, bytes: &[u8]) {
        self.store.resize(self.store.len().next_multiple_of(align), 0);
        let [at, count] = [self.store.len(), count].map(|n| u32::try_from(n).expect("small"));
        self.index.push([tag, kind, at, count]);
        self.store.extend(bytes);
    }

    fn text(&mut self, tag: u32, text: &str) {
        self.add(tag, 6, 1, 1, &[text.as_bytes(), &[0]].concat());
    }

    fn bytes(&mut self, tag: u32, bytes: &[u8]) {
        self.add(tag, 7, bytes.len(), 1, bytes);
    }

    fn numbers(&mut self, tag: u32, numbers: &[u32]) {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        self.add(tag, 4, numbers.len(), 4, &bytes);
    }

    fn texts(&mut self, tag: u32, texts: &[&str]) {
        let bytes: Vec<u8> = texts.iter().flat_map(|text| text.bytes().chain([0])).collect();
        self.add(tag, 8, texts.len(), 1, &bytes);
    }

    fn dependencies(&mut self, [names, flags, versions]: [u32; 3], all: &[String]) {
        let parts: Vec<(&str, u32, &str)> = all.iter().map(|text| dependency(text)).collect();
        if parts.is_empty() {
            return;
        }
        self.texts(names, &parts.iter().map(|part| part.0).collect::<Vec<_>>());
        self.numbers(flags, &parts.iter().map(|part| part.1).collect::<Vec<_>>());
        self.texts(versions, &parts.iter().map(|part| part.2).collect::<Vec<_>>());
    }

    fn files(&mut self, files: &[(String, Option<String>)]) {
        let parts: Vec<(&str, &str)> =
            files.iter().filter_map(|(path, _)| path.rsplit_once('/')).collect();
        if parts.is_empty() {
            return;
        }
        let directories: Vec<String> = parts.iter().map(|(above, _)| format!("{above}/")).collect();
        let indexes: Vec<u32> = (0..).take(parts.len()).collect();
        let digests: Vec<&str> =
            files.iter().map(|(_, d)| d.as_deref().unwrap_or_default()).collect();
        let is_configuration: Vec<u32> =
            files.iter().map(|(_, d)| u32::from(d.is_some())).collect();
        self.numbers(1116, &indexes);
        self.texts(1117, &parts.iter().map(|(_, name)| *name).collect::<Vec<_>>());
        self.texts(1118, &directories.iter().map(String::as_str).collect::<Vec<_>>());
        self.texts(1035, &digests);
        self.numbers(1037, &is_configuration);
    }

    fn finish(self) -> Vec<u8> {
        let sizes = [self.index.len(), self.store.len()].map(|n| u32::try_from(n).expect("small"));
        let numbers = sizes.iter().chain(self.index.iter().flatten());
        numbers.flat_map(|number| number.to_be_bytes()).chain(self.store.iter().copied()).collect()
    }
}

/// A dependency as rpm stores it: name, sense, version.
fn dependency(text: &str) -> (&str, u32, &str) {
    let mut words = text.splitn(3, ' ');
    let (name, sense, version) = (words.next(), words.next(), words.next());
    let sense = match sense {
        None => 0,
        Some("=") => 8,
        Some(">=") => 12,
        Some(other) => panic!("{text}: {other} is not written here"),
    };
    (name.unwrap_or_default(), sense, version.unwrap_or_default())
}
