//! Bytes to model: what rpm, yum and dnf write, read into [`crate::model`].

pub mod compressed;
pub mod dnf_history;
pub mod filelists;
pub mod header;
pub mod listing;
pub mod metadata;
pub mod primary;
pub mod repomd;
pub mod rpmdb;
pub mod yumdb;
