//! Waivers: findings that somebody set aside, with a reason and a last day.
//!
//! ```toml
//! [[waiver]]
//! finding = "python.unversioned"
//! host = "web*"               # hosts by name; every one without it
//! about = "package python"    # one thing it is about; whatever it is without it
//! severity = "low"            # what it becomes; info without it
//! reason = "no script of ours calls python"
//! who = "jane@example.org"
//! expires = "2027-06-30"
//! ```
//!
//! They are applied in one place and never in silence: what was set aside says so and keeps
//! what it was; a waiver that has expired, or that nothing matches, is a finding itself.

use glob::Pattern;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use thiserror::Error;

use crate::finding::{Finding, Kind, Severity, Waived};
use crate::model::Date;
use crate::plan::Plan;

/// The actor of findings about waivers.
const ACTOR: &str = "waivers";

const EXPIRED: Kind = Kind::new("waivers.expired", ACTOR, Severity::Medium, "A waiver has expired")
    .groups(&["sanity"]);
const UNMATCHED: Kind =
    Kind::new("waivers.unmatched", ACTOR, Severity::Low, "A waiver sets nothing aside")
        .groups(&["sanity"]);
const REFUSED: Kind =
    Kind::new("waivers.refused", ACTOR, Severity::Medium, "What cannot be set aside")
        .groups(&["sanity"]);

/// Every kind of finding about waivers.
pub const KINDS: [Kind; 3] = [EXPIRED, UNMATCHED, REFUSED];

/// Findings after which there is nothing to carry out, whoever agrees.
const FINAL: [&str; 1] = ["transaction.none"];

/// The version of the format; it grows with what old readers would misread.
pub const VERSION: u32 = 1;

/// What was set aside by somebody: `waivers.toml`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waivers {
    /// Findings that are set aside, each a table `[[waiver]]`.
    #[serde(default, rename = "waiver")]
    waivers: Vec<Waiver>,
}

/// A finding that somebody set aside.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Waiver {
    /// The id of the finding, such as `python.unversioned`.
    finding: String,
    /// Hosts by name, with `*`, `?` and `[...]`; every host without it.
    #[serde(default, deserialize_with = "pattern")]
    #[schemars(with = "String")]
    host: Option<Pattern>,
    /// One thing the finding is about, such as `package python`; whatever it is without it.
    about: Option<String>,
    /// What the finding becomes.
    #[serde(default = "least")]
    severity: Severity,
    /// Why.
    #[serde(deserialize_with = "said")]
    #[schemars(pattern(r"\S"))]
    reason: String,
    /// Who says so.
    #[serde(deserialize_with = "said")]
    #[schemars(pattern(r"\S"))]
    who: String,
    /// The last day it is for, `YYYY-MM-DD`.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String", pattern(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    expires: Date,
}

/// A text that holds no waivers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct WaiversError(String);

impl Waivers {
    /// Reads `waivers.toml`.
    ///
    /// # Errors
    ///
    /// What is wrong, with line and column.
    pub fn read(text: &str) -> Result<Self, WaiversError> {
        toml::from_str(text).map_err(|error| WaiversError(error.to_string()))
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        crate::model::schema::<Self>("waivers", "waivers", VERSION)
    }

    /// Takes those of another file too.
    pub fn extend(&mut self, more: Self) {
        self.waivers.extend(more.waivers);
    }

    /// Sets findings of a plan aside, as of a day, and judges the plan anew.
    pub fn apply(&self, plan: &mut Plan, today: Date) {
        self.set_aside(&mut plan.findings, plan.hostname.as_deref(), today);
        plan.findings.sort_by(Finding::order);
        plan.verdict = plan.judged();
    }

    /// Sets findings of a host aside, as of a day; what is to be said about the waivers
    /// themselves comes behind them.
    pub(crate) fn set_aside(
        &self,
        findings: &mut Vec<Finding>,
        hostname: Option<&str>,
        today: Date,
    ) {
        let apply = |waiver: &Waiver| waiver.apply(findings, hostname.unwrap_or_default(), today);
        let told: Vec<Finding> = self.waivers.iter().filter_map(apply).collect();
        findings.extend(told);
    }
}

impl Waiver {
    /// What is to be said about the waiver itself.
    fn apply(&self, findings: &mut [Finding], hostname: &str, today: Date) -> Option<Finding> {
        if self.expires < today {
            let what = format!("{self} expired on {}, so it sets nothing aside.", self.expires);
            return Some(EXPIRED.finding(what).hint("Renew it, or take it out."));
        }
        let is_host = self.host.as_ref().is_none_or(|host| host.matches(hostname));
        let meant = findings.iter_mut().filter(|finding| is_host && self.means(finding));
        let mut found = false;
        for finding in meant {
            found = true;
            if FINAL.contains(&finding.id.as_ref()) {
                let what = format!("{self}: there is nothing to carry out then.");
                return Some(REFUSED.finding(what));
            }
            self.set_aside(finding);
        }
        let what = || format!("{self}: no such finding on this host.");
        (!found).then(|| UNMATCHED.finding(what()).hint("Take it out, or mend what it names."))
    }

    fn means(&self, finding: &Finding) -> bool {
        let is_about = |about: &String| {
            let of = |scheme: &str, title: &str| format!("{scheme} {title}") == *about;
            finding.resources.iter().any(|one| of(&one.scheme, &one.title))
        };
        finding.id == self.finding && self.about.as_ref().is_none_or(is_about)
    }

    /// The first waiver that means a finding counts.
    fn set_aside(&self, finding: &mut Finding) {
        if finding.waived.is_some() {
            return;
        }
        finding.waived = Some(Waived {
            severity: finding.severity,
            inhibitor: finding.inhibitor,
            reason: self.reason.clone(),
            who: self.who.clone(),
            expires: self.expires.to_string(),
        });
        finding.severity = self.severity;
        finding.inhibitor = false;
    }
}

impl std::fmt::Display for Waiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the waiver of {}", self.finding)?;
        self.about.as_ref().map_or(Ok(()), |about| write!(f, " about {about}"))?;
        self.host.as_ref().map_or(Ok(()), |host| write!(f, " on {host}"))?;
        write!(f, " by {}", self.who)
    }
}

fn least() -> Severity {
    Severity::Info
}

fn pattern<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Pattern>, D::Error> {
    let text = String::deserialize(from)?;
    Pattern::new(&text).map(Some).map_err(de::Error::custom)
}

fn said<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() { Err(de::Error::custom("say it")) } else { Ok(text) }
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    String::deserialize(from)?.parse().map_err(de::Error::custom)
}

#[cfg(test)]
mod tests;
