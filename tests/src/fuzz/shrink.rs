//! A smaller input that still fails: parts are taken out for as long as it does.

use serde_json::Value;
use std::ops::Range;

/// Returns the smallest input that was found, beginning with one that fails. JSON is made smaller by
/// its nodes, any other text by its characters.
pub fn shrink(input: &str, mut fails: impl FnMut(&str) -> bool) -> String {
    let mut text = input.to_owned();
    if let Ok(mut value) = serde_json::from_str::<Value>(input) {
        let mut best = None;
        while smaller(&value, &mut |new| {
            let is_kept = fails(&new.to_string());
            if is_kept {
                best = Some(new);
            }
            is_kept
        }) {
            value = best.take().unwrap_or_default();
            text = value.to_string();
        }
        return text;
    }
    loop {
        let found = shorter(&text).find(|new| fails(new));
        match found {
            Some(new) => text = new,
            None => return text,
        }
    }
}

/// Offers values that are smaller in one place, the largest steps first, until one is accepted.
fn smaller(value: &Value, accept: &mut dyn FnMut(Value) -> bool) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => accept(Value::Null),
        Value::Number(number) => number.as_f64() != Some(0.0) && accept(Value::from(0)),
        Value::String(text) => shorter(text).any(|text| accept(Value::from(text))),
        Value::Array(items) => {
            pieces(items.len()).any(|piece| {
                let rest = items.iter().enumerate().filter(|(at, _)| !piece.contains(at));
                accept(rest.map(|(_, item)| item.clone()).collect())
            }) || items.iter().any(|item| accept(item.clone()))
                || items.iter().enumerate().any(|(at, item)| {
                    smaller(item, &mut |new| {
                        let mut copy = items.clone();
                        if let Some(place) = copy.get_mut(at) {
                            *place = new;
                        }
                        accept(Value::Array(copy))
                    })
                })
        }
        Value::Object(members) => {
            pieces(members.len()).any(|piece| {
                let rest = members.iter().enumerate().filter(|(at, _)| !piece.contains(at));
                accept(rest.map(|(_, (name, member))| (name.clone(), member.clone())).collect())
            }) || members.values().any(|member| accept(member.clone()))
                || members.iter().any(|(name, member)| {
                    smaller(member, &mut |new| {
                        let mut copy = members.clone();
                        copy.insert(name.clone(), new);
                        accept(Value::Object(copy))
                    })
                })
        }
    }
}

/// Texts with a piece less.
fn shorter(text: &str) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    pieces(chars.len()).map(move |piece| {
        let kept = chars.iter().enumerate().filter(|(at, _)| !piece.contains(at));
        kept.map(|(_, c)| *c).collect()
    })
}

/// Everything, then halves, quarters and so on, down to single ones.
fn pieces(length: usize) -> impl Iterator<Item = Range<usize>> {
    let sizes = std::iter::successors(Some(length), |size| Some(size / 2));
    sizes
        .take_while(|size| *size > 0)
        .flat_map(move |size| (0..length).step_by(size).map(move |from| from..from + size))
}
