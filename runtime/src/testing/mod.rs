//! For tests of workflows: a world in memory with a virtual clock, doubles of tasks, and the
//! comparison of a workflow's native form with its exported one.
//!
//! ```
//! use stepwright::testing::{Doubles, World};
//! use serde_json::json;
//!
//! let asl = r#"{ "QueryLanguage": "JSONata", "StartAt": "sleep", "States": {
//!     "sleep": { "Type": "Wait", "Seconds": 31536000, "Next": "greet" },
//!     "greet": { "Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:greet",
//!                "Arguments": { "name": "{% $states.context.Execution.Input %}" }, "End": true } } }"#;
//! let doubles = Doubles::new().task("greet", |call| Ok(json!(format!("hello {}", call.arguments["name"].as_str().unwrap_or("")))));
//! let run = World::interpreting(asl)?.doubles(doubles).run(json!("Ada"))?;
//! assert_eq!(run.output(), Some(&json!("hello Ada")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compare;
mod doubles;
mod equivalent;
mod judges;
mod lambda;
mod misspelt;
mod named;
mod real;
mod run;
mod world;

pub use crate::export::asl::Tasks;
pub use compare::Difference;
pub use doubles::{Answer, Call, Doubles};
pub use equivalent::{Equivalent, NotEquivalent, Why, equivalent};
pub use run::Run;
pub use world::{World, WorldError};
