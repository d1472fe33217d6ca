//! Examples of stepwright; each is a binary of its own under a folder of its name.
