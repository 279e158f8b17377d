//! A whole server on loopback with a database of its own, and an operator signed in as root.

use std::{net::SocketAddr, sync::Arc};

use raas_api::{
    Call, ErrorBody, MasterKeyState, Method,
    master::{KeyActAction, MasterKeyAct, SetMasterKeyState, SetMasterKeyStateParams},
};
use raas_client::{Client, ClientError, Credentials, Options};
use raas_db::testing::TestDb;
use raas_server::{
    ServeError, ServeOptions,
    clock::Clock as _,
    config::{self, Config, Layers},
    random::{Random as _, SystemRandom},
};
use raas_wire::ClusterKind;
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Plugin, TestClock};

/// Password of root in every story.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A running server.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) db: Arc<TestDb>,
    pub(crate) clock: Arc<TestClock>,
    /// Signed in as root.
    pub(crate) root: Client,
    /// Not signed in, for what the client does not do.
    pub(crate) http: reqwest::Client,
    shutdown: CancellationToken,
    running: JoinHandle<Result<(), ServeError>>,
}

impl Server {
    /// With the default configuration.
    pub(crate) async fn start() -> Self {
        Self::configured(|_| {}).await
    }

    /// With a configuration of its own.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(Arc::new(TestDb::new().await.unwrap()), Arc::default(), change).await
    }

    /// On a PostgreSQL of the story's own. Its `db` is another one, which nobody uses.
    pub(crate) async fn on_url(url: &str) -> Self {
        let db = Arc::new(TestDb::new().await.unwrap());
        Self::on(db, Arc::default(), |config| config.database.url = Some(url.to_owned())).await
    }

    /// On a database that other servers may use too.
    pub(crate) async fn on(db: Arc<TestDb>, clock: Arc<TestClock>, change: impl FnOnce(&mut Config)) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut config = config::load(&Layers::default()).unwrap();
        "127.0.0.1:0".clone_into(&mut config.server.listen);
        config.database.url = Some(db.url().to_owned());
        config.database.max_connections = 8;
        change(&mut config);
        let shutdown = CancellationToken::new();
        let (ready, address) = oneshot::channel();
        let options = ServeOptions {
            config,
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            search_path: None,
            root_password: Some(PASSWORD.to_owned()),
            shutdown: shutdown.clone(),
            ready: Some(ready),
        };
        let running = tokio::spawn(raas_server::serve(options));
        let Ok(address) = address.await else { panic!("the server did not start: {:?}", running.await) };
        Self::at(address, db, clock, shutdown, running)
    }

    fn at(
        address: SocketAddr,
        db: Arc<TestDb>,
        clock: Arc<TestClock>,
        shutdown: CancellationToken,
        running: JoinHandle<Result<(), ServeError>>,
    ) -> Self {
        let url = format!("http://{address}");
        let credentials =
            Credentials::Password { username: "root".to_owned(), password: PASSWORD.to_owned() };
        Self {
            root: Client::new(Options::new(&url, credentials)).unwrap(),
            http: reqwest::Client::new(),
            url,
            db,
            clock,
            shutdown,
            running,
        }
    }

    /// Calls a method as root; it must succeed.
    pub(crate) async fn call<M: Method>(&self, params: &M::Params) -> M::Reply {
        match self.root.call::<M>(params).await {
            Ok(answer) => answer.ret,
            Err(error) => panic!("{}.{} failed: {error}", M::RESOURCE, M::NAME),
        }
    }

    /// Calls a method as root; it must be refused.
    pub(crate) async fn refused<M: Method>(&self, params: &M::Params) -> ErrorBody {
        match self.root.call::<M>(params).await {
            Err(ClientError::Method { error, .. }) => *error,
            other => panic!("{}.{} was not refused: {:?}", M::RESOURCE, M::NAME, other.map(|_| "a reply")),
        }
    }

    /// Calls a method by its names, with parameters by position and by name, as it came from any client.
    pub(crate) async fn raw(&self, name: &str, arg: Value, kwarg: Value) -> Result<Value, ErrorBody> {
        let (resource, method) = name.split_once('.').unwrap();
        let call = Call {
            resource: resource.to_owned(),
            method: method.to_owned(),
            arg: serde_json::from_value(arg).unwrap(),
            kwarg: serde_json::from_value(kwarg).unwrap(),
            riq: Value::Null,
        };
        match self.root.raw(&call).await {
            Ok(answer) => Ok(answer.ret),
            Err(ClientError::Method { error, .. }) => Err(*error),
            Err(error) => panic!("{name}: {error}"),
        }
    }

    /// Posts any body to `/rpc` as root.
    pub(crate) async fn post(&self, body: &Value) -> (u16, Value) {
        let token = self.root.token().await.unwrap();
        let request =
            self.http.post(format!("{}/rpc", self.url)).header("authorization", format!("JWT {token}"));
        let response = request.json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// A plugin beside a single master; nothing is sent yet.
    pub(crate) fn plugin(&self, master_id: &str) -> Plugin {
        Plugin::new(&self.url, self.clock.clone(), master_id)
    }

    /// Now, by the server's clock.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// A random id.
    pub(crate) fn uuid() -> uuid::Uuid {
        SystemRandom.uuid()
    }

    /// Ends it as a crash would: nothing is given back or said.
    pub(crate) fn kill(self) {
        self.running.abort();
    }

    /// Stops it, and waits for its end.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap().unwrap();
    }
}

/// What an operator does in one step.
impl Server {
    /// Accepts the keys of these masters by their fingerprints.
    pub(crate) async fn accept(&self, plugins: &[&Plugin]) -> Vec<MasterKeyAct> {
        let mut acts = Vec::new();
        for plugin in plugins {
            let params = SetMasterKeyStateParams {
                masters: vec![plugin.master_id.clone()],
                action: KeyActAction::Accept,
                fingerprint: Some(plugin.fingerprint()),
            };
            acts.extend(self.call::<SetMasterKeyState>(&params).await);
        }
        acts
    }

    /// A cluster of this kind whose masters were accepted and have called.
    pub(crate) async fn cluster<const N: usize>(
        &self,
        cluster_id: &str,
        kind: ClusterKind,
        masters: [&str; N],
    ) -> [Plugin; N] {
        let plugins = masters.map(|master_id| self.plugin(master_id).of(cluster_id, kind));
        for plugin in &plugins {
            self.join(plugin).await;
        }
        plugins
    }

    /// Takes a master in: it enrols, is accepted, enrols again and calls.
    pub(crate) async fn join(&self, plugin: &Plugin) {
        plugin.enroll().await.unwrap();
        self.accept(&[plugin]).await;
        let again = plugin.enroll().await.unwrap();
        assert_eq!(again.state, MasterKeyState::Accepted, "{:?}", again.reason);
        plugin.beat().await.unwrap();
    }
}
