//! A long march, for the test that kills processes: every task writes a line when it runs.

use std::{env, fs::OpenOptions, io::Write as _, process::ExitCode};
use stepwright::prelude::*;

/// Writes which task ran, under its idempotency key. The line is whole or not there.
fn note(ctx: &TaskContext, task: &str, number: u32) {
    let path = env::var_os("MARCH_LOG").expect("the test says where to write");
    let mut log = OpenOptions::new().create(true).append(true).open(path).expect("a file");
    let line = format!("{task} {number} {}\n", ctx.idempotency_key());
    log.write_all(line.as_bytes()).expect("room for a line");
}

#[task]
async fn left(ctx: &TaskContext, number: u32) -> u32 {
    note(ctx, "left", number);
    number
}

#[task]
async fn right(ctx: &TaskContext, number: u32) -> u32 {
    note(ctx, "right", number);
    number
}

#[task]
async fn forward(ctx: &TaskContext, number: u32) -> u32 {
    note(ctx, "forward", number);
    number + 1
}

/// Sets one foot and the other at once, goes forward, and so on. The number tells marches
/// apart.
#[workflow]
async fn march(number: u32, paces: u32) -> u32 {
    let mut done = 0;
    while done < paces {
        let (_, _) = join!(left(done), right(done));
        done = forward(done).await;
    }
    number * 1000 + done
}

fn main() -> ExitCode {
    stepwright::App::new().workflow::<march>().run()
}
