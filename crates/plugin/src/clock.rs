//! What time it is, here and at the server; passed in so that tests can move it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// A clock.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, by the master's clock, which somebody may set at any time.
    fn now(&self) -> Timestamp;

    /// Time since some moment; nobody can set it, and it goes on while the machine sleeps.
    fn steady(&self) -> SignedDuration {
        let since_boot = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        SignedDuration::new(since_boot.tv_sec, i32::try_from(since_boot.tv_nsec).unwrap_or_default())
    }

    /// What is known of the server's clock; a process has one server.
    fn server(&self) -> &ServerTime {
        &SERVER
    }

    /// Now, by the server's clock as far as it is known, else by ours.
    fn server_now(&self) -> Timestamp {
        self.server().at(self.steady()).unwrap_or_else(|| self.now())
    }

    /// Our clock minus the server's, in milliseconds. None: the server did not say yet what time it is.
    fn skew_ms(&self) -> Option<i64> {
        let server = self.server().at(self.steady())?;
        i64::try_from(self.now().duration_since(server).as_millis()).ok()
    }
}

static SERVER: ServerTime = ServerTime(AtomicI64::new(i64::MIN));

/// The server's clock minus the steady one, in microseconds; nothing known yet is the smallest number.
#[derive(Debug)]
pub struct ServerTime(AtomicI64);

impl Default for ServerTime {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl ServerTime {
    /// The server said `theirs` when the steady clock said `steady`.
    pub fn learn(&self, theirs: Timestamp, steady: SignedDuration) {
        let steady = i64::try_from(steady.as_micros()).unwrap_or(0);
        self.0.store(theirs.as_microsecond().saturating_sub(steady), Ordering::Relaxed);
    }

    fn at(&self, steady: SignedDuration) -> Option<Timestamp> {
        let apart = self.0.load(Ordering::Relaxed);
        let steady = i64::try_from(steady.as_micros()).ok()?;
        Timestamp::from_microsecond(apart.checked_add(steady)?).ok().filter(|_| apart != i64::MIN)
    }
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
