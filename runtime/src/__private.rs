//! Everything that generated code may name. Not for use by hand; it changes without notice.

pub use crate::{
    asl,
    program::{self, Data, Failure},
    workflow::{
        self, Binding, Call, Def, Durable, ErrorKind, ErrorVariant, Field, Fields, FromError,
        Jitter, Kind, Need, NotNull, Presence, Refused, Retry, Shape, Source, Tagging, Task,
        TaskContext, TaskDescriptor, TaskError, Variant, are_unique,
        arguments::{
            Arguments, Known, Sending, Unknown, ViaDurable, ViaNothing, argument, arguments_schema,
            blocking, found, outcome, part, provided,
        },
        errors_named,
        failing::{
            declares, fmt_error, is_catchable, is_timeout, named_failure, parse_cause, takes_other,
            takes_timeout,
        },
        has_error,
    },
};
pub use schemars;
pub use serde;
pub use serde_json;
