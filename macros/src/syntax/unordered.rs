//! Collections without an order of their own, which can't be saved: their JSON would not be the same
//! each time.

use super::signature::source;
use crate::diagnostics::{Code, Errors};
use syn::{
    PathSegment, Type, TypePath,
    visit::{self, Visit},
};

/// Reports what is in a type of this kind; gives whether there was any.
pub(crate) fn report(ty: &Type, code: Code, errors: &mut Errors) -> bool {
    let mut found = Unordered { code, errors, any: false };
    found.visit_type(ty);
    found.any
}

struct Unordered<'e> {
    code: Code,
    errors: &'e mut Errors,
    any: bool,
}

/// What to write instead of `HashMap<..>` or `HashSet<..>`.
fn instead(last: &PathSegment) -> Option<String> {
    let ordered = match last.ident.to_string().as_str() {
        "HashMap" => "BTreeMap",
        "HashSet" => "Vec",
        _ => return None,
    };
    let written = source(last);
    Some(format!("write `{}`", written.replacen(&last.ident.to_string(), ordered, 1)))
}

impl<'a> Visit<'a> for Unordered<'_> {
    fn visit_type_path(&mut self, ty: &'a TypePath) {
        if let Some(last) = ty.path.segments.last()
            && let Some(instead) = instead(last)
        {
            let text =
                format!("a `{}` has no order of its own, which what is saved needs", last.ident);
            self.errors.push(ty, self.code, text).help(instead);
            self.any = true;
        }
        visit::visit_type_path(self, ty);
    }
}
