//! Tests of retriers.
