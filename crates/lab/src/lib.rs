//! Real things to run the product against: Salt masters and minions, PostgreSQL, a `raas` server, a faulty network.
//! For demo, tests and benchmarks; nothing here is part of the product. Whatever is started here is also ended here.

pub mod bins;
pub mod net;
pub mod operator;
pub mod process;
pub mod proxy;
pub mod rpc;
pub mod salt;
pub mod server;
pub mod sim;
pub mod stage;
pub mod tree;
pub mod venv;
pub mod wait;

pub use bins::Bins;
pub use process::Process;
pub use proxy::FaultyProxy;
pub use rpc::Api;
pub use salt::{ClusterSpec, Mode, SaltLab};
pub use server::Server;
pub use stage::Stage;
pub use venv::{Venv, salt_venv};
