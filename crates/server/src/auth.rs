//! Who calls: passwords, tokens, the login endpoint, and the extractor that every door uses.

mod again;
pub(crate) mod api_token;
mod caller;
mod identify;
mod login;
mod password;
mod root;
pub(crate) mod rules;
pub(crate) mod session;
mod throttle;
mod token;
mod unknown_token;

pub(crate) use again::again;
pub(crate) use caller::Caller;
pub(crate) use login::routes;
pub use password::{PasswordError, hash, verify};
pub use root::{RootPassword, ensure_root, save_built_in_roles};
pub use token::Tokens;
pub use unknown_token::UnknownTokens;

/// Sign-ins whose passwords may be under check at once, those in the line included.
pub(crate) const MAX_SIGNING_IN: usize = 64;
