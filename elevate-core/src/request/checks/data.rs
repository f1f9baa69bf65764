//! What is odd about the upgrade data.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::model::Distro;
use crate::upgrade_data::Level;

pub(super) fn checks(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (vendor, why) in &seen.vendors.broken {
        let summary = format!("Vendor {vendor}: {why}.");
        findings.push(VENDOR_BROKEN.finding(summary));
    }
    for vendor in &seen.vendors.active {
        let events = vendor.events.as_ref().and_then(|e| e.as_ref().err());
        let repositories = vendor.repositories.as_ref().and_then(|r| r.as_ref().err());
        for error in [events, repositories].into_iter().flatten() {
            let summary = format!("Vendor {} is active on this host: {error}.", vendor.name);
            findings.push(VENDOR_BROKEN.finding(summary).inhibiting(true));
        }
    }
    if let Some(Err(error)) = &cx.data.devices {
        let finding = DEVICES_BROKEN.finding(format!("{error}."));
        findings.push(finding.about("file", [format!("/etc/leapp/files/{}", error.file)]));
    }
    findings.extend(remarks(cx));
    findings.extend(other_distribution(cx));
    findings
}

/// The remarks of reading, in one finding; `elevate data lint` shows them all.
fn remarks(cx: &Context<'_>) -> Option<Finding> {
    let worth: Vec<_> = cx.data.remarks.iter().filter(|r| r.level <= Level::Warning).collect();
    let first = worth.first()?;
    let summary = format!(
        "{} on {}; the first is: {first}.",
        count(worth.len(), "remark"),
        count(worth.iter().map(|r| &r.file).collect::<BTreeSet<_>>().len(), "file")
    );
    Some(DATA_REMARK.finding(summary).hint("See all of them with elevate data lint DIR."))
}

/// Events name the system they lead to; where most lead to another
/// distribution, the wrong data is installed.
fn other_distribution(cx: &Context<'_>) -> Option<Finding> {
    let asset = cx.data.events.as_ref().ok()?;
    let target = &cx.options.path.target;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let events = asset.value.events.iter().filter(|e| e.to.major == target.release.major);
    for name in events.filter_map(|e| e.to.os_name.as_deref()) {
        *counts.entry(name).or_default() += 1;
    }
    let (name, _) = counts.iter().max_by_key(|(_, n)| **n)?;
    let distro = distro_of(name)?;
    if distro == target.distro {
        return None;
    }
    let summary = format!(
        "Most events of {} lead to {}, the target is {}.",
        asset.value.path,
        distro.name(),
        target.distro.name()
    );
    Some(OTHER_DISTRIBUTION.finding(summary))
}

/// The distribution an `os_name` of the data stands for.
pub(super) fn distro_of(os_name: &str) -> Option<Distro> {
    let name: String = os_name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    Some(match name.as_str() {
        "almalinux" => Distro::AlmaLinux,
        "centos" | "centosstream" | "centoslinux" => Distro::CentOs,
        "cloudlinux" => Distro::CloudLinux,
        "eurolinux" => Distro::EuroLinux,
        "ol" | "oraclelinux" | "oracle" => Distro::Oracle,
        "rhel" => Distro::Rhel,
        "rocky" | "rockylinux" => Distro::Rocky,
        "scientific" | "scientificlinux" => Distro::Scientific,
        _ => return None,
    })
}
