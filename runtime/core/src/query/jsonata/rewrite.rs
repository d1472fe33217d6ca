//! Changes the tree where `jsonata-core` differs from JSONata 2.0.6, or has no bound where one is
//! needed: calls go to our own functions.

use super::{
    functions::{
        BOUNDED, CARRIED, CONCATENATE, COPY, DATED, DATED_PICTURE, GROUPED, HELD, NEGATE, NOW,
        OBJECTS, OPERAND, RANGE, READABLE, REPLACEABLE, ROUND, Replaced, SINGLETON, WRITABLE,
        is_dated, replacement,
    },
    regex::translated,
    walk::{each_child, each_child_mut},
};
use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep, UnaryOp},
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
    let grows = grows(tree, bound);
    let mut rewrite = Rewrite { bound, grows, called: BTreeSet::new() };
    rewrite.visit(tree);
    rewrite.called
}

/// Bindings with which an expression can double a value so often that it matters.
const MANY_BINDINGS: usize = 8;

/// Whether values can be built in many steps, each holding the one before several times: lists grow
/// without end, and what looks through such a value takes exponential time. Only what calls a
/// function of its own, or reduces, goes on for more steps than it is written with.
fn grows(node: &AstNode, bound: &BTreeSet<String>) -> bool {
    let mut found = bound.len() >= MANY_BINDINGS
        || match node {
            AstNode::Function { name, .. } | AstNode::Variable(name) if name == "reduce" => true,
            AstNode::Function { name, .. } => bound.contains(name),
            AstNode::Call { .. } => true,
            _ => false,
        };
    each_child(node, &mut |child, _| found = found || with_stack(|| grows(child, bound)));
    found
}

struct Rewrite<'a> {
    bound: &'a BTreeSet<String>,
    grows: bool,
    called: BTreeSet<&'static str>,
}

/// What a node is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parent {
    List,
    Path,
    Other,
}

impl Rewrite<'_> {
    fn visit(&mut self, node: &mut AstNode) {
        apply_chain(node, self.bound);
        let parent = match node {
            AstNode::Array(_) => Parent::List,
            AstNode::Path { .. } => Parent::Path,
            _ => Parent::Other,
        };
        each_child_mut(node, &mut |child| {
            with_stack(|| self.visit(child));
            self.hold(child, parent);
        });
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
            } if self.grows && !is_scalar(lhs) && !is_scalar(rhs) => {
                for operand in [lhs, rhs] {
                    **operand = self.host(BOUNDED, vec![take(operand)]);
                }
            }
            AstNode::Binary { op, lhs, rhs } if operator(*op).is_some() => {
                let sign = operator(*op).unwrap_or_default();
                self.operand(lhs, "T2001", "left", sign);
                self.operand(rhs, "T2002", "right", sign);
            }
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs }
                if matches!(**rhs, AstNode::Transform { .. }) =>
            {
                **lhs = self.host(COPY, vec![take(lhs)]);
            }
            AstNode::Unary { op: UnaryOp::Negate, operand } if !is_scalar(operand) => {
                *node = self.host(NEGATE, vec![take(operand)]);
            }
            AstNode::Transform { location, .. } => {
                **location = self.host(OBJECTS, vec![take(location)]);
            }
            AstNode::Regex { pattern, .. } => *pattern = translated(pattern),
            AstNode::Path { steps } => {
                for step in steps.iter_mut().filter(|step| step.is_tuple) {
                    if let AstNode::Array(items) = &mut step.node {
                        let items = AstNode::Array(std::mem::take(items));
                        step.node = AstNode::Array(vec![self.host(CARRIED, vec![items])]);
                    }
                }
                if self.grows {
                    self.bound_descendants(steps);
                }
            }
            AstNode::Function { name, args, is_builtin: true } if !self.bound.contains(name) => {
                let (name, args) = (std::mem::take(name), std::mem::take(args));
                *node = self.call_of(&name, args);
            }
            AstNode::Variable(name) if !self.bound.contains(name) => {
                if let Some(value) = self.value_of(name) {
                    *node = value;
                }
            }
            _ => {}
        }
    }

    /// Bounds what is put together of several parts. A list inside another is put into a list again:
    /// only what is written in brackets is not taken apart there. For the same reason a step of a path
    /// stays as it is, and because `[]` behind a call keeps a sequence that an argument loses.
    fn hold(&mut self, node: &mut AstNode, parent: Parent) {
        let holds = self.grows
            && match node {
                AstNode::Array(items) => items.len() > 1 && !items.iter().all(is_scalar),
                AstNode::Object(pairs) => {
                    pairs.len() > 1 && !pairs.iter().all(|(_, value)| is_scalar(value))
                }
                AstNode::ObjectTransform { .. } => true,
                AstNode::Function { name, .. } => {
                    ["map", "zip", "each", "merge"].contains(&name.as_str())
                }
                _ => false,
            };
        let keeps_its_form = parent == Parent::Path && !matches!(node, AstNode::Object(_));
        if holds && !keeps_its_form {
            let is_list = matches!(node, AstNode::Array(_));
            let held = self.host(HELD, vec![take(node)]);
            let is_inside = is_list && parent == Parent::List;
            *node = if is_inside { AstNode::Array(vec![held]) } else { held };
        }
    }

    /// Refuses an operand that can be not a number: what comes of a division, or of no integer.
    fn operand(&mut self, node: &mut AstNode, code: &str, side: &str, sign: &str) {
        if may_be_nan(node) {
            let said = format!(
                "{code}: The {side} side of the \"{sign}\" operator must evaluate to a number"
            );
            *node = self.host(OPERAND, vec![take(node), AstNode::string(said)]);
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
    fn call_of(&mut self, name: &str, mut args: Vec<AstNode>) -> AstNode {
        if let Some(replaced) = replacement(name) {
            return self.replaced(replaced, focus(), args);
        }
        if args.contains(&AstNode::Placeholder) {
            return call(name, args);
        }
        match (name, args.len()) {
            ("now", 0) => self.host(NOW, args),
            ("now", 1 | 2) => {
                args.insert(0, self.host("aws:millis", Vec::new()));
                call("fromMillis", args)
            }
            ("formatInteger", 2) => self.format_integer(args),
            ("formatNumber", 2 | 3) => {
                if let Some(picture) = args.get_mut(1) {
                    *picture = self.host(GROUPED, vec![take(picture)]);
                }
                call(name, args)
            }
            ("parseInteger", 2) => self.parse_integer(args),
            ("round", 2) => {
                args.insert(0, focus());
                self.host(ROUND, args)
            }
            ("sort", 1 | 2) => {
                self.wrap(&mut args);
                args.iter_mut().skip(1).for_each(general);
                call(name, args)
            }
            ("toMillis", 2) => self.millis_of(args),
            ("filter", 2) => {
                self.wrap(&mut args);
                call(name, args)
            }
            ("reduce", 2 | 3) => {
                self.wrap(&mut args);
                reduce(args)
            }
            ("replace", 3 | 4) => self.replace(args),
            _ => call(name, args),
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
    fn millis_of(&mut self, args: Vec<AstNode>) -> AstNode {
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

    /// `$formatInteger` that refuses what it would write for ever.
    fn format_integer(&mut self, args: Vec<AstNode>) -> AstNode {
        let bound = [TEXT, PICTURE];
        let mut block: Vec<_> =
            bound.into_iter().zip(args).map(|(name, value)| bind(name, value)).collect();
        let [number, picture] = bound.map(AstNode::variable);
        let number = self.host(WRITABLE, vec![number, picture.clone()]);
        block.push(call("formatInteger", vec![number, picture]));
        AstNode::Block(block)
    }

    /// `$parseInteger`, which gives NaN for what is no integer.
    fn parse_integer(&mut self, args: Vec<AstNode>) -> AstNode {
        let names = [TEXT, PICTURE];
        let mut block: Vec<_> =
            names.into_iter().zip(args).map(|(name, value)| bind(name, value)).collect();
        let args = names.map(AstNode::variable).to_vec();
        block.push(AstNode::Conditional {
            condition: Box::new(self.host(READABLE, args.clone())),
            then_branch: Box::new(call("parseInteger", args)),
            else_branch: Some(Box::new(AstNode::Number(f64::NAN))),
        });
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

/// Keeps the evaluator from sorting by keys that it takes out of a comparison: it puts items without
/// a key elsewhere.
fn general(comparator: &mut AstNode) {
    if let AstNode::Lambda { body, .. } = comparator {
        let condition = Box::new(take(body));
        **body = AstNode::Conditional {
            condition,
            then_branch: Box::new(AstNode::Boolean(true)),
            else_branch: Some(Box::new(AstNode::Boolean(false))),
        };
    }
}

/// How an operator of arithmetic is written.
fn operator(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
        _ => return None,
    })
}

/// Whether an operand is a division or `$parseInteger` itself.
fn may_be_nan(node: &AstNode) -> bool {
    match node {
        AstNode::Binary { op: BinaryOp::Modulo | BinaryOp::Divide, rhs, .. } => {
            !matches!(**rhs, AstNode::Number(n) if n != 0.0)
        }
        AstNode::Block(items) => items.last().is_some_and(may_be_nan),
        AstNode::Conditional { then_branch, else_branch, .. } => {
            may_be_nan(then_branch) || else_branch.as_deref().is_some_and(may_be_nan)
        }
        AstNode::Number(n) => n.is_nan(),
        _ => false,
    }
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
