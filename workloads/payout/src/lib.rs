//! Follows blocks, settles and pays.
