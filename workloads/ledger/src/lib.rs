//! Makes shares durable exactly once, and keeps live statistics.
