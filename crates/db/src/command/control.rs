//! What is asked of a running command, and what is told of it from outside.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{DbError, Session};

/// A pause, resume or stop.
#[derive(Clone, Copy, Debug)]
pub struct Control<'a> {
    /// stop, pause, resume.
    pub action: &'static str,
    /// The command that carries it out.
    pub control_jid: &'a str,
    /// Who asked.
    pub by: &'a str,
}

/// Notes what was asked of a command. The caller holds its row.
pub async fn control(
    client: &impl Session,
    jid: &str,
    control: Control<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../../queries/command/control.sql");
    let Control { action, control_jid, by } = control;
    client.execute(sql, &[&jid, &action, &control_jid, &by, &now]).await.map(drop)
}

/// Up to `limit` commands of a saved job that have not ended, newest first.
pub async fn running_of_job(
    client: &impl Session,
    job_uuid: Uuid,
    limit: i64,
) -> Result<Vec<String>, DbError> {
    let sql = include_str!("../../queries/command/running_of_job.sql");
    let rows = client.query(sql, &[&job_uuid, &limit]).await?;
    rows.iter().map(|row| Ok(row.try_get("jid")?)).collect()
}

/// Commands whose pause or resume was carried out, but do not say so yet.
pub async fn controlled(client: &impl Session) -> Result<Vec<String>, DbError> {
    let rows = client.query(include_str!("../../queries/command/controlled.sql"), &[]).await?;
    rows.iter().map(|row| Ok(row.try_get("jid")?)).collect()
}

/// The command is paused, or runs again; as it was when no minion heard of it.
pub async fn set_controlled(client: &impl Session, jid: &str) -> Result<(), DbError> {
    client.execute(include_str!("../../queries/command/set_controlled.sql"), &[&jid]).await.map(drop)
}

/// What was told of a command on one master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// Jid.
    pub jid: String,
    /// Master.
    pub master_id: String,
    /// In the words of whoever told it.
    pub state: String,
    /// How many minions were named.
    pub minions: i64,
    /// When.
    pub told_at: Timestamp,
}

/// Takes what is told; the newest counts.
pub async fn track(
    client: &impl Session,
    jid: &str,
    (master_id, state): (&str, &str),
    minions: &[String],
    at: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../../queries/command/track.sql");
    client.execute(sql, &[&jid, &master_id, &state, &minions, &at]).await.map(drop)
}

/// What was told of commands.
pub async fn tracked(client: &impl Session, jids: &[String]) -> Result<Vec<Tracked>, DbError> {
    let rows = client.query(include_str!("../../queries/command/tracked.sql"), &[&jids]).await?;
    rows.iter()
        .map(|row| {
            Ok(Tracked {
                jid: row.try_get("jid")?,
                master_id: row.try_get("master_id")?,
                state: row.try_get("state")?,
                minions: row.try_get("minions")?,
                told_at: row.try_get("told_at")?,
            })
        })
        .collect()
}
