//! Places in lists as clients carry them from page to page: opaque, and good for the same list only.

use super::fault::Fault;
use crate::service::Exception;
use std::fmt::{Display, Write as _};

/// Makes a token of a place in the list that `list` describes.
pub(super) fn encode(list: &str, place: impl Display) -> String {
    let place = place.to_string();
    let mut token = format!("{:016x}", digest(list, &place));
    for byte in place.bytes() {
        let _infallible = write!(token, "{byte:02x}");
    }
    token
}

/// Reads the place that a token names in the list.
pub(super) fn decode(list: &str, token: &str) -> Result<String, Fault> {
    read(list, token).ok_or_else(|| Exception::InvalidToken.into())
}

fn read(list: &str, token: &str) -> Option<String> {
    let (seal, place) = token.split_at_checked(16)?;
    let digits = place.as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let place = String::from_utf8(bytes.collect::<Option<_>>()?).ok()?;
    (format!("{:016x}", digest(list, &place)) == seal).then_some(place)
}

/// FNV-1a, 64 bits: tokens are checked against mistakes, they keep no secret.
fn digest(list: &str, place: &str) -> u64 {
    let bytes = list.bytes().chain([0]).chain(place.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_gives_its_place_back_in_its_own_list() {
        for place in ["", "7", "arn:aws:states:us-east-1:1:stateMachine:é"] {
            let token = encode("list", place);
            assert_eq!(read("list", &token).as_deref(), Some(place));
            assert_eq!(read("another", &token), None);
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let token = encode("list", 7);
        for wrong in ["", "x", "é", &token[1..], &token.replace('7', "8"), &format!("{token}0")] {
            assert_eq!(read("list", wrong), None, "{wrong}");
        }
    }
}
