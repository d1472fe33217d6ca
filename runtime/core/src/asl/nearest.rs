//! Which known name a misspelt one was meant to be.

/// Longer names, in bytes, are compared with none: the work grows with the square of the length.
const LONGEST: usize = 200;

/// The known name that differs least, if it is close.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().count();
    let close = length.div_ceil(3);
    if name.len() > LONGEST {
        return None;
    }
    known
        .into_iter()
        .filter(|near| near.chars().take(LONGEST).count().abs_diff(length) <= close)
        .map(|near| (distance(name, near), near))
        .filter(|(distance, _)| *distance <= close)
        .min()
        .map(|(_, near)| near)
}

/// How many letters differ: Levenshtein's distance, without regard to case.
fn distance(left: &str, right: &str) -> usize {
    let left = left.to_lowercase();
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut before = i;
        let mut last = i + 1;
        for (r, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let substituted = before + usize::from(l != *r);
            before = *cell;
            *cell = substituted.min(before + 1).min(last + 1);
            last = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
