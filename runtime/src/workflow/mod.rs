//! Placeholder of the layer `workflow`.
