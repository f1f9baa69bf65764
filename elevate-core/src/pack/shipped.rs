//! The packs that ship with the library. Those that are for every host are applied by
//! default; the others are named.

use std::collections::BTreeMap;

use super::error::PackError;
use super::load::Pack;

/// A pack that ships, as text.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Whether it is applied without being named.
    pub by_default: bool,
    files: &'static [(&'static str, &'static str)],
}

macro_rules! file {
    ($pack:literal, $file:literal) => {
        ($file, include_str!(concat!("../../../packs/", $pack, "/", $file)))
    };
}

/// All of them, by name.
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "cpanel",
        by_default: false,
        files: &[
            file!("cpanel", "pack.toml"),
            file!("cpanel", "panel.toml"),
            file!("cpanel", "software.toml"),
            file!("cpanel", "system.toml"),
        ],
    },
    Shipped {
        name: "el7-package-notes",
        by_default: true,
        files: &[file!("el7-package-notes", "notes.toml"), file!("el7-package-notes", "pack.toml")],
    },
    Shipped {
        name: "plesk",
        by_default: false,
        files: &[
            file!("plesk", "pack.toml"),
            file!("plesk", "panel.toml"),
            file!("plesk", "repositories.toml"),
            file!("plesk", "system.toml"),
        ],
    },
];

impl Shipped {
    /// The one of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SHIPPED.iter().find(|shipped| shipped.name == name)
    }

    /// Its files, by name.
    pub fn files(&self) -> BTreeMap<String, String> {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        self.files.iter().map(owned).collect()
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// What is wrong with it; a test holds that nothing is.
    pub fn read(&self) -> Result<Pack, Vec<PackError>> {
        Pack::read(&self.files())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_pack_that_ships_can_be_read_and_its_tests_hold() {
        for shipped in SHIPPED {
            let pack = shipped.read().unwrap_or_else(|errors| panic!("{errors:#?}"));
            assert_eq!(pack.manifest.name, shipped.name);
            assert!(!pack.trials.is_empty(), "{} has no tests", shipped.name);
            let failures = pack.trials.iter().filter_map(|trial| trial.run(&pack).unwrap());
            let failures: Vec<_> = failures.collect();
            assert!(failures.is_empty(), "{}: {failures:#?}", shipped.name);
        }
    }

    /// A test that expects nothing shows that they are silent too.
    #[test]
    fn each_finding_of_a_pack_that_ships_is_made_in_one_of_its_tests() {
        for shipped in SHIPPED {
            let pack = shipped.read().unwrap();
            let found: BTreeSet<&str> =
                pack.trials.iter().flat_map(|trial| trial.expected()).collect();
            for actor in &pack.actors {
                for id in crate::actor::Actor::card(&**actor).findings {
                    assert!(found.contains(id), "{}: no test finds {id}", shipped.name);
                }
            }
        }
    }
}
