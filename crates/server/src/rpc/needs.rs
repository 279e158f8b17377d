//! What a caller must hold to call a method. Each line of the table says it; here it is judged.

use raas_api::Permission;
use raas_db::role;

use crate::{Ctx, RpcError};

/// What a caller must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: whoever is signed in may call it. It concerns the caller only, or is known to everybody.
    SignedIn,
    /// This permission.
    One(Permission),
    /// One of these; the method looks closer at what is asked for.
    AnyOf(&'static [Permission]),
}

impl Needs {
    /// The permissions, one of which suffices; none: no permission is needed.
    pub fn permissions(&self) -> &[Permission] {
        match self {
            Self::SignedIn => &[],
            Self::One(permission) => std::slice::from_ref(permission),
            Self::AnyOf(permissions) => permissions,
        }
    }

    /// Refuses whoever does not hold it; the error says what is missing and which roles have it.
    pub(crate) async fn check(&self, ctx: &Ctx, what: &str) -> Result<(), RpcError> {
        let wanted = self.permissions();
        if wanted.is_empty() || wanted.iter().any(|one| ctx.actor.may(*one)) {
            return Ok(());
        }
        let words: Vec<&str> =
            wanted.iter().copied().chain([Permission::Superuser]).map(Permission::as_str).collect();
        let roles = role::with_perms(&ctx.state.db.client().await?, &words).await?;
        Err(RpcError::Missing {
            user: ctx.actor.username.clone(),
            what: what.to_owned(),
            permissions: wanted.iter().map(ToString::to_string).collect(),
            roles,
        })
    }
}
