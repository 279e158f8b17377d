//! Tables `highstate_*`: what runs of states made of each minion, and totals of it. Ingest only notes what there is to work in;
//! how a return is read is the server's business.

mod minions;
mod run;
mod search;
mod states;
mod store;
mod todo;

pub use minions::minions;
pub use run::{NOT_RUN, Run, StateResult};
pub use search::{Search, of_minion, of_state, stats};
pub use states::states;
pub use store::{clean, forget, store};
pub use todo::{Batch, Returned, Todo, absent, done, lock, next, note};
