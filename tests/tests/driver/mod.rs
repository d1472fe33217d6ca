//! The engine as a user has it: start, wait, stop, list, reopen.

mod answers;
mod basics;
mod children;
mod durability;
mod failing;
mod fixture;
mod pages;
mod shapes;
mod stranded;
mod tasks;
mod time;
mod typed;
mod versions;
