//! Regular expressions: what ECMAScript means, written for the crate that matches here.
//!
//! There `\w`, `\d` and `\b` mean ASCII and a dot stops at four line ends; here they would take all
//! of Unicode.

/// The same pattern for the other engine. Look-around and references to groups stay: they are refused
/// when they are matched.
pub(super) fn translated(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    let mut in_class = false;
    while let Some(c) = rest.next() {
        match c {
            '\\' => escape(rest.next(), in_class, &mut translated),
            '[' if in_class => translated.push_str("\\["),
            '[' => {
                in_class = true;
                translated.push('[');
            }
            ']' if in_class => {
                in_class = false;
                translated.push(']');
            }
            '.' if !in_class => translated.push_str("[^\\n\\r\\x{2028}\\x{2029}]"),
            // Sets are combined with these here, and mean themselves there.
            '&' | '~' if in_class => {
                translated.push('\\');
                translated.push(c);
            }
            c => translated.push(c),
        }
    }
    translated
}

fn escape(escaped: Option<char>, in_class: bool, into: &mut String) {
    let Some(escaped) = escaped else {
        into.push('\\');
        return;
    };
    let text = match (escaped, in_class) {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('D', _) => "[^0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('w', true) => "0-9A-Za-z_",
        ('W', _) => "[^0-9A-Za-z_]",
        ('b', false) => "(?-u:\\b)",
        ('b', true) => "\\x08",
        ('/', _) => "/",
        _ => {
            into.push('\\');
            into.push(escaped);
            return;
        }
    };
    into.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn classes_are_those_of_ecmascript() {
        for (pattern, expected) in [
            (r"(\w)(\d*)", r"([0-9A-Za-z_])([0-9]*)"),
            (r"[\w.-]+", r"[0-9A-Za-z_.-]+"),
            (r"\bx\b", r"(?-u:\b)x(?-u:\b)"),
            (r"a.c\.", r"a[^\n\r\x{2028}\x{2029}]c\."),
            (r"[[&~]\]", r"[\[\&\~]\]"),
            (r"\/\s", r"/\s"),
        ] {
            assert_eq!(translated(pattern), expected);
        }
    }
}
