//! Tables `highstate_*`: what runs of states made of each minion, and totals of it. Ingest only notes what there is to work in;
//! how a return is read is the server's business.

mod run;
mod search;
mod store;
mod todo;

pub use run::{NOT_RUN, Run, StateResult};
pub use search::{Search, minions, of_minion, of_state, states, stats};
pub use store::{clean, forget, store};
pub use todo::{Reach, Returned, Todo, absent, done, lock, next, note};
