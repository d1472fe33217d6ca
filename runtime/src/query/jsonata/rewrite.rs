//! Changes the tree where `jsonata-core` differs from JSONata 2.0.6, or has no bound where one is
//! needed: calls go to our own functions.

use super::{
    functions::{
        BOUNDED, CONCATENATE, DATED, DATED_PICTURE, NOW, RANGE, REPLACEABLE, Replaced, SINGLETON,
        is_dated, replacement,
    },
    walk::{each_child, each_child_mut},
};
use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep},
    value::with_stack,
};
use std::collections::BTreeSet;

/// Hold the arguments of a rewritten call; no expression can name them.
const LIST: &str = "aws:list";
const FUNCTION: &str = "aws:function";
const INITIAL: &str = "aws:initial";
const TEXT: &str = "aws:text";
const PATTERN: &str = "aws:pattern";
const WITH: &str = "aws:with";
const PICTURE: &str = "aws:picture";

/// Longest literal with which `$replace` needs no bound.
const SHORT: usize = 8;

/// Rewrites the tree and gives the functions of ours that it calls. Functions whose names the
/// expression itself binds are left alone.
pub(super) fn rewrite(tree: &mut AstNode, bound: &BTreeSet<String>) -> BTreeSet<&'static str> {
    let shares = builds(tree);
    let mut rewrite = Rewrite { bound, shares, called: BTreeSet::new() };
    rewrite.visit(tree);
    rewrite.called
}

/// Whether values can be built step by step, each holding the one before several times. What looks
/// through such a value takes exponential time.
fn builds(node: &AstNode) -> bool {
    let mut found =
        matches!(node, AstNode::Lambda { .. } | AstNode::Binary { op: BinaryOp::ColonEqual, .. });
    each_child(node, &mut |child, _| found = found || with_stack(|| builds(child)));
    found
}

struct Rewrite<'a> {
    bound: &'a BTreeSet<String>,
    shares: bool,
    called: BTreeSet<&'static str>,
}

impl Rewrite<'_> {
    fn visit(&mut self, node: &mut AstNode) {
        apply_chain(node, self.bound);
        each_child_mut(node, &mut |child| with_stack(|| self.visit(child)));
        match node {
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                *node = self.host(CONCATENATE, vec![take(lhs), take(rhs)]);
            }
            AstNode::Binary { op: BinaryOp::Range, lhs, rhs } => {
                *node = self.host(RANGE, vec![take(lhs), take(rhs)]);
            }
            AstNode::Binary {
                op: BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In,
                lhs,
                rhs,
            } if self.shares && !is_scalar(lhs) && !is_scalar(rhs) => {
                for operand in [lhs, rhs] {
                    **operand = self.host(BOUNDED, vec![take(operand)]);
                }
            }
            AstNode::Path { steps } if self.shares => self.bound_descendants(steps),
            AstNode::Function { name, args, is_builtin: true } if !self.bound.contains(name) => {
                let (name, args) = (std::mem::take(name), std::mem::take(args));
                *node = self.call_of(name, args);
            }
            AstNode::Variable(name) if !self.bound.contains(name) => {
                if let Some(value) = self.value_of(name) {
                    *node = value;
                }
            }
            _ => {}
        }
    }

    fn host(&mut self, name: &'static str, args: Vec<AstNode>) -> AstNode {
        self.called.insert(name);
        call(name, args)
    }

    fn replaced(&mut self, replaced: &Replaced, focus: AstNode, args: Vec<AstNode>) -> AstNode {
        let focus = replaced.focus.then_some(focus);
        self.host(replaced.host, focus.into_iter().chain(args).collect())
    }

    /// A call of the built-in `name`, as 2.0.6 would run it.
    fn call_of(&mut self, name: String, mut args: Vec<AstNode>) -> AstNode {
        if let Some(replaced) = replacement(&name) {
            return self.replaced(replaced, focus(), args);
        }
        if args.contains(&AstNode::Placeholder) {
            return call(&name, args);
        }
        match (name.as_str(), args.len()) {
            ("now", 0) => self.host(NOW, args),
            ("now", 1 | 2) => {
                args.insert(0, self.host("aws:millis", Vec::new()));
                call("fromMillis", args)
            }
            ("toMillis", 2) => self.to_millis(args),
            ("filter", 2) => {
                self.wrap(&mut args);
                call(&name, args)
            }
            ("reduce", 2 | 3) => {
                self.wrap(&mut args);
                reduce(args)
            }
            ("replace", 3 | 4) => self.replace(args),
            ("distinct", 1) if self.shares => {
                let list = args.into_iter().collect();
                let list = self.host(BOUNDED, list);
                call(&name, vec![list])
            }
            _ => call(&name, args),
        }
    }

    /// The built-in `name` as a value: a function of as many parameters as the reference passes.
    fn value_of(&mut self, name: &str) -> Option<AstNode> {
        let names = ["a", "b", "c"];
        let (parameters, body) = match replacement(name) {
            Some(replaced) => {
                let parameters: Vec<&str> = names.into_iter().take(replaced.parameters).collect();
                let args = parameters.iter().copied().map(AstNode::variable).collect();
                (parameters, self.replaced(replaced, AstNode::Undefined, args))
            }
            None if name == "now" => (Vec::new(), self.host(NOW, Vec::new())),
            None => return None,
        };
        Some(AstNode::Lambda {
            params: parameters.into_iter().map(str::to_owned).collect(),
            body: Box::new(body),
            signature: None,
            thunk: false,
        })
    }

    /// Has the first argument be a list even where it is null.
    fn wrap(&mut self, args: &mut [AstNode]) {
        if let Some(list) = args.first_mut()
            && !matches!(list, AstNode::Array(_))
        {
            *list = self.host(SINGLETON, vec![take(list)]);
        }
    }

    /// `$toMillis` whose picture may lack the date: the event's date stands in for it.
    fn to_millis(&mut self, args: Vec<AstNode>) -> AstNode {
        if matches!(args.get(1), Some(AstNode::String(picture)) if is_dated(picture)) {
            return call("toMillis", args);
        }
        let names = [TEXT, PICTURE];
        let mut block: Vec<_> =
            names.into_iter().zip(args).map(|(name, value)| bind(name, value)).collect();
        let [text, picture] = names.map(AstNode::variable);
        let text = self.host(DATED, vec![text, picture.clone()]);
        let picture = self.host(DATED_PICTURE, vec![picture]);
        block.push(call("toMillis", vec![text, picture]));
        AstNode::Block(block)
    }

    /// `$replace` that refuses to make too long a text.
    fn replace(&mut self, args: Vec<AstNode>) -> AstNode {
        if matches!(args.get(2), Some(AstNode::String(with)) if with.len() <= SHORT) {
            return call("replace", args);
        }
        let mut args = args.into_iter();
        let names = [TEXT, PATTERN, WITH];
        let mut block: Vec<_> =
            names.into_iter().zip(&mut args).map(|(name, value)| bind(name, value)).collect();
        let [text, pattern, with] = names.map(AstNode::variable);
        let with = self.host(REPLACEABLE, vec![text.clone(), pattern.clone(), with]);
        block.push(call("replace", [text, pattern, with].into_iter().chain(args).collect()));
        AstNode::Block(block)
    }

    /// Bounds what the steps `**` look through.
    fn bound_descendants(&mut self, steps: &mut Vec<PathStep>) {
        if steps.iter().skip(1).any(|step| step.node == AstNode::Descendant) {
            let all = std::mem::take(steps);
            for (index, step) in all.into_iter().enumerate() {
                if index > 0 && step.node == AstNode::Descendant {
                    steps.push(PathStep::new(self.host(BOUNDED, vec![focus()])));
                }
                steps.push(step);
            }
        }
    }
}

/// Makes `value ~> $function(args)` the call that it is.
fn apply_chain(node: &mut AstNode, bound: &BTreeSet<String>) {
    let AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } = node else { return };
    let AstNode::Function { name, args, is_builtin: true } = &mut **rhs else { return };
    if bound.contains(name) || args.contains(&AstNode::Placeholder) {
        return;
    }
    args.insert(0, take(lhs));
    *node = take(rhs);
}

/// `$reduce` where an undefined initial value is none, and of an empty list without one nothing
/// comes out.
fn reduce(args: Vec<AstNode>) -> AstNode {
    let mut args = args.into_iter();
    let (Some(list), Some(function), initial) = (args.next(), args.next(), args.next()) else {
        return AstNode::Undefined;
    };
    let is_value =
        |node: &&AstNode| is_scalar(node) || matches!(node, AstNode::Array(_) | AstNode::Object(_));
    if let Some(initial) = initial.as_ref().filter(is_value) {
        return call("reduce", vec![list, function, initial.clone()]);
    }
    let variable = AstNode::variable;
    let mut block = vec![bind(LIST, list)];
    let without = AstNode::Conditional {
        condition: Box::new(AstNode::Binary {
            op: BinaryOp::Equal,
            lhs: Box::new(call("count", vec![variable(LIST)])),
            rhs: Box::new(AstNode::number(0.0)),
        }),
        then_branch: Box::new(AstNode::Undefined),
        else_branch: Some(Box::new(call("reduce", vec![variable(LIST), variable(FUNCTION)]))),
    };
    block.extend(initial.map(|initial| bind(INITIAL, initial)));
    block.push(bind(FUNCTION, function));
    let has_initial = block.len() == 3;
    block.push(if has_initial {
        let with = vec![variable(LIST), variable(FUNCTION), variable(INITIAL)];
        AstNode::Conditional {
            condition: Box::new(call("exists", vec![variable(INITIAL)])),
            then_branch: Box::new(call("reduce", with)),
            else_branch: Some(Box::new(without)),
        }
    } else {
        without
    });
    AstNode::Block(block)
}

fn is_scalar(node: &AstNode) -> bool {
    use AstNode::{Boolean, Null, Number, String};
    matches!(node, String(_) | Number(_) | Boolean(_) | Null)
}

fn bind(name: &str, value: AstNode) -> AstNode {
    AstNode::Binary {
        op: BinaryOp::ColonEqual,
        lhs: Box::new(AstNode::variable(name)),
        rhs: Box::new(value),
    }
}

fn take(node: &mut AstNode) -> AstNode {
    std::mem::replace(node, AstNode::Null)
}

fn focus() -> AstNode {
    AstNode::variable("")
}

fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}
