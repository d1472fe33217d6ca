//! The rules of names.

/// The longest name that AWS takes.
const LONGEST: usize = 80;

/// Whether a text may name an execution or a machine, by AWS's rules; otherwise why not.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        Err("it is empty")
    } else if name.chars().count() > LONGEST {
        Err("it is longer than 80 characters")
    } else if name.contains(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')
    }) {
        Err("it has white space or control characters")
    } else if name.contains(|c| "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)) {
        Err("it has one of < > { } [ ] ? * \" # % \\ ^ | ~ ` $ & , ; : /")
    } else {
        Ok(())
    }
}
