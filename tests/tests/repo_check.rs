//! `elevate repo check` on the invented repositories, and on damaged copies.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::process::{Command, Stdio};

use elevate_tests::binary::{executable, root};
use elevate_tests::data::TempDir;
use serde_json::Value;

const REPOSITORIES: [&str; 4] = [
    "--repo",
    "baseos=fixtures/repositories/baseos",
    "--repo",
    "appstream=fixtures/repositories/appstream",
];

/// Exit code, standard output and standard error of `elevate repo check --offline`
/// with a cache of its own.
#[expect(clippy::disallowed_methods, reason = "tests run the binary")]
fn check(cache: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(executable())
        .args(["repo", "check", "--offline", "--cache-dir", cache.path().to_str().unwrap()])
        .args(arguments)
        .current_dir(root())
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// README.md.
#[expect(clippy::disallowed_methods, reason = "tests read files of the repository")]
fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn repositories_are_united_filtered_and_what_is_missing_is_said() {
    let cache = TempDir::new("check").unwrap();
    let first = check(&cache, &REPOSITORIES);
    assert_eq!((first.0, first.2.as_str()), (0, ""));
    insta::assert_snapshot!(first.1, @r"
    baseos: 11 packages
      1 ruled out: for another architecture
    appstream: 10 packages
      1 ruled out: hidden by packages of active module streams
      2 ruled out: of module streams that are not active
    active module streams: 1
      nginx:1.14 (default, 8030020201104)
    requirements that nothing here meets: 2
      appstream: rookery-libs-2.0-1.el8.x86_64 requires libfeather.so.4()(64bit)
      appstream: rookery-tools-2.0-1.el8.x86_64 requires nginx = 1:1.19.0-1.el8
        nginx-1:1.19.0-1.el8.x86_64: the active module stream nginx:1.14 has its name
    remarks: 1
      baseos: packages for aarch64, which do not run on x86_64: 1
    ");
    assert!(readme().contains(&first.1), "README.md shows what is printed");
    assert_eq!(check(&cache, &REPOSITORIES), first, "what is kept gives the same");
}

#[test]
fn another_stream_hides_other_packages() {
    let cache = TempDir::new("check").unwrap();
    let arguments = [&REPOSITORIES[..], &["--module", "nginx:1.18", "--format", "json"]].concat();
    let (code, out, _) = check(&cache, &arguments);
    assert_eq!(code, 0);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["format"], "elevate-repository-check");
    let survey = &document["survey"];
    assert_eq!(survey["streams"][0]["stream"], "nginx:1.18");
    assert_eq!(survey["streams"][0]["reason"], "enabled");
    assert_eq!(survey["repositories"][1]["ruled_out"]["inactive-stream"], 2);
    assert_eq!(survey["broken"][0]["requires"], "libfeather.so.4()(64bit)");
}

#[test]
fn a_stream_that_nobody_has_is_said_and_a_text_that_is_none_is_wrong_usage() {
    let cache = TempDir::new("check").unwrap();
    let (code, out, _) = check(&cache, &[&REPOSITORIES[..], &["--module", "perl:5.30"]].concat());
    assert_eq!(code, 0);
    assert!(out.contains("\n  no repository has the module stream perl:5.30\n"), "{out}");
    let (code, _, error) = check(&cache, &[&REPOSITORIES[..], &["--module", "perl"]].concat());
    assert_eq!(code, 64);
    assert!(error.contains("is not NAME:STREAM"), "{error}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests write what the binary reads")]
fn a_damaged_repository_is_named_with_file_and_reason() {
    let (cache, copy) = (TempDir::new("check").unwrap(), TempDir::new("damaged").unwrap());
    let repodata = copy.path().join("repodata");
    std::fs::create_dir(&repodata).unwrap();
    for name in ["repomd.xml", "primary.xml", "filelists.xml", "modules.yaml"] {
        let from = root().join("fixtures/repositories/appstream/repodata").join(name);
        let mut text = std::fs::read_to_string(from).unwrap();
        if name == "primary.xml" {
            text = text.replace("nginx", "nginy");
        }
        std::fs::write(repodata.join(name), text).unwrap();
    }
    let (code, out, error) = check(&cache, &["--repo", copy.path().to_str().unwrap()]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(error.contains("repodata/primary.xml: "), "{error}");
    assert!(error.contains("sha256"), "{error}");
}
