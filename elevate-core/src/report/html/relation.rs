//! What reasons say of two packages: which one is the cause, and how.

use crate::plan::reasons::{Because, Few, Link, Statement};

/// One end of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End<'p> {
    /// A package, by its full name.
    Package(&'p str),
    /// A command, by its number.
    Command(usize),
    /// Something that nothing provides.
    Missing(&'p str),
}

/// That something becomes of a package because of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation<'p> {
    pub cause: End<'p>,
    pub effect: End<'p>,
    /// How, read from the cause to the effect.
    pub how: String,
    /// Whether the two cannot be together.
    pub against: bool,
}

/// The relations a link tells of.
pub(super) fn of_link(link: &Link) -> Vec<Relation<'_>> {
    let own = End::Package(&link.package);
    match &link.because {
        Because::Requested { command, .. } => {
            vec![relation(End::Command(*command), own, "")]
        }
        Because::Kept { command } => vec![relation(End::Command(*command), own, "")],
        Because::Unwanted { command } => {
            vec![relation(End::Command(*command), own, "")]
        }
        Because::Updates { installed, .. } => {
            vec![relation(End::Package(installed), own, "is followed by")]
        }
        Because::Beside { installed } => {
            vec![relation(End::Package(installed), own, "may stay beside")]
        }
        Because::Required { by, capability, .. } => {
            vec![relation(End::Package(by), own, format!("requires {capability}"))]
        }
        Because::Partner { of } => vec![relation(End::Package(of), own, "in the same version")],
        Because::Split { with, obsoletes } => {
            vec![relation(End::Package(with), own, format!("together for {obsoletes}"))]
        }
        Because::Recommended { by, capability } => {
            vec![relation(End::Package(by), own, format!("recommends {capability}"))]
        }
        Because::Supplements { with, capability } => {
            vec![relation(End::Package(with), own, format!("is supplemented: {capability}"))]
        }
        Because::Follows { rules } => rules.list.iter().flat_map(of_statement).collect(),
        Because::Replaced { by } => each(by, own, "takes its place"),
        Because::Obsoleted { by, obsoletes } => obsoleted(by, obsoletes.as_deref(), own),
        Because::Lacks { capability, providers, .. } if providers.is_empty() => {
            vec![relation(End::Missing(capability), own, "is required, and nothing provides it")]
        }
        Because::Lacks { capability, providers, .. } => {
            let providers = providers.list.iter().map(|provider| &provider.package);
            let how = format!("is gone: {capability}");
            providers.map(|p| relation(End::Package(p), own, how.clone())).collect()
        }
        Because::Forbidden { rule } => of_statement(rule),
        Because::GivenUp => {
            let proof = link.proof.iter();
            let all = proof.flat_map(|p| p.needs.iter().chain(&p.cannot_stay).chain(&p.to_keep));
            all.flat_map(of_statement).collect()
        }
        Because::LeftOver
        | Because::Excluded { .. }
        | Because::SameBuild { .. }
        | Because::InNoRepository
        | Because::Untouched
        | Because::NotReplaced => Vec::new(),
    }
}

/// The relations a rule tells of.
pub(super) fn of_statement(statement: &Statement) -> Vec<Relation<'_>> {
    match statement {
        Statement::Requires { package, capability, providers, .. } => {
            let how = format!("requires {capability}");
            if providers.is_empty() {
                return vec![relation(End::Package(package), End::Missing(capability), "requires")];
            }
            to_few(package, providers, &how)
        }
        Statement::NothingProvides { package, capability } => {
            vec![relation(End::Package(package), End::Missing(capability), "requires")]
        }
        Statement::Conflicts { package, capability, with } => {
            let how = format!("conflicts with {capability}");
            with.iter().map(|with| against(package, with, how.clone())).collect()
        }
        Statement::SameName { package, with } => {
            vec![against(package, with, "cannot be beside".to_owned())]
        }
        Statement::Obsoletes { package, capability, with } => {
            vec![against(package, with, format!("obsoletes {capability}"))]
        }
        Statement::Keep { package, or } => to_few(package, or, "stays, or is replaced by"),
        Statement::LesserArchitecture { package, beside }
        | Statement::NotInRepositories { package, beside } => {
            to_few(package, beside, "may be only beside")
        }
        Statement::OnlyBest { installed: Some(installed), best, .. } => {
            to_few(installed, best, "may only become")
        }
        Statement::OnlyBest { command: Some(command), best, .. } => {
            let to = best.list.iter().map(|best| End::Package(best));
            to.map(|to| relation(End::Command(*command), to, "only the best will do")).collect()
        }
        Statement::Together { package, with, .. } => to_few(package, with, "comes together with"),
        Statement::OnlyBest { .. }
        | Statement::NotInstallable { .. }
        | Statement::Command { .. }
        | Statement::Learnt => Vec::new(),
    }
}

/// The package a rule is about, where it is about one.
pub(super) fn subject(statement: &Statement) -> Option<&str> {
    match statement {
        Statement::Requires { package, .. }
        | Statement::NothingProvides { package, .. }
        | Statement::NotInstallable { package, .. }
        | Statement::Conflicts { package, .. }
        | Statement::SameName { package, .. }
        | Statement::Obsoletes { package, .. }
        | Statement::Keep { package, .. }
        | Statement::LesserArchitecture { package, .. }
        | Statement::NotInRepositories { package, .. }
        | Statement::Together { package, .. } => Some(package),
        Statement::OnlyBest { installed, .. } => installed.as_deref(),
        Statement::Command { .. } | Statement::Learnt => None,
    }
}

fn relation<'p>(cause: End<'p>, effect: End<'p>, how: impl Into<String>) -> Relation<'p> {
    Relation { cause, effect, how: how.into(), against: false }
}

fn against<'p>(package: &'p str, with: &'p str, how: String) -> Relation<'p> {
    Relation { cause: End::Package(package), effect: End::Package(with), how, against: true }
}

fn each<'p>(causes: &'p [String], effect: End<'p>, how: &str) -> Vec<Relation<'p>> {
    causes.iter().map(|cause| relation(End::Package(cause), effect, how)).collect()
}

/// Only of the first of those that take a place it is known what it says.
fn obsoleted<'p>(by: &'p [String], obsoletes: Option<&str>, own: End<'p>) -> Vec<Relation<'p>> {
    let mut all = each(by, own, "takes its place");
    if let (Some(first), Some(obsoletes)) = (all.first_mut(), obsoletes) {
        first.how = format!("obsoletes {obsoletes}");
    }
    all
}

fn to_few<'p>(package: &'p str, few: &'p Few<String>, how: &str) -> Vec<Relation<'p>> {
    let to = few.list.iter().map(|to| End::Package(to));
    to.map(|to| relation(End::Package(package), to, how)).collect()
}
