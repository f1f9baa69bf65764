//! Plans the in-place upgrade of an Enterprise Linux 7 host.
pub mod directive;
pub mod facts;
pub mod finding;
pub mod model;
pub mod request;
pub mod rpm;
pub mod snapshot;
pub mod solve;
pub mod upgrade_data;
