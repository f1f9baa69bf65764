//! The data of leapp's plugin for dnf, as leapp writes them (formats.md 10.1): keys sorted,
//! two blanks deep.

use serde::Serialize;

use super::lists::Lists;
use super::text::listed;
use super::{Export, ExportError, What};
use crate::plan::Plan;

/// Where leapp sees the host.
const INSTALLROOT: &str = "/installroot";
/// Where leapp 0.21 has the rpm files it adds.
const BUNDLED: &str =
    "/usr/share/leapp-repository/repositories/system_upgrade/el7toel8/files/bundled-rpms";

/// Fields are in the order of their names, all through.
#[derive(Serialize)]
struct Data {
    dnf_conf: Configuration,
    pkgs_info: Packages,
    rhui: Rhui,
}

#[derive(Serialize)]
struct Configuration {
    allow_erasing: bool,
    best: bool,
    debugsolver: bool,
    disable_repos: bool,
    enable_repos: Vec<String>,
    gpgcheck: bool,
    installroot: &'static str,
    platform_id: String,
    releasever: String,
    test_flag: bool,
}

#[derive(Serialize)]
struct Packages {
    local_rpms: Vec<String>,
    modules_to_enable: Vec<String>,
    to_install: Vec<String>,
    to_reinstall: Vec<String>,
    to_remove: Vec<String>,
    to_upgrade: Vec<String>,
}

#[derive(Serialize)]
struct Rhui {
    aws: Aws,
}

#[derive(Serialize)]
struct Aws {
    on_aws: bool,
    region: Option<String>,
}

pub(super) fn export(plan: &Plan) -> Result<Export, ExportError> {
    let lists = Lists::of(plan, What::PluginData)?;
    let remarks = remarks(plan, &lists);
    let data = Data {
        dnf_conf: configuration(plan),
        pkgs_info: packages(plan, lists),
        rhui: Rhui { aws: Aws { on_aws: false, region: None } },
    };
    Ok(Export::one("dnf-plugin-data.txt", crate::model::to_json(&data)?, remarks))
}

fn configuration(plan: &Plan) -> Configuration {
    let release = plan.path.target.release;
    Configuration {
        allow_erasing: true,
        best: true,
        debugsolver: false,
        disable_repos: true,
        enable_repos: repositories(plan),
        gpgcheck: true,
        installroot: INSTALLROOT,
        platform_id: format!("platform:el{}", release.major),
        releasever: release.to_string(),
        test_flag: false,
    }
}

/// Those that were read; where none was, those that are to be used.
fn repositories(plan: &Plan) -> Vec<String> {
    let mut ids: Vec<String> = if plan.read.is_empty() {
        plan.repositories.iter().map(|repository| repository.id.to_string()).collect()
    } else {
        plan.read.iter().map(|repository| repository.id.to_string()).collect()
    };
    ids.sort();
    ids
}

fn packages(plan: &Plan, lists: Lists) -> Packages {
    let sorted = |list: &Option<Vec<String>>| {
        let mut list = list.clone().unwrap_or_default();
        list.sort();
        list
    };
    let names = |list: std::collections::BTreeSet<String>| list.into_iter().collect();
    let local = |name: &String| format!("{INSTALLROOT}{BUNDLED}/{name}");
    Packages {
        local_rpms: sorted(&plan.leapp.tasks.local_rpms).iter().map(local).collect(),
        modules_to_enable: sorted(&plan.leapp.tasks.modules_to_enable),
        to_install: names(lists.install),
        to_reinstall: names(lists.reinstall),
        to_remove: names(lists.remove),
        to_upgrade: names(lists.upgrade),
    }
}

fn remarks(plan: &Plan, lists: &Lists) -> Vec<String> {
    let mut remarks = Vec::new();
    let asked_to_stay: Vec<&str> =
        plan.what_if.iter().filter_map(|asked| asked.asked.strip_prefix("--keep ")).collect();
    if !asked_to_stay.is_empty() {
        let packages = listed(asked_to_stay);
        remarks.push(format!("dnf has no call to keep a package; --keep is not told: {packages}"));
    }
    let reset = plan.leapp.tasks.modules_to_reset.iter().flatten();
    let reset = listed(reset);
    if !reset.is_empty() {
        remarks.push(format!("the plugin resets no module streams; reset them before: {reset}"));
    }
    if lists.install.is_empty() && lists.remove.is_empty() && lists.upgrade.is_empty() {
        remarks.push("the lists are empty: dnf only follows the repositories".to_owned());
    }
    remarks.push("whether the host is in Amazon's cloud is not in a plan; on_aws is false".into());
    remarks
}

#[cfg(test)]
mod tests {
    use super::super::lists::tests::plan;
    use super::*;

    #[test]
    fn keys_are_sorted_and_the_target_decides_platform_and_release() {
        let mut plan = plan();
        plan.leapp.tasks.local_rpms = Some(vec!["workaround-1.rpm".to_owned()]);
        let text = export(&plan).unwrap().files.remove(0).content;
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        // Values keep their fields sorted.
        assert_eq!(text, format!("{value:#}\n"));
        assert_eq!(value["dnf_conf"]["platform_id"], "platform:el8");
        assert_eq!(value["dnf_conf"]["releasever"], "8.10");
        assert_eq!(value["pkgs_info"]["to_install"], serde_json::json!(["new"]));
        assert_eq!(value["pkgs_info"]["to_remove"], serde_json::json!(["both", "foreign", "gone"]));
        let local = value["pkgs_info"]["local_rpms"][0].as_str().unwrap();
        assert!(local.starts_with("/installroot/") && local.ends_with("/workaround-1.rpm"));
    }
}
