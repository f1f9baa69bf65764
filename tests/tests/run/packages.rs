//! Packages for a root and for repositories: built by rpmbuild, signed by a key that is
//! thrown away.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use elevate_core::model::Nevra;
use elevate_tests::data::TempDir;
use elevate_tests::tools::{must, write};

/// Packages as they are written: a line each, and below it what it has, such as
/// `requires b`, or `file /usr/bin/a` with the content behind the path. A name stands once in
/// a text.
pub(crate) const TEXTS: [(&str, &str); 4] = [
    ("el7", include_str!("el7.txt")),
    ("el8", include_str!("el8.txt")),
    ("stream", include_str!("stream.txt")),
    ("unsigned", include_str!("unsigned.txt")),
];

/// The packages that were built, and the key.
pub(crate) struct Built {
    /// Directories with packages, by the name of their text.
    directory: PathBuf,
    /// The public key.
    pub(crate) key: String,
    /// Its id: 16 hexadecimal digits.
    pub(crate) key_id: String,
}

/// Builds all packages, once for all tests.
pub(crate) fn built() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        // A static is never dropped, so it does not go where nobody cleans.
        let name = format!("run-packages-{}", std::process::id());
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let scratch = TempDir::at(place).expect("a directory");
        let directory = scratch.path().to_owned();
        std::mem::forget(scratch);
        let (key, key_id) = key(&directory);
        for (name, text) in TEXTS {
            build(&directory.join(name), text);
            if name != "unsigned" {
                sign(&directory, &directory.join(name));
            }
        }
        // Nobody signs any more; the agent of gpg ends when its home is gone.
        must("rm", &["-rf", &home()], &[]);
        Built { directory, key, key_id }
    })
}

impl Built {
    /// The files of packages of a text that have one of these names.
    pub(crate) fn files(&self, text: &str, names: &[&str]) -> Vec<String> {
        let (_, content) = TEXTS.iter().find(|(name, _)| *name == text).expect("a text");
        let all: BTreeMap<String, Nevra> =
            parsed(content).into_iter().map(|(nevra, _)| (nevra.name.to_string(), nevra)).collect();
        let file = |name: &&str| {
            let Nevra { name, evr, arch } =
                all.get(*name).unwrap_or_else(|| panic!("{text} has no {name}"));
            let file = format!("RPMS/{arch}/{name}-{}-{}.{arch}.rpm", evr.version, evr.release);
            self.directory.join(text).join(file).to_str().expect("UTF-8").to_owned()
        };
        names.iter().map(file).collect()
    }
}

/// The names of all packages of a text.
pub(crate) fn names(text: &str) -> Vec<&'static str> {
    let (_, content) = TEXTS.iter().find(|(name, _)| *name == text).expect("a text");
    let heads = content.lines().filter(|line| !line.starts_with(' ') && !line.is_empty());
    // Versions and releases have no dash.
    heads.map(|line| line.rsplitn(3, '-').nth(2).expect("a name")).collect()
}

fn parsed(text: &str) -> Vec<(Nevra, Vec<(&str, &str)>)> {
    let mut packages: Vec<(Nevra, Vec<_>)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.trim_start().split_once(' ') {
            Some(pair) if line.starts_with(' ') => {
                packages.last_mut().expect("a package before what it has").1.push(pair);
            }
            _ => packages.push((line.parse().expect("a package"), Vec::new())),
        }
    }
    packages
}

fn build(top: &Path, text: &str) {
    let spec = write(&top.join("all.spec"), &spec(text));
    let top = format!("_topdir {}", top.display());
    must("rpmbuild", &["--quiet", "--target", "x86_64-linux", "--define", &top, "-bb", &spec], &[]);
}

/// One spec file with all packages as subpackages, and no package of its own.
fn spec(text: &str) -> String {
    let mut head = "%global debug_package %{nil}\n%global __os_install_post %{nil}\n\
                    Name: seed\nVersion: 1\nRelease: 1\nSummary: for a test\nLicense: Apache-2.0\n\
                    AutoReqProv: no\n%description\nFor a test.\n%install\n"
        .to_owned();
    for (Nevra { name, evr, arch }, lines) in parsed(text) {
        let noarch = if arch.to_string() == "noarch" { "BuildArch: noarch\n" } else { "" };
        let (mut tags, mut install, mut files) = (String::new(), String::new(), String::new());
        for (word, rest) in lines {
            let added = match word {
                "requires" => writeln!(tags, "Requires: {rest}"),
                "provides" => writeln!(tags, "Provides: {rest}"),
                "obsoletes" => writeln!(tags, "Obsoletes: {rest}"),
                "recommends" => writeln!(tags, "Recommends: {rest}"),
                "vendor" => writeln!(tags, "Vendor: {rest}"),
                "file" | "config" => {
                    let (path, content) = rest.split_once(' ').unwrap_or((rest, ""));
                    let mark = if word == "config" { "%config(noreplace) " } else { "" };
                    writeln!(files, "{mark}{path}").expect("memory");
                    let below = format!("%{{buildroot}}{path}");
                    writeln!(install, "mkdir -p $(dirname {below}); echo '{content}' > {below}")
                }
                _ => panic!("{word}"),
            };
            added.expect("memory");
        }
        let evr =
            format!("Epoch: {}\nVersion: {}\nRelease: {}", evr.epoch, evr.version, evr.release);
        head = head.replacen(
            "%install\n",
            &format!(
                "%package -n {name}\nSummary: for a test\n{evr}\nAutoReqProv: no\n{noarch}{tags}\
                 %description -n {name}\nFor a test.\n%install\n{install}"
            ),
            1,
        );
        writeln!(head, "%files -n {name}\n{files}").expect("memory");
    }
    head
}

/// Makes a key; its public part, and its id.
fn key(directory: &Path) -> (String, String) {
    // The way to the agent's socket must be short.
    let home = home();
    must("mkdir", &["-p", "-m", "700", &home], &[]);
    let user = "Elevate test <test@elevate.example>";
    let make = ["--batch", "--passphrase", "", "--quick-generate-key", user, "rsa2048", "sign"];
    must("gpg", &make, &[("GNUPGHOME", &home)]);
    let key = directory.join("KEY").to_str().expect("UTF-8").to_owned();
    must(
        "gpg",
        &["--batch", "--armor", "--output", &key, "--export", user],
        &[("GNUPGHOME", &home)],
    );
    let listed =
        must("gpg", &["--batch", "--with-colons", "--list-keys", user], &[("GNUPGHOME", &home)]);
    let line = listed.lines().find(|line| line.starts_with("pub:")).expect("a key");
    (key, line.split(':').nth(4).expect("an id").to_ascii_lowercase())
}

fn home() -> String {
    format!("/tmp/elevate-gpg-{}", std::process::id())
}

fn sign(directory: &Path, packages: &Path) {
    let home = home();
    let below = elevate_tests::data::files_below(&packages.join("RPMS")).expect("packages");
    let below: Vec<&str> = below.iter().map(|path| path.to_str().expect("UTF-8")).collect();
    let gpg = must("sh", &["-c", "command -v gpg"], &[]);
    let (macros, gpg) = (format!("_gpg_path {home}"), format!("__gpg {}", gpg.trim()));
    let mut arguments = vec!["--define", "_gpg_name test@elevate.example", "--define", &macros];
    arguments.extend(["--define", &gpg]);
    arguments.push("--addsign");
    arguments.extend(below);
    must(
        "rpmsign",
        &arguments,
        &[("GNUPGHOME", &home), ("HOME", directory.to_str().expect("UTF-8"))],
    );
}
