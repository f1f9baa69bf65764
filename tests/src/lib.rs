//! What end-to-end tests share: where recorded data is, and how a recorded case
//! becomes a snapshot, upgrade data and options.

pub mod oracle;
pub mod recorded;
