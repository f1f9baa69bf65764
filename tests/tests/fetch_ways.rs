//! The ways to a server: through proxies, with passwords, with certificates. What
//! is secret goes to nobody else.

#![expect(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use elevate_core::model::RepoFile;
use elevate_core::repository::definition::Proxy;
use elevate_core::repository::fetch::Options;
use elevate_core::repository::http::ProxyEnvironment;
use elevate_core::repository::{Credentials, Definition, Secret, Store, Variables};
use elevate_tests::certificates::Authority;
use elevate_tests::data::TempDir;
use elevate_tests::http::{Reply, Request, Server};
use elevate_tests::served::{PRIMARY, Served, definition, fetch_one, options};

const SIZE: usize = 20_000;
/// `user:secret`, as it is sent.
const BASIC: &str = "Basic dXNlcjpzZWNyZXQ=";

fn cache(name: &str) -> (TempDir, Store) {
    let directory = TempDir::new(name).unwrap();
    let store = Store::new(directory.path().join("cache"));
    (directory, store)
}

fn reply(request: &Request) -> Reply {
    Served::new(1, SIZE).reply(request)
}

fn try_fetch(store: &Store, definition: &Definition) -> Result<(), String> {
    fetch_one(store, definition, &Options { refresh: true, ..options() }).map(drop)
}

fn user() -> Option<Credentials> {
    Some(Credentials { user: "user".into(), password: Secret::new("secret") })
}

#[test]
fn a_password_goes_to_the_server_it_is_for_and_to_no_other() {
    let (_directory, store) = cache("password");
    let other = Server::new(reply);
    let there = other.url("");
    let server = Server::new(move |request| {
        if request.header("authorization") != BASIC {
            return Reply::Status(401);
        }
        match request.target.strip_prefix("/moved") {
            Some(rest) => Reply::Redirect(format!("/here{rest}")),
            None if request.target.ends_with(PRIMARY) => {
                Reply::Redirect(format!("{there}{}", request.target))
            }
            None => reply(request),
        }
    });
    let mut asked = definition(&[server.url("/moved/")]);
    let error = try_fetch(&store, &asked).unwrap_err();
    assert!(error.contains("the server says 401"), "{error}");
    asked.transport.credentials = user();
    asked.transport.retries = 1;
    try_fetch(&store, &asked).unwrap();
    let elsewhere = other.requests();
    assert_eq!(elsewhere.len(), 1);
    assert_eq!(elsewhere[0].header("authorization"), "");

    let (_directory, store) = cache("password-in-url");
    let inside = server.url("/").replace("http://", "http://user:secret@");
    let fetched = fetch_one(&store, &definition(&[inside]), &options()).unwrap();
    assert_eq!(fetched.from, server.url("/"), "no password is shown");
    assert!(other.requests().iter().all(|request| request.header("authorization").is_empty()));
}

#[test]
fn a_password_does_not_go_to_mirrors_a_list_names() {
    let (_directory, store) = cache("password-mirror");
    let mirror = Server::new(reply);
    let text = mirror.url("/");
    let lists = Server::new(move |request| match request.header("authorization") {
        BASIC => Reply::File(text.clone().into_bytes()),
        _ => Reply::Status(401),
    });
    let mut asked = definition(&[lists.url("/list")]);
    asked.mirrorlist = asked.baseurls.pop();
    asked.transport.credentials = user();
    try_fetch(&store, &asked).unwrap();
    assert!(mirror.requests().iter().all(|request| request.header("authorization").is_empty()));
}

#[test]
fn a_proxy_is_told_the_whole_address_and_its_own_password() {
    let (_directory, store) = cache("proxy");
    let proxy = Server::new(|request| {
        if request.header("proxy-authorization") != BASIC {
            return Reply::Status(407);
        }
        reply(request)
    });
    // Only the proxy knows this name.
    let mut asked = definition(&["http://inside.invalid/base/".to_owned()]);
    asked.transport.proxy = Proxy::At { url: proxy.url(""), credentials: None };
    let error = try_fetch(&store, &asked).unwrap_err();
    assert!(error.contains("the server says 407"), "{error}");
    asked.transport.proxy = Proxy::At { url: proxy.url(""), credentials: user() };
    try_fetch(&store, &asked).unwrap();
    let targets: Vec<String> = proxy.requests().into_iter().map(|request| request.target).collect();
    let base = "http://inside.invalid/base/repodata";
    assert!(targets.contains(&format!("{base}/primary.xml.gz")), "{targets:?}");
    assert!(proxy.requests().iter().all(|request| request.header("host") == "inside.invalid"));
}

#[test]
fn the_proxy_of_the_environment_is_used_unless_the_repository_wants_none() {
    let (_directory, store) = cache("environment");
    let (proxy, server) = (Server::new(reply), Server::new(reply));
    let environment = ProxyEnvironment { http: Some(proxy.url("")), ..ProxyEnvironment::default() };
    let ask = |definition: &Definition, environment: ProxyEnvironment| {
        let options = Options { refresh: true, environment, ..options() };
        fetch_one(&store, definition, &options).unwrap();
        proxy.connections()
    };
    let mut asked = definition(&[server.url("/")]);
    let through = ask(&asked, environment.clone());
    assert!(through > 0 && server.connections() == 0);
    let spared = ProxyEnvironment { none: Some("127.0.0.1".into()), ..environment.clone() };
    assert_eq!(ask(&asked, spared), through);
    asked.transport.proxy = Proxy::Direct;
    assert_eq!(ask(&asked, environment), through);
    assert!(server.connections() > 0);
}

#[test]
fn https_goes_through_a_tunnel() {
    let (directory, store) = cache("tunnel");
    let authority = Authority::new();
    let server = Server::tls(authority.server(None), reply);
    let to = format!("127.0.0.1:{}", server.port());
    let proxy = Server::new(move |request| match request.method.as_str() {
        "CONNECT" if request.header("proxy-authorization") == BASIC => Reply::Tunnel(to.clone()),
        _ => Reply::Status(407),
    });
    let mut asked = definition(&[server.url("/")]);
    asked.transport.retries = 1;
    asked.transport.authorities =
        Some(directory.write("ca.pem", authority.pem.as_bytes()).unwrap());
    asked.transport.proxy = Proxy::At { url: proxy.url(""), credentials: None };
    let error = try_fetch(&store, &asked).unwrap_err();
    assert!(error.contains("the proxy refuses"), "{error}");
    asked.transport.proxy = Proxy::At { url: proxy.url(""), credentials: user() };
    try_fetch(&store, &asked).unwrap();
    assert!(server.requests().iter().all(|r| r.header("proxy-authorization").is_empty()));
}

#[test]
fn a_server_must_show_a_certificate_that_is_trusted() {
    let (directory, store) = cache("trust");
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Server::tls(authority.server(None), reply);
    let mut asked = definition(&[server.url("/")]);
    let ours = directory.write("ca.pem", authority.pem.as_bytes()).unwrap();
    let theirs = directory.write("other.pem", stranger.pem.as_bytes()).unwrap();
    for authorities in [None, Some(theirs.clone())] {
        asked.transport.authorities = authorities;
        let error = try_fetch(&store, &asked).unwrap_err();
        assert!(error.contains("invalid peer certificate"), "{error}");
    }
    assert_eq!(server.requests().len(), 0);
    asked.transport.authorities = Some(ours);
    try_fetch(&store, &asked).unwrap();
    asked.transport.authorities = Some(theirs);
    asked.transport.verify = false;
    try_fetch(&store, &asked).unwrap();
}

#[test]
fn a_client_certificate_is_shown_to_the_repositorys_server_only() {
    let (directory, store) = cache("client");
    let (authority, clients) = (Authority::new(), Authority::new());
    let own = clients.certify("client");
    let other = Server::tls(authority.server(Some(&clients)), reply);
    let there = other.url("");
    let server = Server::tls(authority.server(Some(&clients)), move |request| {
        match request.target.ends_with(PRIMARY) && request.before == 0 {
            true => Reply::Redirect(format!("{there}{}", request.target)),
            false => reply(request),
        }
    });
    let file = |name: &str, text: &str| directory.write(name, text.as_bytes()).unwrap();
    let mut asked = definition(&[server.url("/")]);
    asked.transport.authorities = Some(file("ca.pem", &authority.pem));
    asked.transport.retries = 2;
    assert!(try_fetch(&store, &asked).is_err(), "a server that wants a certificate gets one");
    asked.transport.certificate = Some(file("client.pem", &own.certificate));
    asked.transport.key = Some(file("client.key", &own.key));
    let error = try_fetch(&store, &asked).unwrap_err();
    assert!(error.contains("CertificateRequired"), "{error}");
    assert_eq!(other.requests().len(), 0, "the other server saw no certificate, and refused");
    try_fetch(&store, &asked).unwrap();

    let both = format!("{}{}", own.key, own.certificate);
    asked.transport.certificate = Some(file("both.pem", &both));
    asked.transport.key = None;
    try_fetch(&store, &asked).unwrap();
}

#[test]
fn a_certificate_that_cannot_be_used_is_an_error_with_its_file() {
    let (directory, store) = cache("bad-client");
    let clients = Authority::new();
    let (one, two) = (clients.certify("one"), clients.certify("two"));
    let server = Server::new(reply);
    let file = |name: &str, text: &str| directory.write(name, text.as_bytes()).unwrap();
    let certificate = file("one.pem", &one.certificate);
    let cases = [
        (file("two.key", &two.key), "two.key: does not fit "),
        (file("none.key", "nothing\n"), "none.key: has no private key that can be used"),
        (directory.path().join("absent"), "absent: No such file"),
        (directory.path().to_owned(), "is not a regular file"),
    ];
    for (key, why) in cases {
        let mut asked = definition(&[server.url("/")]);
        asked.transport.certificate = Some(certificate.clone());
        asked.transport.key = Some(key);
        let error = try_fetch(&store, &asked).unwrap_err();
        assert!(error.starts_with("repository base: ") && error.contains(why), "{error}");
    }
    let mut asked = definition(&[server.url("/")]);
    asked.transport.authorities = Some(file("empty.pem", ""));
    let error = try_fetch(&store, &asked).unwrap_err();
    assert!(error.contains("empty.pem: has no certificate in PEM form"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn the_options_of_a_repo_file_reach_the_server() {
    let (directory, store) = cache("repo-file");
    let (authority, clients) = (Authority::new(), Authority::new());
    let own = clients.certify("client");
    let server = Server::tls(authority.server(Some(&clients)), |request| {
        let (path, by_user) = (request.target.as_str(), request.header("authorization") == BASIC);
        if by_user && path.starts_with("/8.10/x86_64/") {
            reply(request)
        } else {
            Reply::Status(403)
        }
    });
    let file = |name: &str, text: &str| {
        directory.write(name, text.as_bytes()).unwrap().display().to_string()
    };
    let text = format!(
        "[base]\nname=Base\nbaseurl={}\nusername=user\npassword=secret\nsslcacert={}\n\
         sslclientcert={}\nsslclientkey={}\nproxy=_none_\nretries=1\n",
        server.url("/$releasever/$basearch/"),
        file("ca.pem", &authority.pem),
        file("client.pem", &own.certificate),
        file("client.key", &own.key),
    );
    let (repo_file, _) = RepoFile::parse("x.repo", &text).unwrap();
    let mut variables = Variables::new();
    variables.set_release("8.10");
    variables.set_arch(&elevate_core::model::Arch::X86_64);
    let (definitions, remarks) = Definition::all(&repo_file, &variables);
    assert_eq!(remarks, []);
    try_fetch(&store, &definitions[0]).unwrap();
}
