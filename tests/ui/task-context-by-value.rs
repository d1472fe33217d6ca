// errors: 2
use stepwright::prelude::*;

#[task]
async fn price(ctx: TaskContext, sku: String) -> u32 {
    ctx.attempt() + sku.len() as u32
}

#[task]
async fn stock(ctx: &mut TaskContext, sku: String) -> u32 {
    ctx.attempt() + sku.len() as u32
}

#[workflow]
async fn buy(sku: String) -> u32 {
    price(sku.clone()).await + stock(sku).await
}

fn main() {}
