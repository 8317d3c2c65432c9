//! The signer from outside: what it refuses, one by one, what it never signs twice, and what a real
//! node takes from it.

mod books;
mod files;
mod hostile;
mod node;
mod refusals;
mod support;
