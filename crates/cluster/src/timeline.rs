//! The story of one answer: what is known of an outcome and its deliveries, put in order and into sentences.

mod delivered;
mod facts;
mod merge;
mod story;
mod waits;

pub use facts::{Asked, Change, Delivery, Facts, Sighting, Step, Work};
pub use story::tell;
pub use waits::waits_for;

#[cfg(test)]
mod tests;
