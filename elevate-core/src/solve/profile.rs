//! How versions of libsolv differ where it shows in a transaction.

/// The behaviour of a libsolv release, difference by difference (solver-rules.md
/// A7, solver-search.md B10.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// The release it stands for.
    pub libsolv: &'static str,
    /// A name of which only installed packages are there has a best architecture
    /// too (0.7.25).
    pub best_arch_of_installed: bool,
    /// What stands behind `else` in a rich recommendation is read both ways when
    /// packages are looked up that matter (0.7.22).
    pub follow_else: bool,
    /// A targeted update concerns packages of the same colour only.
    pub targets_of_one_colour: bool,
    /// Erasing one package of several architectures ends their lock-step.
    pub erase_breaks_lockstep: bool,
    /// Asking for an installed package frees it from its best rule (0.7.23).
    pub keeping_frees_from_best: bool,
    /// Choice rules look at what is to be updated and at downgrades, instead of
    /// whether the requiring package is the newest (0.7.22, 0.7.25).
    pub choose_by_updates: bool,
    /// Choice rules that the result does not need are dropped, and the search
    /// begins anew.
    pub drop_unneeded_choices: bool,
    /// Of packages for a job, those that take the place of an installed one are
    /// preferred.
    pub prefer_replacing: bool,
    /// Of the parts of a split package only the first is a candidate; the others
    /// follow it.
    pub prune_splits: bool,
    /// Installed packages that could not be kept are looked at once more, after
    /// all others.
    pub update_in_last_pass: bool,
    /// A package is not given up for another while it takes the place of an
    /// installed one.
    pub replacing_is_final: bool,
    /// A same-name clash is the first reason to tell.
    pub same_name_first: bool,
}

impl Profile {
    /// libsolv 0.7.20, of Enterprise Linux 8.
    pub const LIBSOLV_0_7_20: Self = Self {
        libsolv: "0.7.20",
        best_arch_of_installed: false,
        follow_else: false,
        targets_of_one_colour: false,
        erase_breaks_lockstep: false,
        keeping_frees_from_best: false,
        choose_by_updates: false,
        drop_unneeded_choices: false,
        prefer_replacing: false,
        prune_splits: false,
        update_in_last_pass: false,
        replacing_is_final: false,
        same_name_first: false,
    };

    /// libsolv 0.7.39.
    pub const LIBSOLV_0_7_39: Self = Self {
        libsolv: "0.7.39",
        best_arch_of_installed: true,
        follow_else: true,
        targets_of_one_colour: true,
        erase_breaks_lockstep: true,
        keeping_frees_from_best: true,
        choose_by_updates: true,
        drop_unneeded_choices: true,
        prefer_replacing: true,
        prune_splits: true,
        update_in_last_pass: true,
        replacing_is_final: true,
        same_name_first: true,
    };

    /// All of them.
    pub const ALL: [Self; 2] = [Self::LIBSOLV_0_7_20, Self::LIBSOLV_0_7_39];
}
