//! Beside a coin daemon: templates out, blocks in, chain queries.
