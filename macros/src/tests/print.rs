//! The representation as text: a line for each node.

use crate::{
    cfg::liveness::Live,
    ir::{Entry, Ir, Kind, ListId, Step, Used, VarId, Vars},
};
use quote::ToTokens;
use std::fmt::Write as _;

pub(super) fn print(ir: &Ir, live: &Live) -> String {
    let mut printer = Printer { ir, text: String::new() };
    for id in &ir.order {
        let segment = &ir.segments[*id];
        let entry = match segment.entry {
            Entry::Begin(None) => "begin".to_owned(),
            Entry::Begin(Some(item)) => format!("begin with {}", printer.key(item)),
            Entry::Jump => "jump".to_owned(),
            Entry::Resume(_, value) => format!("resume with {}", printer.key(value)),
        };
        let alive = printer.keys(live.at(*id));
        let _ = writeln!(printer.text, "{id}: frame {}, {entry}, alive [{alive}]", segment.frame);
        printer.list(segment.list, 1);
    }
    printer.text
}

fn used(used: Used) -> String {
    match used {
        Used::Tried(_) => "Tried".to_owned(),
        used => format!("{used:?}"),
    }
}

struct Printer<'a> {
    ir: &'a Ir,
    text: String,
}

impl Printer<'_> {
    fn key(&self, var: VarId) -> &str {
        &self.ir.vars[var].key
    }

    fn keys(&self, vars: &Vars) -> String {
        vars.iter().map(|var| self.key(*var)).collect::<Vec<_>>().join(" ")
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{}{text}", "  ".repeat(depth));
    }

    fn list(&mut self, list: ListId, depth: usize) {
        for node in &self.ir.lists[list] {
            self.node(&node.kind, depth);
        }
    }

    fn node(&mut self, kind: &Kind, depth: usize) {
        match kind {
            Kind::Stmt { stmt, info } => {
                let leaves = if info.leaves { "  // may leave" } else { "" };
                self.line(depth, &format!("{}{leaves}", code(stmt)));
            }
            Kind::Set { var, expr, falls, .. } => {
                let how = if *falls { "gives" } else { "sets" };
                let line = format!("{how} {} = {}", self.key(*var), code(expr));
                self.line(depth, &line);
            }
            Kind::If { cond, then, els, falls, .. } => {
                self.line(depth, &format!("if{} {}", fall(*falls), code(cond)));
                self.list(*then, depth + 1);
                self.line(depth, "else");
                self.list(*els, depth + 1);
            }
            Kind::Match { scrutinee, arms, falls, .. } => {
                self.line(depth, &format!("match{} {}", fall(*falls), code(scrutinee)));
                for arm in arms {
                    self.line(depth + 1, &format!("{} =>", code(&arm.pat)));
                    self.list(arm.list, depth + 2);
                }
            }
            Kind::LetElse { stmt, els, .. } => {
                self.line(depth, &format!("{} else", code(stmt)));
                self.list(*els, depth + 1);
            }
            Kind::Block { list, .. } => {
                self.line(depth, "block");
                self.list(*list, depth + 1);
            }
            Kind::ForInit { expr, list, index, .. } => {
                let line =
                    format!("walk {} {} = {}", self.key(*list), self.key(*index), code(expr));
                self.line(depth, &line);
            }
            Kind::ForHead { pat, body, els, .. } => {
                self.line(depth, &format!("next {}", code(pat)));
                self.list(*body, depth + 1);
                self.line(depth, "else");
                self.list(*els, depth + 1);
            }
            Kind::Goto(to) => self.line(depth, &format!("goto {to}")),
            Kind::Await(step) => {
                let what = match step.step {
                    Step::Call => "await",
                    Step::Sleep(_) | Step::SleepUntil(_) => "pause",
                };
                let line =
                    format!("{what} {} -> {} {}", code(&step.expr), step.resume, used(step.used));
                self.line(depth, &line);
            }
            Kind::Spawn(spawned) => {
                let used = used(spawned.used);
                let line = format!("spawn {:?} -> {} {used}", spawned.frames, spawned.resume);
                self.line(depth, &line);
            }
            Kind::Map { items, spawned, .. } => {
                let (items, used) = (code(items), used(spawned.used));
                let line =
                    format!("map {items} by {:?} -> {} {used}", spawned.frames, spawned.resume);
                self.line(depth, &line);
            }
            Kind::Ret { expr, .. } => self.line(depth, &format!("end {}", code(expr))),
        }
    }
}

fn fall(falls: bool) -> &'static str {
    if falls { " (falls)" } else { "" }
}

/// Tokens with the blanks a person would write.
fn code(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut text = text.replace(" . ", ".").replace(" :: ", "::").replace("& ", "&");
    for (spaced, tight) in
        [(" (", "("), ("( ", "("), (" )", ")"), (" ,", ","), (" ;", ";"), (" ?", "?"), (" !", "!")]
    {
        text = text.replace(spaced, tight);
    }
    text
}
