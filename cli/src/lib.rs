//! A whole pool on one machine, and the tools around it.
