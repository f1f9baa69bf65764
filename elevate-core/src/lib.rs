//! Plans the in-place upgrade of an Enterprise Linux 7 host.
pub mod directive;
pub mod facts;
pub mod finding;
pub mod model;
pub mod pipeline;
pub mod plan;
pub mod report;
pub mod request;
pub mod rpm;
pub mod snapshot;
pub mod solve;
pub mod transaction;
pub mod upgrade_data;
