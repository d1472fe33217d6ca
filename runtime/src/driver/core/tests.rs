//! The core against an order of events made up by hand.
