//! Whatever comes in, nothing breaks; and what rpm would print comes back.

use std::fmt::Write;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;
use crate::model::Evr;

/// One package: name, epoch, version, release, architecture.
type Package = (String, u32, String, String, String);

/// Packages as distributions number them. The key keeps full names apart.
fn packages() -> impl Strategy<Value = Vec<Package>> {
    let arch = prop_oneof![Just("x86_64"), Just("noarch"), Just("i686"), Just("aarch64")];
    let rest = (
        prop_oneof![3 => Just(0u32), 1 => 1..100u32],
        "[0-9]{1,3}(\\.[0-9]{1,4}){1,3}[a-z]{0,2}",
        "[0-9]{1,3}(\\.[0-9]{1,2})?\\.el7(_[0-9])?",
        arch.prop_map(str::to_owned),
    );
    btree_map("[a-zA-Z][a-zA-Z0-9_+]{1,8}(-[a-z][a-z0-9.+]{0,6}[a-z]){0,3}", rest, 2..20).prop_map(
        |all| {
            let flat = |(n, (e, v, r, a))| (n, e, v, r, a);
            all.into_iter().map(flat).collect()
        },
    )
}

fn evr((_, e, v, r, _): &Package) -> String {
    Evr::new(*e, v, r).to_string()
}

/// Renders a list, a line each.
fn render(packages: &[Package], line: impl Fn(&Package) -> String) -> String {
    packages.iter().fold(String::new(), |mut text, package| {
        writeln!(text, "{}", line(package)).unwrap();
        text
    })
}

fn full_names(packages: &[Package]) -> Vec<String> {
    packages.iter().map(|p| format!("{}-{}.{}", p.0, evr(p), p.4)).collect()
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        _ = read(&bytes);
    }

    #[test]
    fn no_text_makes_the_reader_panic(lines in vec("[a-z0-9.:|,;\t \\-(){}\"\\[\\]@#]{0,40}", 0..20)) {
        _ = read(lines.join("\n").as_bytes());
    }

    #[test]
    fn no_letters_of_any_script_make_the_reader_panic(lines in vec("\\PC{0,50}", 0..10), end in "[-.|,;\t ][0-9]-[0-9]") {
        _ = read((lines.join("\n") + &end).as_bytes());
    }

    #[test]
    fn every_line_of_a_text_is_a_package_or_reported(
        lines in vec("[a-z]{1,4}(-[0-9]{1,2}){0,3}(\\.noarch)?|# [a-z]*|[ |,]{0,3}", 1..30)
    ) {
        let empty = lines.iter().filter(|line| line.trim().is_empty()).count();
        if let Ok(list) = read(lines.join("\n").as_bytes()) {
            let counted = list.packages.len() + list.unread_total + list.comments + empty;
            prop_assert!(counted >= lines.len(), "{:?}", list);
        }
    }

    #[test]
    fn damaged_json_never_panics(at in 0usize..200, with: u8) {
        let mut bytes = br#"{"distro": "centos", "source_version": "7.9", "installed": [{"name": "bash", "epoch": "0", "version": "4.2.46", "release": "34.el7", "arch": "x86_64"}, "zlib-1-1.noarch"], "enabled_repos": ["base"]}"#.to_vec();
        let at = at % bytes.len();
        bytes[at] = with;
        _ = read(&bytes);
    }

    #[test]
    fn full_names_come_back(packages in packages(), crlf: bool) {
        let wanted = full_names(&packages);
        let forms: [&dyn Fn(&Package) -> String; 5] = [
            &|p| format!("{}-{}.{}", p.0, evr(p), p.4),
            &|p| format!("{}:{}-{}-{}.{}", p.1, p.0, p.2, p.3, p.4),
            &|p| format!("{}-{}.{}.rpm", p.0, evr(p), p.4),
            &|p| format!("{:<59} Tue Mar  5 17:35:04 2019", format!("{}-{}.{}", p.0, evr(p), p.4)),
            &|p| format!("{}-{}.{}\tbase\tdep", p.0, evr(p), p.4),
        ];
        for form in forms {
            let mut text = render(&packages, form);
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            let list = ok(&text);
            prop_assert_eq!(names(&list), &wanted[..], "{}", text);
            prop_assert_eq!(list.unread, []);
        }
    }

    #[test]
    fn columns_come_back(packages in packages()) {
        let wanted = full_names(&packages);
        let signature = "RSA/SHA256, Mon Jul  6 02:30:16 2015, Key ID 24c6a8a7f4a80eb5";
        let epoch = |p: &Package| if p.1 == 0 { "(none)".to_owned() } else { p.1.to_string() };
        let forms: [&dyn Fn(&Package) -> String; 7] = [
            &|p| format!("{} {} {}", p.0, evr(p), p.4),
            &|p| format!("{}\t{}\t{}", p.0, evr(p), p.4),
            &|p| format!("{}|{}|{}|{}|(none)|{}|{signature}", p.0, p.2, p.3, epoch(p), p.4),
            &|p| format!("{},{},{},{},{}", p.0, epoch(p), p.2, p.3, p.4),
            &|p| format!("{};{};{};{}", p.0, p.2, p.3, p.4),
            &|p| format!("{}\t{}\t{}\t{}\t{}", p.0, p.2, p.3, epoch(p), p.4),
            &|p| format!("{}.{}    {}     @base", p.0, p.4, evr(p)),
        ];
        for (index, form) in forms.iter().enumerate() {
            let text = render(&packages, form);
            let list = ok(&text);
            // The fifth form has no epoch to give.
            if index == 4 {
                let bare: Vec<_> = packages.iter().map(|p| format!("{}-{}-{}.{}", p.0, p.2, p.3, p.4)).collect();
                prop_assert_eq!(names(&list), bare, "{}", text);
            } else {
                prop_assert_eq!(names(&list), &wanted[..], "{}", text);
            }
            prop_assert_eq!(list.unread, []);
        }
    }

    #[test]
    fn json_comes_back(packages in packages()) {
        let items: Vec<_> = packages
            .iter()
            .map(|p| serde_json::json!({"name": p.0, "epoch": p.1, "version": p.2, "release": p.3, "arch": p.4}))
            .collect();
        let list = ok(&serde_json::Value::from(items).to_string());
        prop_assert_eq!(names(&list), full_names(&packages));
        silent(&list);
    }
}
