use proptest::prelude::*;

use super::*;

/// A `modulemd` document with what dnf insists on, and more.
fn document(version: u64, more: &str) -> String {
    format!(
        "---\ndocument: modulemd\nversion: {version}\ndata:\n  name: perl\n  stream: 5.30\n  \
         version: 8030020201201142418\n  context: 2e213529\n  arch: x86_64\n  summary: A language\n  \
         description: Longer\n  license: {{module: [MIT]}}\n{more}...\n"
    )
}

fn defaults(more: &str) -> String {
    format!("---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: perl\n{more}...\n")
}

fn modules(text: &str) -> Modules {
    read(text.as_bytes()).unwrap()
}

/// The only stream of a file without remarks.
fn stream(text: &str) -> Stream {
    let modules = modules(text);
    assert_eq!(modules.remarks, []);
    let [stream] = modules.streams.try_into().unwrap();
    stream
}

/// Why a document of version 2 is left out, read beside a whole one.
fn fault(more: &str) -> String {
    let both = document(2, more) + &document(2, "").replace("perl", "other");
    let modules = modules(&both);
    assert_eq!(modules.streams.len(), 1, "{:?}", modules.remarks);
    let [remark] = modules.remarks.try_into().unwrap();
    assert!(remark.left_out);
    assert_eq!(remark.document, 1);
    format!("{}: {}", remark.line, remark.why)
}

fn requires(stream: &Stream) -> Vec<String> {
    let sets = stream.dependencies.iter();
    let pairs = sets.flat_map(|set| &set.requires);
    pairs.map(|(module, streams)| format!("{module}:{}", streams.join("|"))).collect()
}

#[test]
fn a_stream_is_read_with_everything_that_decides_about_packages() {
    let stream = stream(&document(
        2,
        "  static_context: true
  servicelevels: {bug_fixes: {eol: 2024-05-01}, rawhide: {}}
  xmd: {anything: [goes, {here: 1}]}
  dependencies:
  - buildrequires: {platform: [el8], gcc: []}
    requires: {platform: [el8], perl-libs: [a, b], other: [-x, -y], any: []}
  references: {community: http://example.com}
  profiles:
    common: {rpms: [perl], description: The usual}
    minimal: {}
  api: {rpms: [perl]}
  demodularized: {rpms: [perl-Encode]}
  components: {rpms: {perl: {rationale: It is it, buildorder: -5}}}
  artifacts:
    rpms:
    - perl-4:5.30.1-1.module+el8.noarch
",
    ));
    assert_eq!(stream.to_string(), "perl:5.30:8030020201201142418:2e213529:x86_64");
    assert!(stream.static_context);
    assert_eq!(stream.summary, "A language");
    let expected = ["any:", "other:-x|-y", "perl-libs:a|b", "platform:el8"];
    assert_eq!(requires(&stream), expected);
    assert_eq!(stream.profiles.keys().collect::<Vec<_>>(), ["common", "minimal"]);
    assert_eq!(stream.profiles["common"].rpms, ["perl"]);
    assert_eq!(stream.profiles["common"].description.as_deref(), Some("The usual"));
    assert_eq!(stream.demodularized, ["perl-Encode"]);
    assert_eq!(stream.artifacts, ["perl-4:5.30.1-1.module+el8.noarch"]);
    assert_eq!(
        stream.end_of_life.into_iter().collect::<Vec<_>>(),
        [("bug_fixes".to_owned(), "2024-05-01".to_owned())]
    );
}

#[test]
fn streams_are_texts_whatever_yaml_takes_them_for() {
    let texts = [
        "5.30",
        "1.10",
        "0x10",
        "yes",
        "7",
        "0o17",
        "010",
        "null",
        "~",
        "true",
        "1e3",
        "2e213529",
        ".inf",
        "2020-01-01",
        "1_000",
    ];
    for text in texts {
        let read = |written: &str| stream(&document(2, "").replace("5.30", written)).stream;
        assert_eq!(read(text), text);
        assert_eq!(read(&format!("'{text}'")), text);
        assert_eq!(read(&format!("!!str {text}")), text);
        let modules =
            modules(&defaults(&format!("  stream: {text}\n  profiles: {{{text}: [a]}}\n")));
        assert_eq!(modules.defaults[0].stream.as_deref(), Some(text));
        assert_eq!(modules.defaults[0].profiles.keys().collect::<Vec<_>>(), [text]);
    }
}

#[test]
fn what_is_not_said_has_the_value_dnf_gives_it() {
    let text = document(2, "");
    let without = |line: &str| stream(&text.replace(line, ""));
    assert_eq!(without("  version: 8030020201201142418\n").version, 0);
    assert_eq!(without("  context: 2e213529\n").context, "");
    assert_eq!(without("  arch: x86_64\n").arch, "noarch");
    assert_eq!(stream(&text).dependencies, []);
}

#[test]
fn one_text_stands_for_a_list_of_it() {
    let stream = stream(&document(2, "  dependencies: [requires: {platform: el8}]\n"));
    assert_eq!(requires(&stream), ["platform:el8"]);
}

#[test]
fn version_1_has_streams_without_lists_and_one_end() {
    let more = "  dependencies: {requires: {platform: el8, gcc: 9}}\n  eol: 2024-05-01\n";
    let stream = stream(&document(1, more));
    assert_eq!(requires(&stream), ["gcc:9", "platform:el8"]);
    assert_eq!(stream.end_of_life["rawhide"], "2024-05-01");
}

#[test]
fn version_3_is_read_as_far_as_it_says_and_remarked() {
    let more = "  dependencies: {platform: el8, requires: {gcc: [9]}}\n";
    let text = document(3, more).replace("document: modulemd", "document: modulemd-stream");
    let modules = modules(&text);
    assert_eq!(requires(&modules.streams[0]), ["gcc:9", "platform:el8"]);
    let [remark] = modules.remarks.try_into().unwrap();
    assert!(!remark.left_out);
    assert!(remark.to_string().ends_with("is of version 3, which dnf does not read"));
}

#[test]
fn what_makes_dnf_leave_a_document_out_does_so_here() {
    let cases = [
        ("  foo: 1\n", "13: data has the unknown key \"foo\""),
        ("  version: x\n", "13: version \"x\" is no number"),
        ("  version: -3\n", "13: version \"-3\" is no number"),
        ("  version: 18446744073709551616\n", "is no number"),
        ("  name: ''\n", "has an empty name"),
        ("  stream: [x]\n", "13: stream is no text"),
        ("  static_context: yes\n", "13: static_context \"yes\" is not true or false"),
        ("  artifacts:\n", "13: artifacts is no mapping"),
        ("  artifacts: {rpms: }\n", "13: artifacts is no list"),
        ("  artifacts: {rpms: [bash-1-1.x86_64]}\n", "\"bash-1-1.x86_64\" is no name-epoch:"),
        ("  artifacts: {rpms: [a-0:1-1.noarch], x: 1}\n", "artifacts has the unknown key \"x\""),
        ("  dependencies: {requires: {platform: el8}}\n", "13: dependencies is no list"),
        ("  dependencies: [requires: {a: [-x, y]}]\n", "both wants and bars streams of \"a\""),
        ("  dependencies: [requires: [a]]\n", "13: requires is no mapping"),
        ("  dependencies: [{requires: {}, x: 1}]\n", "dependencies has the unknown key \"x\""),
        ("  profiles: {a: [x]}\n", "13: profile is no mapping"),
        ("  profiles: {a: {rpms: {b: c}}}\n", "13: profile is no list"),
        ("  demodularized: [a]\n", "13: demodularized is no mapping"),
        ("  servicelevels: {a: b}\n", "13: servicelevels is no mapping"),
        (
            "  components:\n    rpms:\n      a:\n        buildorder: 18446744073709551615\n",
            "16: buildorder \"18446744073709551615\" is no number",
        ),
        ("  summary: &a x\n  description: *a\n", "14: has an alias; dnf takes none"),
        ("  ? [a]\n  : b\n", "13: has a key that is no text"),
        ("  api: [\n", "is not YAML: "),
        ("  api: 'open\n", "is not YAML: "),
        ("  api:\tx\n x\n", "is not YAML: "),
        (" api: x\n", "is not YAML: "),
    ];
    for (more, why) in cases {
        let twice = more.contains("version:")
            || more.contains("name:")
            || more.contains("stream:")
            || more.contains("summary:");
        let fault = if twice { second(more) } else { fault(more) };
        assert!(fault.contains(why), "{more:?}: {fault}");
    }
    for key in ["name", "stream", "summary", "description", "license"] {
        let line = format!("  {key}: ");
        let text = document(2, "");
        let start = text.find(&line).unwrap();
        let end = start + text[start..].find('\n').unwrap() + 1;
        let without = text[..start].to_owned() + &text[end..];
        let error = read(without.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(&format!("line 5 (document 1): has no {key}")), "{error}");
    }
}

/// The last remark of a document in which a key is given for a second time.
fn second(more: &str) -> String {
    let both = document(2, more) + &document(2, "").replace("perl", "other");
    let remark = modules(&both).remarks.pop().unwrap();
    assert!(remark.left_out);
    format!("{}: {}", remark.line, remark.why)
}

#[test]
fn a_key_that_stands_twice_is_remarked_and_the_last_counts() {
    let modules = modules(&document(2, "  stream: b\n"));
    assert_eq!(modules.streams[0].stream, "b");
    let [remark] = modules.remarks.try_into().unwrap();
    assert_eq!(remark.to_string(), "line 13 (document 1): has \"stream\" twice; the last counts");
}

#[test]
fn a_broken_document_takes_no_other_with_it() {
    let broken = [
        "---\ndocument: [\n",
        "---\n\"never closed\n",
        "---\n- a list\n",
        "just text\n",
        "---\ndocument: modulemd\nversion: 2\n",
        "---\ndocument: modulemd\nversion: two\ndata: {}\n",
        "---\ndocument: modulemd\nversion: 9\ndata: {}\n",
        "---\ndocument: modulemd-surprise\nversion: 1\ndata: {}\n",
        "---\n{}\n",
        "---\ndocument: modulemd-packager\nversion: 2\ndata: {}\nmore: 1\n",
        "---\n\u{0}\n",
        "---\n*a\n",
        "---\n&a [*a]\n",
        "---\n%x\n",
    ];
    for broken in broken {
        let text = document(2, "") + broken + &document(2, "").replace("perl", "other");
        let modules = modules(&text);
        assert_eq!(modules.streams.len(), 2, "{broken:?}");
        let [remark] = modules.remarks.try_into().unwrap();
        assert!(remark.left_out && remark.document == 2, "{broken:?}: {remark}");
        assert!((14..=18).contains(&remark.line), "{broken:?}: {remark}");
    }
}

#[test]
fn bytes_that_are_no_utf_8_cost_their_document_only() {
    let mut text = document(2, "").into_bytes();
    text.extend(b"---\ndocument: \xff\n");
    let modules = read(&text).unwrap();
    assert_eq!(modules.streams.len(), 1);
    let remark = modules.remarks[0].to_string();
    assert_eq!(remark, "line 14 (document 2): is not UTF-8; the document is left out");
}

#[test]
fn a_file_of_another_kind_is_an_error_that_says_what_is_wrong() {
    for text in ["<html>\n<body>\n", "\u{1f}\u{2}", "foo: bar", "document: modulemd", "[]", "\0\0"]
    {
        let error = read(text.as_bytes()).unwrap_err();
        let ModulesError::NotModules(remark) = &error else { panic!("{text:?}: {error}") };
        assert_eq!((remark.document, remark.line), (1, 1), "{text:?}: {error}");
    }
    assert!(read(b"\xff\xfe-\0-\0").unwrap_err().to_string().contains("is not UTF-8"));
}

#[test]
fn a_file_without_documents_names_no_modules() {
    for text in ["", "\n", "# nothing\n", "---\n...\n", "\u{feff}---\n---\n", "---\n# x\n...\n"] {
        assert_eq!(modules(text), Modules::default(), "{text:?}");
    }
}

#[test]
fn kinds_that_say_nothing_about_packages_are_counted() {
    let text = "---\ndocument: modulemd-packager\nversion: 3\ndata: {}\n---\n\
                document: modulemd-translations\nversion: 1\ndata: {}\n";
    let modules = modules(&text.repeat(2));
    let counts: Vec<_> = modules.passed_over.iter().map(|(kind, n)| (&**kind, *n)).collect();
    assert_eq!(counts, [("modulemd-packager", 2), ("modulemd-translations", 2)]);
    assert_eq!(modules.remarks, []);
}

#[test]
fn of_two_documents_for_one_stream_the_first_counts() {
    let with = |rpm: &str| document(2, &format!("  artifacts: {{rpms: [{rpm}-0:1-1.noarch]}}\n"));
    let same = modules(&(with("a") + &with("a")));
    assert_eq!((same.streams.len(), same.remarks_total), (1, 0));
    let differing = modules(&(with("a") + &with("b")));
    assert_eq!(differing.streams[0].artifacts, ["a-0:1-1.noarch"]);
    let remark = differing.remarks[0].to_string();
    assert!(remark.contains("stands there already, and differs; the document is left out"));
    let other = with("b").replace("2e213529", "other");
    assert_eq!(modules(&(with("a") + &other)).streams.len(), 2);
}

#[test]
fn of_two_defaults_for_one_module_the_last_count() {
    let modules = modules(&(defaults("  stream: a\n  modified: 5\n") + &defaults("  stream: b\n")));
    assert_eq!(modules.defaults.len(), 1);
    assert_eq!(modules.defaults[0].stream.as_deref(), Some("b"));
    let remark = modules.remarks[0].to_string();
    assert_eq!(
        remark,
        "line 13 (document 2): the defaults of \"perl\" are given again; the last count"
    );
}

#[test]
fn defaults_may_have_no_stream_and_their_profiles_are_by_stream() {
    let modules = modules(&defaults(
        "  modified: 202001010000\n  profiles: {1.0: [common], 2.0: []}\n  intents: {a: {stream: x}}\n",
    ));
    let read = &modules.defaults[0];
    assert_eq!((&*read.module, &read.stream, read.modified), ("perl", &None, 202_001_010_000));
    assert_eq!(read.profiles["1.0"], ["common"]);
    assert!(read.profiles["2.0"].is_empty());
}

#[test]
fn obsoletes_say_what_ends_and_what_comes_after() {
    let text = "---\ndocument: modulemd-obsoletes\nversion: 1\ndata:\n  modified: 2020-05-01T00:00Z\n  \
                module: nodejs\n  stream: 10\n  context: abc\n  eol_date: 2021-04-30T00:00Z\n  message: Old\n  \
                obsoleted_by: {module: nodejs, stream: 1.10}\n";
    let modules = modules(text);
    let [one] = modules.obsoletes.try_into().unwrap();
    assert_eq!(one.module.to_string(), "nodejs:10");
    assert_eq!(one.obsoleted_by.unwrap().to_string(), "nodejs:1.10");
    assert_eq!(one.context.as_deref(), Some("abc"));
    assert_eq!(one.end_of_life.as_deref(), Some("2021-04-30T00:00Z"));
    assert!(!one.reset);
    let halved = text.replace(", stream: 1.10", "");
    let error = read(halved.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("line 11 (document 1): has no stream"), "{error}");
}

#[test]
fn a_compressed_file_is_read_and_a_bomb_stops() {
    let text = document(2, "");
    let packed = compressed::zstd(text.as_bytes()).unwrap();
    assert_eq!(read(&packed).unwrap(), modules(&text));
    let bomb = compressed::zstd(&vec![b'\n'; MAX_BYTES + 1]).unwrap();
    let error = read(&bomb).unwrap_err().to_string();
    assert_eq!(error, format!("decompresses to more than {MAX_BYTES} bytes"));
}

#[test]
fn nothing_grows_beyond_what_is_written() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        for (levels, why) in [(100, "goes more than 64 levels deep"), (100_000, "line 2 ")] {
            let deep = format!("---\n{}x{}\n", open.repeat(levels), close.repeat(levels));
            let error = read(deep.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(why), "{open:?}: {error}");
        }
    }
    let laughs: String = (1..20).map(|i| format!("a{i}: &a{i} [*a{}, *a{0}]\n", i - 1)).collect();
    let error = read(format!("---\na0: &a0 x\n{laughs}").as_bytes()).unwrap_err().to_string();
    assert!(error.contains("line 3 (document 1): has an alias"), "{error}");
    let wide = format!("---\nx: [{}]\n", "a,".repeat(MAX_NODES));
    let error = read(wide.as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "has more than 4000000 values; no list of modules has");
    let many = "---\nx\n".repeat(MAX_DOCUMENTS + 1);
    let error = read(many.as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "has more than 100000 documents; no list of modules has");
    let long = document(2, "").replace("5.30", &"5".repeat(100_000));
    let error = read(long.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("has a stream of more than 512 bytes") && error.len() < 300, "{error}");
}

#[test]
fn remarks_are_bounded_and_counted() {
    let modules = modules(&(document(2, "") + &"---\nx\n".repeat(MAX_REMARKS + 5)));
    assert_eq!((modules.remarks.len(), modules.remarks_total), (MAX_REMARKS, MAX_REMARKS + 5));
}

#[test]
fn a_file_cut_anywhere_names_no_artifact_that_was_not_there() {
    let whole =
        document(2, "  artifacts: {rpms: [b-0:1-1.noarch, a-0:1-1.noarch, b-0:1-1.noarch]}\n")
            + &defaults("  stream: a\n");
    let streams = modules(&whole).streams;
    for cut in 0..whole.len() {
        let Ok(modules) = read(&whole.as_bytes()[..cut]) else { continue };
        let Some(stream) = modules.streams.first() else { continue };
        assert_eq!(stream.to_string(), streams[0].to_string(), "{cut}");
        assert!(stream.artifacts.is_empty() || *stream == streams[0], "{cut}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes).ok();
    }

    #[test]
    fn any_text_of_yaml_is_read_or_refused(text in "[-:,\\[\\]{}&*!|>'\"%#?~ab1 \n]{0,200}") {
        read(text.as_bytes()).ok();
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(at in 0usize..700, byte in any::<u8>()) {
        let mut text = (document(2, "  artifacts: {rpms: [a-0:1-1.noarch]}\n")
            + &defaults("  stream: a\n")).into_bytes();
        let at = at % text.len();
        text[at] = byte;
        read(&text).ok();
    }
}
