//! Findings about the actors themselves.

use std::borrow::Cow;

use sha1::{Digest as _, Sha1};

use crate::finding::{Kind, Severity};
use crate::model::hex;

/// An actor lacked evidence.
pub(super) const UNDECIDED: Kind = Kind {
    id: "actors.undecided",
    actor: "actors",
    severity: Severity::Low,
    inhibitor: false,
    groups: &["sanity"],
    key: None,
    title: "A check lacks evidence",
};

/// A question has no answer (`verify_check_results`, directory `verifydialogs`).
pub(super) const UNANSWERED: Kind = Kind {
    id: "answers.missing",
    actor: "verify_check_results",
    severity: Severity::High,
    inhibitor: true,
    groups: &[],
    key: None,
    title: "A question has to be answered",
};

/// An answer says neither yes nor no.
pub(super) const MISANSWERED: Kind = Kind {
    id: "answers.invalid",
    actor: "verify_check_results",
    severity: Severity::High,
    inhibitor: true,
    groups: &[],
    key: None,
    title: "An answer says neither yes nor no",
};

/// A key for leapp's reports, in the form of leapp's, of a kind that many actors or questions
/// share: one for each. leapp would make all of them alike, of severity and title.
pub(super) fn key_of(kind: &Kind, name: &str) -> Cow<'static, str> {
    hex(&Sha1::digest(format!("{}:{name}", kind.id))).into()
}

/// Every kind of finding about actors.
pub const KINDS: &[Kind] = &[UNDECIDED, UNANSWERED, MISANSWERED];
