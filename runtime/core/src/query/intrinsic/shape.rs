//! What a call looks like from outside: the functions in it and how many arguments they have.

use super::{
    Intrinsic,
    call::{Argument, Call},
    function::Function,
};

/// A function in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called {
    /// Its name, such as `States.Format`.
    pub name: &'static str,
    /// How many arguments it is given.
    pub count: usize,
    /// Whether it can have that many.
    pub fits: bool,
}

impl Intrinsic {
    /// The functions that the expression calls, the outer ones first.
    pub fn calls(&self) -> Vec<Called> {
        let mut found = Vec::new();
        calls(self.call(), &mut found);
        found
    }

    /// The names of all functions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Function::names()
    }
}

fn calls(call: &Call, found: &mut Vec<Called>) {
    let count = call.arguments.len();
    let (least, most) = arity(call.function);
    let fits = count >= least && most.is_none_or(|most| count <= most);
    found.push(Called { name: call.function.name(), count, fits });
    for argument in &call.arguments {
        if let Argument::Call(inner) = argument {
            calls(inner, found);
        }
    }
}

/// The fewest and the most arguments of a function.
fn arity(function: Function) -> (usize, Option<usize>) {
    use Function as F;
    match function {
        F::Array => (0, None),
        F::Format => (1, None),
        F::Uuid => (0, Some(0)),
        F::MathRandom => (2, Some(3)),
        F::ArrayRange | F::JsonMerge => (3, Some(3)),
        F::ArrayContains
        | F::ArrayGetItem
        | F::ArrayPartition
        | F::Hash
        | F::MathAdd
        | F::StringSplit => (2, Some(2)),
        F::ArrayLength
        | F::ArrayUnique
        | F::Base64Decode
        | F::Base64Encode
        | F::JsonToString
        | F::StringToJson => (1, Some(1)),
    }
}
