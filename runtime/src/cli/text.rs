//! Files that hold text.

use super::error::Error;

/// The text of a file, without the mark that some editors write before it.
pub(super) fn decode(bytes: &[u8], place: &str) -> Result<String, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Error::usage(format!(
            "{place} is not UTF-8 text: it has something else after {} bytes",
            error.valid_up_to()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn text_is_utf8_with_or_without_a_mark() {
        assert_eq!(decode(b"\xef\xbb\xbf{}", "x").unwrap(), "{}");
        assert_eq!(decode("{\"ä\": 1}".as_bytes(), "x").unwrap(), "{\"ä\": 1}");
        let error = decode(b"{\"\xff\": 1}", "input.json").unwrap_err();
        assert_eq!(
            error.message,
            "input.json is not UTF-8 text: it has something else after 2 bytes"
        );
    }
}
