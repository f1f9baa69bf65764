//! Release binaries: one file an architecture, which runs on release 7 as it is.
//!
//! Built with cargo-zigbuild, whose linker knows every glibc. Nothing of the
//! machine goes into a binary: paths are cut, symbols are stripped, and the same
//! sources and tools give the same bytes.
//!
//! The architectures of other machines need Rust's standard library for them:
//! `rustup target add TARGET`, or another compiler that has it, named by `RUSTC`.
//! Where rustup's server cannot be reached, `.ci/cross-rustc` makes one of
//! Debian's packages.

pub mod check;
pub mod elf;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Problems, files};

/// An architecture.
#[derive(Debug)]
struct Arch {
    /// As rpm calls it.
    name: &'static str,
    /// As Rust calls it.
    target: &'static str,
    /// The glibc linked with. zig has none before 2.19 for ppc64le; that nothing
    /// newer than 2.17 is asked for is checked.
    glibc: &'static str,
    /// A file in C that is linked in.
    adds: Option<&'static str>,
    /// Its number in ELF.
    machine: u16,
}

const ARCHS: [Arch; 4] = [
    Arch::new("x86_64", "x86_64-unknown-linux-gnu", 62),
    Arch::new("aarch64", "aarch64-unknown-linux-gnu", 183),
    Arch {
        glibc: "2.19",
        adds: Some("xtask/src/dist/ppc64le.c"),
        ..Arch::new("ppc64le", "powerpc64le-unknown-linux-gnu", 21)
    },
    Arch::new("s390x", "s390x-unknown-linux-gnu", 22),
];

impl Arch {
    const fn new(name: &'static str, target: &'static str, machine: u16) -> Self {
        Arch { name, target, glibc: "2.17", adds: None, machine }
    }
}

/// Builds for the architectures named, or for all, into `dist` below `root`.
/// What can be built is built; what cannot is a problem.
pub fn run(root: &Path, names: &[&str]) -> Result<String, Problems> {
    let archs = named(names)?;
    tools()?;
    let directory = root.join("dist");
    let (mut built, mut problems) = (Vec::new(), Vec::new());
    for arch in archs {
        match build(root, &directory, arch) {
            Ok(file) => built.push(file),
            Err(problem) => problems.push(format!("{}: {problem}", arch.name)),
        }
    }
    if !built.is_empty() {
        sums(&directory)?;
    }
    if problems.is_empty() {
        return Ok(format!("dist: {} in {}", built.join(", "), directory.display()));
    }
    if !built.is_empty() {
        problems.push(format!("built all the same: {}", built.join(", ")));
    }
    Err(Problems(problems))
}

/// Whether the tools are there that every build needs.
///
/// # Errors
///
/// Says which is missing, and how to get it.
pub fn tools() -> Result<(), String> {
    if !runs("cargo-zigbuild", &["--version"]) {
        return Err("cargo-zigbuild is not there: cargo install cargo-zigbuild --locked".to_owned());
    }
    let zig = files::directory_in("CARGO_ZIGBUILD_ZIG_PATH").unwrap_or_else(|| "zig".into());
    let python =
        files::directory_in("CARGO_ZIGBUILD_PYTHON_PATH").unwrap_or_else(|| "python3".into());
    if !runs(zig, &["version"]) && !runs(python, &["-m", "ziglang", "version"]) {
        return Err("zig is not there: pip install ziglang, in a virtual environment".to_owned());
    }
    Ok(())
}

fn named(names: &[&str]) -> Result<Vec<&'static Arch>, String> {
    let find = |name: &&str| {
        let known = || ARCHS.map(|arch| arch.name).join(", ");
        let arch = ARCHS.iter().find(|arch| arch.name == *name);
        arch.ok_or_else(|| format!("{name} is no architecture of release 7: {}", known()))
    };
    if names.is_empty() { Ok(ARCHS.iter().collect()) } else { names.iter().map(find).collect() }
}

/// The name of the file built for an architecture.
fn build(root: &Path, directory: &Path, arch: &Arch) -> Result<String, String> {
    let rustc = files::directory_in("RUSTC").unwrap_or_else(|| "rustc".into());
    has_standard_library(&rustc, arch.target)?;
    let target_directory = root.join("target/dist");
    let mut cargo = command("cargo");
    let target = format!("{}.{}", arch.target, arch.glibc);
    cargo.args(["zigbuild", "--release", "--locked", "-p", "elevate-cli", "--target", &target]);
    cargo.current_dir(root).env("CARGO_TARGET_DIR", &target_directory);
    cargo.env("CARGO_INCREMENTAL", "0").env_remove("RUSTFLAGS");
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(root, &rustc, arch)?);
    succeed(&mut cargo, "cargo zigbuild")?;
    let name = format!("elevate-{}-{}", env!("CARGO_PKG_VERSION"), arch.name);
    // Checked before it is where release binaries are.
    let file = target_directory.join(arch.target).join("release/elevate");
    let found = elf::imports(&files::bytes(&file)?)?;
    if found.machine != arch.machine {
        return Err(format!("{} is for machine {}", file.display(), found.machine));
    }
    check::run(std::slice::from_ref(&file)).map_err(|problems| problems.to_string())?;
    files::copy(&file, &directory.join(&name))?;
    Ok(name)
}

/// What makes a binary independent of where it was built.
fn flags(root: &Path, rustc: &Path, arch: &Arch) -> Result<String, String> {
    let sysroot = output(command(rustc).args(["--print", "sysroot"]), "rustc")?;
    let home = files::directory_in("CARGO_HOME")
        .or_else(|| Some(files::directory_in("HOME")?.join(".cargo")));
    let mut flags = vec!["-Cstrip=symbols".to_owned()];
    let places = [
        (Some(PathBuf::from(sysroot)), "/rust"),
        (home, "/cargo"),
        (Some(root.into()), "/elevate"),
    ];
    for (from, to) in places {
        let from = from.ok_or("neither CARGO_HOME nor HOME is set")?;
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    }
    flags.extend(arch.adds.map(|file| format!("-Clink-arg={}", root.join(file).display())));
    Ok(flags.join("\u{1f}"))
}

fn has_standard_library(rustc: &Path, target: &str) -> Result<(), String> {
    let arguments = ["--print", "target-libdir", "--target", target];
    let libraries = output(command(rustc).args(arguments), "rustc")?;
    let there = files::below(Path::new(&libraries)).unwrap_or_default();
    if there.iter().any(|file| file.to_string_lossy().starts_with("libstd-")) {
        return Ok(());
    }
    Err(format!(
        "{} has no standard library for {target}: `rustup target add {target}`, or name a compiler \
         that has it with RUSTC (.ci/cross-rustc makes one on Debian)",
        rustc.display()
    ))
}

/// Writes the digests of this version's binaries beside them, those of earlier
/// runs included, in the form `sha256sum -c` takes.
fn sums(directory: &Path) -> Result<(), String> {
    let own = concat!("elevate-", env!("CARGO_PKG_VERSION"), "-");
    let mut names = files::below(directory)?;
    names.retain(|name| name.to_string_lossy().starts_with(own));
    let mut command = command("sha256sum");
    let text = output(command.current_dir(directory).args(&names), "sha256sum")?;
    files::write(&directory.join("SHA256SUMS"), format!("{text}\n").as_bytes())
}

#[expect(clippy::disallowed_methods, reason = "xtask runs the tools that build")]
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    Command::new(program)
}

/// Whether a program can be run with these arguments.
fn runs(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> bool {
    command(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

fn succeed(command: &mut Command, name: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name}: {status}")),
        Err(error) => Err(format!("{name}: {error}")),
    }
}

/// What a command prints, without the last line feed.
fn output(command: &mut Command, name: &str) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if !output.status.success() {
        let talk = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{name}: {}: {}", output.status, talk.trim_end()));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| format!("{name}: not UTF-8"))?;
    Ok(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn architectures_are_named_as_rpm_names_them() {
        let names = |given: &[&str]| named(given).map(|all| all.iter().map(|a| a.target).collect());
        let targets: Vec<&str> = names(&[]).unwrap();
        assert_eq!(targets.len(), 4);
        assert_eq!(names(&["ppc64le"]), Ok(vec!["powerpc64le-unknown-linux-gnu"]));
        let error: Result<Vec<&str>, _> = names(&["i686"]);
        let why = "i686 is no architecture of release 7: x86_64, aarch64, ppc64le, s390x";
        assert_eq!(error, Err(why.to_owned()));
    }

    #[test]
    fn a_target_without_a_standard_library_is_said_to_have_none() {
        let error = has_standard_library(Path::new("rustc"), "m68k-unknown-linux-gnu").unwrap_err();
        assert!(error.contains("rustup target add m68k-unknown-linux-gnu"), "{error}");
        assert_eq!(has_standard_library(Path::new("rustc"), host()), Ok(()));
        assert!(has_standard_library(Path::new("no-such-rustc"), host()).is_err());
    }

    fn host() -> &'static str {
        if cfg!(target_arch = "aarch64") { ARCHS[1].target } else { ARCHS[0].target }
    }
}
