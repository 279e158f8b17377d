//! `raas events`: changes as they come, also after the connection broke.

use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
};

use raas_db::listen;
use serde_json::Value;

use crate::support::{PATIENCE, Server, finish};

/// A running `raas events`, and its lines.
struct Following {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            if line.map(|line| sender.send(line)).is_err() {
                return;
            }
        }
    });
    lines
}

impl Following {
    fn start(server: &Server, arguments: &[&str]) -> Self {
        let mut command = server.raas(&[&["events"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
        let following = Self { child, out, err };
        following.told("following");
        following
    }

    /// The next line.
    fn line(&self) -> String {
        self.out.recv_timeout(PATIENCE).expect("no line came")
    }

    /// Waits until it tells people this.
    fn told(&self, words: &str) {
        while !self
            .err
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("{words} was not told"))
            .contains(words)
        {}
    }

    /// Ctrl-C; its exit code.
    fn ctrl_c(mut self) -> i32 {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

async fn changes(server: &Server, change: &str) {
    let client = server.db.db().client().await.unwrap();
    listen::notify(&client, listen::CHANGE, change).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_come_as_lines_that_people_and_programs_read() {
    let server = Server::start().await;
    let people = Following::start(&server, &[]);
    let programs =
        Following::start(&server, &["--output", "json", "--kind", "outcomes", "--kind", "masters"]);
    let cluster = Following::start(&server, &["--cluster", "eu-web", "-o", "yaml"]);
    let jid = "20260102030405000678";
    changes(&server, r#"{"topic": "masters", "cluster_id": "us-web"}"#).await;
    changes(&server, r#"{"topic": "minions", "cluster_id": "eu-web"}"#).await;
    changes(&server, &format!(r#"{{"topic": "outcomes", "jid": "{jid}"}}"#)).await;
    assert!(people.line().starts_with("TIME"));
    for words in [["masters", "us-web"], ["minions", "eu-web"], ["outcomes", jid]] {
        let line = people.line();
        assert!(words.iter().all(|word| line.contains(word)), "{words:?}: {line}");
    }
    let first: Value = serde_json::from_str(&programs.line()).unwrap();
    assert_eq!((&first["topic"], &first["cluster_id"]), (&"masters".into(), &"us-web".into()), "{first}");
    let second: Value = serde_json::from_str(&programs.line()).unwrap();
    assert_eq!((&second["topic"], &second["jid"]), (&"outcomes".into(), &jid.into()), "minions are left out");
    assert_eq!(cluster.line(), "---");
    let text: Vec<String> = (0..4).map(|_| cluster.line()).collect();
    assert!(text.iter().any(|line| line == "cluster_id: eu-web"), "{text:?}");
    for following in [people, programs, cluster] {
        assert_eq!(following.ctrl_c(), 0, "Ctrl-C is how it ends");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_goes_and_comes_back_is_followed_again() {
    let server = Server::start().await;
    let address = server.url.trim_start_matches("http://").to_owned();
    let following = Following::start(&server, &[]);
    let db = server.stop().await;
    following.told("connecting again in");
    let server = Server::at(&address, db).await;
    following.told("connected again");
    changes(&server, r#"{"topic": "clusters", "cluster_id": "eu-web"}"#).await;
    assert!(following.line().starts_with("TIME"));
    assert!(following.line().contains("eu-web"));
    assert_eq!(following.ctrl_c(), 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_ends_when_the_token_is_revoked_and_does_not_begin_without_a_server() {
    let server = Server::start().await;
    let token = server.says(&["tokens", "save", "watcher", "--perm", "cmd-read"]).await;
    let mut command = server.raas(&["events"]);
    command.env("RAAS_TOKEN", token.trim()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let said = lines(child.stderr.take().unwrap());
    assert!(said.recv_timeout(PATIENCE).unwrap().contains("following"));
    server.says(&["tokens", "delete", "watcher"]).await;
    let code = tokio::task::spawn_blocking(move || child.wait().unwrap().code()).await.unwrap();
    assert_eq!(code, Some(1));
    let last = said.iter().last().unwrap();
    assert!(last.contains("was revoked"), "{last}");

    let mut away = server.raas(&["events"]);
    away.env("RAAS_URL", "http://127.0.0.1:1");
    let away = finish(away).await;
    assert!(away.code == 1 && away.err.contains("cannot reach"), "{}", away.err);
    server.stop().await;
}
