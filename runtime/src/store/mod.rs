//! Durability behind one small trait: what is written, and what a crash before or after means.
