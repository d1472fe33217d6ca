//! A JSON pointer that follows a walk through a template.

/// Runs `f` with the pointer one token deeper.
pub(super) fn below<R>(pointer: &mut String, token: &str, f: impl FnOnce(&mut String) -> R) -> R {
    extended(pointer, &format!("/{}", token.replace('~', "~0").replace('/', "~1")), f)
}

/// Runs `f` with `text` extended for its duration.
pub(super) fn extended<R>(text: &mut String, with: &str, f: impl FnOnce(&mut String) -> R) -> R {
    let length = text.len();
    text.push_str(with);
    let result = f(text);
    text.truncate(length);
    result
}
