//! Everything that generated code may name. Not for use by hand; it changes without notice.

pub use crate::{
    asl,
    program::{self, Data, Failure},
    workflow::{
        self, Binding, Call, Def, Durable, Jitter, Kind, Need, NotNull, Retry, Source, Task,
        TaskContext, TaskDescriptor, TaskError,
        arguments::{
            Arguments, Known, Sending, Unknown, ViaDurable, ViaNothing, argument, arguments_schema,
            blocking, found, outcome, provided,
        },
        errors_named, has_error,
    },
};
pub use schemars;
pub use serde;
pub use serde_json;
