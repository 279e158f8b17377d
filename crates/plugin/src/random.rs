//! Randomness, passed in so that tests can repeat a run.

use std::time::Duration;

use rand::RngCore as _;
use uuid::Uuid;

/// A source of randomness, fit for keys.
pub trait Random: Send + Sync + std::fmt::Debug {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);

    /// A random UUID (version 4).
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// 32 bytes, for a key or a nonce.
    fn key(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }

    /// Between half of `time` and all of it, so that many plugins do not come back at once.
    fn jitter(&self, time: Duration) -> Duration {
        let mut byte = [0; 1];
        self.fill(&mut byte);
        time / 2 + time.mul_f64(f64::from(byte[0]) / 512.0)
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}
