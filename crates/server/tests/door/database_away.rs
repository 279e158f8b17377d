//! The database goes in the middle of a call: it fails with 503 and a sentence, nothing is half done, the next one works.

use raas_api::{
    MasterKeyState,
    master::{GetMasterKeys, GetMasterKeysParams, KeyActAction, SetMasterKeyState, SetMasterKeyStateParams},
};
use raas_db::master_key;
use raas_wire::RefusalCode;
use serde_json::json;

use crate::support::{Server, until};

#[tokio::test]
async fn a_call_that_loses_its_database_says_so_and_the_next_one_works() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    m1.enroll().await.unwrap();
    // Somebody holds the lock, so that the call is in the middle of its transaction when the connections end.
    let mut holder = server.db.db().client().await.unwrap();
    let tx = holder.transaction().await.unwrap();
    master_key::lock(&tx).await.unwrap();
    server.root.token().await.unwrap();
    let call = json!({"resource": "master", "method": "set_master_key_state", "arg": [["m1"], "accept"]});
    let (reply, ()) = tokio::join!(server.post(&call), async {
        waiting(&server).await;
        server.db.cut_connections().await.unwrap();
    });
    assert_eq!(reply.0, 503, "{}", reply.1);
    // That is what PostgreSQL says to those whose connections it ends.
    let said = "the database is restarting; nothing was lost, try again in a moment";
    assert_eq!(reply.1["error"]["message"], said);
    drop(tx);

    let keys = until("the server has its database again", async || {
        let answer = server.root.call::<GetMasterKeys>(&GetMasterKeysParams::default()).await;
        answer.map(|answer| answer.ret).map_err(|error| error.to_string())
    })
    .await;
    assert_eq!(keys[0].state, MasterKeyState::Pending, "nothing was half done");
    server.accept(&[&m1]).await;
    assert_eq!(m1.enroll().await.unwrap().state, MasterKeyState::Accepted);
    server.stop().await;
}

#[tokio::test]
async fn a_plugin_is_asked_to_come_back_and_its_refusal_is_signed_too() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let mut holder = server.db.db().client().await.unwrap();
    let tx = holder.transaction().await.unwrap();
    master_key::lock(&tx).await.unwrap();
    let (refused, ()) = tokio::join!(m1.enroll(), async {
        waiting(&server).await;
        server.db.cut_connections().await.unwrap();
    });
    let refused = refused.unwrap_err();
    assert_eq!((refused.status, refused.refusal.code), (503, RefusalCode::Unavailable));
    assert!(refused.refusal.message.contains("come back later"), "{}", refused.refusal.message);
    drop(tx);
    until("the plugin is served again", async || m1.beat().await.map_err(|refused| refused.refusal.message))
        .await;
    server.stop().await;
}

#[tokio::test]
async fn held_calls_hear_of_work_again_after_the_connections_were_cut() {
    let server = Server::start().await;
    let m1 = server.plugin("m1");
    server.join(&m1).await;
    let params = SetMasterKeyStateParams {
        masters: vec!["m1".to_owned()],
        action: KeyActAction::Accept,
        fingerprint: None,
    };
    server.db.cut_connections().await.unwrap();
    until("calls work again", async || {
        server.root.call::<SetMasterKeyState>(&params).await.map(drop).map_err(|error| error.to_string())
    })
    .await;
    assert!(m1.beat().await.unwrap().is_empty());
    server.stop().await;
}

/// Waits until somebody waits for the lock.
async fn waiting(server: &Server) {
    until("the call waits for the lock", async || match server.db.waiting_for_locks().await {
        Ok(1..) => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
}
