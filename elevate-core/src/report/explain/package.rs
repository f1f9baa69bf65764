//! A package: from the evidence to its fate, and what hangs on it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wishes::{self, Wish};
use super::{Explainer, FindingLine, Subject};
use crate::model::PackageName;
use crate::plan::{
    Arrival, Because, Chain, Directive, EventRef, Fate, Link, Operation, Reason, TargetPackage,
};

/// What a plan says of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageStory {
    /// The package: `name-[epoch:]version-release.arch`, or its name where no more is
    /// known.
    pub package: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub state: State,
    /// The word for its fate: `removed`, `arrives` ...
    pub fate: String,
    /// What takes its place, with its repository where that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// The repository it comes from, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Installed packages whose place it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<String>,
    /// Whether the distribution or an active vendor signed it, as far as decisions went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
    /// Package events that decided, with their place in the upgrade data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventRef>,
    /// All reasons it was asked for, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Why it became that, link by link down to the root, in words; nothing where target
    /// repositories were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// Who needs it or what takes its place, as far as reasons in the plan say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needed_by: Vec<Need>,
    /// Packages whose reasons lead to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hanging: Vec<Hanging>,
    /// What actors ask of it, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directives: Vec<String>,
    /// Findings about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingLine>,
    /// leapp's lists that name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
    /// What questions in the plan change about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what_if: Vec<Change>,
    /// Questions that could be asked about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
}

/// Where a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is installed.
    Installed,
    /// It is new on the host.
    Arriving,
    /// It takes the place of an installed package.
    Successor,
}

/// Who needs a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// Who.
    pub by: String,
    /// What for.
    pub capability: String,
}

/// A package whose reasons lead to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Hanging {
    /// The package.
    pub package: String,
    /// The link of its reasons before the other one, in words.
    pub link: String,
}

/// What a question changes about a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The question, as on the command line.
    pub asked: String,
    /// What becomes of the package without it.
    pub before: String,
    /// What becomes of it with it.
    pub after: String,
}

impl<'p> Explainer<'p> {
    pub(super) fn installed(&self, operation: &'p Operation) -> Subject {
        let to = match operation.to.is_empty() {
            false => operation.to.iter().map(with_repository).collect(),
            true => operation.fate.successors().iter().map(PackageName::to_string).collect(),
        };
        let repository = match &operation.fate {
            Fate::Upgraded(source) | Fate::Downgraded(source) | Fate::Reinstalled(source) => {
                source.repository.as_ref().filter(|_| operation.to.is_empty())
            }
            _ => None,
        };
        let mut names = vec![operation.nevra()];
        names.extend(operation.to.iter().map(TargetPackage::nevra));
        let mut story = self.story(&operation.name, names, &operation.reasons);
        story.state = State::Installed;
        story.fate = operation.fate.word().to_owned();
        story.to = to;
        story.repository = repository.map(ToString::to_string);
        story.because = self.because(operation.because.as_ref());
        story.wishes = wishes::of_installed(self.plan, operation);
        Subject::Package(Box::new(story))
    }

    pub(super) fn arriving(&self, arrival: &'p Arrival) -> Subject {
        let package = arrival.package.as_ref();
        let nevra = package.map_or_else(|| arrival.name.to_string(), TargetPackage::nevra);
        let repository = package.map(|package| &package.repository);
        let repository = repository.or(arrival.source.repository.as_ref());
        let mut story = self.story(&arrival.name, vec![nevra], &arrival.reasons);
        story.repository = repository.map(ToString::to_string);
        story.instead_of = arrival.instead_of.iter().map(PackageName::to_string).collect();
        story.because = self.because(arrival.because.as_ref());
        story.wishes = wishes::of_arriving(self.plan, &arrival.name, story.repository.as_deref());
        Subject::Package(Box::new(story))
    }

    pub(super) fn successor(&self, package: &'p TargetPackage) -> Subject {
        let place = self.plan.packages.iter().filter(|operation| operation.to.contains(package));
        let instead_of: Vec<&Operation> = place.collect();
        let mut story = self.story(&package.name, vec![package.nevra()], &[]);
        story.state = State::Successor;
        story.fate = "takes the place of an installed package".to_owned();
        story.repository = Some(package.repository.to_string());
        story.instead_of = instead_of.iter().map(|operation| operation.nevra()).collect();
        let because = instead_of.iter().find_map(|operation| operation.because.as_ref());
        story.because = self.because(because);
        story.wishes = wishes::of_arriving(self.plan, &package.name, story.repository.as_deref());
        Subject::Package(Box::new(story))
    }

    /// What is told of every package: of the first of these names, by all of them.
    fn story(&self, name: &PackageName, names: Vec<String>, reasons: &[Reason]) -> PackageStory {
        let package = names.first().cloned().unwrap_or_default();
        let event = |reason: &Reason| match reason {
            Reason::Event(event) => Some(event.clone()),
            _ => None,
        };
        let signed = if self.plan.leapp.signed.contains(name) {
            Some(true)
        } else {
            self.plan.leapp.unsigned.contains(name).then_some(false)
        };
        let mut called = names.clone();
        called.push(name.to_string());
        PackageStory {
            name: name.to_string(),
            state: State::Arriving,
            fate: "arrives".to_owned(),
            to: Vec::new(),
            repository: None,
            instead_of: Vec::new(),
            signed,
            events: reasons.iter().filter_map(event).collect(),
            reasons: reasons.iter().map(ToString::to_string).collect(),
            because: Vec::new(),
            needed_by: self.needed_by(&names),
            hanging: self.hanging(&names),
            directives: self.directives(name),
            findings: self.findings_about("package", &called),
            lists: self.lists(name),
            what_if: self.what_if(&called),
            wishes: Vec::new(),
            package,
        }
    }

    /// All chains of reasons in the plan.
    fn chains(&self) -> impl Iterator<Item = &'p Chain> {
        let old = self.plan.packages.iter().filter_map(|operation| operation.because.as_ref());
        old.chain(self.plan.arrivals.iter().filter_map(|arrival| arrival.because.as_ref()))
    }

    fn because(&self, chain: Option<&Chain>) -> Vec<String> {
        let Some(chain) = chain else { return Vec::new() };
        let links = chain.links.iter().map(ToString::to_string);
        let root = match self.plan.asked(chain) {
            Some(asked) => format!("{}: {asked}", chain.root),
            None => chain.root.to_string(),
        };
        links.chain([root]).collect()
    }

    fn needed_by(&self, names: &[String]) -> Vec<Need> {
        let need = |link: &Link| match &link.because {
            Because::Required { by, capability, .. } if names.contains(&link.package) => {
                Some(Need { by: by.clone(), capability: capability.clone() })
            }
            Because::Lacks { capability, providers, .. }
                if providers.list.iter().any(|other| names.contains(&other.package)) =>
            {
                Some(Need { by: link.package.clone(), capability: capability.clone() })
            }
            _ => None,
        };
        let links = self.chains().flat_map(|chain| &chain.links);
        let needs: BTreeSet<Need> = links.filter_map(|link| need(link)).collect();
        needs.into_iter().collect()
    }

    fn hanging(&self, names: &[String]) -> Vec<Hanging> {
        let hanging = |chain: &Chain| {
            let at = chain.links.iter().position(|link| names.contains(&link.package))?;
            let first = chain.links.first().filter(|_| at > 0)?;
            let link = chain.links.get(at - 1)?.to_string();
            Some(Hanging { package: first.package.clone(), link })
        };
        let hanging: BTreeSet<Hanging> = self.chains().filter_map(hanging).collect();
        hanging.into_iter().collect()
    }

    fn directives(&self, name: &PackageName) -> Vec<String> {
        let names = |directive: &Directive| match directive {
            Directive::Install { package }
            | Directive::Remove { package }
            | Directive::Keep { package }
            | Directive::Reinstall { package } => package == name,
            _ => false,
        };
        let asked = self.plan.directives.iter().filter(|asked| names(&asked.directive));
        asked.map(Self::asked_by).collect()
    }

    fn lists(&self, name: &PackageName) -> Vec<String> {
        let leapp = &self.plan.leapp;
        let tasks = &leapp.tasks;
        let lists = [
            ("to_install", tasks.to_install.as_ref()),
            ("to_remove", tasks.to_remove.as_ref()),
            ("to_keep", tasks.to_keep.as_ref()),
            ("to_reinstall", tasks.to_reinstall.as_ref()),
            ("to_upgrade", tasks.to_upgrade.as_ref()),
            ("order_dependent", Some(&leapp.order_dependent)),
        ];
        let of_it = lists.into_iter().filter(|(_, list)| list.is_some_and(|l| l.contains(name)));
        of_it.map(|(word, _)| word.to_owned()).collect()
    }

    fn what_if(&self, names: &[String]) -> Vec<Change> {
        let mut changes = Vec::new();
        for question in &self.plan.what_if {
            let about = question.changes.iter().filter(|change| names.contains(&change.package));
            changes.extend(about.map(|change| Change {
                asked: question.asked.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
            }));
        }
        changes
    }
}

fn with_repository(package: &TargetPackage) -> String {
    format!("{} ({})", package.nevra(), package.repository)
}
