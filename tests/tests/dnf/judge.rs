//! What dnf says.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use elevate_tests::data::made_once;

use super::tools::{compiler_is_here, must, run, write};
use super::world::{SETTINGS, World};

/// dnf always has colours. This turns them off, as in libsolv built for others than
/// Enterprise Linux: put before `pool_set_flag`, it does not let
/// `POOL_FLAG_IMPLICITOBSOLETEUSESCOLORS` be set.
const NO_COLOURS: &str = "\
#define _GNU_SOURCE
#include <dlfcn.h>
int pool_set_flag(void *pool, int flag, int value) {
  void *libsolv = dlopen(\"libsolv.so.1\", RTLD_LAZY | RTLD_NOLOAD);
  int (*set_flag)(void *, int, int) = (int (*)(void *, int, int))dlsym(libsolv, \"pool_set_flag\");
  return set_flag(pool, flag, flag == 10 ? 0 : value);
}
";

/// A library that turns colours off; none, with a printed reason, where there is no C compiler.
pub(crate) fn no_colours() -> Option<&'static str> {
    static BUILT: OnceLock<Option<String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let build = |directory: &Path| {
            let source = write(&directory.join("library.c"), NO_COLOURS);
            let library = format!("{}/library.so", directory.display());
            must("cc", &["-shared", "-fPIC", "-o", &library, &source, "-ldl"], &[]);
            Some(())
        };
        let below = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let made = || made_once(below, "dnf-no-colours", NO_COLOURS.as_bytes(), build);
        let place = compiler_is_here().then(made).flatten()?;
        Some(format!("{}/library.so", place.display()))
    });
    built.as_deref()
}

/// The repositories of a world as dnf and we are told of them.
pub(crate) fn repo_file(world: &World, directory: &Path) -> String {
    let section = |repository: &super::world::Repository| {
        let super::world::Repository { id, options, .. } = repository;
        let place = directory.join(id);
        format!("[{id}]\nname={id}\nbaseurl=file://{}\n{}\n", place.display(), options.join("\n"))
    };
    world.repositories.iter().map(section).collect()
}

/// Asks dnf what the calls of a world and `distro-sync` would do to the root `root`
/// below the directory.
pub(crate) fn ask(world: &World, directory: &Path, preload: Option<&str>) -> BTreeSet<String> {
    let script = format!("{}\ndistro-sync\nrun\n", world.calls.join("\n"));
    let script = write(&directory.join("script"), &script);
    match world.calls.is_empty() {
        true => told(world, directory, preload, &["distro-sync"]),
        false => told(world, directory, preload, &["shell", &script]),
    }
}

/// What dnf says it would do to that root, told something else.
pub(crate) fn told(
    world: &World,
    directory: &Path,
    preload: Option<&str>,
    words: &[&str],
) -> BTreeSet<String> {
    let path = |below: &str| directory.join(below).into_os_string().into_string().expect("UTF-8");
    // Debian's rpm has its database in the home directory.
    write(&directory.join("home/.rpmmacros"), "%_dbpath /var/lib/rpm\n");
    write(&directory.join("repos/world.repo"), &repo_file(world, directory));
    let mut main = format!(
        "[main]\nplugins=0\nkeepcache=0\ngpgcheck=0\nmodule_platform_id=platform:el8\n\
         cachedir=/cache\npersistdir=/persist\nlogdir=/log\nreposdir={}\n",
        path("repos")
    );
    for (setting, _) in SETTINGS.iter().filter(|(setting, _)| *setting != "allow_erasing") {
        main.push_str(&format!("{setting}={}\n", world.setting(setting)));
    }
    let main = write(&directory.join("dnf.conf"), &main);
    let (root, home) = (path("root"), path("home"));
    let mut arguments = vec!["--config", &main, "--installroot", &root, "--releasever", "8"];
    arguments.push("--assumeno");
    arguments.extend(words);
    if world.setting("allow_erasing") == "1" {
        arguments.push("--allowerasing");
    }
    let mut variables = vec![("HOME", home.as_str()), ("COLUMNS", "1000")];
    variables.extend(preload.map(|library| ("LD_PRELOAD", library)));
    let output = run("dnf", &arguments, &variables);
    let [printed, talk] =
        [output.stdout, output.stderr].map(|b| String::from_utf8(b).expect("UTF-8"));
    heard(&printed, &talk)
}

/// What dnf means, a line each.
fn heard(printed: &str, talk: &str) -> BTreeSet<String> {
    if talk.contains("Operation aborted.") || printed.contains("Nothing to do.") {
        return table(printed);
    }
    let problems = talk.lines().filter(|line| line.trim_start().starts_with("Problem")).count();
    assert!(problems > 0, "{printed}{talk}");
    BTreeSet::from([format!("problems: {problems}")])
}

/// The table of a transaction. A row that is too long goes on in the next line.
fn table(printed: &str) -> BTreeSet<String> {
    let body = printed.split("Transaction Summary").next().unwrap_or_default();
    let mut lines = BTreeSet::new();
    let (mut word, mut row) = ("", Vec::new());
    for line in body.lines().chain(["="]) {
        let goes_on = line.starts_with("  ");
        if !goes_on && !row.is_empty() {
            lines.extend(said(word, &row));
            row.clear();
        }
        match line {
            _ if line.starts_with(' ') => row.extend(line.split_whitespace()),
            "Upgrading:" => word = "upgrade",
            "Downgrading:" => word = "downgrade",
            "Reinstalling:" => word = "reinstall",
            _ if line.starts_with("Installing") => word = "install",
            _ if line.starts_with("Removing") => word = "erase",
            _ => word = "",
        }
    }
    lines
}

/// A row: package, architecture, version, repository and size; then perhaps what it
/// replaces.
fn said(word: &str, row: &[&str]) -> Vec<String> {
    let mut parts = row.split(|word| *word == "replacing");
    let Some([name, arch, evr, _, _, ..]) = parts.next().filter(|_| !word.is_empty()) else {
        return Vec::new();
    };
    let new = format!("{name}-{evr}.{arch}");
    let mut said = vec![format!("{word} {new}")];
    for old in parts {
        let [package, evr] = old else { panic!("{row:?}") };
        let (old, arch) = package.rsplit_once('.').expect("an architecture");
        // One of its own name is what it is an upgrade of.
        if old != *name {
            said.push(format!("{new} replaces {old}-{evr}.{arch}"));
        }
    }
    said
}
