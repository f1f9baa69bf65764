//! What a declared actor asks of the plan.

use toml::Spanned;

use super::error::{PackError, Source};
use super::load::offset;
use super::template::Template;
use crate::actor::Stage;
use crate::directive::{Change, Directive, Step, When};
use crate::model::ModuleStream;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Install,
    Remove,
    Keep,
    Reinstall,
    EnableModule,
    AddKernelArgument,
    RemoveKernelArgument,
    EnableService,
    DisableService,
    Before,
    After,
    FirstBoot,
}

const ASKS: [(&str, Ask); 12] = [
    ("install", Ask::Install),
    ("remove", Ask::Remove),
    ("keep", Ask::Keep),
    ("reinstall", Ask::Reinstall),
    ("enable_module", Ask::EnableModule),
    ("add_kernel_argument", Ask::AddKernelArgument),
    ("remove_kernel_argument", Ask::RemoveKernelArgument),
    ("enable_service", Ask::EnableService),
    ("disable_service", Ask::DisableService),
    ("before", Ask::Before),
    ("after", Ask::After),
    ("first_boot", Ask::FirstBoot),
];

/// What an actor of some stage asks in one line of a pack.
pub(super) fn directive(
    what: &str,
    text: &Spanned<String>,
    stage: Stage,
    source: Source<'_>,
) -> Result<(Ask, Template), PackError> {
    let known = ASKS.iter().find(|(name, _)| *name == what);
    let (_, ask) = known.ok_or_else(|| {
        let names = ASKS.map(|(name, _)| name).join(", ");
        source.error(offset(text), format!("{what:?} can not be asked; there are {names}"))
    })?;
    if stage == Stage::Transaction && ask.changes_transaction() {
        let why = format!("{what:?} can not be asked when the transaction is known");
        return Err(source.error(offset(text), why));
    }
    Ok((*ask, Template::parse(text.get_ref(), source, offset(text))?))
}

impl Ask {
    fn changes_transaction(self) -> bool {
        use Ask::{EnableModule, Install, Keep, Reinstall, Remove};
        matches!(self, Install | Remove | Keep | Reinstall | EnableModule)
    }

    /// The directive, with its text filled in.
    pub(super) fn directive(self, text: &str, why: &str) -> Result<Directive, String> {
        let package = || text.parse().map_err(|error| format!("{text:?}: {error}"));
        let text = || text.to_owned();
        let step = |when| {
            let step = Step::new(when, why, Change::other(text()));
            Ok(Directive::Do { step })
        };
        Ok(match self {
            Ask::Install => Directive::Install { package: package()? },
            Ask::Remove => Directive::Remove { package: package()? },
            Ask::Keep => Directive::Keep { package: package()? },
            Ask::Reinstall => Directive::Reinstall { package: package()? },
            Ask::EnableModule => {
                let name = text();
                let parts = name.split_once(':').ok_or(format!("{name:?} is no NAME:STREAM"))?;
                let (name, stream) = (parts.0.to_owned(), parts.1.to_owned());
                Directive::EnableModule { module: ModuleStream { name, stream } }
            }
            Ask::AddKernelArgument => Directive::AddKernelArgument { argument: text() },
            Ask::RemoveKernelArgument => Directive::RemoveKernelArgument { argument: text() },
            Ask::EnableService => Directive::EnableService { unit: text() },
            Ask::DisableService => Directive::DisableService { unit: text() },
            Ask::Before => return step(When::Before),
            Ask::After => return step(When::After),
            Ask::FirstBoot => return step(When::FirstBoot),
        })
    }
}
