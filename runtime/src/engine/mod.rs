//! Placeholder of the layer `engine`.
