//! Simulated Salt for load and chaos: a master as a process of its own, with bus, request port and job cache as the real
//! plugin finds them, and minions that obey Salt's rules and keep a book of what they truly did. Nothing of raas is in here.

pub mod book;
mod bus;
mod cache;
pub mod dice;
mod engine;
pub mod line;
pub mod minions;
pub mod place;
mod port;
pub mod salt;
pub mod value;

pub use book::Book;
pub use dice::Dice;
pub use minions::{Minions, Rules};
pub use place::Place;
