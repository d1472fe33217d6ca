//! The smallest workflow: one task, one step.

use stepwright::prelude::*;

#[data]
struct Guest {
    name: String,
}

#[task]
async fn greet_guest(name: &str) -> String {
    format!("Hello, {name}!")
}

#[workflow]
async fn greet(guest: Guest) -> String {
    greet_guest(&guest.name).await
}

fn main() -> ExitCode {
    stepwright::App::new().workflow::<greet>().run()
}
