//! Everything that generated code may name. Not for use by hand; it changes without notice.

pub use crate::{
    asl,
    program::{self, Data, Failure},
    workflow::{
        self, Binding, Call, Callee, Def, Durable, ErrorKind, ErrorVariant, Field, Fields,
        FromError, Jitter, Kind, Need, NotNull, Presence, Refused, Register, Retry, Shape, Source,
        Tagging, Task, TaskContext, TaskDescriptor, TaskError, Variant, Workflow, WorkflowDef,
        are_unique,
        arguments::{
            Arguments, Known, Parts, Sending, Unknown, ViaDurable, ViaNothing, argument,
            arguments_schema, blocking, found, part_of_data, provided,
        },
        callee, errors_named,
        failing::{
            declares, fmt_error, is_catchable, is_timeout, named_failure, takes_other,
            takes_timeout,
        },
        native::*,
        ops::Operands,
        sleep, sleep_until,
    },
};
pub use schemars;
pub use serde;
pub use serde_json;
