//! `raas login`: sign in once, keep the token.

use std::process::ExitCode;

use crate::door::Door;

pub(crate) async fn run(door: &Door) -> anyhow::Result<ExitCode> {
    let client = door.client_with_password()?;
    let path = door.keep_token(&client.token().await?)?;
    println!("Signed in at {} as {}; the token is in {}.", door.url, door.user, path.display());
    Ok(ExitCode::SUCCESS)
}
