//! Repositories come over a network that fails in every way, or an error says what
//! was tried.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use elevate_core::model::RepoId;
use elevate_core::repository::fetch::{Event, Options, Part, Progress, Silent, State, fetch};
use elevate_core::repository::store::Wait;
use elevate_core::repository::{Definition, Directory, Location, Source, Store, read};
use elevate_tests::data::TempDir;
use elevate_tests::http::{Reply, Request, Server};
use elevate_tests::served::{NOW, PRIMARY, Served, definition, fetch_one, options, sum};

const SIZE: usize = 300_000;

fn served() -> Served {
    Served::new(1, SIZE)
}

fn cache(name: &str) -> (TempDir, Store) {
    let directory = TempDir::new(name).unwrap();
    let store = Store::new(directory.path().join("cache"));
    (directory, store)
}

/// A server that replies to requests for packages as `fault` says, and is else
/// without fault.
fn faulty(fault: impl Fn(&Request, Vec<u8>) -> Reply + Send + Sync + 'static) -> Server {
    let served = served();
    Server::new(move |request| match request.target.ends_with(PRIMARY) {
        true => fault(request, served.file(PRIMARY)),
        false => served.reply(request),
    })
}

/// Fetches and compares packages with what they should be.
fn assert_fetched(store: &Store, definition: &Definition) -> State {
    let fetched = fetch_one(store, definition, &options()).unwrap();
    let primary = read(&fetched.source, PRIMARY, SIZE as u64).unwrap();
    assert_eq!(primary, served().file(PRIMARY));
    fetched.state
}

fn good() -> Server {
    let served = served();
    Server::new(move |request| served.reply(request))
}

#[test]
fn a_repository_comes_once_and_then_only_when_it_may_have_changed() {
    let (_directory, store) = cache("once");
    let server = good();
    let definition = definition(&[server.url("/base/")]);
    let first = fetch_one(&store, &definition, &options()).unwrap();
    assert_eq!(first.state, State::Changed);
    assert_eq!(first.parts["primary"], PRIMARY);
    assert_eq!(first.from, server.url("/base/"));
    assert!(first.received > SIZE as u64);
    let plain = Directory::new(store.place(&definition).directory());
    assert_eq!(read(&plain, PRIMARY, SIZE as u64).unwrap(), served().file(PRIMARY));
    assert!(read(&plain, "repodata/filelists.xml.gz", 9000).is_err(), "nobody asked for it");
    drop(first);

    let before = server.requests().len();
    assert_eq!(assert_fetched(&store, &definition), State::Current);
    assert_eq!(server.requests().len(), before, "what is current is not asked for");

    let refresh = Options { refresh: true, ..options() };
    assert_eq!(fetch_one(&store, &definition, &refresh).unwrap().state, State::Unchanged);
    let late = Options { now: NOW + 3 * 86_400, ..options() };
    assert_eq!(fetch_one(&store, &definition, &late).unwrap().state, State::Unchanged);
    let early = Options { now: NOW - 1, ..options() };
    assert_eq!(fetch_one(&store, &definition, &early).unwrap().state, State::Unchanged);
    assert_eq!(server.requests_for(PRIMARY).len(), 1);
}

#[test]
fn what_is_asked_for_beside_packages_comes_too_and_stays() {
    let (_directory, store) = cache("parts");
    let server = good();
    let definition = definition(&[server.url("/")]);
    assert_fetched(&store, &definition);
    let parts = [Part::Filelists, Part::Modules, Part::Groups, Part::Advisories];
    let all = Options { parts: parts.into_iter().collect(), ..options() };
    let fetched = fetch_one(&store, &definition, &all).unwrap();
    let kinds: Vec<&str> = fetched.parts.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["filelists", "group", "modules", "primary"]);
    assert_eq!(fetched.state, State::Changed);
    drop(fetched);
    assert_fetched(&store, &definition);
    let again = fetch_one(&store, &definition, &all).unwrap();
    assert_eq!((again.state, again.received), (State::Current, 0));
    assert_eq!(server.requests_for(PRIMARY).len(), 1);
}

/// A server that has the second version of its files once that is switched.
fn going_on() -> (Server, Arc<AtomicBool>) {
    let newer = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&newer);
    let server = Server::new(move |request| {
        Served::new(1 + u32::from(switch.load(Ordering::SeqCst)), SIZE).reply(request)
    });
    (server, newer)
}

#[test]
fn newer_metadata_replace_older_ones() {
    let (_directory, store) = cache("newer");
    let (server, newer) = going_on();
    let definition = definition(&[server.url("/")]);
    assert_fetched(&store, &definition);
    newer.store(true, Ordering::SeqCst);
    let refresh = Options { refresh: true, ..options() };
    let fetched = fetch_one(&store, &definition, &refresh).unwrap();
    let primary = read(&fetched.source, PRIMARY, SIZE as u64).unwrap();
    assert_eq!(primary, Served::new(2, SIZE).file(PRIMARY));
}

#[test]
fn a_server_that_has_gone_on_is_asked_anew_where_the_cache_lacks_a_file() {
    let (_directory, store) = cache("gone-on");
    let (server, newer) = going_on();
    let definition = definition(&[server.url("/")]);
    assert_fetched(&store, &definition);
    newer.store(true, Ordering::SeqCst);
    let more = Options { parts: [Part::Filelists].into(), ..options() };
    let fetched = fetch_one(&store, &definition, &more).unwrap();
    let primary = read(&fetched.source, PRIMARY, SIZE as u64).unwrap();
    assert_eq!(primary, Served::new(2, SIZE).file(PRIMARY));
}

#[test]
fn a_cut_download_goes_on_where_it_stopped() {
    let (_directory, store) = cache("cut");
    let server = faulty(|request, file| match request.before {
        0..2 => Reply::Cut(file, 100_000),
        _ => Reply::File(file),
    });
    assert_fetched(&store, &definition(&[server.url("/")]));
    let ranges: Vec<String> = server
        .requests_for(PRIMARY)
        .iter()
        .map(|request| format!("{} {}", request.header("range"), request.header("if-range")))
        .collect();
    assert_eq!(ranges, [" ", "bytes=100000- \"one\"", "bytes=200000- \"one\""]);
}

#[test]
fn a_server_without_parts_sends_the_whole_again() {
    let (_directory, store) = cache("no-range");
    let server = faulty(|request, file| match request.before {
        0 => Reply::Cut(file, 100_000),
        _ => Reply::Whole(file),
    });
    assert_fetched(&store, &definition(&[server.url("/")]));
    assert_eq!(server.requests_for(PRIMARY).len(), 2);
}

#[test]
fn another_mirror_completes_what_the_first_began() {
    let (_directory, store) = cache("two-mirrors");
    let first = faulty(|_, file| Reply::Cut(file, 123_456));
    let second = good();
    assert_fetched(&store, &definition(&[first.url("/"), second.url("/")]));
    let request = second.requests_for(PRIMARY).remove(0);
    assert_eq!((request.header("range"), request.header("if-range")), ("bytes=123456-", ""));
}

#[test]
fn a_wrong_beginning_is_thrown_away_and_the_whole_comes_anew() {
    let (_directory, store) = cache("stale");
    let first = faulty(|_, file| Reply::Cut(vec![b'x'; file.len()], 50_000));
    let second = good();
    let fetched = definition(&[first.url("/"), second.url("/")]);
    assert_fetched(&store, &fetched);
    assert!(second.requests_for(PRIMARY).len() >= 2);
}

#[test]
fn a_mirror_with_a_wrong_file_or_none_is_left_for_the_next() {
    type Fault = fn(&Request, Vec<u8>) -> Reply;
    let faults: [(&str, Fault); 7] = [
        ("404", |_, _| Reply::Status(404)),
        ("503", |_, _| Reply::Status(503)),
        ("die", |_, _| Reply::Die),
        ("wrong", |_, file| Reply::File(vec![b'x'; file.len()])),
        ("endless", |_, _| Reply::Endless),
        ("says less", |_, file| Reply::Lie(1000, file)),
        ("loop", |request, _| Reply::Redirect(request.target.clone())),
    ];
    for (name, fault) in faults {
        let (_directory, store) = cache(&format!("fault-{}", name.replace(' ', "-")));
        let (bad, good) = (faulty(fault), good());
        assert_fetched(&store, &definition(&[bad.url("/"), good.url("/")]));
        assert!(!bad.requests_for(PRIMARY).is_empty(), "{name}");
        assert_eq!(good.requests_for("repomd.xml").len(), 0, "{name}");
    }
}

#[test]
fn an_error_names_repository_and_address_and_all_that_was_tried() {
    type Fault = fn(&Request, Vec<u8>) -> Reply;
    let cases: [(&str, Fault, &str); 6] = [
        ("404", |_, _| Reply::Status(404), "the server says 404 Not Found"),
        ("die", |_, _| Reply::Die, "(3 times)"),
        ("wrong", |_, file| Reply::File(vec![b'x'; file.len()]), "has checksum sha256:"),
        ("endless", |_, _| Reply::Endless, "more than 300000 bytes came"),
        ("loop", |request, _| Reply::Redirect(request.target.clone()), "more than 6 redirections"),
        (
            "elsewhere",
            |_, _| Reply::Redirect("file:///etc/passwd".to_owned()),
            "a redirection leads to what the protocol \"file\" is not supported",
        ),
    ];
    for (name, fault, why) in cases {
        let (_directory, store) = cache(&format!("error-{name}"));
        let server = faulty(fault);
        let mut definition = definition(&[server.url("/a/")]);
        definition.transport.retries = 3;
        let error = fetch_one(&store, &definition, &options()).unwrap_err();
        let url = server.url(&format!("/a/{PRIMARY}"));
        let start = format!("repository base: cannot have {PRIMARY}\n  tried {url}: ");
        assert!(error.starts_with(&start), "{name}: {error}");
        assert!(error.contains(why), "{name}: {error}");
        assert!(store.place(&definition).read(&NOBODY).is_err(), "{name}: half is nothing");
    }
}

const NOBODY: Wait<'_> = Wait { most: Duration::ZERO, told: &|_, _| {} };

#[test]
fn a_slow_server_is_left_for_the_next() {
    let (_directory, store) = cache("slow");
    let drips = faulty(|_, file| Reply::Slow(file, Duration::from_millis(20)));
    let stalls = faulty(|_, file| Reply::Stall(file, 10));
    let good = good();
    let mut definition = definition(&[drips.url("/"), stalls.url("/"), good.url("/")]);
    definition.transport.timeout = 1;
    assert_fetched(&store, &definition);
    let (_directory, store) = cache("slow-alone");
    definition.baseurls.truncate(2);
    definition.transport.retries = 2;
    let error = fetch_one(&store, &definition, &options()).unwrap_err();
    assert!(error.contains("fewer than 1000 bytes a second came for 1 seconds"), "{error}");
    assert!(error.contains("nothing came for 1 seconds"), "{error}");
}

#[test]
fn a_repomd_that_is_endless_or_none_is_refused() {
    for (name, reply, why) in [
        ("endless", None, "more than 16777216 bytes came"),
        ("page", Some("<html></html>"), "begins with <html>"),
        ("empty", Some(""), "there is no XML in it"),
        ("without", Some("<repomd></repomd>"), "the repository has no primary metadata"),
    ] {
        let (_directory, store) = cache(&format!("repomd-{name}"));
        let server = Server::new(move |_| match reply {
            None => Reply::Endless,
            Some(text) => Reply::File(text.as_bytes().to_vec()),
        });
        let error = fetch_one(&store, &definition(&[server.url("/")]), &options()).unwrap_err();
        assert!(error.contains(why), "{name}: {error}");
    }
}

#[test]
fn what_a_server_says_about_compression_changes_no_file() {
    let (_directory, store) = cache("gzip");
    let served = served();
    let server = Server::new(move |request| match request.target.rsplit('/').next() {
        // A server that takes the name for an encoding, and one that compresses
        // text nobody asked it to compress.
        Some("primary.xml.gz") => {
            Reply::With("Content-Encoding: gzip".into(), served.file(PRIMARY))
        }
        Some("repomd.xml") => {
            use std::io::Write as _;
            let fast = flate2::Compression::fast();
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), fast);
            encoder.write_all(&served.file("repodata/repomd.xml")).unwrap();
            Reply::With("Content-Encoding: gzip".into(), encoder.finish().unwrap())
        }
        _ => Reply::Status(404),
    });
    assert_fetched(&store, &definition(&[server.url("/")]));
    assert_eq!(server.requests_for(PRIMARY)[0].header("accept-encoding"), "identity");
}

#[test]
fn a_damaged_file_in_the_cache_is_fetched_again() {
    let (_directory, store) = cache("damaged");
    let server = good();
    let definition = definition(&[server.url("/")]);
    assert_fetched(&store, &definition);
    let damaged = TempDir::at(store.place(&definition).directory().join("x")).unwrap();
    damaged.write("../repodata/primary.xml.gz", &vec![b'x'; SIZE]).unwrap();
    assert_eq!(assert_fetched(&store, &definition), State::Changed);
    damaged.write("../repodata/repomd.xml", b"<repomd").unwrap();
    assert_eq!(assert_fetched(&store, &definition), State::Changed);
    assert_eq!(server.requests_for(PRIMARY).len(), 2);
}

#[test]
fn a_metalink_refuses_another_repomd_and_accepts_an_older_one() {
    let (_directory, store) = cache("metalink");
    let (old, good) = (Server::new(|request| Served::new(7, SIZE).reply(request)), good());
    let metalink = |sums: [&str; 2]| {
        let url = |server: &Server| {
            format!("<url preference=\"9\">{}</url>", server.url("/repodata/repomd.xml"))
        };
        let version =
            |sum: &str| format!("<verification><hash type=\"sha256\">{sum}</hash></verification>");
        format!(
            "<metalink><files><file name=\"repomd.xml\">{}<mm0:alternates><mm0:alternate>{}\
             </mm0:alternate></mm0:alternates><resources>{}{}</resources></file></files></metalink>",
            version(sums[0]),
            version(sums[1]),
            url(&old),
            url(&good)
        )
    };
    let of_good = sum(&served().file("repodata/repomd.xml"));
    let other = sum(b"other");
    let lists = [metalink([&of_good, &other]), metalink([&other, &of_good]), metalink([&other; 2])];
    let server = Server::new(move |request| {
        let at: usize = request.target.trim_start_matches('/').parse().unwrap();
        Reply::File(lists[at].clone().into_bytes())
    });
    let mut definition = definition(&[good.url("/unused/")]);
    definition.baseurls.clear();
    for at in 0..2 {
        definition.metalink = Some(Location::parse(&server.url(&format!("/{at}"))).unwrap());
        assert_fetched(&store, &definition);
        assert_eq!(old.requests_for(PRIMARY).len(), 0, "{at}");
    }
    definition.metalink = Some(Location::parse(&server.url("/2")).unwrap());
    let error = fetch_one(&store, &definition, &options()).unwrap_err();
    assert!(error.contains("is none of those the metalink knows"), "{error}");
}

#[test]
fn a_list_of_mirrors_is_used_after_the_addresses_that_are_given() {
    let (_directory, store) = cache("mirrorlist");
    let (bad, good) = (Server::new(|_| Reply::Status(404)), good());
    let list = format!("# mirrors\n{}\nftp://nowhere/\n", good.url("/m/"));
    let lists = Server::new(move |_| Reply::File(list.clone().into_bytes()));
    let mut definition = definition(&[bad.url("/")]);
    definition.mirrorlist = Some(Location::parse(&lists.url("/list")).unwrap());
    let fetched = fetch_one(&store, &definition, &options()).unwrap();
    assert_eq!(fetched.from, good.url("/m/"));
    assert_eq!(fetched.remarks.len(), 1, "{:?}", fetched.remarks);
    assert!(fetched.remarks[0].what.contains("ftp"));
    drop(fetched);
    // Without the list there is still what is given.
    let gone = Server::new(|_| Reply::Status(404));
    definition.baseurls = vec![Location::parse(&good.url("/")).unwrap()];
    definition.mirrorlist = Some(Location::parse(&gone.url("/list")).unwrap());
    let fetched = fetch_one(&store, &definition, &options()).unwrap();
    assert!(fetched.remarks[0].what.contains("the server says 404"), "{:?}", fetched.remarks);
    definition.baseurls.clear();
    let error =
        fetch_one(&store, &definition, &Options { refresh: true, ..options() }).unwrap_err();
    assert!(error.contains("cannot have the list of mirrors"), "{error}");
}

#[test]
fn a_repository_on_this_machine_is_read_where_it_is() {
    let (directory, store) = cache("local");
    let address = |path: &std::path::Path| format!("file://{}", path.display());
    let local = definition(&[address(directory.path())]);
    let error = fetch_one(&store, &local, &options()).unwrap_err();
    assert!(error.contains("no metadata in"), "{error}");
    for (path, content) in served().0 {
        directory.write(&path, &content).unwrap();
    }
    assert_eq!(assert_fetched(&store, &local), State::Local);
    assert!(!store.root().exists(), "nothing is stored");
}

#[test]
fn offline_means_that_nobody_is_asked() {
    let (_directory, store) = cache("offline");
    let server = good();
    let definition = definition(&[server.url("/")]);
    let error = Source::offline(&store, &definition, &NOBODY).unwrap_err().to_string();
    assert!(error.starts_with("base is not in the cache"), "{error}");
    assert_eq!(server.connections(), 0);
    assert_fetched(&store, &definition);
    let connections = server.connections();
    let source = Source::offline(&store, &definition, &NOBODY).unwrap();
    assert_eq!(read(&source, PRIMARY, SIZE as u64).unwrap(), served().file(PRIMARY));
    assert_eq!(source.fetched(), Some(NOW));
    assert_eq!(server.connections(), connections);
}

/// Adds up what is told.
#[derive(Default)]
struct Counting {
    bytes: AtomicU64,
    done: AtomicU64,
}

impl Progress for Counting {
    fn tell(&self, _: &RepoId, event: &Event<'_>) {
        match event {
            Event::Received { bytes } => self.bytes.fetch_add(*bytes, Ordering::SeqCst),
            Event::Done => self.done.fetch_add(1, Ordering::SeqCst),
            _ => 0,
        };
    }
}

#[test]
fn many_come_side_by_side_and_one_that_fails_stops_no_other() {
    let (_directory, store) = cache("many");
    let server = Server::new(|request| {
        let version = request.target.split('/').nth(1).unwrap().parse().unwrap();
        if version == 5 { Reply::Status(404) } else { Served::new(version, 50_000).reply(request) }
    });
    let named = |n: u32| Definition {
        id: RepoId::new(format!("r{n}")).unwrap(),
        skip_if_unavailable: n == 5,
        ..definition(&[server.url(&format!("/{n}/"))])
    };
    let mut definitions: Vec<Definition> = (0..10).map(named).collect();
    definitions.push(named(3));
    let told = Counting::default();
    let fetched = fetch(&store, &definitions, &options(), &told);
    for (at, result) in fetched.iter().enumerate() {
        match (at, result) {
            (5, Err(error)) => assert!(error.may_be_skipped && error.id.as_str() == "r5"),
            (3 | 10, Err(error)) => assert!(error.to_string().ends_with("the id is used twice")),
            (_, Ok(one)) => {
                let expected = Served::new(at as u32, 50_000).file(PRIMARY);
                assert_eq!(read(&one.source, PRIMARY, 50_000).unwrap(), expected);
            }
            (_, Err(error)) => panic!("{error}"),
        }
    }
    let received: u64 = fetched.iter().flatten().map(|one| one.received).sum();
    assert_eq!(told.bytes.load(Ordering::SeqCst), received);
    assert_eq!(told.done.load(Ordering::SeqCst), 8);
}

#[test]
fn metadata_cannot_place_files_where_they_do_not_belong() {
    for href in ["../../escaped", ".elevate/lock", "/etc/escaped"] {
        let (directory, store) = cache("escape");
        let text = format!(
            "<repomd><data type=\"primary\"><checksum type=\"sha256\">{}</checksum>\
             <location href=\"{href}\"/></data></repomd>",
            sum(b"x")
        );
        let server = Server::new(move |request| match request.target.ends_with("repomd.xml") {
            true => Reply::File(text.clone().into_bytes()),
            false => Reply::File(b"x".to_vec()),
        });
        assert!(fetch_one(&store, &definition(&[server.url("/")]), &options()).is_err(), "{href}");
        assert!(!directory.path().join("escaped").exists());
    }
}

#[test]
fn sizes_beyond_reason_are_not_even_begun() {
    let (_directory, store) = cache("size");
    let text = format!(
        "<repomd><data type=\"primary\"><checksum type=\"sha256\">{}</checksum>\
         <location href=\"{PRIMARY}\"/><size>999999999999999</size></data></repomd>",
        sum(b"x")
    );
    let server = Server::new(move |request| match request.target.ends_with("repomd.xml") {
        true => Reply::File(text.clone().into_bytes()),
        false => Reply::Endless,
    });
    let error = fetch_one(&store, &definition(&[server.url("/")]), &options()).unwrap_err();
    assert!(error.contains("is larger than is accepted"), "{error}");
    assert_eq!(server.requests_for(PRIMARY).len(), 0);
}

#[test]
fn what_is_current_can_be_had_while_others_read_it() {
    let (_directory, store) = cache("shared");
    let server = good();
    let definition = definition(&[server.url("/")]);
    let first = fetch_one(&store, &definition, &options()).unwrap();
    let hasty = Options { wait: Duration::ZERO, ..options() };
    let second = fetch_one(&store, &definition, &hasty).unwrap();
    assert_eq!(second.state, State::Current);
    let refresh = Options { refresh: true, ..hasty };
    let error = fetch_one(&store, &definition, &refresh).unwrap_err();
    assert!(error.contains("lock is held by process"), "{error}");
    drop((first, second));
    assert!(fetch_one(&store, &definition, &refresh).is_ok());
}

#[test]
fn two_that_want_the_same_repositories_do_not_wait_for_each_other_for_ever() {
    let (_directory, store) = cache("crosswise");
    let server = Server::new(|request| Served::new(1, 30_000).reply(request));
    let named = |n: u32| Definition {
        id: RepoId::new(format!("r{n}")).unwrap(),
        ..definition(&[server.url(&format!("/{n}/"))])
    };
    let forth: Vec<Definition> = (0..6).map(named).collect();
    let back: Vec<Definition> = (0..6).rev().map(named).collect();
    let hasty = Options { refresh: true, threads: 2, wait: Duration::from_secs(20), ..options() };
    std::thread::scope(|scope| {
        for definitions in [&forth, &back] {
            let (store, hasty) = (&store, &hasty);
            scope.spawn(move || {
                for _ in 0..5 {
                    for fetched in fetch(store, definitions, hasty, &Silent) {
                        fetched.unwrap();
                    }
                }
            });
        }
    });
}
