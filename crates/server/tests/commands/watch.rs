//! What a user does in the stories, and what is seen of it: commands sent, time passed, outcomes waited for.

use std::collections::BTreeMap;

use raas_api::{
    CommandKind, CommandState, Jid, OutcomeState,
    cmd::{
        CmdDetail, CmdStatus, GetCmdDetails, GetCmdDetailsParams, GetCmdStatus, GetCmdStatusParams, RouteCmd,
        RouteCmdParams, RouteTarget,
    },
};
use raas_db::listen;
use serde_json::json;

use super::hands::Master;
use crate::support::{Server, until};

/// Sends `test.ping` to a glob.
pub(crate) async fn send(server: &Server, name: &str, glob: &str) -> Jid {
    send_fun(server, name, glob, "test.ping").await
}

/// Sends a function without arguments to a glob.
pub(crate) async fn send_fun(server: &Server, name: &str, glob: &str, fun: &str) -> Jid {
    let tgt = BTreeMap::from([(name.to_owned(), RouteTarget::glob(glob))]);
    let params = RouteCmdParams { fun: Some(fun.to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() };
    server.call::<RouteCmd>(&params).await
}

/// Sends a runner.
pub(crate) async fn run(server: &Server, name: &str) -> Jid {
    let params = RouteCmdParams {
        cmd: Some(CommandKind::Runner),
        fun: Some("manage.up".to_owned()),
        masters: Some(vec![name.to_owned()]),
        ..RouteCmdParams::default()
    };
    server.call::<RouteCmd>(&params).await
}

/// Time passes while these masters go on calling.
pub(crate) async fn pass(server: &Server, mut seconds: i64, calling: &[&Master]) {
    while seconds > 0 {
        let step = seconds.min(10);
        server.clock.advance(step);
        seconds -= step;
        for master in calling {
            master.beat().await;
        }
        wake(server).await;
    }
}

/// Wakes the reconciler, which otherwise looks every second.
pub(crate) async fn wake(server: &Server) {
    let client = server.db.db().client().await.unwrap();
    listen::notify(&client, listen::WORK, "reconcile").await.unwrap();
}

pub(crate) async fn details(server: &Server, jid: &Jid) -> BTreeMap<String, CmdDetail> {
    let params: GetCmdDetailsParams = serde_json::from_value(json!({"jid": jid, "limit": -1})).unwrap();
    let page = server.call::<GetCmdDetails>(&params).await;
    let (count, rows) = (page.count, page.results.len());
    let found: BTreeMap<String, CmdDetail> =
        page.results.into_iter().map(|row| (row.minion_id.clone(), row)).collect();
    assert_eq!((found.len(), count), (rows, i64::try_from(rows).unwrap()), "each minion has one outcome");
    found
}

/// Waits until an outcome is in this state.
pub(crate) async fn becomes(server: &Server, jid: &Jid, minion: &str, state: OutcomeState) -> CmdDetail {
    until(&format!("{minion} becomes {state}"), async || {
        wake(server).await;
        let mut all = details(server, jid).await;
        match all.remove(minion) {
            Some(detail) if detail.state == state => Ok(detail),
            other => Err(format!("{other:?}")),
        }
    })
    .await
}

pub(crate) async fn status(server: &Server, jid: &Jid) -> CmdStatus {
    let found = server.call::<GetCmdStatus>(&GetCmdStatusParams { jids: vec![jid.clone()] }).await;
    found.into_iter().next().unwrap()
}

/// Waits until a command ended, in this state, with counters that fit its outcomes.
pub(crate) async fn ends(server: &Server, jid: &Jid, state: CommandState) -> CmdStatus {
    let ended = until(&format!("{jid} ends"), async || {
        wake(server).await;
        let status = status(server, jid).await;
        if status.done { Ok(status) } else { Err(format!("{status:?}; {:?}", details(server, jid).await)) }
    })
    .await;
    let details = details(server, jid).await;
    let count = |wanted: fn(&CmdDetail) -> bool| {
        i64::try_from(details.values().filter(|d| wanted(d)).count()).unwrap()
    };
    assert_eq!(
        (ended.expected, ended.open, ended.returned_good, ended.returned_failed),
        (
            count(|_| true),
            count(|d| !d.state.is_final()),
            count(|d| d.state == OutcomeState::Succeeded),
            count(|d| d.state == OutcomeState::Failed),
        ),
        "counters and outcomes agree"
    );
    assert_eq!(ended.state, state, "{ended:?}");
    ended
}
