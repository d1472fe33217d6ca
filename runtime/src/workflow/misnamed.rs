//! Says at compile time that there is no error of a name, and which there are.

use super::{ErrorKind, ErrorVariant, error::has_error};

/// Longest message, in bytes: what does not fit is left out.
const LONGEST: usize = 512;

/// A message that is put together at compile time.
#[derive(Debug, Clone, Copy)]
struct Message {
    bytes: [u8; LONGEST],
    length: usize,
}

/// Does not compile where no error has this name.
///
/// # Panics
/// At compile time, with the names that there are.
#[track_caller]
pub const fn must_be_error(variants: &[ErrorVariant], name: &str) {
    assert!(has_error(variants, name), "{}", Message::about(variants, name).text());
}

impl Message {
    const fn about(variants: &[ErrorVariant], name: &str) -> Self {
        let start =
            Self { bytes: [0; LONGEST], length: 0 }.and("this task has no error `").and(name);
        if variants.is_empty() {
            return start.and("`: it returns no `Result` of an error with `#[derive(TaskError)]`");
        }
        start.and("`; it has ").and_names(variants)
    }

    const fn and(mut self, text: &str) -> Self {
        if let Some((_, free)) = self.bytes.split_at_mut_checked(self.length)
            && let Some((place, _)) = free.split_at_mut_checked(text.len())
        {
            place.copy_from_slice(text.as_bytes());
            self.length += text.len();
        }
        self
    }

    const fn and_names(mut self, variants: &[ErrorVariant]) -> Self {
        let (mut rest, mut is_first) = (variants, true);
        while let [variant, others @ ..] = rest {
            if !is_first {
                self = self.and(", ");
            }
            self = match variant.kind {
                ErrorKind::From(inner) if !inner.is_empty() => self.and_names(inner),
                _ => self.and("`").and(variant.variant).and("`"),
            };
            (rest, is_first) = (others, false);
        }
        self
    }

    const fn text(&self) -> &str {
        match self.bytes.split_at_checked(self.length) {
            Some((used, _)) => match str::from_utf8(used) {
                Ok(text) => text,
                Err(_) => "there is no error of this name",
            },
            None => "there is no error of this name",
        }
    }
}
