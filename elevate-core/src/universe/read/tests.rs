use super::*;
use crate::repository::InMemory;
use crate::universe::{List, Term};

const ONE: &str = r#"<package type="rpm"><name>a</name><arch>noarch</arch>
<version epoch="1" ver="2" rel="3"/><checksum type="sha256" pkgid="YES">CHECK</checksum>
<time file="1" build="7"/><size package="10" installed="20" archive="30"/><location href="a.rpm"/>
<format><rpm:vendor>V</rpm:vendor><rpm:sourcerpm>a.src.rpm</rpm:sourcerpm>
<rpm:provides><rpm:entry name="p" flags="EQ" epoch="0" ver="1"/></rpm:provides>
<rpm:requires><rpm:entry name="r"/><rpm:entry name="sh" pre="1"/>
<rpm:entry name="(x if y)"/><rpm:entry name="(x if"/></rpm:requires>
<file>/usr/bin/a</file></format></package>"#;

fn primary(packages: &str, announced: usize) -> String {
    let check = "ab".repeat(32);
    format!(
        "<metadata xmlns=\"http://linux.duke.edu/metadata/common\" \
         xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\"{announced}\">{}</metadata>",
        packages.replace("CHECK", &check)
    )
}

fn filelists() -> String {
    let id = "ab".repeat(32);
    format!(
        "<filelists packages=\"1\"><package pkgid=\"{id}\" name=\"a\" arch=\"noarch\">\
         <version epoch=\"1\" ver=\"2\" rel=\"3\"/><file>/usr/libexec/a</file>\
         <file>/usr/bin/a</file><file>/usr/share/b</file></package></filelists>"
    )
}

/// A repository with these files of metadata.
fn repository(primary: &str) -> InMemory {
    let files = [("primary", primary.to_owned()), ("filelists", filelists())];
    let entry = |(kind, text): &(&str, String)| {
        let digest = hex(&Sha256::digest(text));
        format!(
            "<data type=\"{kind}\"><checksum type=\"sha256\">{digest}</checksum>\
             <location href=\"repodata/{kind}.xml\"/><size>{}</size></data>",
            text.len()
        )
    };
    let repomd = format!("<repomd>{}</repomd>", files.iter().map(entry).collect::<String>());
    let files = files.map(|(kind, text)| (format!("repodata/{kind}.xml"), text));
    files.into_iter().chain([(REPOMD.to_owned(), repomd)]).collect()
}

fn read(files: &InMemory, threads: Threads) -> Result<RepositoryData, String> {
    let opened = Opened::new(files).map_err(|error| error.to_string())?;
    opened.packages(threads).map_err(|error| error.to_string())
}

fn shown(data: &RepositoryData, list: List) -> Vec<String> {
    let relations: Vec<_> = data.relations().collect();
    let show = |term: Term| match term.kind() {
        crate::universe::TermKind::Text(id) => data.text(id).to_owned(),
        crate::universe::TermKind::Relation(id) => {
            format!("relation {}", relations.len() - id.0 as usize)
        }
    };
    data.list(0, list).map(show).collect()
}

#[test]
fn a_package_is_read_with_everything() {
    let data = read(&repository(&primary(ONE, 1)), Threads::One).unwrap();
    assert_eq!(data.len(), 1);
    let details = data.details(0);
    assert_eq!((details.location, details.base), ("a.rpm", ""));
    assert_eq!((details.checksum_kind, details.checksum.len()), ("sha256", 64));
    assert_eq!((details.package_size, details.installed_size), (10, 20));
    let row = data.rows().next().unwrap();
    let [name, evr, arch, vendor] =
        [row.name, row.evr, row.arch, row.vendor].map(|id| data.text(id));
    assert_eq!((name, evr, arch, vendor, row.build_time), ("a", "1:2-3", "noarch", "V", 7));
    assert_eq!(shown(&data, List::Requires).len(), 2);
    assert_eq!(shown(&data, List::RequiresBefore), ["sh"]);
    assert_eq!(shown(&data, List::Files), ["/usr/bin/a"]);
    assert_eq!(shown(&data, List::Provides).len(), 2);
}

/// Texts of several batches, and of one.
#[test]
fn one_thread_and_two_read_the_same() {
    let many = |change: &dyn Fn(usize) -> String| (0..5000).map(change).collect::<String>();
    let named = many(&|number| ONE.replace("<name>a", &format!("<name>a{}", number % 4000)));
    let commented = format!("{named}<!-- </package>{}</package> -->", " ".repeat(2 << 20));
    let odd = named.replace("<format>", "<odd/><format>").replace("a17<", "a17<!-- x --><");
    for packages in [&ONE.repeat(300), &named, &commented, &odd] {
        let files = repository(&primary(packages, 300));
        let one = read(&files, Threads::One).unwrap();
        assert_eq!(read(&files, Threads::Two), Ok(one));
    }
    for broken in ["</package>", "&nope;", "\u{1}", "<package>", "<package><checksum/>", "]]>\n<"] {
        let files = repository(&primary(&[&named, broken, &named].concat(), 300));
        let error = read(&files, Threads::One).unwrap_err();
        assert_eq!(read(&files, Threads::Two), Err(error));
    }
}

#[test]
fn what_is_odd_is_remarked_on_and_kept_in_the_cache() {
    let data = read(&repository(&primary(&ONE.repeat(2), 3)), Threads::One).unwrap();
    let remarks: Vec<&str> = data.remarks().collect();
    insta::assert_snapshot!(remarks.join("\n"), @r#"
    repodata/primary.xml: states 3 packages, has 2
    repodata/primary.xml: a-1:2-3.noarch: dependency "(x if" is not understood, left out
    repodata/primary.xml: a-1:2-3.noarch: dependency "(x if" is not understood, left out
    repodata/primary.xml: a-1:2-3.noarch is there more than once
    "#);
    let again = super::super::cache::encode(&data, "k");
    let again = super::super::cache::decode(again, "k").unwrap();
    assert_eq!(again.remarks().collect::<Vec<_>>(), remarks);
}

#[test]
fn an_error_names_repository_file_and_place() {
    let errors = [Threads::One, Threads::Two].map(|threads| {
        let mut errors = Vec::new();
        let mut broken = |change: &dyn Fn(&mut InMemory)| {
            let mut files = repository(&primary(ONE, 1));
            change(&mut files);
            errors.push(read(&files, threads).unwrap_err());
        };
        broken(&|files| drop(files.files.remove(REPOMD)));
        broken(&|files| drop(files.files.remove("repodata/primary.xml")));
        broken(&|files| drop(files.files.insert(REPOMD.into(), b"<repomd></repomd>".to_vec())));
        let primary = "repodata/primary.xml";
        broken(&|files| files.files.get_mut(primary).unwrap().push(b' '));
        broken(&|files| {
            let file = files.files.get_mut(primary).unwrap();
            let at = file.windows(3).position(|three| three == b">a<").unwrap();
            file[at + 1] = b'b';
        });
        broken(&|files| files.files.get_mut(primary).unwrap().truncate(300));
        broken(&|files| {
            *files = repository("<metadata><package type='rpm'><name>x</name></metadata>")
        });
        broken(&|files| *files = repository("\u{1f}"));
        broken(&|files| *files = repository("SQLite format 3\0"));
        let elsewhere = |files: &mut InMemory| {
            let file = files.files.get_mut(REPOMD).unwrap();
            let text = String::from_utf8(file.clone()).unwrap();
            *file = text.replace("<location ", "<location xml:base=\"http://x/\" ").into_bytes();
        };
        broken(&elsewhere);
        errors.join("\n")
    });
    assert_eq!(errors[0], errors[1]);
    insta::assert_snapshot!(errors[0], @r#"
    a repository in memory: repodata/repomd.xml: there is no such file
    a repository in memory: repodata/primary.xml: there is no such file
    a repository in memory: the repository has no primary metadata
    a repository in memory: repodata/primary.xml: has 761 bytes where 760 are announced
    a repository in memory: repodata/primary.xml: has checksum sha256:47046f073486594d9df9cb004958e7d66230835908f8a24ec93185dcba38d9dd where sha256:b5855844cf8214f029037f1015b8130541422cb785a6412157d46cf2d4afc89e is announced
    a repository in memory: repodata/primary.xml: has 300 bytes where 760 are announced
    a repository in memory: repodata/primary.xml: byte 44, package 1 (x): </metadata> where </package> belongs
    a repository in memory: repodata/primary.xml: byte 0: control character 0x1f
    a repository in memory: repodata/primary.xml: byte 0: is of sqlite, which is not read: the XML is needed
    a repository in memory: repodata/primary.xml is at "http://x/" and not in the repository, which is not followed
    "#);
}

#[test]
fn files_are_searched_for_in_complete_lists_and_in_what_primary_lists() {
    let files = repository(&primary(&ONE.repeat(2), 2));
    let opened = Opened::new(&files).unwrap();
    let data = opened.packages(Threads::One).unwrap();
    let paths = ["/usr/share/b", "/usr/bin/a", "/usr/libexec/a", "/nowhere", "/usr/share/b"];
    let paths = paths.map(str::to_owned);
    for threads in [Threads::One, Threads::Two] {
        let listed = opened.search(&data, &paths, threads).unwrap();
        assert_eq!(listed.asked, ["/nowhere", "/usr/bin/a", "/usr/libexec/a", "/usr/share/b"]);
        assert_eq!(listed.found, [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)]);
    }
}

#[test]
fn a_key_is_another_one_for_other_metadata_and_other_paths() {
    let keys = [ONE.to_owned(), ONE.repeat(2)].map(|packages| {
        let files = repository(&primary(&packages, 1));
        let opened = Opened::new(&files).unwrap();
        let search = |paths: &[&str]| {
            opened.search_key(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>())
        };
        [opened.key(), search(&["/a", "/b"]), search(&["/a/b"]), search(&[])]
    });
    let mut all = keys.concat();
    assert!(all.iter().all(|key| key.len() <= 128));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 8);
}
