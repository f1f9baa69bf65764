//! Policies: what leapp 0.21 does, and what is right.
//!
//! A policy is a set of [`Rules`]; every rule is one place where leapp 0.21
//! decides otherwise than its authors meant, so that reading this file is
//! reading the list of differences.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which decisions a plan follows.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
pub enum Policy {
    /// The right thing.
    #[default]
    #[serde(rename = "default")]
    Default,
    /// What leapp 0.21 (ELevate) does, defects included.
    #[serde(rename = "leapp-0.21")]
    Leapp021,
}

impl Policy {
    /// The policy's rules.
    pub fn rules(self) -> Rules {
        match self {
            Policy::Default => Rules::RIGHT,
            Policy::Leapp021 => Rules::LEAPP_0_21,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Policy::Default => "default",
            Policy::Leapp021 => "leapp-0.21",
        })
    }
}

impl FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "default" => Ok(Policy::Default),
            "leapp-0.21" => Ok(Policy::Leapp021),
            other => {
                Err(format!("{other:?} is not a policy; there are `default` and `leapp-0.21`"))
            }
        }
    }
}

/// Where policies differ. `true` is leapp's way in every field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// A broken file ends the run the way leapp ends it, instead of being an
    /// error of ours (formats.md 0, 1.4, 2.2).
    pub emulate_stops: bool,
    /// Only maps of `version_format` 1.2.1 are read (12.16).
    pub only_map_version_1_2_1: bool,
    /// Target repositories and exclusions look at the first map message only,
    /// and vendors' maps come first (2.5, 12.2).
    pub first_map_only: bool,
    /// A vendor's map is every file with `_map.json` somewhere in its name
    /// (4, 12.12).
    pub vendors_by_substring: bool,
    /// A repository id belongs to one vendor, the last that claims it (12.12).
    pub one_vendor_a_repository: bool,
    /// Only `enabled=1` means enabled (3, 12.13).
    pub enabled_is_literal_1: bool,
    /// Signing keys are looked for as parts of the signature text, in the case
    /// they are written in (7, 12.14).
    pub keys_by_substring: bool,
    /// `arches` is not known, so those events apply everywhere (12.9).
    pub ignore_arches: bool,
    /// `is_approved` is not looked at (12.9).
    pub ignore_approval: bool,
    /// Events without inputs fire on every host (1.3, 12.6).
    pub fire_without_inputs: bool,
    /// A modular output no map leads to is dropped while the input goes (12.6).
    pub lose_modular_outputs: bool,
    /// A package whose target repository no map resolves is removed (12.1).
    pub remove_unresolved: bool,
    /// An event package whose PES id equals a source repository id counts as
    /// untouched (1.6, last paragraph).
    pub repository_tells_provenance: bool,
    /// Of several events that bring a package, the first one in file order says
    /// from which repository; one that is there already keeps its own (12.8).
    pub order_decides_repository: bool,
    /// Reinstallations are kept of the last release only, and crash together
    /// with any other change (12.4).
    pub broken_reinstall: bool,
    /// Without a difference of names no tasks are emitted, and no modules (12.5).
    pub tasks_only_on_name_difference: bool,
    /// The administrator's `to_remove` and `to_keep` count for signed packages
    /// only (1.8, 12.11).
    pub ignore_third_party_wishes: bool,
    /// Public keys and leapp's data packages are in the list of upgrades (11).
    pub upgrade_non_packages: bool,
    /// An empty main event file means vendors' events are not read (1.4).
    pub skip_vendor_events_without_main: bool,
    /// Data streams must include major 3 (0).
    pub only_stream_3: bool,
}

impl Rules {
    /// leapp 0.21.
    pub const LEAPP_0_21: Rules = Rules::all(true);
    /// What its authors meant.
    pub const RIGHT: Rules = Rules::all(false);

    const fn all(leapp: bool) -> Rules {
        Rules {
            emulate_stops: leapp,
            only_map_version_1_2_1: leapp,
            first_map_only: leapp,
            vendors_by_substring: leapp,
            one_vendor_a_repository: leapp,
            enabled_is_literal_1: leapp,
            keys_by_substring: leapp,
            ignore_arches: leapp,
            ignore_approval: leapp,
            fire_without_inputs: leapp,
            lose_modular_outputs: leapp,
            remove_unresolved: leapp,
            repository_tells_provenance: leapp,
            order_decides_repository: leapp,
            broken_reinstall: leapp,
            tasks_only_on_name_difference: leapp,
            ignore_third_party_wishes: leapp,
            upgrade_non_packages: leapp,
            skip_vendor_events_without_main: leapp,
            only_stream_3: leapp,
        }
    }
}
