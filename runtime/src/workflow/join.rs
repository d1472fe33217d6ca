//! Running several calls at once: a Parallel or a Map in a workflow, plain futures elsewhere.

pub use futures_util::{
    future::{join_all, try_join_all},
    join, try_join,
};
