//! How large a payload is, as JSON text in UTF-8.

use serde::Serialize;
use std::io;

/// Returns whether the JSON text of a payload has more than `limit` bytes. Stops counting there.
pub(crate) fn exceeds(data: &impl Serialize, limit: Option<usize>) -> bool {
    let Some(limit) = limit else { return false };
    serde_json::to_writer(Counter { left: limit }, data).is_err()
}

/// Returns how many bytes the JSON text of a value has.
pub(crate) fn bytes(data: &impl Serialize) -> u64 {
    let mut counter = Counter { left: usize::MAX };
    let _endless = serde_json::to_writer(&mut counter, data);
    u64::try_from(usize::MAX - counter.left).unwrap_or(u64::MAX)
}

struct Counter {
    left: usize,
}

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.left.checked_sub(bytes.len()) {
            Some(left) => {
                self.left = left;
                Ok(bytes.len())
            }
            None => Err(io::ErrorKind::FileTooLarge.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Data;
    use serde_json::json;

    #[test]
    fn counts_bytes_of_the_json_text_not_characters() {
        let two_bytes_and_quotes: Data = json!("é").into();
        assert!(!exceeds(&two_bytes_and_quotes, Some(4)));
        assert!(exceeds(&two_bytes_and_quotes, Some(3)));
        assert!(!exceeds(&two_bytes_and_quotes, None));
        assert_eq!(bytes(&two_bytes_and_quotes), 4);
    }
}
