//! Repositories to be served, and what fetching them needs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use elevate_core::model::RepoId;
use elevate_core::repository::definition::Location;
use elevate_core::repository::fetch::{Fetched, Options, Silent, fetch};
use elevate_core::repository::{Definition, Store};
use sha2::{Digest, Sha256};

use crate::http::{Reply, Request};

/// A time.
pub const NOW: u64 = 1_700_000_000;
/// The path of packages in every repository of tests.
pub const PRIMARY: &str = "repodata/primary.xml.gz";

/// The files of a repository by their paths below it.
#[derive(Debug, Clone)]
pub struct Served(pub BTreeMap<String, Vec<u8>>);

impl Served {
    /// With packages that take about this many bytes, and every other kind of
    /// metadata. `version` makes it differ from another one.
    pub fn new(version: u32, bytes: usize) -> Self {
        let mut files = BTreeMap::new();
        let mut repomd = format!(
            "<repomd xmlns=\"http://linux.duke.edu/metadata/repo\"><revision>{version}</revision>"
        );
        let kinds = [
            ("primary", "primary.xml.gz", bytes),
            ("filelists", "filelists.xml.gz", 3000),
            ("modules", "modules.yaml.gz", 2000),
            ("group", "comps.xml", 1000),
        ];
        for (kind, name, size) in kinds {
            let content = noise(version, kind, size);
            write!(
                repomd,
                "<data type=\"{kind}\"><checksum type=\"sha256\">{}</checksum>\
                 <location href=\"repodata/{name}\"/><size>{}</size></data>",
                sum(&content),
                content.len()
            )
            .expect("memory");
            files.insert(format!("repodata/{name}"), content);
        }
        files.insert("repodata/repomd.xml".to_owned(), (repomd + "</repomd>").into_bytes());
        Self(files)
    }

    /// A file.
    pub fn file(&self, path: &str) -> Vec<u8> {
        self.0[path].clone()
    }

    /// Replies as a faultless server, whatever stands before `repodata`.
    pub fn reply(&self, request: &Request) -> Reply {
        let path = request.target.find("repodata/").map_or("", |at| &request.target[at..]);
        self.0.get(path).map_or(Reply::Status(404), |bytes| Reply::File(bytes.clone()))
    }
}

/// SHA-256 in hexadecimal.
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes no two of which files have in common; they look like gzip and are not.
fn noise(version: u32, kind: &str, size: usize) -> Vec<u8> {
    let mut bytes = b"\x1f\x8b".to_vec();
    let mut block = 0_u32;
    while bytes.len() < size {
        bytes.extend(Sha256::digest(format!("{version}{kind}{block}")));
        block += 1;
    }
    bytes.truncate(size);
    bytes
}

/// A repository at these addresses, with little patience.
pub fn definition(addresses: &[String]) -> Definition {
    let location = |text: &String| Location::parse(text).expect("an address");
    let id = RepoId::new("base").expect("an id");
    let mut definition = Definition::at(id, location(&addresses[0]));
    definition.baseurls = addresses.iter().map(location).collect();
    definition.transport.timeout = 5;
    definition
}

/// Fetches one repository, with no pause between tries.
pub fn fetch_one(
    store: &Store,
    definition: &Definition,
    options: &Options,
) -> Result<Fetched, String> {
    let mut fetched = fetch(store, std::slice::from_ref(definition), options, &Silent);
    fetched.remove(0).map_err(|error| error.to_string())
}

/// The options of tests.
pub fn options() -> Options {
    Options { pause: Duration::from_millis(1), wait: Duration::from_secs(60), ..Options::new(NOW) }
}
