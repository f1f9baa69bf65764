//! Streams that can be active together.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::ModuleStream;
use crate::rpm::modules::Stream;

/// How many needs one search looks at before its wish counts as one that cannot be
/// met. Real modules need a few hundred.
const MOST_TRIES: usize = 100_000;
/// The same for all searches together.
const MOST_TRIES_IN_ALL: usize = 10_000_000;

/// A document that can be active.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) document: &'a Stream,
    /// What it requires, the platform aside, as text: the same for all documents of
    /// a variant.
    variant: String,
    needs: Vec<Need<'a>>,
}

impl<'a> Candidate<'a> {
    fn new(document: &'a Stream, platform: &str) -> Self {
        let pairs = document.dependencies.iter().flat_map(|set| &set.requires);
        let needs: Vec<Need<'a>> =
            pairs.map(|(module, streams)| Need { module, streams: Streams::of(streams) }).collect();
        let others = needs.iter().filter(|need| need.module != platform);
        let texts: BTreeSet<String> =
            others.map(|need| format!("{}:{:?}", need.module, need.streams)).collect();
        let variant = texts.into_iter().collect::<Vec<_>>().join(",");
        Self { document, variant, needs }
    }

    /// Whether the two become active together.
    pub(super) fn is_with(&self, other: &Self) -> bool {
        self.stream() == other.stream() && self.variant == other.variant
    }

    pub(super) fn stream(&self) -> &'a str {
        &self.document.stream
    }

    /// Whether it requires this stream of a module.
    pub(super) fn requires(&self, stream: &Stream) -> bool {
        self.needs.iter().any(|need| need.module == stream.name && need.is_met_by(&stream.stream))
    }
}

#[derive(Debug, Clone, Copy)]
struct Need<'a> {
    module: &'a str,
    streams: Streams<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Streams<'a> {
    /// This one.
    One(&'a str),
    /// One of these; any, where there are none.
    Of(&'a [String]),
    /// None of these, each with a `-` before it.
    Not(&'a [String]),
}

impl<'a> Streams<'a> {
    /// The reader of modules lets no list both want and bar streams.
    fn of(streams: &'a [String]) -> Self {
        match streams.first() {
            Some(first) if first.starts_with('-') => Streams::Not(streams),
            _ => Streams::Of(streams),
        }
    }
}

impl Need<'_> {
    fn is_met_by(&self, stream: &str) -> bool {
        match self.streams {
            Streams::One(one) => one == stream,
            Streams::Of(streams) => streams.is_empty() || streams.iter().any(|one| one == stream),
            Streams::Not(barred) => !barred.iter().any(|one| one.get(1..) == Some(stream)),
        }
    }
}

/// Everything that can be chosen.
pub(super) struct World<'a> {
    platform: &'a ModuleStream,
    /// Candidates by module: by stream, variant, and the newest version first.
    modules: BTreeMap<&'a str, Vec<Candidate<'a>>>,
    /// How many tries are left.
    tries: Cell<usize>,
}

/// What is chosen, by module.
pub(super) type Choice<'w, 'a> = BTreeMap<&'a str, &'w Candidate<'a>>;

impl<'a> World<'a> {
    pub(super) fn new(
        documents: impl Iterator<Item = &'a Stream>,
        platform: &'a ModuleStream,
    ) -> Self {
        let mut modules: BTreeMap<&str, Vec<Candidate<'a>>> = BTreeMap::new();
        for document in documents {
            let candidate = Candidate::new(document, &platform.name);
            modules.entry(&document.name).or_default().push(candidate);
        }
        for candidates in modules.values_mut() {
            candidates.sort_by(|a, b| {
                let key = |c: &Candidate<'a>| (c.stream(), c.variant.clone());
                key(a).cmp(&key(b)).then(b.document.version.cmp(&a.document.version))
            });
        }
        Self { platform, modules, tries: Cell::new(MOST_TRIES_IN_ALL) }
    }

    pub(super) fn has(&self, stream: &ModuleStream) -> bool {
        self.of(&stream.name).iter().any(|candidate| candidate.stream() == stream.stream)
    }

    /// The candidates of a module.
    pub(super) fn of(&self, module: &str) -> &[Candidate<'a>] {
        self.modules.get(module).map_or(&[], Vec::as_slice)
    }

    /// All candidates.
    pub(super) fn all(&self) -> impl Iterator<Item = &Candidate<'a>> {
        self.modules.values().flatten()
    }

    /// Chooses these streams and what they require; `None` where that cannot be.
    /// With `newest`, a variant can be chosen in its newest version only.
    pub(super) fn choose<'w>(
        &'w self,
        wanted: &[&'a ModuleStream],
        newest: bool,
    ) -> Option<Choice<'w, 'a>> {
        let one = |stream: &&'a ModuleStream| Need {
            module: &stream.name,
            streams: Streams::One(&stream.stream),
        };
        let needs = wanted.iter().map(one).collect();
        Search { world: self, newest, needs, chosen: Choice::new(), decisions: Vec::new() }.run()
    }

    /// The documents of a module that meet a need, in the order they are tried.
    fn options<'w>(&'w self, need: Need<'_>, newest: bool) -> Vec<&'w Candidate<'a>> {
        let mut options: Vec<&Candidate<'a>> = Vec::new();
        for candidate in self.of(need.module).iter().filter(|c| need.is_met_by(c.stream())) {
            // The documents of a variant follow each other, the newest first.
            let variant = options.last().filter(|last| last.is_with(candidate));
            let is_older = variant.is_some_and(|v| v.document.version > candidate.document.version);
            if !(newest && is_older) {
                options.push(candidate);
            }
        }
        options
    }
}

/// A search that takes decisions back.
struct Search<'w, 'a> {
    world: &'w World<'a>,
    newest: bool,
    /// What is to be met, in order.
    needs: Vec<Need<'a>>,
    chosen: Choice<'w, 'a>,
    decisions: Vec<Decision<'w, 'a>>,
}

struct Decision<'w, 'a> {
    module: &'a str,
    /// The need it was taken for.
    at: usize,
    /// How many needs there were before.
    needs: usize,
    /// What can be tried still, the next one last.
    left: Vec<&'w Candidate<'a>>,
}

impl<'w, 'a> Search<'w, 'a> {
    fn run(mut self) -> Option<Choice<'w, 'a>> {
        let mut at = 0;
        for _ in 0..MOST_TRIES.min(self.world.tries.get()) {
            self.world.tries.update(|left| left - 1);
            let Some(need) = self.needs.get(at).copied() else { return Some(self.chosen) };
            at = if self.is_met(need) { at + 1 } else { self.decide(need, at)? };
        }
        None
    }

    fn is_met(&self, need: Need<'a>) -> bool {
        let platform = self.world.platform;
        let is_platform = need.module == platform.name && need.is_met_by(&platform.stream);
        let chosen = self.chosen.get(need.module);
        is_platform || chosen.is_some_and(|chosen| need.is_met_by(chosen.stream()))
    }

    /// Takes a decision for a need, or takes back those that stand against it. Says
    /// with which need to go on.
    fn decide(&mut self, need: Need<'a>, at: usize) -> Option<usize> {
        let is_open =
            !self.chosen.contains_key(need.module) && need.module != self.world.platform.name;
        if is_open {
            let mut left = self.world.options(need, self.newest);
            left.reverse();
            let (module, needs) = (need.module, self.needs.len());
            self.decisions.push(Decision { module, at, needs, left });
        }
        loop {
            let decision = self.decisions.last_mut()?;
            self.needs.truncate(decision.needs);
            let Some(next) = decision.left.pop() else {
                self.chosen.remove(decision.module);
                self.decisions.pop();
                continue;
            };
            self.chosen.insert(decision.module, next);
            self.needs.extend(&next.needs);
            return Some(decision.at + 1);
        }
    }
}
