//! Findings: what the report tells the administrator, as data.
//!
//! Every kind of finding is declared once as a [`Kind`]; its id and severity
//! never depend on the host. Text for people is made from it later.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters; the scale of leapp's reports.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Act on it.
    High,
    /// Look at it.
    Medium,
    /// Probably nothing to do.
    Low,
    /// For information.
    Info,
}

impl Severity {
    /// The word leapp's report uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Info => "info",
        }
    }
}

/// A kind of finding, declared once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Stable id, `topic.what`.
    pub id: &'static str,
    /// The actor that makes it; leapp's name where leapp has one for the same ground.
    pub actor: &'static str,
    /// Default severity.
    pub severity: Severity,
    /// Whether it forbids the upgrade.
    pub inhibitor: bool,
    /// leapp's report groups, without `inhibitor`.
    pub groups: &'static [&'static str],
    /// The stable key of leapp's report about the same thing, where there is one.
    pub key: Option<&'static str>,
    /// One line.
    pub title: &'static str,
}

impl Kind {
    /// A kind that forbids nothing, in no group.
    pub const fn new(
        id: &'static str,
        actor: &'static str,
        severity: Severity,
        title: &'static str,
    ) -> Self {
        Self { id, actor, severity, inhibitor: false, groups: &[], key: None, title }
    }

    /// The same, forbidding the upgrade.
    #[must_use]
    pub const fn inhibiting(mut self) -> Self {
        self.inhibitor = true;
        self
    }

    /// The same, in these groups.
    #[must_use]
    pub const fn groups(mut self, groups: &'static [&'static str]) -> Self {
        self.groups = groups;
        self
    }

    /// The same, with leapp's stable key.
    #[must_use]
    pub const fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// A finding of this kind.
    pub fn finding(&self, summary: impl Into<String>) -> Finding {
        Finding {
            id: self.id.into(),
            actor: self.actor.into(),
            severity: self.severity,
            inhibitor: self.inhibitor,
            groups: self.groups.iter().map(|&g| g.into()).collect(),
            key: self.key.map(Into::into),
            title: self.title.into(),
            summary: summary.into(),
            evidence: Vec::new(),
            resources: Vec::new(),
            remediation: Vec::new(),
            links: Vec::new(),
            waived: None,
            leapp: None,
        }
    }
}

/// One entry of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable id of its kind, such as `repositories.none`.
    pub id: Cow<'static, str>,
    /// The actor that made it.
    pub actor: Cow<'static, str>,
    /// Severity.
    pub severity: Severity,
    /// Whether it forbids the upgrade.
    pub inhibitor: bool,
    /// leapp's report groups, without `inhibitor`.
    pub groups: Vec<Cow<'static, str>>,
    /// leapp's stable key for the same report, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Cow<'static, str>>,
    /// One line.
    pub title: Cow<'static, str>,
    /// What was found on this host.
    pub summary: String,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
    /// What to do, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remediation: Vec<Remediation>,
    /// Addresses of pages about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Cow<'static, str>>,
    /// What it was before somebody set it aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
    /// Where leapp 0.21 says something else about the same host, under its policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leapp: Option<Cow<'static, str>>,
}

/// A finding that somebody set aside: what it was, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waived {
    /// Its severity before.
    pub severity: Severity,
    /// Whether it forbade the upgrade.
    pub inhibitor: bool,
    /// Why it is set aside.
    pub reason: String,
    /// Who did so.
    pub who: String,
    /// The last day it is for, `YYYY-MM-DD`.
    pub expires: String,
}

/// Why, by whom and until when.
impl fmt::Display for Waived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, until {})", self.reason, self.who, self.expires)
    }
}

/// A place in the evidence where something was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// A path, or a command line after `command:`.
    pub source: String,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl fmt::Display for Evidence {
    /// `/etc/fstab, line 3: what stands there`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        self.line.map_or(Ok(()), |line| write!(f, ", line {line}"))?;
        self.text.as_ref().map_or(Ok(()), |text| write!(f, ": {}", text.trim()))
    }
}

/// Something a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    /// `package`, `repository`, `file`, `event` ...
    pub scheme: Cow<'static, str>,
    /// Which one.
    pub title: String,
}

/// A step towards making the finding go away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "context", rename_all = "lowercase")]
pub enum Remediation {
    /// Words.
    Hint(String),
    /// A command, word by word; never a shell string.
    Command(Vec<String>),
}

impl Finding {
    /// Adds what the finding is about.
    #[must_use]
    pub fn about<T: ToString>(
        mut self,
        scheme: &'static str,
        titles: impl IntoIterator<Item = T>,
    ) -> Self {
        let resource = |t: T| Resource { scheme: scheme.into(), title: t.to_string() };
        self.resources.extend(titles.into_iter().map(resource));
        self.resources.sort();
        self.resources.dedup();
        self
    }

    /// The same, of a scheme that is not known beforehand.
    #[must_use]
    pub(crate) fn about_owned(mut self, scheme: &str, titles: Vec<String>) -> Self {
        let resource = |title| Resource { scheme: scheme.to_owned().into(), title };
        self.resources.extend(titles.into_iter().map(resource));
        self.resources.sort();
        self.resources.dedup();
        self
    }

    /// Adds a line where it was seen, cut to 200 characters.
    #[must_use]
    pub fn seen(mut self, source: &str, line: usize, text: &str) -> Self {
        let text = text.chars().take(200).collect();
        self.evidence.push(Evidence { source: source.into(), line: Some(line), text: Some(text) });
        self
    }

    /// Adds a file or a command that shows it as a whole.
    #[must_use]
    pub fn seen_in(mut self, source: &str) -> Self {
        self.evidence.push(Evidence { source: source.into(), line: None, text: None });
        self
    }

    /// Adds a page about it.
    #[must_use]
    pub fn link(mut self, address: &'static str) -> Self {
        self.links.push(address.into());
        self
    }

    /// Says what leapp 0.21 does instead. It is shown under leapp's policy only.
    #[must_use]
    pub fn leapp(mut self, what: &'static str) -> Self {
        self.leapp = Some(what.into());
        self
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.remediation.push(Remediation::Hint(text.into()));
        self
    }

    /// Adds a command.
    #[must_use]
    pub fn command(mut self, words: &[&str]) -> Self {
        self.remediation.push(Remediation::Command(words.iter().map(|&w| w.into()).collect()));
        self
    }

    /// The commands of its remediation, in order.
    pub fn commands(&self) -> impl Iterator<Item = &[String]> {
        self.remediation.iter().filter_map(|remediation| match remediation {
            Remediation::Command(words) => Some(words.as_slice()),
            Remediation::Hint(_) => None,
        })
    }

    /// Makes it an inhibitor, or not: for the few kinds where the host decides.
    #[must_use]
    pub fn inhibiting(mut self, inhibitor: bool) -> Self {
        self.inhibitor = inhibitor;
        self
    }

    /// The order of a report: inhibitors first, then by severity, then by id and text.
    pub fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
        let key = |f: &Finding| (!f.inhibitor, f.severity);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id)).then_with(|| a.summary.cmp(&b.summary))
    }
}
