//! Reasons as sentences for people: a link is a clause, a chain a short story.

use std::fmt::{self, Display, Formatter};

use super::chain::{
    Because, Chain, Fate, Few, Link, NotTaken, Other, Proof, Root, Statement, Taken,
};

impl Display for Chain {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        list(f, &self.links, "; ")
    }
}

impl Display for Root {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Root::Command { command } => write!(f, "command {command}"),
            Root::Installed { package } => write!(f, "{package} is installed"),
            Root::Facts => f.write_str("nothing else is possible"),
        }
    }
}

impl Display for Link {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.package, self.fate)?;
        match &self.because {
            Because::Forbidden { rule } => because_of(f, rule, &self.package)?,
            because => because.fmt(f)?,
        }
        match self.because.taken() {
            Some(Taken::Only) if self.others.is_empty() => {}
            Some(taken) => taken.fmt(f)?,
            None => {}
        }
        let others: Vec<&Other> =
            self.others.list.iter().filter(|o| o.why != NotTaken::NotPreferred).collect();
        if !others.is_empty() {
            f.write_str(" (")?;
            list(f, &others, ", ")?;
            f.write_str(")")?;
        }
        match (&self.because, &self.proof) {
            (Because::GivenUp, Some(proof)) => write!(f, ": {proof}"),
            _ => Ok(()),
        }
    }
}

/// A rule, as told of one package.
fn because_of(f: &mut Formatter<'_>, rule: &Statement, package: &str) -> fmt::Result {
    let rule = rule.to_string();
    match rule.strip_prefix(package).filter(|rest| rest.starts_with(' ')) {
        Some(rest) => write!(f, "because it{rest}"),
        None => write!(f, "because {rule}"),
    }
}

impl Because {
    fn taken(&self) -> Option<Taken> {
        match self {
            Because::Requested { taken, .. }
            | Because::Updates { taken, .. }
            | Because::Required { taken, .. } => Some(*taken),
            _ => None,
        }
    }
}

impl Display for Fate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fate::Comes => "comes",
            Fate::Goes => "goes",
            Fate::Stays => "stays",
            Fate::Absent => "does not come",
        })
    }
}

impl Display for Because {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Because::Requested { command, .. } | Because::Kept { command } => {
                write!(f, "because command {command} asks for it")
            }
            Because::Updates { installed, .. } => write!(f, "in the place of {installed}"),
            Because::Beside { installed } => write!(f, "beside {installed}, which may stay"),
            Because::Required { by, capability, given, .. } => {
                write!(f, "because {by} requires {capability}")?;
                beside(f, given)
            }
            Because::Partner { of } => {
                write!(f, "because {of} may be there only beside the same version of it")
            }
            Because::Split { with, obsoletes } => {
                write!(f, "together with {with}: both take the place of {obsoletes}")
            }
            Because::Recommended { by, capability } => {
                write!(f, "because {by} recommends {capability}")
            }
            Because::Supplements { with, capability } => {
                write!(f, "along with {with}: it supplements {capability}")
            }
            Because::Follows { rules } => {
                write!(f, "because nothing else is left: {rules}")
            }
            Because::Replaced { by } | Because::Obsoleted { by, obsoletes: None } => {
                takes_its_place(f, by)
            }
            Because::Obsoleted { by, obsoletes: Some(obsoletes) } => {
                takes_its_place(f, by)?;
                write!(f, " (obsoletes {obsoletes})")
            }
            Because::Unwanted { command } => write!(f, "because command {command} asks for that"),
            Because::Lacks { capability, given, providers } => {
                write!(f, "because it requires {capability}")?;
                beside(f, given)?;
                write!(f, ", and no provider is left: {providers}")
            }
            Because::Forbidden { rule } => write!(f, "because {rule}"),
            Because::GivenUp => f.write_str("because not everything could be had"),
            Because::LeftOver => f.write_str("because nothing keeps it"),
            Because::Excluded { why } => write!(f, "as it is: {why}"),
            Because::SameBuild { repository } => {
                write!(f, "because repository {repository} has the very same")
            }
            Because::InNoRepository => {
                f.write_str("although no repository has it, because it is in nobody's way")
            }
            Because::Untouched => f.write_str("because nobody asks for it to be updated"),
            Because::NotReplaced => f.write_str("because nothing takes its place"),
        }
    }
}

fn takes_its_place(f: &mut Formatter<'_>, by: &[String]) -> fmt::Result {
    let take = if by.len() == 1 { "takes" } else { "take" };
    write!(f, "because {} {take} its place", by.join(" and "))
}

/// What a rich dependency depends on.
fn beside(f: &mut Formatter<'_>, given: &[String]) -> fmt::Result {
    match given {
        [] => Ok(()),
        given => write!(f, " beside {}", given.join(" and ")),
    }
}

impl Display for Taken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Taken::Preferred => "",
            Taken::Only => ", and nothing else is left",
            Taken::Best => ", and only the best will do",
            Taken::Deduced => ", and anything else leads to a contradiction",
        })
    }
}

impl Display for Other {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.package, self.why)
    }
}

impl Display for NotTaken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            NotTaken::Present => f.write_str("is there, too"),
            NotTaken::RuledOut { why } => write!(f, "cannot be chosen: {why}"),
            NotTaken::Goes => f.write_str("goes"),
            NotTaken::Forbidden { rule } => write!(f, "cannot come: {rule}"),
            NotTaken::Older => f.write_str("is older"),
            NotTaken::LowerPriority => f.write_str("is in a repository of lower priority"),
            NotTaken::NotPreferred => f.write_str("is not preferred"),
        }
    }
}

impl Display for Proof {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all: Vec<&Statement> =
            self.needs.iter().chain(&self.cannot_stay).chain(&self.to_keep).collect();
        list(f, &all, "; ")
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Statement::Requires { package, capability, given, providers } => {
                write!(f, "{package} requires {capability}")?;
                beside(f, given)?;
                match (providers.list.as_slice(), providers.more) {
                    ([], _) => f.write_str(", which nothing provides"),
                    ([_], 0) => write!(f, ", which only {providers} provides"),
                    _ => write!(f, ", which {providers} provide"),
                }
            }
            Statement::NothingProvides { package, capability } => {
                write!(f, "nothing provides {capability}, which {package} requires")
            }
            Statement::NotInstallable { package, why } => {
                write!(f, "{package} cannot be chosen: {why}")
            }
            Statement::Conflicts { package, capability, with } if with.is_empty() => {
                write!(f, "{package} conflicts with {capability}, which the system provides")
            }
            Statement::Conflicts { package, capability, with } => {
                write!(f, "{package} conflicts with {capability} ({})", with.join(", "))
            }
            Statement::SameName { package, with } => {
                write!(f, "{package} cannot be installed beside {with}")
            }
            Statement::Obsoletes { package, capability, with } => {
                write!(f, "{package} obsoletes {capability} ({with})")
            }
            Statement::Keep { package, or } if or.is_empty() => {
                write!(f, "{package} is to be kept")
            }
            Statement::Keep { package, or } => {
                write!(f, "{package} is to be kept, or replaced by {or}")
            }
            Statement::Command { command } => write!(f, "command {command} asks for it"),
            Statement::LesserArchitecture { package, beside } => {
                write!(f, "{package} is of a lesser architecture")?;
                only_beside(f, beside)
            }
            Statement::NotInRepositories { package, beside } => {
                write!(f, "{package} is not in the target repositories")?;
                only_beside(f, beside)
            }
            Statement::OnlyBest { installed, command, best } => {
                only_best(f, installed, *command, best)
            }
            Statement::Together { package, with, obsoletes } => {
                write!(f, "{package} and {with} take the place of {obsoletes} together")
            }
            Statement::Learnt => f.write_str("anything else leads to a contradiction"),
        }
    }
}

fn only_beside(f: &mut Formatter<'_>, beside: &Few<String>) -> fmt::Result {
    match beside.is_empty() {
        true => Ok(()),
        false => write!(f, ", and may be there beside {beside} only"),
    }
}

fn only_best(
    f: &mut Formatter<'_>,
    installed: &Option<String>,
    command: Option<usize>,
    best: &Few<String>,
) -> fmt::Result {
    match (installed, command) {
        (Some(installed), _) => {
            write!(f, "only the best may take the place of {installed}: {best}")
        }
        (None, Some(command)) => write!(f, "only the best will do for command {command}: {best}"),
        (None, None) => write!(f, "only the best will do: {best}"),
    }
}

impl<T: Display> Display for Few<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        list(f, &self.list, ", ")?;
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, all: &[T], between: &str) -> fmt::Result {
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        one.fmt(f)?;
    }
    Ok(())
}
