//! Walking an expression's syntax tree: children, free names, names bound inside.

use super::environment::StatesReads;
use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep, Stage},
    value::with_stack,
};
use std::collections::BTreeSet;

/// Whether a child is evaluated where its parent is, or against values that the parent hands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the focus of the parent.
    Same,
    /// Inside a path step, predicate, sort term or pattern.
    Inside,
}

/// Calls `f` for each child, in source order.
pub(super) fn each_child<'n>(node: &'n AstNode, f: &mut dyn FnMut(&'n AstNode, Place)) {
    use Place::{Inside, Same};
    match node {
        AstNode::Path { steps } => {
            for (i, step) in steps.iter().enumerate() {
                f(&step.node, if i == 0 { Same } else { Inside });
                each_filter(step, &mut |filter| f(filter, Inside));
            }
        }
        AstNode::Binary { lhs, rhs, .. } => {
            f(lhs, Same);
            f(rhs, Same);
        }
        AstNode::Unary { operand, .. } => f(operand, Same),
        AstNode::Function { args, .. } => {
            for arg in args {
                f(arg, Same);
            }
        }
        AstNode::Call { procedure, args } => {
            f(procedure, Same);
            for arg in args {
                f(arg, Same);
            }
        }
        AstNode::Lambda { body, .. } => f(body, Same),
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
            for item in items {
                f(item, Same);
            }
        }
        AstNode::Object(pairs) => {
            for (k, v) in pairs {
                f(k, Same);
                f(v, Same);
            }
        }
        AstNode::ObjectTransform { input, pattern } => {
            f(input, Same);
            for (k, v) in pattern {
                f(k, Inside);
                f(v, Inside);
            }
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            f(condition, Same);
            f(then_branch, Same);
            if let Some(branch) = else_branch {
                f(branch, Same);
            }
        }
        AstNode::FunctionApplication(inner) => f(inner, Inside),
        AstNode::Sort { input, terms } => {
            f(input, Same);
            for (term, _) in terms {
                f(term, Inside);
            }
        }
        AstNode::Transform { location, update, delete } => {
            f(location, Inside);
            f(update, Inside);
            if let Some(delete) = delete {
                f(delete, Inside);
            }
        }
        _ => {}
    }
}

fn each_filter<'n>(step: &'n PathStep, f: &mut dyn FnMut(&'n AstNode)) {
    for stage in &step.stages {
        if let Stage::Filter(filter) = stage {
            f(filter);
        }
    }
}

/// Calls `f` for each child, to change it.
pub(super) fn each_child_mut(node: &mut AstNode, f: &mut dyn FnMut(&mut AstNode)) {
    match node {
        AstNode::Path { steps } => {
            for step in steps {
                f(&mut step.node);
                for stage in &mut step.stages {
                    if let Stage::Filter(filter) = stage {
                        f(filter);
                    }
                }
            }
        }
        AstNode::Binary { lhs, rhs, .. } => {
            f(lhs);
            f(rhs);
        }
        AstNode::Unary { operand: inner, .. }
        | AstNode::Lambda { body: inner, .. }
        | AstNode::FunctionApplication(inner) => f(inner),
        AstNode::Function { args, .. } => {
            for child in args {
                f(child);
            }
        }
        AstNode::Call { procedure, args } => {
            f(procedure);
            for child in args {
                f(child);
            }
        }
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
            for child in items {
                f(child);
            }
        }
        AstNode::Object(pairs) => {
            for (k, v) in pairs {
                f(k);
                f(v);
            }
        }
        AstNode::ObjectTransform { input, pattern } => {
            f(input);
            for (k, v) in pattern {
                f(k);
                f(v);
            }
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            f(condition);
            f(then_branch);
            if let Some(branch) = else_branch {
                f(branch);
            }
        }
        AstNode::Sort { input, terms } => {
            f(input);
            for (term, _) in terms {
                f(term);
            }
        }
        AstNode::Transform { location, update, delete } => {
            f(location);
            f(update);
            if let Some(delete) = delete {
                f(delete);
            }
        }
        _ => {}
    }
}

/// The names of an expression.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Variables that it reads and does not bind.
    pub(super) variables: BTreeSet<String>,
    /// Functions that it calls by name and does not bind.
    pub(super) functions: BTreeSet<String>,
    /// Variables that it gives to `$exists`.
    pub(super) tested: BTreeSet<String>,
    /// Every name that it binds anywhere.
    pub(super) bound: BTreeSet<String>,
    /// What it reads of `$states`.
    pub(super) states: StatesReads,
    /// Names directly below `$states`, `["context", "Task", "Token"]` among them.
    pub(super) states_paths: BTreeSet<Vec<String>>,
}

/// The variable that a path begins with.
fn root(node: &AstNode) -> Option<&str> {
    match node {
        AstNode::Variable(name) => Some(name),
        AstNode::Path { steps } => steps.first().and_then(|step| root(&step.node)),
        _ => None,
    }
}

/// Collects the names of an expression.
pub(super) fn names(node: &AstNode) -> Names {
    let mut names = Names::default();
    names.visit(node, &mut Vec::new());
    names
}

impl Names {
    fn visit(&mut self, node: &AstNode, scope: &mut Vec<String>) {
        with_stack(|| self.visit_here(node, scope));
    }

    fn visit_here(&mut self, node: &AstNode, scope: &mut Vec<String>) {
        match node {
            AstNode::Variable(name) => self.read(name, scope),
            AstNode::Function { name, is_builtin, args } => {
                if *is_builtin && !scope.contains(name) {
                    self.functions.insert(name.clone());
                    if let ("exists", Some(tested)) = (name.as_str(), args.first().and_then(root)) {
                        self.tested.insert(tested.to_owned());
                    }
                }
                for arg in args {
                    self.visit(arg, scope);
                }
            }
            AstNode::Block(items) => {
                let outer = scope.len();
                for item in items {
                    self.visit(item, scope);
                }
                scope.truncate(outer);
            }
            AstNode::Lambda { params, body, .. } => {
                let outer = scope.len();
                for param in params {
                    self.bind(param, scope);
                }
                self.visit(body, scope);
                scope.truncate(outer);
            }
            AstNode::Binary { op: BinaryOp::ColonEqual, lhs, rhs } => {
                let AstNode::Variable(name) = lhs.as_ref() else { return };
                // A function sees itself.
                if matches!(rhs.as_ref(), AstNode::Lambda { .. }) {
                    self.bind(name, scope);
                }
                self.visit(rhs, scope);
                self.bind(name, scope);
            }
            AstNode::Path { steps } => self.visit_path(steps, scope),
            _ => each_child(node, &mut |child, _| self.visit(child, scope)),
        }
    }

    fn visit_path(&mut self, steps: &[PathStep], scope: &mut Vec<String>) {
        let mut rest = steps;
        if let [first, tail @ ..] = steps
            && matches!(&first.node, AstNode::Variable(name) if name == "states")
            && !scope.iter().any(|bound| bound == "states")
        {
            rest = tail;
            self.read_states(first, tail);
            each_filter(first, &mut |filter| self.visit(filter, scope));
        }
        for step in rest {
            self.visit(&step.node, scope);
            for name in step.focus.iter().chain(&step.index_var) {
                self.bind(name, scope);
            }
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.visit(filter, scope),
                    Stage::Index(name) => self.bind(name, scope),
                    Stage::KeepArray => {}
                }
            }
        }
    }

    fn read_states(&mut self, first: &PathStep, tail: &[PathStep]) {
        self.variables.insert("states".to_owned());
        let mut names = Vec::new();
        if first.stages.is_empty() {
            for step in tail {
                let AstNode::Name(name) = &step.node else { break };
                names.push(name.as_str());
                if !step.stages.is_empty() {
                    break;
                }
            }
        }
        self.states.add(&names);
        self.states_paths.insert(names.into_iter().map(str::to_owned).collect());
    }

    fn read(&mut self, name: &str, scope: &[String]) {
        if name.is_empty() || scope.iter().any(|bound| bound == name) {
            return;
        }
        if name == "states" {
            self.states.add(&[]);
            self.states_paths.insert(Vec::new());
        }
        self.variables.insert(name.to_owned());
    }

    fn bind(&mut self, name: &str, scope: &mut Vec<String>) {
        self.bound.insert(name.to_owned());
        scope.push(name.to_owned());
    }
}
