//! Randomness, all of it from the seed of the event that is being handled.

use super::{Host, given, signature::arguments};
use jsonata_core::{evaluator::HostFnResult, value::JValue};

/// From 0 to below 1, from the highest 53 bits.
fn unit(bits: u64) -> JValue {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let bits = (bits >> 11) as f64;
    JValue::Number(bits / 9_007_199_254_740_992.0)
}

pub(super) fn random(host: &Host, args: &[JValue]) -> HostFnResult {
    let args = arguments(Some("random"), "n?", &JValue::Undefined, args)?;
    Ok(match *given(&args, 0) {
        JValue::Number(seed) => seeded(seed),
        _ => unit(host.random.next()),
    })
}

/// The first number of Java's generator, which Step Functions draws from: a linear congruence of 48
/// bits, of which 26 and 27 make a double.
fn seeded(seed: f64) -> JValue {
    const MULTIPLIER: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    #[expect(clippy::cast_possible_truncation, reason = "Java cuts and saturates alike")]
    let seed = seed as i64;
    let first = (seed.cast_unsigned() ^ MULTIPLIER) & MASK;
    let step = |state: u64| state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
    let second = step(first);
    let third = step(second);
    unit(((second >> 22 << 27) + (third >> 21)) << 11)
}

pub(super) fn uuid(host: &Host, args: &[JValue]) -> HostFnResult {
    arguments(Some("uuid"), "", &JValue::Undefined, args)?;
    Ok(JValue::string(host.random.uuid()))
}

pub(super) fn shuffle(host: &Host, args: &[JValue]) -> HostFnResult {
    let args = arguments(Some("shuffle"), "a", &JValue::Undefined, args)?;
    let list = given(&args, 0);
    let mut items = match list {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) if items.len() > 1 => items.to_vec(),
        JValue::Array(_) => return Ok(list.clone()),
        _ => return Ok(JValue::array(vec![list.clone()])),
    };
    host.meter.list(items.len())?;
    for i in (1..items.len()).rev() {
        let j = usize::try_from(host.random.below(i as u64 + 1)).unwrap_or(0);
        items.swap(i, j);
    }
    Ok(JValue::array(items))
}

#[cfg(test)]
mod tests {
    use super::seeded;
    use jsonata_core::value::JValue;

    #[test]
    fn a_seed_gives_the_number_that_java_gives() {
        for (seed, expected) in [
            (42.0, 0.727_563_680_032_868_1),
            (0.0, 0.730_967_787_376_657),
            (7.0, 0.730_699_042_060_042_1),
        ] {
            assert_eq!(seeded(seed), JValue::Number(expected));
        }
    }
}
