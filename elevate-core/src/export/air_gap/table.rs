//! What has to be carried, for people.

use std::fmt::Write as _;

use super::super::text::{comment, count, shown};
use super::super::{Export, ExportError, What};
use super::{AirGap, Package, of};
use crate::plan::Plan;

pub(in super::super) fn table(plan: &Plan) -> Result<Export, ExportError> {
    let air_gap = of(plan, What::AirGap)?;
    Ok(Export::one("air-gap.txt", text(&air_gap), air_gap.remarks))
}

fn text(air_gap: &AirGap) -> String {
    let AirGap { path, totals, .. } = air_gap;
    let host = air_gap.hostname.as_deref().unwrap_or("a host without a name");
    let mut text = comment(&format!(
        "What the upgrade of {} from {} to {} needs: {}, {} bytes",
        shown(host),
        path.source,
        path.target,
        count(totals.packages, "package", "packages"),
        totals.bytes,
    ));
    for remark in &air_gap.remarks {
        text.push_str(&comment(&format!("- {remark}")));
    }
    let widths = Widths::of(&air_gap.packages);
    for packages in air_gap.packages.chunk_by(|a, b| a.repository == b.repository) {
        let Some(first) = packages.first() else { continue };
        let bytes = packages.iter().fold(0_u64, |sum, package| sum.saturating_add(package.bytes));
        let packages_ = count(packages.len(), "package", "packages");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n[{}] {packages_}, {bytes} bytes", first.repository);
        packages.iter().for_each(|package| widths.row(&mut text, package));
    }
    if !air_gap.keys.is_empty() {
        text.push_str("\nKeys\n");
    }
    for key in &air_gap.keys {
        let _ = writeln!(text, "{}  (of {})", key.address, key.repository);
    }
    text
}

/// Widths of columns.
struct Widths {
    nevra: usize,
    bytes: usize,
    checksum: usize,
}

impl Widths {
    fn of(packages: &[Package]) -> Self {
        let longest = |width: &dyn Fn(&Package) -> usize| packages.iter().map(width).max();
        Self {
            nevra: longest(&|p| p.nevra.chars().count()).unwrap_or_default().min(80),
            bytes: longest(&|p| p.bytes.to_string().len()).unwrap_or_default(),
            checksum: longest(&|p| checksum(p).chars().count()).unwrap_or_default().min(140),
        }
    }

    fn row(&self, text: &mut String, package: &Package) {
        let Self { nevra, bytes, checksum: width } = self;
        let place = match package.urls.first() {
            Some(url) => url.as_str(),
            None => package.file.as_deref().unwrap_or("no known file"),
        };
        let checksum = checksum(package);
        let name = shown(&package.nevra);
        let size = package.bytes;
        let _ = writeln!(text, "{name:<nevra$}  {size:>bytes$}  {checksum:<width$}  {place}");
        for url in package.urls.iter().skip(1) {
            let _ = writeln!(text, "{:1$}  or {url}", "", nevra + bytes + width + 4);
        }
    }
}

fn checksum(package: &Package) -> String {
    shown(package.checksum.as_deref().unwrap_or("no known checksum"))
}
