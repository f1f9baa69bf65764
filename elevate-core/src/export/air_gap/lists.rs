//! What has to be carried, for programs that fetch and compare.

use std::collections::BTreeMap;

use super::super::text::{comment, count, listed};
use super::super::{Export, ExportError, What};
use super::{Package, of};
use crate::plan::Plan;

/// One address a line, for `wget -i` and `aria2c -i`, which know no comments.
pub(in super::super) fn urls(plan: &Plan) -> Result<Export, ExportError> {
    let air_gap = of(plan, What::AirGapUrls)?;
    let mut remarks = air_gap.remarks;
    let packages = air_gap.packages.iter();
    let unknown = packages.clone().filter(|package| package.urls.is_empty());
    remarks.extend(left_out("without a known address", unknown));
    let is_remote = |address: &str| {
        ["http://", "https://", "ftp://"].iter().any(|scheme| address.starts_with(scheme))
    };
    let mut lines: Vec<&str> =
        packages.filter_map(|package| package.urls.first()).map(String::as_str).collect();
    let local = lines.iter().filter(|line| !is_remote(line)).count();
    if local > 0 {
        let packages = count(local, "address is", "addresses are");
        remarks.push(format!("{packages} on the machine the plan was made on"));
    }
    let (remote, others): (Vec<_>, Vec<_>) =
        air_gap.keys.iter().partition(|key| is_remote(&key.address));
    lines.extend(remote.iter().map(|key| key.address.as_str()));
    if !others.is_empty() {
        let keys = listed(others.iter().map(|key| &key.address));
        remarks.push(format!("keys that are on no server are not in the list: {keys}"));
    }
    let mut seen = std::collections::BTreeSet::new();
    lines.retain(|line| seen.insert(*line));
    let text = lines.iter().map(|line| format!("{line}\n")).collect();
    Ok(Export::one("urls.txt", text, remarks))
}

/// SHA-256 sums of files in one directory, for `sha256sum -c`.
pub(in super::super) fn sums(plan: &Plan) -> Result<Export, ExportError> {
    let air_gap = of(plan, What::AirGapSums)?;
    let mut remarks = air_gap.remarks;
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    let mut others: Vec<&Package> = Vec::new();
    let mut twice: Vec<&Package> = Vec::new();
    for package in &air_gap.packages {
        match package.file.as_deref().zip(sha256(package)) {
            None => others.push(package),
            Some((file, sum)) => {
                if *files.entry(file).or_insert(sum) != sum {
                    twice.push(package);
                }
            }
        }
    }
    let mut text: String = files.iter().map(|(file, sum)| format!("{sum}  {file}\n")).collect();
    for (what, packages) in [
        ("without a known SHA-256 sum", others),
        ("left out, for another file has its name", twice),
    ] {
        let told = left_out(what, packages.iter().copied());
        text.extend(told.iter().map(|told| comment(told)));
        remarks.extend(told);
    }
    Ok(Export::one("sha256sums", text, remarks))
}

fn left_out<'a>(what: &str, packages: impl Iterator<Item = &'a Package>) -> Option<String> {
    let names: Vec<&str> = packages.map(|package| package.nevra.as_str()).collect();
    let packages = count(names.len(), "package", "packages");
    (!names.is_empty()).then(|| format!("{packages} {what}: {}", listed(names)))
}

fn sha256(package: &Package) -> Option<&str> {
    let sum = package.checksum.as_deref()?.strip_prefix("sha256:")?;
    let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_sum.then_some(sum)
}
