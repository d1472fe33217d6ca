//! Whether an answer is one that a task of these types gives. What another answers in its place, a
//! double or a function that is given to the engine, is held to it: native code would fail where it
//! reads anything else, an expression would go on.

use super::{Durable, Mismatch, Numbers, arguments::INVALID_RESULT, failing, json};
use crate::program::{Data, Failure};
use serde_json::Value;

/// The failure of a task that returns `T` and has answered so, if it can't have.
pub(super) fn check<T: Durable>(answer: &Result<Data, Failure>) -> Result<(), Failure> {
    let checked = match answer {
        Ok(result) => given::<T>(result).map_err(|mismatch| mismatch.within("the result")),
        Err(failure) if failing::declares(T::ERRORS, failure) => {
            let name = failure.error.as_deref().unwrap_or_default();
            let within = format!("the cause of `{name}`");
            failed::<T>(failure).map_err(|mismatch| mismatch.within(&within))
        }
        Err(_) => Ok(()),
    };
    checked.map_err(|mismatch| Failure::new(INVALID_RESULT, mismatch.to_string()))
}

fn given<T: Durable>(result: &Value) -> Result<(), Mismatch> {
    let read = T::from_success(result)?;
    match read.to_outcome(Numbers::Wide) {
        Ok(Ok(written)) => json::alike(result, &written),
        // a value that is read and can't be written fails where it is stored
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}

fn failed<T: Durable>(failure: &Failure) -> Result<(), Mismatch> {
    let cause = failure.cause.as_deref().unwrap_or_default();
    let read = T::from_failed(failure)
        .ok_or_else(|| Mismatch::new(format!("`{cause}` is not the JSON of that variant")))?;
    let Ok(Err(written)) = read.to_outcome(Numbers::Wide) else { return Ok(()) };
    let parsed = |cause: &str| serde_json::from_str::<Value>(cause).ok();
    match (parsed(cause), written.cause.as_deref().and_then(parsed)) {
        (Some(given), Some(written)) => json::alike(&given, &written),
        // the variant of a timeout takes any text
        _ => Ok(()),
    }
}
