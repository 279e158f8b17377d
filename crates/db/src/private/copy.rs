//! For tests: a copy of a running private PostgreSQL that follows it, made with `pg_basebackup`.
use std::process::Stdio;

use super::binaries::Binaries;
use super::folders::Folders;
use super::owner::Owner;
use super::{NAME, PrivateError, PrivateOptions, PrivatePostgres};

impl PrivatePostgres {
    /// Copies the running PostgreSQL of `from` into the data dir of `to`, so that a start there is a standby of it.
    pub(crate) async fn copy(from: &PrivateOptions, to: &PrivateOptions) -> Result<(), PrivateError> {
        let owner = Owner::choose(from).await?;
        let source = Folders::prepare(from, &owner).await?;
        let folders = Folders::prepare(to, &owner).await?;
        let binaries = Binaries::find(to, None, &folders.data).await?;
        let password = source.password()?;
        folders.keep_password(&password)?;
        super::folders::own_folder(&folders.data, &owner)?;
        // In PATH there may be links to the two programs that raas itself needs, and no others.
        let postgres = binaries.program("postgres");
        let real = postgres.canonicalize().map_err(PrivateError::io("find", &postgres))?;
        let program = real.with_file_name("pg_basebackup");
        let mut command = owner.command(&program);
        command.env("PGPASSWORD", &password).arg("-h").arg(&source.socket);
        command.args(["-U", NAME, "-R", "-X", "stream", "-c", "fast", "-D"]).arg(&folders.data);
        let out = command.stdin(Stdio::null()).output().await.map_err(PrivateError::io("run", &program))?;
        if out.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&out.stderr).trim().replace('\n', " ");
        Err(PrivateError::Initdb { data: folders.data, said })
    }
}
