//! Packages as the metadata of a repository, which libsolv reads too.

use elevate_core::model::Evr;
use elevate_core::repository::InMemory;
use elevate_core::universe::List;

use super::package::Package;
use crate::served::sum;

const NAMESPACES: &str = "xmlns=\"http://linux.duke.edu/metadata/common\" \
                          xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\"";

/// Lists of dependencies and the elements they are in.
const ELEMENTS: [(&str, &[List]); 8] = [
    ("provides", &[List::Provides]),
    ("requires", &[List::Requires, List::RequiresBefore]),
    ("conflicts", &[List::Conflicts]),
    ("obsoletes", &[List::Obsoletes]),
    ("recommends", &[List::Recommends]),
    ("suggests", &[List::Suggests]),
    ("supplements", &[List::Supplements]),
    ("enhances", &[List::Enhances]),
];

/// The file `primary.xml` of these packages.
pub(super) fn primary(packages: &[Package]) -> String {
    let all: String = packages.iter().map(package).collect();
    format!("<metadata {NAMESPACES} packages=\"{}\">\n{all}</metadata>\n", packages.len())
}

/// A repository that has this file.
pub(super) fn repository(primary: &str) -> InMemory {
    let repomd = format!(
        "<repomd xmlns=\"http://linux.duke.edu/metadata/repo\"><revision>1</revision>\
         <data type=\"primary\"><checksum type=\"sha256\">{}</checksum>\
         <location href=\"repodata/primary.xml\"/></data></repomd>",
        sum(primary.as_bytes())
    );
    let files = [("repodata/repomd.xml", repomd), ("repodata/primary.xml", primary.to_owned())];
    files.into_iter().collect()
}

fn package(package: &Package) -> String {
    let nevra = &package.nevra;
    let lists: String =
        ELEMENTS.iter().map(|(name, lists)| element(package, name, lists)).collect();
    let file = |path: &str| format!("<file>{}</file>", escaped(path));
    let files: String = package.list(List::Files).map(file).collect();
    format!(
        "<package type=\"rpm\"><name>{}</name><arch>{}</arch>{}\
         <checksum type=\"sha256\" pkgid=\"YES\">{}</checksum><time file=\"0\" build=\"{}\"/>\
         <location href=\"{nevra}.rpm\"/><format><rpm:vendor>{}</rpm:vendor>{lists}{files}</format>\
         </package>\n",
        nevra.name,
        nevra.arch,
        format_args!("<version {}/>", version(&nevra.evr)),
        sum(package.to_string().as_bytes()),
        package.built,
        escaped(&package.vendor),
    )
}

fn element(package: &Package, name: &str, lists: &[List]) -> String {
    let of = |list: &List| {
        let before = *list == List::RequiresBefore;
        package.list(*list).map(move |text| entry(text, before)).collect::<String>()
    };
    let entries: String = lists.iter().map(of).collect();
    if entries.is_empty() { entries } else { format!("<rpm:{name}>{entries}</rpm:{name}>") }
}

fn entry(text: &str, before: bool) -> String {
    let pre = if before { " pre=\"1\"" } else { "" };
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        [name, comparison, evr] if !name.starts_with('(') => {
            let flags = match *comparison {
                "<" => "LT",
                "<=" => "LE",
                "=" => "EQ",
                ">=" => "GE",
                ">" => "GT",
                _ => panic!("{text:?} compares in an unknown way"),
            };
            let version = version(&evr.parse().expect("a version"));
            format!("<rpm:entry name=\"{}\" flags=\"{flags}\" {version}{pre}/>", escaped(name))
        }
        _ => format!("<rpm:entry name=\"{}\"{pre}/>", escaped(text)),
    }
}

fn version(evr: &Evr) -> String {
    let release = &evr.release;
    let release = if release.is_empty() { String::new() } else { format!(" rel=\"{release}\"") };
    format!("epoch=\"{}\" ver=\"{}\"{release}", evr.epoch, evr.version)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
