//! The store against a real PostgreSQL.

mod books;
mod follower;
mod histories;
mod lives;
mod retention;
mod roles;
mod shares;
mod statistics;
mod support;
mod windows;
