//! The request port of a simulated master (`transport: tcp`): ping, publish, runner, wheel, for whoever knows the key.

use std::io::Write as _;

use anyhow::{Context, Result};
use raas_salt::{Value, msgpack};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::dice::Dice;
use super::line::Job;
use super::salt::{self, Salt};

/// Serves requests until the process ends.
pub(super) async fn open(salt: Salt) -> Result<()> {
    let port = salt.place.ret_port()?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
    let key = std::fs::read_to_string(salt.place.path("cache/.root_key")).context("there is no key")?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(salt.clone(), key.clone(), stream));
        }
    });
    Ok(())
}

async fn serve(salt: Salt, key: String, mut stream: TcpStream) {
    let mut bytes = Vec::new();
    while stream.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
        let Ok(envelope) = msgpack::read(&bytes) else { continue };
        bytes.clear();
        let Some(load) = msgpack::get(&envelope, "body").and_then(|body| msgpack::get(body, "load")) else {
            return;
        };
        let reply = answer(&salt, &key, load).await;
        let reply = msgpack::from_json(&json!({"head": {"mid": 1}, "body": reply}));
        if stream.write_all(&msgpack::write(&reply)).await.is_err() {
            return;
        }
    }
}

async fn answer(salt: &Salt, key: &str, load: &Value) -> Json {
    let cmd = msgpack::text(load, "cmd").unwrap_or_default();
    if cmd != "ping" && msgpack::text(load, "key") != Some(key) {
        return json!({"error": {"name": "AuthenticationError", "message": "Authentication error occurred."}});
    }
    match cmd {
        "ping" => json!({"clear_load": {}}),
        "publish" => publish(salt, load).await,
        "runner" => runner(salt, load),
        "wheel" => wheel(load),
        _ => json!({}),
    }
}

async fn publish(salt: &Salt, load: &Value) -> Json {
    let (tgt, tgt_type) = (plain(load, "tgt"), text(load, "tgt_type"));
    let minions: Vec<String> =
        salt.accepted.iter().filter(|id| matches(&tgt, &tgt_type, id)).cloned().collect();
    if minions.is_empty() {
        let error = format!("Master could not resolve minions for target {tgt}");
        return json!({"load": {"jid": null, "minions": [], "error": error}});
    }
    let jid = text(load, "jid");
    let reply = json!({"enc": "clear", "load": {"jid": jid, "minions": minions, "missing": []}});
    let metadata =
        msgpack::get(load, "kwargs").and_then(|kwargs| msgpack::get(kwargs, "metadata")).map(json_of);
    let (fun, arg, user) = (text(load, "fun"), plain(load, "arg"), text(load, "user"));
    salt.publish(Job { jid, fun, arg, tgt, tgt_type, user, metadata, minions }).await;
    reply
}

/// `*`, `prefix*`, an id, or a list of ids.
fn matches(tgt: &Json, tgt_type: &str, id: &str) -> bool {
    match (tgt, tgt_type) {
        (Json::Array(ids), _) => ids.iter().any(|one| one == id),
        (Json::String(ids), "list") => ids.split(',').any(|one| one == id),
        (Json::String(glob), _) => glob.strip_suffix('*').map_or(glob == id, |prefix| id.starts_with(prefix)),
        _ => false,
    }
}

/// Writes down that it ran before it says anything: a second run cannot be missed.
fn runner(salt: &Salt, load: &Value) -> Json {
    let (fun, user, jid) = (text(load, "fun"), text(load, "user"), salt::jid(salt::now()));
    let given = plain(load, "kwarg");
    let token = given["arg"][0].as_str().unwrap_or_default().to_owned();
    let line = format!("{token}\t{jid}\t{fun}\t{user}\n");
    let file = std::fs::File::options().create(true).append(true).open(salt.place.runs());
    if file.and_then(|mut file| file.write_all(line.as_bytes())).is_err() {
        return json!({"error": {"name": "OSError", "message": "No space left on device"}});
    }
    let reply = json!({"tag": format!("salt/run/{jid}"), "jid": jid});
    let (salt, fun) = (salt.clone(), format!("runner.{fun}"));
    tokio::spawn(async move {
        salt.fire_json(
            &format!("salt/run/{jid}/new"),
            &json!({"fun": fun, "jid": jid, "user": user, "fun_args": [token]}),
        );
        tokio::time::sleep(Dice::named(0, &jid).ms(100, 2500)).await;
        let ret = json!({
            "fun": fun, "jid": jid, "user": user, "fun_args": [token], "return": {"token": token}, "success": true,
        });
        salt.fire_json(&format!("salt/run/{jid}/ret"), &ret);
    });
    reply
}

fn wheel(load: &Value) -> Json {
    let (fun, jid) = (text(load, "fun"), salt::jid(salt::now()));
    json!({"tag": format!("salt/wheel/{jid}"), "data": {"fun": fun, "jid": jid, "return": {}, "success": true}})
}

fn text(load: &Value, key: &str) -> String {
    msgpack::text(load, key).unwrap_or_default().to_owned()
}

fn plain(load: &Value, key: &str) -> Json {
    msgpack::get(load, key).map_or(Json::Null, json_of)
}

fn json_of(value: &Value) -> Json {
    serde_json::from_str(&raas_salt::to_json(value).text).unwrap_or_default()
}
