//! Changes the tree where `jsonata-core` differs from JSONata 2.0.6 and its functions cannot be
//! replaced from outside.

use super::walk::each_child_mut;
use jsonata_core::{
    ast::{AstNode, BinaryOp},
    value::with_stack,
};
use std::collections::BTreeSet;

/// Rounds integers to the 15 digits that 2.0.6 prints; no expression can name it.
pub(super) const ROUND: &str = "aws:round";
/// Makes a list of a null, as the signature of a function that takes a list does; no expression can
/// name it.
pub(super) const SINGLETON: &str = "aws:singleton";
/// Hold the arguments of a rewritten `$reduce`; no expression can name them.
const LIST: &str = "aws:list";
const FUNCTION: &str = "aws:function";
const INITIAL: &str = "aws:initial";

/// Rewrites the tree. Functions whose names the expression itself binds are left alone.
pub(super) fn rewrite(node: &mut AstNode, bound: &BTreeSet<String>) {
    each_child_mut(node, &mut |child| with_stack(|| rewrite(child, bound)));
    match node {
        AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
            round_operand(lhs);
            round_operand(rhs);
        }
        AstNode::Function { name, args, is_builtin: true }
            if !bound.contains(name) && !args.contains(&AstNode::Placeholder) =>
        {
            let name = name.clone();
            let args = std::mem::take(args);
            *node = call_of(&name, args);
        }
        AstNode::Variable(name) if name == "string" && !bound.contains(name) => {
            let body = call("string", vec![call(ROUND, vec![AstNode::variable("value")])]);
            *node = AstNode::Lambda {
                params: vec!["value".to_owned()],
                body: Box::new(body),
                signature: None,
                thunk: false,
            };
        }
        _ => {}
    }
}

/// A call of the built-in `name`, as 2.0.6 would run it.
fn call_of(name: &str, mut args: Vec<AstNode>) -> AstNode {
    match (name, args.len()) {
        ("string", 0) => call(name, vec![call(ROUND, vec![focus()])]),
        ("string", _) => {
            if let Some(value) = args.first_mut() {
                round_operand(value);
            }
            call(name, args)
        }
        // An override does not see the focus, which is the missing first argument.
        ("encodeUrl" | "encodeUrlComponent", 0) | ("pad", 1) => {
            args.insert(0, focus());
            call(name, args)
        }
        ("now", 1..) => {
            args.insert(0, call("millis", Vec::new()));
            call("fromMillis", args)
        }
        ("filter", 2) => {
            args = wrapped(args);
            call(name, args)
        }
        ("reduce", 2 | 3) => reduce(wrapped(args)),
        _ => call(name, args),
    }
}

/// Has the first argument be a list even where it is null.
fn wrapped(mut args: Vec<AstNode>) -> Vec<AstNode> {
    if let Some(list) = args.first_mut()
        && !matches!(list, AstNode::Array(_))
    {
        let inner = std::mem::replace(list, AstNode::Null);
        *list = call(SINGLETON, vec![inner]);
    }
    args
}

/// `$reduce` where an undefined initial value is none, and of an empty list without one nothing
/// comes out.
fn reduce(args: Vec<AstNode>) -> AstNode {
    let mut args = args.into_iter();
    let (Some(list), Some(function), initial) = (args.next(), args.next(), args.next()) else {
        return AstNode::Undefined;
    };
    let is_value = |node: &AstNode| {
        use AstNode::{Array, Boolean, Null, Number, Object, String};
        matches!(node, String(_) | Number(_) | Boolean(_) | Null | Array(_) | Object(_))
    };
    if let Some(initial) = initial.as_ref().filter(|initial| is_value(initial)) {
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

fn bind(name: &str, value: AstNode) -> AstNode {
    AstNode::Binary {
        op: BinaryOp::ColonEqual,
        lhs: Box::new(AstNode::variable(name)),
        rhs: Box::new(value),
    }
}

/// Wraps what may print as a number.
fn round_operand(node: &mut AstNode) {
    let is_text = match node {
        AstNode::String(_) => true,
        AstNode::Binary { op, .. } => *op == BinaryOp::Concatenate,
        AstNode::Function { name, .. } => {
            matches!(name.as_str(), "string" | "formatBase" | "substring" | "join" | "uppercase")
                || name == ROUND
        }
        _ => false,
    };
    if !is_text {
        let inner = std::mem::replace(node, AstNode::Null);
        *node = call(ROUND, vec![inner]);
    }
}

fn focus() -> AstNode {
    AstNode::variable("")
}

fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}
