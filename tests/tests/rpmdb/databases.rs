//! The recorded databases, and the text both sides are compared in.

use std::path::Path;

use elevate_core::model::PublicKey;
use elevate_core::rpm::header::{DependencyKind, File, FileState, Header, Record, SignatureKind};
use elevate_core::rpm::rpmdb::{self, DbFiles, Mode};
use elevate_tests::data::{files_below, read, untar};
use elevate_tests::recorded::data_dir;

/// A recorded database.
pub(crate) struct Recorded {
    /// Path of its file or archive below the data directory.
    pub(crate) name: String,
    /// `Packages` or `rpmdb.sqlite`.
    pub(crate) bytes: Vec<u8>,
}

/// Every one; `None`, with a printed reason, where there is no recorded data.
pub(crate) fn recorded() -> Option<Vec<Recorded>> {
    let directory = data_dir("rpmdb")?;
    let mut found = Vec::new();
    for path in files_below(&directory).expect("the directory can be listed") {
        let file = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let bytes = match file {
            "Packages" | "Packages.xz" => read(&path).expect("it can be read"),
            "var-lib-rpm.tar.xz" => packages_in(&read(&path).expect("it can be read")),
            _ if file.ends_with(".sqlite") => read(&path).expect("it can be read"),
            _ => continue,
        };
        let name = path.strip_prefix(&directory).expect("it is below");
        found.push(Recorded { name: name.to_string_lossy().into_owned(), bytes });
    }
    assert!(!found.is_empty(), "{} holds no databases", directory.display());
    Some(found)
}

fn packages_in(archive: &[u8]) -> Vec<u8> {
    let mut files = untar(archive).into_iter();
    files.find(|(name, _)| name.ends_with("/Packages")).expect("Packages is in the archive").1
}

/// The packages and keys of a database, in strict mode.
pub(crate) fn contents(name: &str, bytes: &[u8]) -> (Vec<Header>, Vec<PublicKey>) {
    let database = rpmdb::open(&DbFiles::single(&bytes));
    let database = database.unwrap_or_else(|error| panic!("{name}: {error}"));
    let (mut packages, mut keys) = (Vec::new(), Vec::new());
    for record in database.records(Mode::Strict) {
        match record.unwrap_or_else(|error| panic!("{name}: {error}")) {
            Record::Package(header) => packages.push(*header),
            Record::Key(key) => keys.push(key),
        }
    }
    (packages, keys)
}

/// Recorded text beside a database.
pub(crate) fn beside(name: &str, file: &str) -> Option<String> {
    let directory = data_dir("rpmdb")?;
    let path = directory.join(name).parent()?.join(file);
    let bytes = Path::exists(&path).then(|| read(&path).expect("it can be read"))?;
    Some(String::from_utf8(bytes).expect("UTF-8"))
}

/// What rpm is asked to print: fields end with U+001F, entries of lists begin
/// with U+001E, packages with U+001D.
pub(crate) fn query_format() -> String {
    let fields = "NAME EPOCHNUM VERSION RELEASE ARCH VENDOR PACKAGER GROUP PLATFORM SOURCERPM \
        BUILDTIME INSTALLTIME LONGSIZE DSAHEADER:pgpsig RSAHEADER:pgpsig SIGGPG:pgpsig \
        SIGPGP:pgpsig MODULARITYLABEL SHA1HEADER";
    let list = |tags: String| {
        let tags: String = tags.split(' ').map(|tag| format!("%{{{tag}}}\u{1f}")).collect();
        format!("[\u{1e}{tags}]")
    };
    let fields: String = fields.split_whitespace().map(|f| format!("%{{{f}}}\u{1f}")).collect();
    let kinds =
        ["PROVIDE", "REQUIRE", "CONFLICT", "OBSOLETE", "RECOMMEND", "SUGGEST", "SUPPLEMENT"];
    let kinds = kinds.iter().chain(&["ENHANCE"]);
    let lists = kinds.map(|kind| list(format!("{kind}NAME {kind}FLAGS {kind}VERSION")));
    let files = list("FILENAMES FILEFLAGS FILESTATES FILEMODES".to_owned());
    format!("\u{1d}{fields}{}{files}", lists.collect::<Vec<_>>().join("\u{1e}|"))
}

/// A header as rpm prints it with [`query_format`].
pub(crate) fn as_rpm_prints(header: &Header) -> String {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "(none)".to_owned());
    let text = |text: Option<std::borrow::Cow<'_, str>>| or_none(text.map(Into::into));
    let number = |number: Option<u64>| or_none(number.map(|n| n.to_string()));
    let signature = |kind| or_none(header.signature(kind));
    let evr = header.evr();
    let fields = [
        header.name().to_string(),
        evr.epoch.to_string(),
        evr.version.clone(),
        evr.release.clone(),
        or_none(header.arch().map(ToString::to_string)),
        text(header.vendor()),
        text(header.packager()),
        text(header.group()),
        text(header.platform()),
        text(header.source_rpm()),
        number(header.build_time()),
        number(header.install_time()),
        number(header.size()),
        signature(SignatureKind::DsaHeader),
        signature(SignatureKind::RsaHeader),
        signature(SignatureKind::Gpg),
        signature(SignatureKind::Pgp),
        text(header.module_label()),
        text(header.sha1()),
    ];
    let mut lists = DependencyKind::ALL.map(|kind| dependencies(header, kind)).join("\u{1e}|");
    for file in header.files() {
        lists.push_str(&one_file(&file));
    }
    format!("{}\u{1f}{lists}", fields.join("\u{1f}"))
}

fn dependencies(header: &Header, kind: DependencyKind) -> String {
    let all = header.dependencies(kind);
    all.map(|d| format!("\u{1e}{}\u{1f}{}\u{1f}{}\u{1f}", d.name, d.flags.0, d.version)).collect()
}

fn one_file(file: &File<'_>) -> String {
    let state = match file.state {
        None => "(none)".to_owned(),
        Some(FileState::Normal) => "0".to_owned(),
        Some(FileState::Replaced) => "1".to_owned(),
        Some(FileState::NotInstalled) => "2".to_owned(),
        Some(FileState::NetShared) => "3".to_owned(),
        Some(FileState::WrongColor) => "4".to_owned(),
        Some(FileState::Other(other)) => other.to_string(),
    };
    let mode = file.mode.map_or_else(|| "(none)".to_owned(), |mode| mode.to_string());
    format!("\u{1e}{}\u{1f}{}\u{1f}{state}\u{1f}{mode}\u{1f}", file.path(), file.flags.0)
}
