use super::*;
use crate::repository::{Credentials, Secret};

fn variables() -> Variables {
    let mut variables = Variables::new();
    variables.set_release("8.10");
    variables.set_arch(&crate::model::Arch::X86_64);
    variables
}

fn read(text: &str) -> (Definition, Vec<String>) {
    let (file, _) = RepoFile::parse("x.repo", &format!("[a]\nname=A\n{text}\n")).unwrap();
    let (mut all, remarks) = Definition::all(&file, &variables());
    (all.remove(0), remarks.iter().map(Remark::to_string).collect())
}

fn remarks(text: &str) -> Vec<String> {
    let (_, remarks) = read(&format!("baseurl=http://h/\n{text}"));
    let start = "x.repo:1 [a] ";
    remarks.iter().map(|remark| remark.replacen(start.trim_end(), "", 1)).collect()
}

#[test]
fn a_section_is_read_as_dnf_reads_it() {
    let (definition, remarks) = read(
        "baseurl=https://a/$releasever/$basearch/ , http://b/${releasever_major}\n  file:///c\n\
         mirrorlist=https://m/list?arch=$basearch\nenabled=0\npriority=10\ncost=500\n\
         excludepkgs=a* b,c\nexclude=d\nincludepkgs=e\nmodule_hotfixes=1\ngpgcheck=yes\n\
         gpgkey=file:///k1\n  https://k2\nskip_if_unavailable=True\nmetadata_expire=6h\n",
    );
    let shown: Vec<String> = definition.baseurls.iter().map(Location::to_string).collect();
    assert_eq!(shown, ["https://a/8.10/x86_64/", "http://b/8", "/c"]);
    assert_eq!(definition.mirrorlist.as_ref().unwrap().to_string(), "https://m/list?arch=x86_64");
    assert_eq!((definition.priority, definition.cost, definition.enabled), (10, 500, false));
    assert_eq!(definition.exclude, ["a*", "b", "c", "d"]);
    assert_eq!(definition.include, ["e"]);
    assert!(definition.module_hotfixes && definition.skip_if_unavailable);
    assert_eq!(definition.gpgcheck, Some(true));
    assert_eq!(definition.gpgkey, ["file:///k1", "https://k2"]);
    assert_eq!(definition.expiry, Expiry::Seconds(6 * 3600));
    assert_eq!(
        remarks,
        ["x.repo:1 [a]: baseurl: addresses on this machine after one on a network are not used"]
    );
}

#[test]
fn what_is_not_said_is_as_in_dnf() {
    let (definition, remarks) = read("baseurl=http://h/\n");
    let plain = Definition::at(RepoId::new("a").unwrap(), Location::parse("http://h/").unwrap());
    assert_eq!(definition, Definition { name: "A".into(), variables: variables(), ..plain });
    assert_eq!((definition.priority, definition.transport.timeout), (99, 30));
    assert_eq!((definition.transport.retries, definition.transport.minrate), (10, 1000));
    assert_eq!(remarks, [""; 0]);
}

#[test]
fn the_transport_has_yums_options() {
    let (definition, remarks) = read(
        "baseurl=https://h/\nproxy=http://proxy:3128/\nproxy_username=pu\nproxy_password=pp\n\
         username=u\npassword=p\nsslverify=0\nsslcacert=/ca.pem\nsslclientcert=/c.pem\n\
         sslclientkey=file:///k.pem\ntimeout=1.5m\nminrate=1k\nretries=3\nip_resolve=IPv4\n",
    );
    let credentials = |user: &str, password: &str| {
        Some(Credentials { user: user.into(), password: Secret::new(password) })
    };
    let expected = Transport {
        proxy: Proxy::At { url: "http://proxy:3128".into(), credentials: credentials("pu", "pp") },
        credentials: credentials("u", "p"),
        verify: false,
        authorities: Some("/ca.pem".into()),
        certificate: Some("/c.pem".into()),
        key: Some("/k.pem".into()),
        timeout: 90,
        minrate: 1024,
        retries: 3,
        family: Some(IpFamily::V4),
    };
    assert_eq!(definition.transport, expected);
    assert_eq!(remarks, [""; 0]);
}

#[test]
fn a_proxy_is_that_of_the_environment_unless_something_is_said() {
    let proxy = |line: &str| read(&format!("baseurl=http://h/\n{line}")).0.transport.proxy;
    assert_eq!(proxy(""), Proxy::Environment);
    assert_eq!(proxy("proxy=_none_"), Proxy::Direct);
    assert_eq!(proxy("proxy="), Proxy::Direct);
    let inside = proxy("proxy=http://u:p%40@proxy");
    assert_eq!(inside, Proxy::of_text("u:p%40@proxy/"));
    let Proxy::At { url, credentials: Some(Credentials { user, password }) } = inside else {
        panic!("no credentials");
    };
    assert_eq!((url.as_str(), user.as_str(), password.reveal()), ("http://proxy", "u", "p@"));
}

#[test]
fn odd_values_are_told_and_have_no_effect() {
    let cases = [
        ("priority=high", ": priority: \"high\" is no number; it is ignored"),
        ("gpgcheck=maybe", ": gpgcheck: \"maybe\" is no boolean; it is ignored"),
        ("timeout=0", ": timeout: nothing waits for ever; 30 seconds are used"),
        ("timeout=never", ": timeout: nothing waits for ever; 3600 seconds are used"),
        ("timeout=1e3", ": timeout: \"1e3\" is no time; it is ignored"),
        ("retries=0", ": retries: nothing is tried for ever; 100 tries are made"),
        ("password=x", ": password: there is no username; it is not used"),
        ("ip_resolve=5", ": ip_resolve: \"5\" is no kind of address; it is ignored"),
        ("proxy_auth_method=ntlm", ": proxy_auth_method: only basic is spoken"),
        ("repo_gpgcheck=1", ": repo_gpgcheck: signatures of metadata are not checked"),
        ("baseulr=http://x", ": baseulr: no option of dnf or yum is called that"),
        ("exclude=$nope", ": exclude: $nope is not known and stays as it is written"),
        (
            "mirrorlist=ftp://u:p@h/x",
            ": mirrorlist: \"ftp://h/x\" the protocol \"ftp\" is not supported; http, https and \
             file are; it is not used",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(remarks(line), [expected], "{line}");
    }
}

#[test]
fn what_changes_nothing_is_passed_over() {
    let silent = "countme=1\nkeepcache=0\nrepo_gpgcheck=0\nfastestmirror=true\nip_resolve=whatever\n\
                  metadata_expire=-1\ndeltarpm=1\ntype=rpm-md\nenablegroups=1";
    assert_eq!(remarks(silent), [""; 0]);
}

#[test]
fn a_section_without_an_address_is_told() {
    let (definition, remarks) = read("baseurl=\n");
    assert_eq!(definition.addresses(), [""; 0]);
    assert_eq!(remarks, ["x.repo:1 [a]: baseurl: there is no address that can be used"]);
}

#[test]
fn a_repository_on_this_machine_is_used_where_it_is() {
    let (definition, remarks) = read("baseurl=/srv/x http://h/\n");
    assert_eq!(definition.directory(), Some(&PathBuf::from("/srv/x")));
    let expected = "x.repo:1 [a]: baseurl: the first address is on this machine; no other is used";
    assert_eq!(remarks, [expected]);
}

#[test]
fn ids_are_made_unique_and_that_is_told() {
    let of = |argument: &str| Definition::of_argument(argument, &Variables::new()).unwrap();
    let mut all = [of("/a/os"), of("/b/a"), of("a-2=/c"), of("/d/a")];
    let remarks = make_unique(&mut all);
    let ids: Vec<&str> = all.iter().map(|d| d.id.as_str()).collect();
    assert_eq!(ids, ["a", "a-3", "a-2", "a-4"]);
    assert_eq!(remarks[0].to_string(), "/b/a: the id a is taken; it is called a-3");
}
