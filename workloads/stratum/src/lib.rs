//! Where miners connect.

pub mod journal;
pub mod live;
pub mod ship;
pub mod slices;
