//! What time it is, passed in so that tests can move it.

use jiff::Timestamp;

/// A clock.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place where the plugin reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
