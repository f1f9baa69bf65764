use std::fmt::Write as _;

use super::*;
use crate::rpm::modules;

/// A repository in words, a document a line: `a:1 v2 c=ctx b=1|2 other= platform=el9
/// has=x-0:1-1.noarch demod=x arch=i686` or `default a:1 v5`. What is not said is
/// version 1, context `c`, the platform `el8`, x86_64.
fn repository(words: &str) -> Modules {
    let mut text = String::new();
    for line in words.lines().map(str::trim).filter(|line| !line.is_empty()) {
        text += &match line.strip_prefix("default ") {
            Some(rest) => default(rest),
            None => document(line),
        };
    }
    let modules = modules::read(text.as_bytes()).unwrap();
    assert_eq!(modules.remarks, []);
    modules
}

fn default(words: &str) -> String {
    let mut words = words.split(' ');
    let (module, stream) = words.next().unwrap().split_once(':').unwrap();
    let modified = words.next().map_or("0", |word| word.strip_prefix('v').unwrap());
    format!(
        "---\ndocument: modulemd-defaults\nversion: 1\ndata: {{module: {module}, stream: {stream}, \
         modified: {modified}}}\n"
    )
}

fn document(words: &str) -> String {
    let (mut version, mut context, mut arch) = ("1", "c", "x86_64");
    let (mut artifacts, mut demodularized) = (String::new(), String::new());
    let mut requires = "platform: [el8]".to_owned();
    let mut words = words.split(' ');
    let (module, stream) = words.next().unwrap().split_once(':').unwrap();
    for word in words {
        match word.split_once('=') {
            None => version = word.strip_prefix('v').unwrap(),
            Some(("c", text)) => context = text,
            Some(("arch", text)) => arch = text,
            Some(("has", text)) => artifacts = text.replace('|', ", "),
            Some(("demod", text)) => demodularized = text.replace('|', ", "),
            Some(("platform", text)) => requires = requires.replace("el8", text),
            Some((other, streams)) => {
                let streams = streams.replace('|', ", ");
                write!(requires, ", {other}: [{streams}]").unwrap();
            }
        }
    }
    format!(
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {module}\n  stream: {stream}\n  \
         version: {version}\n  context: {context}\n  arch: {arch}\n  summary: s\n  description: d\n  \
         license: {{module: [MIT]}}\n  dependencies: [requires: {{{requires}}}]\n  \
         artifacts: {{rpms: [{artifacts}]}}\n  demodularized: {{rpms: [{demodularized}]}}\n"
    )
}

fn stream(words: &str) -> ModuleStream {
    let (name, stream) = words.split_once(':').unwrap();
    ModuleStream { name: name.to_owned(), stream: stream.to_owned() }
}

fn run(repositories: &[&str], enabled: &[&str]) -> Activation {
    let read: Vec<_> = repositories.iter().map(|words| repository(words)).collect();
    let enabled: Vec<_> = enabled.iter().map(|words| stream(words)).collect();
    let (platform, arch) = (stream("platform:el8"), Arch::X86_64);
    let wish = Wish { enabled: &enabled, platform: &platform, arch: &arch };
    activate(&read.iter().collect::<Vec<_>>(), &wish)
}

/// `name:stream:version:context` of what is active.
fn active(repositories: &[&str], enabled: &[&str]) -> Vec<String> {
    let active = run(repositories, enabled).active;
    active.iter().map(|s| format!("{}:{}:{}", s.module, s.version, s.context)).collect()
}

fn remarks(repositories: &[&str], enabled: &[&str]) -> Vec<String> {
    run(repositories, enabled).remarks.iter().map(ToString::to_string).collect()
}

/// Each of these was put to libdnf 0.69, which says the same: what it is about, the
/// repository, what is enabled, what is active then.
const AS_LIBDNF: &[(&str, &str, &[&str], &[&str])] = &[
    ("a default", "a:1\na:2\ndefault a:1", &[], &["a:1:1:c"]),
    ("an enabled stream goes before the default", "a:1\na:2\ndefault a:1", &["a:2"], &["a:2:1:c"]),
    (
        "all versions, and contexts with the same requirements",
        "a:1\na:1 v2\na:1 v2 c=d\ndefault a:1",
        &[],
        &["a:1:1:c", "a:1:2:c", "a:1:2:d"],
    ),
    (
        "contexts of different versions",
        "a:1\na:1 v2 c=d\ndefault a:1",
        &[],
        &["a:1:1:c", "a:1:2:d"],
    ),
    (
        "the newest version of a default is broken",
        "a:1\na:1 v2 platform=el9\ndefault a:1",
        &[],
        &[],
    ),
    (
        "the newest version of an enabled stream is broken",
        "a:1\na:1 v2 platform=el9",
        &["a:1"],
        &["a:1:1:c", "a:1:2:c"],
    ),
    (
        "the context that goes with the default",
        "d:1 c=c1 p=1\nd:1 c=c2 p=2\np:1\np:2\ndefault p:1\ndefault d:1",
        &[],
        &["d:1:1:c1", "p:1:1:c"],
    ),
    (
        "the context that goes with the enabled stream",
        "d:1 c=c1 p=1\nd:1 c=c2 p=2\np:1\np:2\ndefault p:1\ndefault d:1",
        &["p:2"],
        &["d:1:1:c2", "p:2:1:c"],
    ),
    (
        "an older version in the context that goes with the default",
        "d:1 v2 c=c1 p=1\nd:1 c=c2 p=2\np:1\np:2\ndefault p:2\ndefault d:1",
        &[],
        &["d:1:1:c2", "p:2:1:c"],
    ),
    (
        "a requirement that is no default",
        "a:1 b=2\nb:1\nb:2\ndefault a:1",
        &[],
        &["a:1:1:c", "b:2:1:c"],
    ),
    (
        "a requirement against a later default",
        "a:1 b=2\nb:1\nb:2\ndefault a:1\ndefault b:1",
        &[],
        &["a:1:1:c", "b:2:1:c"],
    ),
    (
        "an enabled stream against a default",
        "a:1 b=2\nb:1\nb:2\ndefault b:1",
        &["a:1"],
        &["a:1:1:c", "b:2:1:c"],
    ),
    ("enabled streams against each other", "a:1 b=2\nb:1\nb:2", &["a:1", "b:1"], &[]),
    ("any stream", "a:1 b=\nb:1\nb:2\ndefault a:1", &[], &["a:1:1:c", "b:1:1:c"]),
    (
        "any stream, in the order of texts",
        "a:1 b=\nb:10\nb:9\ndefault a:1",
        &[],
        &["a:1:1:c", "b:10:1:c"],
    ),
    (
        "any stream, one enabled",
        "a:1 b=\nb:10\nb:9\ndefault a:1",
        &["b:9"],
        &["a:1:1:c", "b:9:1:c"],
    ),
    ("any but one", "a:1 b=-1\nb:1\nb:2\ndefault a:1", &[], &["a:1:1:c", "b:2:1:c"]),
    ("any but one, and there is none", "a:1 b=-1\ndefault a:1", &[], &[]),
    ("any platform but one", "a:1 platform=-el9\ndefault a:1", &[], &["a:1:1:c"]),
    ("a stream with a hyphen", "a:1 b=x-1\nb:x-1\ndefault a:1", &[], &["a:1:1:c", "b:x-1:1:c"]),
    ("alternatives", "a:1 b=2|1\nb:2 v5\nb:1\ndefault a:1", &[], &["a:1:1:c", "b:1:1:c"]),
    ("streams nobody has", "a:1\ndefault a:1", &["zz:1", "a:9"], &[]),
    (
        "a stream that is required although another is enabled, which nobody has",
        "a:1\nb:1 a=1\ndefault a:1\ndefault b:1",
        &["a:9"],
        &["a:1:1:c", "b:1:1:c"],
    ),
    ("another architecture", "a:1 arch=aarch64\ndefault a:1", &[], &[]),
    (
        "architectures that run here",
        "a:1 arch=i686\nb:1 arch=noarch\ndefault a:1\ndefault b:1",
        &[],
        &["a:1:1:c", "b:1:1:c"],
    ),
    (
        "one default of two is broken",
        "a:1 platform=el9\nb:1\ndefault a:1\ndefault b:1",
        &[],
        &["b:1:1:c"],
    ),
    (
        "the newest of another context is broken",
        "a:1\na:1 v2 c=d platform=el9\nb:1\ndefault a:1\ndefault b:1",
        &[],
        &["b:1:1:c"],
    ),
    ("an enabled stream is broken", "a:1 platform=el9\nb:1\ndefault b:1", &["a:1"], &["b:1:1:c"]),
    (
        "defaults against each other",
        "b:1 x=1\na:1 x=2\nx:1\nx:2\ndefault a:1\ndefault b:1",
        &[],
        &["a:1:1:c", "x:2:1:c"],
    ),
    (
        "a default against an enabled stream",
        "a:1 x=1\nx:1\nx:2\ndefault a:1",
        &["x:2"],
        &["x:2:1:c"],
    ),
    (
        "the variant with the fewest requirements",
        "a:1 v2\na:1 v2 c=d x=1\nx:1\ndefault a:1",
        &[],
        &["a:1:2:c"],
    ),
    (
        "variants in the order of their requirements",
        "a:1 c=d x=1\na:1 c=c x=2\nx:1\nx:2\ndefault a:1",
        &[],
        &["a:1:1:d", "x:1:1:c"],
    ),
    (
        "a chain",
        "a:1 b=1\nb:1 d=1\nd:1\nd:2\ndefault a:1\ndefault d:1",
        &[],
        &["a:1:1:c", "b:1:1:c", "d:1:1:c"],
    ),
];

#[test]
fn streams_are_active_as_with_libdnf() {
    for (about, repository, enabled, expected) in AS_LIBDNF {
        assert_eq!(active(&[repository], enabled), *expected, "{about}");
    }
}

#[test]
fn versions_of_a_stream_come_from_all_repositories() {
    assert_eq!(active(&["a:1\ndefault a:1", "a:1 v2"], &[]), ["a:1:1:c", "a:1:2:c"]);
}

#[test]
fn repositories_that_disagree_about_a_default_leave_the_module_without() {
    let both = ["a:1\na:2\ndefault a:1", "default a:2"];
    assert_eq!(active(&both, &[]), [""; 0]);
    assert_eq!(remarks(&both, &[]), ["repositories disagree about the default stream of module a"]);
    assert_eq!(remarks(&both, &["a:1"]), [""; 0]);
    assert_eq!(active(&["a:1\na:2\ndefault a:1", "default a:2 v5"], &[]), ["a:2:1:c"]);
    assert_eq!(active(&["a:1\na:2\ndefault a:1", "default a:1"], &[]), ["a:1:1:c"]);
}

#[test]
fn what_is_not_as_it_was_asked_for_is_remarked() {
    assert_eq!(remarks(&["a:1"], &["b:1"]), ["no repository has the module stream b:1"]);
    assert_eq!(
        remarks(&["a:1\na:2"], &["a:1", "a:2"]),
        ["several streams of module a are to be enabled; none is"]
    );
    assert_eq!(
        remarks(&["a:1 b=1\ndefault a:1"], &[]),
        ["what the default stream a:1 requires is not to be had; it is left out"]
    );
    let unmet = "requires is not to be had, or contradicts another enabled stream";
    assert_eq!(
        remarks(&["a:1 b=2\nb:1\nb:2"], &["a:1", "b:1"]),
        [format!("what module stream a:1 {unmet}"), format!("what module stream b:1 {unmet}")]
    );
    assert_eq!(remarks(&["a:1\ndefault a:1"], &["a:1", "a:1"]), [""; 0]);
}

#[test]
fn every_active_stream_has_its_reason() {
    let active = run(&["a:1 b=1\nb:1 c=\nb:2\nd:1\ndefault d:1"], &["a:1"]).active;
    let reasons: Vec<_> = active.into_iter().map(|s| (s.module.to_string(), s.reason)).collect();
    let expected = [
        ("a:1".to_owned(), Reason::Enabled),
        ("b:1".to_owned(), Reason::RequiredBy(stream("a:1"))),
        ("d:1".to_owned(), Reason::Default),
    ];
    assert_eq!(reasons, expected);
}

/// The names of packages that are not hidden, each `name-epoch:version-release.arch`
/// or the same with `>provided`.
fn seen<'p>(filter: &ModuleFilter, packages: &[&'p str]) -> Vec<&'p str> {
    let hidden = |package: &&&'p str| {
        let (full, provided) = package.split_once('>').unwrap_or((package, ""));
        let nvra: Nvra = full.parse().unwrap();
        filter.hides(full, nvra.name.as_str(), provided.split_terminator(',')).is_some()
    };
    packages.iter().filter(|package| !hidden(package)).copied().collect()
}

/// The packages libdnf 0.69 shows and hides in the same case.
#[test]
fn packages_are_hidden_as_with_libdnf() {
    let repository = "a:1 has=x-0:1-1.x86_64|y-0:1-1.x86_64|s-0:1-1.src demod=y
        a:2 has=x-0:2-1.x86_64|y-0:2-1.x86_64|w-0:2-1.x86_64
        default a:1";
    let packages = [
        "x-0:1-1.x86_64",
        "x-0:2-1.x86_64",
        "y-0:1-1.x86_64",
        "y-0:2-1.x86_64",
        "w-0:2-1.x86_64",
        "w-0:3-1.x86_64",
        "x-0:9-1.x86_64",
        "y-0:9-1.x86_64",
        "q-0:1-1.x86_64>x",
        "q2-0:1-1.x86_64>y",
        "s-0:1-1.x86_64",
        "x-0:1-1.i686",
        "q3-0:1-1.x86_64>s",
    ];
    let filter = run(&[repository], &[]).filter;
    let expected = [
        "x-0:1-1.x86_64",
        "y-0:1-1.x86_64",
        "w-0:3-1.x86_64",
        "y-0:9-1.x86_64",
        "q2-0:1-1.x86_64>y",
        "s-0:1-1.x86_64",
        "q3-0:1-1.x86_64>s",
    ];
    assert_eq!(seen(&filter, &packages), expected);
}

#[test]
fn a_name_that_another_active_stream_keeps_is_hidden_all_the_same() {
    let repository = "a:1 has=x-0:1-1.x86_64 demod=x
        b:1 has=x-0:2-1.x86_64
        default a:1
        default b:1";
    let packages = ["x-0:1-1.x86_64", "x-0:2-1.x86_64", "x-0:9-1.x86_64", "q-0:1-1.x86_64>x"];
    let filter = run(&[repository], &[]).filter;
    assert_eq!(seen(&filter, &packages), ["x-0:1-1.x86_64", "x-0:2-1.x86_64"]);
}

#[test]
fn an_artifact_of_an_active_stream_is_seen_whoever_else_has_it() {
    let repository = "a:1 has=x-0:1-1.x86_64\nb:1 has=x-0:1-1.x86_64\ndefault a:1";
    let filter = run(&[repository], &[]).filter;
    assert_eq!(seen(&filter, &["x-0:1-1.x86_64"]).len(), 1);
    assert!(filter.excluded.is_empty());
    let broken = run(&["a:1 b=2 has=x-0:1-1.x86_64\ndefault a:1"], &[]).filter;
    assert_eq!(seen(&broken, &["x-0:1-1.x86_64", "x-0:2-1.x86_64"]), ["x-0:2-1.x86_64"]);
}

#[test]
fn a_puzzle_ends_in_bounded_time() {
    let mut words = String::new();
    for module in 0..40 {
        for stream in 0..4 {
            let next = (module + 1) % 40;
            writeln!(words, "m{module}:{stream} m{next}= z{stream}=1|2 end=9").unwrap();
        }
    }
    words += "default m0:0";
    assert_eq!(active(&[&words], &[]), [""; 0]);
}

#[test]
fn a_hidden_package_stays_in_the_target_with_the_stream_that_hides_it() {
    use crate::universe::tests::target;
    let stream = |name: &str| ModuleStream { name: name.to_owned(), stream: "1".to_owned() };
    let mut filter = ModuleFilter::default();
    filter.included.insert("perl-0:5.30-1.x86_64".to_owned());
    filter.excluded.insert("ruby-0:2.7-1.x86_64".to_owned(), stream("ruby"));
    filter.names.insert("perl".to_owned(), stream("perl"));
    let mut target = target(&["perl-5.30-1.x86_64\nperl-5.26-1.x86_64\nruby-2.7-1.x86_64\n\
                               other-1-1.x86_64\n provides perl = 5\nbash-1-1.x86_64\n"]);
    target.hide(&filter);
    let why: Vec<String> = target
        .all_ruled_out()
        .map(|(package, why)| {
            format!("{}: {why}", {
                let (name, evr, _) = target.nevra(package);
                format!("{}-{}", target.text(name), target.text(evr))
            })
        })
        .collect();
    assert_eq!(
        why,
        [
            "perl-5.26-1: the active module stream perl:1 has its name",
            "ruby-2.7-1: its module stream ruby:1 is not active",
            "other-1-1: the active module stream perl:1 has its name",
        ]
    );
}
