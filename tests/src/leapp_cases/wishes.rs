//! What is asked of the plan, in short: by leapp's messages and by ours.

use std::collections::BTreeSet;

use serde_json::Value;

use super::case::Messages;
use super::model::{flag, text, words};
use super::ours::Said;

/// Actors whose wishes are compared: leapp's pass them on as messages.
pub(super) const WISHING: [&str; 5] =
    ["authselect_check", "check_ntp", "check_se_linux", "persistentnetnamesdisable", "sctp_checks"];

/// What leapp's messages ask of the plan.
pub(super) fn of_leapp(produced: Messages<'_>) -> BTreeSet<String> {
    let of_model = |model| produced.all(model).iter().flat_map(move |one| of_message(model, one));
    produced.models().flat_map(of_model).collect()
}

fn of_message(model: &str, message: &Value) -> Vec<String> {
    let if_set = |key: &str, what: &str| match flag(message, key) {
        Some(true) => vec![what.to_owned()],
        _ => Vec::new(),
    };
    match model {
        "RpmTransactionTasks" => {
            let lists = [("to_install", "install"), ("to_remove", "remove"), ("to_keep", "keep")];
            let of_list = |(list, verb)| {
                words(message, list).into_iter().map(move |name| format!("{verb} {name}"))
            };
            lists.into_iter().flat_map(of_list).collect()
        }
        "KernelCmdlineArg" => {
            let part = |key: &str| text(message, key).expect("a text");
            vec![format!("kernel argument {}={}", part("key"), part("value"))]
        }
        "SelinuxRelabelDecision" => if_set("set_relabel", "write /.autorelabel"),
        "SelinuxPermissiveDecision" => if_set("set_permissive", "edit /etc/selinux/config"),
        "AuthselectDecision" => if_set("confirmed", "run authselect"),
        "NtpMigrationDecision" => of_ntp(&words(message, "migrate_services")),
        // A report that is compared as one.
        "DialogModel" => Vec::new(),
        other => vec![format!("there is no way to read {other}")],
    }
}

/// What leapp makes of services of ntp that are taken over.
fn of_ntp(services: &[String]) -> Vec<String> {
    let has = |name: &str| services.iter().any(|service| service == name);
    let asked = [
        (!services.is_empty(), "write /etc/chrony.conf"),
        (has("ntpd") || has("ntpdate"), "enable chronyd.service"),
        (has("ntp-wait"), "enable chrony-wait.service"),
    ];
    asked.into_iter().filter(|(asked, _)| *asked).map(|(_, what)| what.to_owned()).collect()
}

/// The same of ours: what other actors of leapp do about it is left out.
pub(super) fn of_ours(said: &Said) -> BTreeSet<String> {
    const KNOWN: [&str; 6] = [
        "write /.autorelabel",
        "edit /etc/selinux/config",
        "write /etc/chrony.conf",
        "enable chronyd.service",
        "enable chrony-wait.service",
        "run authselect",
    ];
    let of_leapp = |asked: String| {
        let is_wish = ["install ", "remove ", "keep ", "kernel argument "]
            .iter()
            .any(|verb| asked.starts_with(verb));
        let known = KNOWN.iter().find(|known| asked.starts_with(**known));
        known.map(|known| (*known).to_owned()).or(is_wish.then_some(asked))
    };
    said.asked().into_iter().filter_map(of_leapp).collect()
}
