//! A server on loopback with a database of its own, and `raas` beside it.

use std::{path::PathBuf, process::Command, sync::Arc, time::Duration};

use raas_db::testing::TestDb;
use raas_server::{
    ServeError, ServeOptions,
    clock::SystemClock,
    config::{self, Layers},
    random::SystemRandom,
};
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// How long a story waits for anything: a loaded machine may be slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) db: Arc<TestDb>,
    /// The home of whoever calls.
    pub(crate) home: tempfile::TempDir,
    shutdown: CancellationToken,
    running: JoinHandle<Result<(), ServeError>>,
}

/// What came of a call.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::at("127.0.0.1:0", Arc::new(TestDb::new().await.unwrap())).await
    }

    /// On this address, with this database.
    pub(crate) async fn at(listen: &str, db: Arc<TestDb>) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut config = config::load(&Layers::default()).unwrap();
        listen.clone_into(&mut config.server.listen);
        config.database.url = Some(db.url().to_owned());
        config.database.max_connections = 8;
        let shutdown = CancellationToken::new();
        let (ready, address) = oneshot::channel();
        let options = ServeOptions {
            config,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            search_path: None,
            root_password: Some(PASSWORD.to_owned()),
            shutdown: shutdown.clone(),
            ready: Some(ready),
        };
        let running = tokio::spawn(raas_server::serve(options));
        let Ok(address) = address.await else { panic!("the server did not start: {:?}", running.await) };
        let home = tempfile::tempdir().unwrap();
        Self { url: format!("http://{address}"), db, home, shutdown, running }
    }

    pub(crate) async fn stop(self) -> Arc<TestDb> {
        self.shutdown.cancel();
        self.running.await.unwrap().unwrap();
        self.db
    }

    /// `raas` with this server, signed in as root.
    pub(crate) fn raas(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_raas"));
        command.args(arguments).env("RAAS_URL", &self.url).env("RAAS_PASSWORD", PASSWORD);
        command.env("XDG_CONFIG_HOME", self.home.path()).env_remove("RAAS_TOKEN").env_remove("RAAS_USER");
        command
    }

    /// Runs it to its end, beside the server.
    pub(crate) async fn does(&self, arguments: &[&str]) -> Done {
        finish(self.raas(arguments)).await
    }

    /// The same; it must succeed. What it prints.
    pub(crate) async fn says(&self, arguments: &[&str]) -> String {
        let done = self.does(arguments).await;
        assert_eq!(done.code, 0, "raas {arguments:?}: {} {}", done.out, done.err);
        done.out
    }

    /// The same, as JSON.
    pub(crate) async fn json(&self, arguments: &[&str]) -> Value {
        let out = self.says(&[arguments, &["--output", "json"]].concat()).await;
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("raas {arguments:?}: {error}: {out}"))
    }

    /// The same; it must be refused. What it says.
    pub(crate) async fn refuses(&self, arguments: &[&str]) -> String {
        let done = self.does(arguments).await;
        assert_eq!((done.code, done.out.as_str()), (1, ""), "raas {arguments:?}: {}", done.err);
        done.err
    }

    /// A file in the home of whoever calls.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

pub(crate) async fn finish(mut command: Command) -> Done {
    let out = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: out.status.code().unwrap(), out: text(out.stdout), err: text(out.stderr) }
}
