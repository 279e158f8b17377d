//! Who calls: passwords, tokens, the login endpoint, and the extractor that every door uses.

mod identify;
mod login;
mod password;
mod root;
mod throttle;
mod token;

pub(crate) use login::routes;
pub use password::{PasswordError, hash, verify};
pub use root::{RootPassword, ensure_root};
pub use token::Tokens;
