//! What becomes of returns: their values come back as they were, equal ones are kept once, and nothing is in anybody's way.

mod days;
mod side_by_side;
mod values;

use raas_api::{
    Page,
    cmd::{CmdDetail, GetCmdDetails, GetCmdDetailsParams, GetCmdStatus, GetCmdStatusParams},
    ret::{GetReturns, GetReturnsParams, Return as Stored},
};
use raas_db::Session as _;
use raas_wire::{JobSeen, Report, Return, ReturnSource};
use serde_json::{Value, json};

use crate::support::{Plugin, Server};

/// A jid that Salt made, at that moment of 2026.
fn jid(n: u32) -> String {
    format!("20260102030405{n:06}")
}

/// Somebody published it with Salt's own command line.
fn job(jid: &str, minions: &[&str]) -> Report {
    Report::Job(JobSeen {
        jid: jid.to_owned(),
        fun: "cmd.run".to_owned(),
        arg: json!(["x"]).into(),
        tgt: json!("*").into(),
        tgt_type: "glob".to_owned(),
        user: "root".to_owned(),
        minions: minions.iter().map(|id| (*id).to_owned()).collect(),
    })
}

fn returned(jid: &str, minion_id: &str, value: &Value) -> Return {
    Return {
        jid: jid.to_owned(),
        minion_id: minion_id.to_owned(),
        fun: "cmd.run".to_owned(),
        fun_args: json!(["x"]).into(),
        success: true,
        retcode: 0,
        ret: value.into(),
        original: None,
        extra: None,
        source: ReturnSource::Bus,
        trimmed: false,
    }
}

/// The returns of a job, by minion.
async fn returns(server: &Server, jid: &str) -> Vec<Stored> {
    let params: GetReturnsParams =
        serde_json::from_value(json!({"jid": jid, "sort_by": "minion_id", "limit": 1000})).unwrap();
    let page: Page<Stored> = server.call::<GetReturns>(&params).await;
    page.results
}

/// The outcomes of a job, by minion.
async fn outcomes(server: &Server, jid: &str) -> Vec<CmdDetail> {
    let params: GetCmdDetailsParams =
        serde_json::from_value(json!({"jid": jid, "sort_by": "minion_id", "limit": -1})).unwrap();
    server.call::<GetCmdDetails>(&params).await.results
}

/// Expected, returned and open outcomes of a job.
async fn counts(server: &Server, jid: &str) -> (i64, i64, i64) {
    let params = GetCmdStatusParams { jids: vec![jid.parse().unwrap()] };
    let status = server.call::<GetCmdStatus>(&params).await.remove(0);
    (status.expected, status.returned, status.open)
}

/// A number that the database says.
async fn number(server: &Server, sql: &'static str) -> i64 {
    let client = server.db.db().client().await.unwrap();
    client.query_one(sql, &[]).await.unwrap().get(0)
}

/// What a master said and was not taken.
async fn dead_letters(server: &Server, _: &Plugin) -> i64 {
    number(server, "SELECT count(*) FROM dead_letter").await
}
