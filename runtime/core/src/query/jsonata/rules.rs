//! What AWS refuses in an expression, and the names that JSONata keeps for itself.

use super::{
    SyntaxError,
    walk::{Place, each_child},
};
use jsonata_core::{
    ast::{AstNode, BinaryOp},
    value::with_stack,
};

/// Finds every use of something that AWS refuses at create.
pub(super) fn check(node: &AstNode) -> Vec<SyntaxError> {
    let mut errors = Vec::new();
    visit(node, Place::Same, &mut errors);
    errors
}

fn visit(node: &AstNode, place: Place, errors: &mut Vec<SyntaxError>) {
    let top = place == Place::Same;
    match node {
        AstNode::Binary { op: BinaryOp::Coalesce, .. } => {
            errors.push(SyntaxError::NewerOperator("??"));
        }
        AstNode::Binary { op: BinaryOp::Default, .. } => {
            errors.push(SyntaxError::NewerOperator("?:"));
        }
        AstNode::Function { name, is_builtin: true, .. } | AstNode::Variable(name)
            if name == "eval" =>
        {
            errors.push(SyntaxError::Eval);
        }
        AstNode::Function { name, is_builtin: false, .. } | AstNode::Name(name) if top => {
            errors.push(SyntaxError::NoContext(name.clone()));
        }
        AstNode::Variable(name) if top && name.is_empty() => {
            errors.push(SyntaxError::NoContext("$".to_owned()));
        }
        AstNode::ParentVariable(_) if top => errors.push(SyntaxError::NoContext("$$".to_owned())),
        AstNode::Wildcard if top => errors.push(SyntaxError::NoContext("*".to_owned())),
        AstNode::Descendant if top => errors.push(SyntaxError::NoContext("**".to_owned())),
        _ => {}
    }
    each_child(node, &mut |child, inner| {
        let place = if top { inner } else { Place::Inside };
        with_stack(|| visit(child, place, errors));
    });
}

/// Names of JSONata 2.0.6's functions and of those that AWS adds, sorted.
const FUNCTIONS: &[&str] = &[
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "eval",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

/// Whether `$name` is a function; a variable of that name would hide it.
pub fn is_function_name(name: &str) -> bool {
    FUNCTIONS.binary_search(&name).is_ok()
}

/// The names of all functions.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn function_names_are_sorted_for_the_binary_search() {
        assert!(FUNCTIONS.is_sorted());
    }
}
