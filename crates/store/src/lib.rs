//! The only code that speaks SQL: books, shares, blocks, statistics.
