//! Scenarios: small worlds, a request, and what libsolv makes of them
//! (`fixtures/scenarios`).

mod answer;
mod directory;
mod hostile;
mod metadata;
mod package;
mod peer;
mod request;
mod shrink;
mod solve;
mod story;
mod world;

pub use answer::Answer;
pub use directory::from_directory;
pub use hostile::hostile;
pub use package::Package;
pub use peer::Peer;
pub use shrink::shrink;
pub use solve::solve;
pub use story::{Dnf, Expected, Libsolv, Repository, Story};
pub use world::World;
