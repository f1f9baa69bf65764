//! Bytes to model: what rpm, yum and dnf write, read into [`crate::model`].

pub mod compressed;
pub mod comps;
pub mod dnf_history;
mod element;
pub mod filelists;
pub mod header;
pub mod listing;
pub mod metadata;
pub mod modules;
pub mod primary;
pub mod repomd;
pub mod rpmdb;
pub mod updateinfo;
pub mod yumdb;
