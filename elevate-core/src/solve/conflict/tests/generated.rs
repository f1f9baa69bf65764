//! Worlds made by chance.
