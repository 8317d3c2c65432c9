//! On real nodes.
