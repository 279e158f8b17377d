//! A planned run as a uuid: the number of its schedule and its time, so that the uuid alone says which run it is.

use jiff::Timestamp;
use uuid::Uuid;

/// Version 8 and variant of a uuid whose bits are our own.
const MARKS: u128 = (8 << 76) | (0b10 << 62);
const SECONDS: u128 = (1 << 48) - 1;
const NUMBER: u128 = (1 << 62) - 1;

/// The uuid of a planned time.
pub fn future(number: i64, planned: Timestamp) -> Uuid {
    let seconds = u128::try_from(planned.as_second()).unwrap_or_default() & SECONDS;
    let number = u128::try_from(number).unwrap_or_default() & NUMBER;
    Uuid::from_u128((seconds << 80) | MARKS | number)
}

/// The number of the schedule, and the planned time; none: it is no uuid of a planned time.
pub fn planned(future: Uuid) -> Option<(i64, Timestamp)> {
    let bits = future.as_u128();
    let (seconds, number) = (i64::try_from(bits >> 80).ok()?, i64::try_from(bits & NUMBER).ok()?);
    let planned = Timestamp::from_second(seconds).ok()?;
    (self::future(number, planned) == future).then_some((number, planned))
}
