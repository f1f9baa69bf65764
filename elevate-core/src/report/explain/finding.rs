//! A finding: what was seen, who made it, what it forbids, what to do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Explainer, Subject};
use crate::actor::Card;
use crate::finding::Finding;
use crate::plan::Operation;
use crate::report::leapp::stable_key;

/// What a plan says of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingStory {
    /// The finding as it stands in the plan.
    pub finding: Finding,
    /// The key it has in leapp's reports.
    pub key: String,
    /// What it forbids, in a sentence.
    pub forbids: String,
    /// `name@version` of the actor that made it, where the plan tells the version.
    pub actor: String,
    /// What is said about that actor, where this version of it is known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_actor: Option<ActorStory>,
    /// What becomes of the packages it is about: package and fate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// What its actor asks of the plan, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directives: Vec<String>,
    /// Questions of its actor, with their answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
}

/// What is said about an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActorStory {
    /// What it looks for, in one line.
    pub summary: String,
    /// What it does, why that matters and what to do.
    pub about: String,
    /// Actors of leapp it stands for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
}

impl Explainer<'_> {
    pub(super) fn finding(&self, finding: &Finding) -> Subject {
        let made = finding.actor.as_ref();
        let of_it = |id: &&String| id.rsplit_once('@').is_some_and(|(name, _)| name == made);
        let actor = self.plan.provenance.actors.iter().find(of_it);
        let card = actor.and_then(|id| self.cards.iter().find(|card| card.id() == *id));
        let directives = self.plan.directives.iter().filter(|asked| asked.actor == made);
        let questions = self.plan.questions.iter().filter(|asked| asked.actor == made);
        let answered = |answer: Option<bool>| match answer {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not answered",
        };
        Subject::Finding(Box::new(FindingStory {
            finding: finding.clone(),
            key: stable_key(finding),
            forbids: self.forbids(finding),
            actor: actor.cloned().unwrap_or_else(|| made.to_owned()),
            about_actor: card.map(ActorStory::of),
            packages: self.fates(finding),
            directives: directives.map(Self::asked_by).collect(),
            questions: questions
                .map(|asked| {
                    let dialog = &asked.dialog;
                    format!("{} {}: {}", dialog.name, dialog.label, answered(dialog.answer))
                })
                .collect(),
        }))
    }

    fn forbids(&self, finding: &Finding) -> String {
        if let Some(waived) = &finding.waived {
            let was = if waived.inhibitor { "It forbade the upgrade" } else { "It was a finding" };
            return format!(
                "{was}, and was set aside by {} until {}: {}",
                waived.who, waived.expires, waived.reason
            );
        }
        if !finding.inhibitor {
            return "It forbids nothing.".to_owned();
        }
        match self.plan.inhibitors().count().saturating_sub(1) {
            0 => "It forbids the upgrade, and is the only finding that does.".to_owned(),
            1 => "It forbids the upgrade; one other finding does, too.".to_owned(),
            more => format!("It forbids the upgrade; {more} other findings do, too."),
        }
    }

    /// Packages it is about, with their fates. Names stand for all packages of that name.
    fn fates(&self, finding: &Finding) -> Vec<String> {
        let about = finding.resources.iter().filter(|resource| resource.scheme == "package");
        let about: std::collections::BTreeSet<&str> = about.map(|r| r.title.as_str()).collect();
        let is_meant = |operation: &&Operation| {
            about.contains(operation.name.as_str()) || about.contains(operation.nevra().as_str())
        };
        let meant = self.plan.packages.iter().filter(is_meant);
        meant.map(|operation| format!("{}: {}", operation.nevra(), operation.fate.word())).collect()
    }
}

impl ActorStory {
    fn of(card: &Card<'_>) -> Self {
        Self {
            summary: card.summary.to_owned(),
            about: card.about.to_owned(),
            covers: card.covers.iter().map(|name| (*name).to_owned()).collect(),
        }
    }
}
