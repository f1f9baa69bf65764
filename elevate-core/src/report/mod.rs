//! Reports: projections of a plan for people and for other tools.

pub mod html;
pub mod leapp_tasks;
pub mod text;
