//! A second look at an expression that failed, for the words of its error.
//!
//! The reference names functions and values that the evaluator's errors leave out. So what failed is
//! evaluated once more with a check before each call and comparison; where the check finds the
//! same error, its words are taken.

use super::walk::each_child_mut;
use jsonata_core::{
    ast::{AstNode, BinaryOp},
    value::with_stack,
};

/// Checks the arguments of the call that follows, and remembers its name.
pub(super) const ENTER: &str = "aws:enter";
/// Checks the operands of a comparison.
pub(super) const COMPARE: &str = "aws:compare";
/// Checks what a transform writes, and what it deletes.
pub(super) const UPDATE: &str = "aws:update";
/// The same for what it deletes.
pub(super) const DELETE: &str = "aws:delete";
/// Checks a key of an object.
pub(super) const KEY: &str = "aws:key";

/// The tree with its checks.
pub(super) fn explained(tree: &AstNode) -> AstNode {
    let mut tree = tree.clone();
    visit(&mut tree);
    tree
}

fn visit(node: &mut AstNode) {
    each_child_mut(node, &mut |child| with_stack(|| visit(child)));
    match node {
        AstNode::Function { name, args, .. } if !args.contains(&AstNode::Placeholder) => {
            let check = vec![AstNode::string(name.as_str()), AstNode::variable("")];
            let name = name.clone();
            // Ours check for themselves.
            if !name.starts_with("aws:") || name == "aws:join" {
                *node = checked(ENTER, check, args, node_of_function(&name));
            }
        }
        AstNode::Binary { op, lhs, rhs } => {
            let op = *op;
            let Some(sign) = comparison(op) else { return };
            let mut operands = vec![take(lhs), take(rhs)];
            let make = move |args: Vec<AstNode>| {
                let mut args = args.into_iter();
                let mut next = || Box::new(args.next().unwrap_or(AstNode::Undefined));
                AstNode::Binary { op, lhs: next(), rhs: next() }
            };
            *node = checked(COMPARE, vec![AstNode::string(sign)], &mut operands, make);
        }
        AstNode::Transform { update, delete, .. } => {
            **update = call(UPDATE, vec![take(update)]);
            if let Some(delete) = delete {
                **delete = call(DELETE, vec![take(delete)]);
            }
        }
        AstNode::Object(pairs) | AstNode::ObjectTransform { pattern: pairs, .. } => {
            for (key, _) in pairs {
                if !matches!(key, AstNode::String(_)) {
                    *key = call(KEY, vec![take(key)]);
                }
            }
        }
        _ => {}
    }
}

fn node_of_function(name: &str) -> impl FnOnce(Vec<AstNode>) -> AstNode {
    let name = name.to_owned();
    move |args| AstNode::Function { name, args, is_builtin: true }
}

fn comparison(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::LessThan => "<",
        BinaryOp::LessThanOrEqual => "<=",
        BinaryOp::GreaterThan => ">",
        BinaryOp::GreaterThanOrEqual => ">=",
        _ => return None,
    })
}

/// Evaluates the arguments once, checks them, and then makes of them what they were written for.
fn checked(
    check: &str,
    before: Vec<AstNode>,
    args: &mut Vec<AstNode>,
    make: impl FnOnce(Vec<AstNode>) -> AstNode,
) -> AstNode {
    let names: Vec<_> =
        (0..args.len()).map(|index| AstNode::variable(format!("aws:{index}"))).collect();
    let values = std::mem::take(args);
    let mut block: Vec<_> = names
        .iter()
        .zip(values)
        .map(|(name, value)| AstNode::Binary {
            op: BinaryOp::ColonEqual,
            lhs: Box::new(name.clone()),
            rhs: Box::new(value),
        })
        .collect();
    block.push(call(check, before.into_iter().chain(names.clone()).collect()));
    block.push(make(names));
    AstNode::Block(block)
}

fn take(node: &mut AstNode) -> AstNode {
    std::mem::replace(node, AstNode::Null)
}

fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}
