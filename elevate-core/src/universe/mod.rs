//! Every package that could be on the host afterwards, and what is ruled out.

pub mod modules;
