//! Changes of authorities from begin to end.
