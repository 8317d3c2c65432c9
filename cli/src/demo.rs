//! d
mod node;
