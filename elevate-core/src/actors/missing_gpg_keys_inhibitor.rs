//! Packages of the target cannot be verified.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};
use crate::model::Repository;
use crate::model::repo_file::boolean;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "missing_gpg_keys_inhibitor",
    summary: "repositories of the target do not say how they are signed",
    about: "A repository whose packages are verified has to say where the key is, in gpgkey. \
            Without it, or where the place is none that can be read, its packages cannot be \
            verified, and the transaction fails. The keys themselves are compared with those that \
            are trusted when the target's packages are prepared: a file or a server has to be \
            asked for them.",
    covers: &["trusted_gpg_keys_scanner"],
    applies: Applies::SEVEN_TO_EIGHT,
    kinds: &[WITHOUT_KEY, UNKNOWN_PROTOCOL],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const WITHOUT_KEY: Kind = Kind::new(
    "gpg.repo-without-key",
    "missing_gpg_keys_inhibitor",
    Severity::High,
    "Repositories do not say with which key their packages are signed",
)
.groups(&["repository"])
.key("ee329c057c274283e0c1d4084613b4a7aa8b772e");

const UNKNOWN_PROTOCOL: Kind = Kind::new(
    "gpg.key-unknown-protocol",
    "missing_gpg_keys_inhibitor",
    Severity::High,
    "Keys of repositories are in places that cannot be read",
)
.groups(&["repository"])
.key("1d3f2abbcfb90e7d3bdfc84e79bec101bac9a900");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting("LEAPP_NOGPGCHECK") == Some("1") {
        return Ok(());
    }
    let Some(Ok(file)) = &host.data().custom_repositories else { return Ok(()) };
    let (mut without, mut odd, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for repository in file.repositories.iter().filter(|one| is_verified(one)) {
        let keys = keys(host, repository);
        if keys.is_empty() {
            without.push(repository.id.as_str());
        }
        for key in keys {
            let known = ["file:///", "http://", "https://"].iter().any(|p| key.starts_with(p));
            let list = if known { &mut places } else { &mut odd };
            if !list.contains(&key) {
                list.push(key);
            }
        }
    }
    if !without.is_empty() {
        let hint = "Add gpgkey to each of them, or gpgcheck=0 if their packages are not signed.";
        outcome.report(
            WITHOUT_KEY
                .finding(format!("Without a gpgkey: {}.", without.join(", ")))
                .about("repository", without)
                .hint(hint),
        );
    }
    if !odd.is_empty() {
        let hint = "Give the keys' places as file:///, http:// or https://.";
        outcome.report(
            UNKNOWN_PROTOCOL.finding(format!("Not understood: {}.", odd.join(", "))).hint(hint),
        );
    }
    if !places.is_empty() {
        let why = "Packages are verified with keys that are trusted.";
        let what = format!("Keys are read from {} and imported", places.join(", "));
        let condition = "each is among those trusted for the target; else the upgrade ends";
        // Everybody else imports the keys of the repositories, by steps of the plan's own.
        outcome.step(Step::new(When::Prepare, why, Change::other(what)).on(condition).for_leapp());
    }
    Ok(())
}

/// Whether packages of a repository are verified.
fn is_verified(repository: &Repository) -> bool {
    let value = repository.additional.get("gpgcheck");
    value.is_none_or(|text| boolean(text.trim()) != Some(false))
}

fn keys(host: &Host<'_>, repository: &Repository) -> Vec<String> {
    let text = repository.additional.get("gpgkey").map(String::as_str).unwrap_or_default();
    let words = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let major = host.target().major.to_string();
    words
        .map(|word| word.replace("$releasever", &major).replace("$basearch", host.arch().as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::Case;

    fn with(options: &str) -> Case<'static> {
        let text = format!("[alma8-baseos]\nname=x\nbaseurl=http://x/\nenabled=0\n{options}\n");
        Case::new(ACTOR, "").data("leapp_upgrade_repositories.repo", text.leak())
    }

    #[test]
    fn a_repository_without_a_key_is_told_of() {
        insta::assert_snapshot!(with("gpgcheck=1").told(), @"
        high gpg.repo-without-key [repository]
          Repositories do not say with which key their packages are signed: Without a gpgkey: alma8-baseos.
          about: repository alma8-baseos
          hint: Add gpgkey to each of them, or gpgcheck=0 if their packages are not signed.
        ");
        assert_eq!(with("").told(), with("gpgcheck=1").told());
    }

    #[test]
    fn so_are_places_nobody_can_read() {
        insta::assert_snapshot!(with("gpgkey=ftp://a/key, key").told(), @"
        high gpg.key-unknown-protocol [repository]
          Keys of repositories are in places that cannot be read: Not understood: ftp://a/key, key.
          hint: Give the keys' places as file:///, http:// or https://.
        ");
    }

    #[test]
    fn keys_are_compared_later() {
        let keys = "gpgkey=file:///etc/pki/key-$releasever\n https://a/$basearch";
        insta::assert_snapshot!(with(keys).told(), @"
        prepare: Packages are verified with keys that are trusted.
          if: each is among those trusted for the target; else the upgrade ends
          only leapp needs it
          Keys are read from file:///etc/pki/key-8, https://a/x86_64 and imported
        ");
    }

    /// leapp knows three spellings of *no* only.
    #[test]
    fn packages_that_are_not_verified_need_no_key() {
        for no in ["0", "no", "False", "off", "NO"] {
            assert_eq!(with(&format!("gpgcheck={no}")).told(), "", "{no}");
        }
        assert_eq!(with("gpgcheck=1").setting("LEAPP_NOGPGCHECK", "1").told(), "");
        assert_eq!(Case::new(ACTOR, "").told(), "");
    }
}
