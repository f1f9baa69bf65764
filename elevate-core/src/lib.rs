//! Plans the in-place upgrade of an Enterprise Linux 7 host.
pub mod model;
pub mod rpm;
pub mod snapshot;
pub mod upgrade_data;
