//! What is asked of the plan, in short: by leapp's messages and by ours.

use std::collections::BTreeSet;

use super::case::Messages;
use super::model::{flag, text, words};
use super::ours::Said;

/// Actors whose wishes are compared: leapp's pass them on as messages.
pub(super) const WISHING: [&str; 5] =
    ["authselect_check", "check_ntp", "check_se_linux", "persistentnetnamesdisable", "sctp_checks"];

/// What leapp's messages ask of the plan.
pub(super) fn of_leapp(produced: Messages<'_>) -> BTreeSet<String> {
    let mut wishes = BTreeSet::new();
    for model in produced.models() {
        for message in produced.all(model) {
            let is = |key: &str| flag(message, key) == Some(true);
            match model {
                "RpmTransactionTasks" => {
                    for (list, verb) in
                        [("to_install", "install"), ("to_remove", "remove"), ("to_keep", "keep")]
                    {
                        wishes.extend(words(message, list).iter().map(|n| format!("{verb} {n}")));
                    }
                }
                "KernelCmdlineArg" => {
                    let part = |key: &str| text(message, key).expect("a text");
                    wishes.insert(format!("kernel argument {}={}", part("key"), part("value")));
                }
                "SelinuxRelabelDecision" if is("set_relabel") => {
                    wishes.insert("write /.autorelabel".to_owned());
                }
                "SelinuxPermissiveDecision" if is("set_permissive") => {
                    wishes.insert("edit /etc/selinux/config".to_owned());
                }
                "AuthselectDecision" if is("confirmed") => {
                    wishes.insert("run authselect".to_owned());
                }
                "NtpMigrationDecision" => {
                    let moved = words(message, "migrate_services");
                    let has = |name: &str| moved.iter().any(|service| service == name);
                    let made = (!moved.is_empty(), "write /etc/chrony.conf");
                    let started = (has("ntpd") || has("ntpdate"), "enable chronyd.service");
                    let waits = (has("ntp-wait"), "enable chrony-wait.service");
                    let asked = [made, started, waits].into_iter().filter(|(asked, _)| *asked);
                    wishes.extend(asked.map(|(_, what)| what.to_owned()));
                }
                // A report that is compared as one.
                "DialogModel" | "AuthselectDecision" => {}
                other => drop(wishes.insert(format!("there is no way to read {other}"))),
            }
        }
    }
    wishes
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
