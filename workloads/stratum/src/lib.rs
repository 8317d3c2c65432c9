//! Where miners connect.
