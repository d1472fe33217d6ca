//! Placeholder of the layer `query`.
