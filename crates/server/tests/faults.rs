//! What can break, broken by force: the server, its database, the disk. Nothing is lost, and everybody is told what the
//! matter is.

mod failover;
mod full;
mod gaps;
mod two_servers;

use raas_api::{
    cmd::{CmdDetail, GetCmdDetails, GetCmdDetailsParams},
    master::{KeyActAction, SetMasterKeyState, SetMasterKeyStateParams},
};
use raas_wire::{KeyLists, KeyOfMinion, Pinged, Report, Return, ReturnSource};
use serde_json::{Value, json};

use crate::support::{Beside, Plugin, Server, until};

/// Its key is accepted by an operator, once it is there.
async fn accept(server: &Server, plugin: &Beside) {
    plugin.stands("pending").await;
    let params = SetMasterKeyStateParams {
        masters: vec![plugin.master_id.clone()],
        action: KeyActAction::Accept,
        fingerprint: Some(plugin.fingerprint.clone()),
    };
    server.call::<SetMasterKeyState>(&params).await;
    plugin.stands("accepted").await;
}

/// A minion's return of somebody else's job.
fn returned(jid: &str, minion_id: &str, value: Value) -> Report {
    Report::Return(Return {
        jid: jid.to_owned(),
        minion_id: minion_id.to_owned(),
        fun: "test.ping".to_owned(),
        fun_args: json!([]).into(),
        success: true,
        retcode: 0,
        ret: value.into(),
        original: None,
        extra: None,
        source: ReturnSource::Bus,
        trimmed: false,
    })
}

/// The minions that returned a job, each once.
async fn have_returned(server: &Server, jid: &str) -> Vec<String> {
    let params: GetCmdDetailsParams = serde_json::from_value(json!({"jid": jid, "limit": -1})).unwrap();
    let rows: Vec<CmdDetail> = server.call::<GetCmdDetails>(&params).await.results;
    assert!(rows.iter().all(|row| row.has_return && !row.ran_twice), "{rows:?}");
    let mut minions: Vec<String> = rows.into_iter().map(|row| row.minion_id).collect();
    minions.sort();
    minions
}

/// What `/health/ready` says: the status and the reason.
async fn ready(server: &Server) -> (u16, String) {
    match server.http.get(format!("{}/health/ready", server.url)).send().await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            let body: Value = answer.json().await.unwrap_or_default();
            (status, body["reason"].as_str().unwrap_or_default().to_owned())
        }
        Err(error) => (0, error.to_string()),
    }
}

/// What a call of a user says while the database is in trouble: the status and the sentence.
async fn a_call(server: &Server) -> (u16, String) {
    let call = json!({"resource": "master", "method": "get_master_keys"});
    let (status, reply) = server.post(&call).await;
    (status, reply["error"]["message"].as_str().unwrap_or_default().to_owned())
}

/// All keys of a master: these minions accepted.
fn accepted(minions: &[&str]) -> Report {
    let key = |id: &&str| KeyOfMinion {
        minion_id: (*id).to_owned(),
        fingerprint: format!("f-{id}"),
        public_key: format!("pem-{id}"),
    };
    Report::Keys(KeyLists { accepted: minions.iter().map(key).collect(), ..KeyLists::default() })
}

/// These answered the plugin's own ping.
fn alive(plugin: &Plugin, minions: &[&str]) -> Report {
    let answered = minions.iter().map(|id| (*id).to_owned()).collect();
    Report::Pinged(Pinged { delivery_id: None, sent_at: plugin.now(), answered, silent: Vec::new() })
}

/// Waits until load balancers may send calls again.
async fn ready_again(server: &Server) {
    until("the server is ready", async || match ready(server).await {
        (200, _) => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
}
