//! Table `target_member`: whom saved target groups mean, kept. How that is worked out is the server's business.

mod read;
mod store;

pub use read::{Found, Group, read, settled};
pub use store::{
    Changes, Groups, Minion, Of, between, forget, lock, minions, minions_after, of_minions, write,
};
