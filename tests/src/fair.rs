//! A fair with more kinds of workflows than the shop, for the tests of the command line: the binary
//! `fair` runs it.

#![allow(clippy::indexing_slicing, reason = "`prize` shows an index that is out of range")]

use std::future::{pending, ready};
use stepwright::prelude::*;

/// Why nothing was drawn.
#[data]
#[derive(TaskError)]
pub enum DrawError {
    /// There is a blank for each of these.
    Blank(String),
}

/// Draws a lot; each number over 1,000 is a blank with a text of that length.
#[task]
pub async fn draw(lot: u32) -> Result<u32, DrawError> {
    ready(()).await;
    if lot > 1_000 { Err(DrawError::Blank("ä".repeat(lot as usize))) } else { Ok(lot) }
}

/// Draws lots at the same time.
#[workflow]
pub async fn draws(lots: Vec<u32>) -> Result<Vec<u32>, DrawError> {
    try_join_all(lots.iter().map(|lot| draw(*lot))).await
}

/// Gives the prize of the number drawn.
#[workflow]
pub async fn prize(lot: u32, prizes: Vec<String>) -> Result<String, DrawError> {
    let drawn = draw(lot).await?;
    Ok(prizes[drawn as usize].clone())
}

/// Draws by way of a child workflow.
#[workflow]
pub async fn family(lots: Vec<u32>) -> Result<Vec<u32>, DrawError> {
    let drawn = draws(lots).await?;
    Ok(drawn)
}

/// Turns until it is stopped.
#[task]
pub async fn turn() -> u32 {
    pending().await
}

/// Rides the wheel.
#[workflow]
pub async fn ride() -> u32 {
    turn().await
}

/// Rides in company: by way of a child workflow.
#[workflow]
pub async fn outing() -> u32 {
    ride().await
}

/// Sleeps for an hour.
#[workflow]
pub async fn nap() -> u32 {
    sleep(Duration::from_hours(1)).await;
    1
}

/// Rests by way of a child workflow.
#[workflow]
pub async fn rest() -> u32 {
    nap().await
}

/// Waits until a file appears.
#[task]
pub async fn admit(file: String) -> String {
    while !std::path::Path::new(&file).exists() {
        sleep(Duration::from_millis(5)).await;
    }
    file
}

/// Queues for admission.
#[workflow]
pub async fn queue(file: String) -> String {
    admit(file).await
}
