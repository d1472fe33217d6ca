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
/// Holds the list of a rewritten `$reduce`; no expression can name it.
const LIST: &str = "aws:list";

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
        // Of an empty list without an initial value nothing comes out.
        ("reduce", 2) => {
            let list = args.remove(0);
            args.insert(0, AstNode::variable(LIST));
            AstNode::Block(vec![
                AstNode::Binary {
                    op: BinaryOp::ColonEqual,
                    lhs: Box::new(AstNode::variable(LIST)),
                    rhs: Box::new(list),
                },
                AstNode::Conditional {
                    condition: Box::new(AstNode::Binary {
                        op: BinaryOp::Equal,
                        lhs: Box::new(call("count", vec![AstNode::variable(LIST)])),
                        rhs: Box::new(AstNode::number(0.0)),
                    }),
                    then_branch: Box::new(AstNode::Undefined),
                    else_branch: Some(Box::new(call(name, args))),
                },
            ])
        }
        _ => call(name, args),
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
