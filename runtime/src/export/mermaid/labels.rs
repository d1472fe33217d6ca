//! Conditions as labels: short, and such that the ways out of one state can be told apart.

/// Longest label, in characters.
const LONGEST: usize = 60;

/// What stays of what all labels begin with, so that one sees where it ends.
const KEPT: usize = 12;

/// A text, cut where it gets long.
pub(super) fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST - 1).collect();
    format!("{cut}…")
}

/// Labels for the conditions of one state: without the failures in them, and where two would be cut
/// to the same, without what both begin with.
pub(super) fn distinct(conditions: &[String]) -> Vec<String> {
    let conditions: Vec<String> = conditions.iter().map(|text| without_failures(text)).collect();
    let labels: Vec<String> = conditions.iter().map(|text| cut(text)).collect();
    let all = || conditions.iter().zip(&labels).enumerate();
    let label = |(at, (own, label)): (usize, (&String, &String))| {
        let alike = all().filter(|(other, (_, its))| *other != at && *its == label);
        match alike.map(|(_, (other, _))| common(own, other)).max() {
            Some(shared) if shared > KEPT => cut(&format!("…{}", end(own, shared - KEPT))),
            _ => label.clone(),
        }
    };
    all().map(label).collect()
}

/// What stands after so many characters, without the part of a word that it begins with.
fn end(text: &str, after: usize) -> String {
    let rest: String = text.chars().skip(after).collect();
    match rest.split_once(' ') {
        Some((part, words)) if part.chars().count() < KEPT => words.to_owned(),
        _ => rest,
    }
}

/// How many characters two texts have in common at their beginnings.
fn common(one: &str, two: &str) -> usize {
    one.chars().zip(two.chars()).take_while(|(one, two)| one == two).count()
}

/// An expression with `$error(…)` for each call of `$error`.
fn without_failures(text: &str) -> String {
    let mut parts = text.split("$error(");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str("$error(…)");
        plain.push_str(after_call(part));
    }
    plain
}

/// What stands after the closing parenthesis of a call whose arguments begin here.
fn after_call(text: &str) -> &str {
    let (mut depth, mut quote, mut escaped) = (1_u32, None, false);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth -= 1;
                if depth == 0 {
                    return text.get(at + 1..).unwrap_or_default();
                }
            }
            (None, _) => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[track_caller]
    fn check(conditions: &[&str], expected: &[&str]) {
        let conditions: Vec<String> = conditions.iter().map(|&text| text.to_owned()).collect();
        assert_eq!(distinct(&conditions), expected);
    }

    #[test]
    fn short_conditions_stay_as_they_are() {
        check(&["$n > 1", "$n > 0"], &["$n > 1", "$n > 0"]);
    }

    #[test]
    fn arms_that_begin_alike_are_told_apart() {
        let long = "$order.address.country = 'NO' and $order.address.zip.first = 7 and ";
        check(
            &[&format!("{long}$total > 10"), &format!("{long}$total > 5"), "$total = 0"],
            &["…$total > 10", "…$total > 5", "$total = 0"],
        );
    }

    #[test]
    fn a_failure_in_a_condition_is_only_named() {
        check(
            &["($n > 9 ? $error('too (large: ' & $string($n)) : $n) > 3"],
            &["($n > 9 ? $error(…) : $n) > 3"],
        );
    }
}
