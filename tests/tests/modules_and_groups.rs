//! Modules, groups and advisories of real repositories: every file is read, and
//! what is odd about it is said.

use std::fmt::Write as _;

use elevate_core::rpm::modules::{self, Modules, Stream};
use elevate_tests::data;
use elevate_tests::recorded::{data_dir, files};

/// Files whose path `wanted` accepts, those in archives too, with their path.
fn recorded(wanted: impl Fn(&str) -> bool) -> Option<Vec<(String, Vec<u8>)>> {
    let directory = data_dir("repodata")?;
    let mut found = files(&directory, |path| !path.ends_with(".tar.xz") && wanted(path));
    for (archive, _) in files(&directory, |path| path.ends_with(".tar.xz")) {
        let bytes = data::read(&directory.join(&archive)).expect("the archive can be read");
        let inside = data::untar(&bytes).into_iter();
        let inside = inside.map(|(path, bytes)| (format!("{archive}:{path}"), bytes));
        found.extend(inside.filter(|(path, _)| wanted(path)));
    }
    assert!(!found.is_empty(), "{} holds no such files", directory.display());
    found.sort();
    Some(found)
}

fn is_modules(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let form = [".yaml", ".yaml.gz", ".yaml.xz"].iter().any(|end| name.ends_with(end));
    let of_modules = ["modules", "libmodulemd"].iter().any(|part| path.contains(part));
    form && of_modules
}

fn read(name: &str) -> Option<Modules> {
    let (_, bytes) = recorded(|path| path.ends_with(name))?.into_iter().next()?;
    Some(modules::read(&bytes).expect("it can be read"))
}

fn counted(modules: &Modules) -> String {
    let artifacts: usize = modules.streams.iter().map(|stream| stream.artifacts.len()).sum();
    let mut text = format!("{} streams with {artifacts} artifacts", modules.streams.len());
    for (count, what) in
        [(modules.defaults.len(), "defaults"), (modules.obsoletes.len(), "obsoletes")]
    {
        if count > 0 {
            write!(text, ", {count} {what}").expect("a text grows");
        }
    }
    for (kind, count) in &modules.passed_over {
        write!(text, ", {count} {kind}").expect("a text grows");
    }
    text
}

#[test]
fn modules_every_recorded_file_is_read_and_its_oddities_are_said() {
    let Some(recorded) = recorded(is_modules) else { return };
    let mut seen = String::new();
    for (name, bytes) in recorded {
        match modules::read(&bytes) {
            Ok(modules) => {
                writeln!(seen, "{name}: {}", counted(&modules)).expect("a text grows");
                for remark in &modules.remarks {
                    writeln!(seen, "    {remark}").expect("a text grows");
                }
            }
            Err(error) => writeln!(seen, "{name}: {error}").expect("a text grows"),
        }
    }
    insta::assert_snapshot!("modules", seen);
}

#[test]
fn modules_a_stream_of_a_distribution_is_read_whole() {
    let Some(modules) = read("eurolinux8-x86_64-appstream.modules.yaml.xz") else { return };
    let found = |name: &str, stream: &str| -> Vec<&Stream> {
        let mut found: Vec<_> =
            modules.streams.iter().filter(|s| s.name == name && s.stream == stream).collect();
        found.sort_by_key(|stream| stream.version);
        found
    };
    insta::assert_debug_snapshot!("perl_dbi", found("perl-DBI", "1.641").last());
    insta::assert_debug_snapshot!("postgresql_9_6", found("postgresql", "9.6").first());
}
