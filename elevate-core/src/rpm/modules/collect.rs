//! Documents, one after the other, into one list of modules.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::documents::Part;
use super::node::{Document, Fault, Node};
use super::{
    Defaults, MAX_DOCUMENTS, MAX_NODES, MAX_REMARKS, Modules, ModulesError, ModulesRemark,
};
use super::{Stream, others, stream};
use crate::rpm::metadata::excerpt;

/// Name, stream, version, context and architecture.
type Identity = (String, String, u64, String, String);

/// What was read so far.
pub(super) struct Collector {
    modules: Modules,
    /// Place of each stream in `modules.streams`.
    streams: BTreeMap<Identity, usize>,
    defaults: BTreeMap<String, Defaults>,
    /// How many more nodes are read.
    budget: usize,
    documents: usize,
    left_out: usize,
}

impl Collector {
    pub(super) fn new() -> Self {
        Self {
            modules: Modules::default(),
            streams: BTreeMap::new(),
            defaults: BTreeMap::new(),
            budget: MAX_NODES,
            documents: 0,
            left_out: 0,
        }
    }

    /// Takes the next document.
    pub(super) fn part(&mut self, part: Part<'_>) -> Result<(), ModulesError> {
        self.documents += 1;
        if self.documents > MAX_DOCUMENTS {
            return Err(ModulesError::TooMany { what: "documents", limit: MAX_DOCUMENTS });
        }
        if let Err(fault) = self.document(part) {
            self.left_out += 1;
            self.remark(fault, true);
        }
        if self.budget == 0 {
            return Err(ModulesError::TooMany { what: "values", limit: MAX_NODES });
        }
        Ok(())
    }

    /// What was read; an error where every document had to be left out.
    pub(super) fn finish(mut self) -> Result<Modules, ModulesError> {
        if self.documents == self.left_out
            && let Some(at) = self.modules.remarks.iter().position(|remark| remark.left_out)
        {
            return Err(ModulesError::NotModules(self.modules.remarks.swap_remove(at)));
        }
        self.modules.defaults = self.defaults.into_values().collect();
        Ok(self.modules)
    }

    fn document(&mut self, part: Part<'_>) -> Result<(), Fault> {
        let text = str::from_utf8(part.bytes).map_err(|_| Fault::new(part.line, "is not UTF-8"))?;
        let Some(document) = Document::read(text, part.line, &mut self.budget)? else {
            return Ok(());
        };
        for double in document.doubles {
            self.remark(double, false);
        }
        self.take(&document.root)
    }

    fn take(&mut self, root: &Node<'_>) -> Result<(), Fault> {
        stream::known(root, "the document", &["data", "document", "version"])?;
        let kind = stream::needed(root, "document")?.text("document")?;
        let version = stream::needed(root, "version")?.number("version")?;
        let data = stream::needed(root, "data")?;
        match (kind, version) {
            ("modulemd" | "modulemd-stream", 1..=3) => self.take_stream(data, version)?,
            ("modulemd-defaults", 1) => self.take_defaults(data)?,
            ("modulemd-obsoletes", 1) => self.modules.obsoletes.push(others::obsoletes(data)?),
            ("modulemd-packager" | "modulemd-translations", _) => {
                *self.modules.passed_over.entry(kind.to_owned()).or_default() += 1;
            }
            _ => {
                let kind = excerpt(kind);
                return Err(root.fault(format!("{kind:?} of version {version} is not known")));
            }
        }
        Ok(())
    }

    fn take_stream(&mut self, data: &Node<'_>, version: u64) -> Result<(), Fault> {
        let stream = stream::read(data, version)?;
        if version == 3 {
            let why = format!("{stream} is of version 3, which dnf does not read");
            self.remark(data.fault(why), false);
        }
        match self.streams.entry(identity(&stream)) {
            Entry::Vacant(place) => {
                place.insert(self.modules.streams.len());
                self.modules.streams.push(stream);
            }
            Entry::Occupied(first) if self.modules.streams.get(*first.get()) == Some(&stream) => {}
            Entry::Occupied(_) => {
                return Err(data.fault(format!("{stream} stands there already, and differs")));
            }
        }
        Ok(())
    }

    fn take_defaults(&mut self, data: &Node<'_>) -> Result<(), Fault> {
        let defaults = others::defaults(data)?;
        let why = format!("the defaults of {:?} are given again; the last count", defaults.module);
        let differ = |before: &Defaults| *before != defaults;
        let differ = self.defaults.get(&defaults.module).is_some_and(differ);
        self.defaults.insert(defaults.module.clone(), defaults);
        if differ {
            self.remark(data.fault(why), false);
        }
        Ok(())
    }

    fn remark(&mut self, fault: Fault, left_out: bool) {
        self.modules.remarks_total += 1;
        if self.modules.remarks.len() < MAX_REMARKS {
            let Fault { line, why } = fault;
            let document = self.documents;
            self.modules.remarks.push(ModulesRemark { document, line, why, left_out });
        }
    }
}

fn identity(stream: &Stream) -> Identity {
    let Stream { name, stream, version, context, arch, .. } = stream;
    (name.clone(), stream.clone(), *version, context.clone(), arch.clone())
}
