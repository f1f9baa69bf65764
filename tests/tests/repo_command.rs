//! `elevate repo` as a user runs it: two at once, killed, without a network.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use elevate_core::repository::{Directory, read};
use elevate_tests::binary::{executable, root};
use elevate_tests::data::TempDir;
use elevate_tests::http::{Reply, Server};
use elevate_tests::served::{PRIMARY, Served};
use serde_json::Value;

const SIZE: usize = 300_000;

/// `elevate repo`, with nothing of the environment but what is given.
#[expect(clippy::disallowed_methods, reason = "tests run the binary")]
fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(executable());
    command.arg("repo").args(arguments).current_dir(root()).env_clear();
    command.envs(environment.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Exit code, standard output and standard error.
fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn repo(arguments: &[&str]) -> (i32, String, String) {
    told(command(arguments, &[]).output().unwrap())
}

fn spawn(cache: &str, url: &str) -> Child {
    command(&["fetch", "--cache-dir", cache, "--repo", url], &[]).spawn().unwrap()
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let mut looks = 0;
    while !done() {
        looks += 1;
        assert!(looks < 1000, "{what} does not happen");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The packages in the only place of a cache.
#[expect(clippy::disallowed_methods, reason = "tests look into the cache")]
fn primary(cache: &Path) -> Vec<u8> {
    let place = std::fs::read_dir(cache).unwrap().next().unwrap().unwrap().path();
    read(&Directory::new(place), PRIMARY, SIZE as u64).unwrap()
}

#[test]
fn definitions_are_listed_with_what_is_odd_about_them() {
    let directory = TempDir::new("repo-list").unwrap();
    let file = directory
        .write(
            "x.repo",
            b"[base]\nname=Base $releasever\nbaseurl=https://user:secret@h/$releasever/$basearch/\n\
              \thttps://second/\npriority=high\n[extras]\nname=Extras\nenabled=0\n\
              mirrorlist=http://m/?repo=extras-$infra\nexcludepkgs=a*,b\nsslverify=0\n\
              skip_if_unavailable=1\nproxy=http://me:too@proxy:3128\nbaseulr=x\n",
        )
        .unwrap();
    let file = file.display().to_string();
    let arguments = ["list", "--repo-file", &file, "--releasever", "8.10", "--basearch", "x86_64"];
    let (code, stdout, stderr) = repo(&[&arguments[..], &["--repo", "/srv/BaseOS/os"]].concat());
    let text = format!("exit code: {code}\n--- stderr\n{stderr}--- stdout\n{stdout}");
    insta::assert_snapshot!("list", text.replace(&file, "x.repo"));
    let (code, stdout, _) = repo(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(code, 0);
    let json: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(json["repositories"][0]["baseurl"][0], "https://h/8.10/x86_64/");
    assert_eq!(json["repositories"][1]["enabled"], false);
    assert_eq!(json["remarks"].as_array().unwrap().len(), 3);
    assert!(!stdout.contains("secret") && !stdout.contains("too@"), "{stdout}");
}

#[test]
fn repositories_are_fetched_and_then_used_without_a_network() {
    let directory = TempDir::new("repo-fetch").unwrap();
    let served = Served::new(1, SIZE);
    let server = Server::new(move |request| served.reply(request));
    let (home, url) = (directory.path().display().to_string(), server.url("/BaseOS/os/"));
    let run = |more: &[&str]| {
        let arguments = [&["fetch", "--repo", &url][..], more].concat();
        told(command(&arguments, &[("XDG_CACHE_HOME", &home)]).output().unwrap())
    };
    let (code, _, stderr) = run(&["--offline"]);
    assert_eq!((code, server.connections()), (1, 0));
    assert!(stderr.starts_with("error: repository BaseOS is not in the cache ("), "{stderr}");
    assert!(stderr.contains("hint: without --offline"), "{stderr}");

    let (code, stdout, stderr) = run(&["--with", "modules"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("BaseOS  fetched         296 KiB  "), "{stdout}");
    let connections = server.connections();
    let (code, stdout, stderr) = run(&["--offline", "--format", "json"]);
    assert_eq!((code, stderr.as_str(), server.connections()), (0, "", connections));
    let json: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(json["repositories"][0]["state"], "offline");
    assert!(json["repositories"][0]["directory"].as_str().unwrap().starts_with(&home));
    let (_, stdout, _) = run(&[]);
    assert!(stdout.starts_with("BaseOS  current           0 KiB  "), "{stdout}");
    let (_, stdout, _) = run(&["--refresh"]);
    assert!(stdout.starts_with("BaseOS  unchanged         1 KiB  "), "{stdout}");
    assert_eq!(primary(&directory.path().join("elevate")), Served::new(1, SIZE).file(PRIMARY));
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let directory = TempDir::new("repo-proxy").unwrap();
    let served = Served::new(1, SIZE);
    let proxy = Server::new(move |request| served.reply(request));
    let (cache, url) = (directory.path().display().to_string(), proxy.url(""));
    let arguments = ["fetch", "--cache-dir", &cache, "--repo", "http://inside.invalid/x"];
    let (code, _, stderr) = told(command(&arguments, &[("http_proxy", &url)]).output().unwrap());
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(proxy.requests()[0].target.starts_with("http://inside.invalid/x/"));
}

#[test]
fn a_failure_ends_with_1_and_wrong_usage_with_64() {
    let server = Server::new(|_| Reply::Status(404));
    let directory = TempDir::new("repo-failure").unwrap();
    let (cache, url) = (directory.path().display().to_string(), server.url("/a"));
    let (code, stdout, stderr) = repo(&["fetch", "--cache-dir", &cache, "--repo", &url]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    let lines: Vec<&str> = stderr.lines().collect();
    let repomd = format!("{url}/repodata/repomd.xml: the server says 404 Not Found");
    assert_eq!(lines[0], format!("a: {repomd}"));
    assert_eq!(lines[1], "error: repository a: cannot have repodata/repomd.xml");
    assert_eq!(lines[2], format!("  tried {repomd}"));

    for arguments in [
        &["fetch"][..],
        &["fetch", "--repo", "ftp://h/x"],
        &["fetch", "--repo", "/srv/a", "nope"],
        &["list", "--repo", "/srv/a", "--repo-var", "x"],
        &["fetch", "--repo", "/srv/a", "--offline", "--refresh"],
    ] {
        assert_eq!(repo(arguments).0, 64, "{arguments:?}");
    }
    let off = directory.write("off.repo", b"[a]\nname=A\nbaseurl=http://h/\nenabled=0\n").unwrap();
    let (code, _, stderr) = repo(&["fetch", "--repo-file", &off.display().to_string()]);
    assert_eq!(code, 64, "{stderr}");
    let skip = directory
        .write("x.repo", format!("[a]\nname=A\nbaseurl={url}\nskip_if_unavailable=1\n").as_bytes())
        .unwrap();
    let file = skip.display().to_string();
    let (code, _, stderr) = repo(&["fetch", "--cache-dir", &cache, "--repo-file", &file]);
    assert_eq!(code, 0);
    assert!(stderr.contains("warning: skipped: repository a: cannot have"), "{stderr}");
}

#[test]
fn of_two_at_once_one_waits_and_neither_fetches_twice() {
    let directory = TempDir::new("repo-two").unwrap();
    let served = Served::new(1, 2_000);
    let server = Server::new(move |request| match request.target.ends_with(PRIMARY) {
        true => Reply::Slow(served.file(PRIMARY), Duration::from_micros(500)),
        false => served.reply(request),
    });
    let (cache, url) = (directory.path().display().to_string(), server.url("/a"));
    let first = spawn(&cache, &url);
    wait_until("the first download", || !server.requests_for(PRIMARY).is_empty());
    let pid = first.id();
    let (code, stdout, stderr) = told(spawn(&cache, &url).wait_with_output().unwrap());
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.starts_with(&format!("a: waiting for process {pid}, which holds ")), "{stderr}");
    assert!(stdout.starts_with("a  current"), "{stdout}");
    assert_eq!(told(first.wait_with_output().unwrap()).0, 0);
    assert_eq!(server.requests_for(PRIMARY).len(), 1);
}

#[test]
fn what_a_killed_process_left_is_completed_by_the_next() {
    let directory = TempDir::new("repo-kill").unwrap();
    let served = Served::new(1, SIZE);
    let server = Server::new(move |request| match request.target.ends_with(PRIMARY) {
        true if request.before == 0 => Reply::Stall(served.file(PRIMARY), 200_000),
        _ => served.reply(request),
    });
    let (cache, url) = (directory.path().join("cache"), server.url("/a"));
    let text = cache.display().to_string();
    let mut child = spawn(&text, &url);
    wait_until("the download", || half_there(&cache));
    child.kill().unwrap();
    child.wait().unwrap();
    let (code, stdout, stderr) = told(spawn(&text, &url).wait_with_output().unwrap());
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    assert_eq!(server.requests_for(PRIMARY)[1].header("range"), "bytes=200000-");
    assert_eq!(primary(&cache), Served::new(1, SIZE).file(PRIMARY));
}

/// Whether a download has come to where the server stops.
fn half_there(cache: &Path) -> bool {
    let files = elevate_tests::data::files_below(cache).unwrap_or_default();
    files.iter().any(|path| path.metadata().is_ok_and(|known| known.len() == 200_000))
}
