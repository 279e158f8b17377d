//! Wake-ups between servers: LISTEN on a connection of its own, and NOTIFY. What a wake-up means is the listener's business.
use std::future::poll_fn;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_postgres::AsyncMessage;

use crate::connect::{Connector, Wires};
use crate::error::{DbError, chain};
use crate::pool::Db;
use crate::session::Session;

/// Work for a master came up; the payload names the master.
pub const WORK: &str = "raas_work";
/// Something that `/stream` shows has changed; the payload says what.
pub const CHANGE: &str = "raas_change";

const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LAST: Duration = Duration::from_secs(5);
const BACKLOG: usize = 1024;

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// Somebody notified.
    Notified {
        /// [`WORK`] or [`CHANGE`].
        channel: String,
        /// What was said; empty: nothing.
        payload: String,
    },
    /// Notifications may have been missed (a new connection, or a slow listener): look at everything.
    Rescan,
}

/// One connection that listens for this whole process. Dropping it ends it.
#[derive(Debug)]
pub struct Listener {
    sender: broadcast::Sender<Wake>,
    task: JoinHandle<()>,
}

/// One reader of a [`Listener`].
#[derive(Debug)]
pub struct Wakes {
    receiver: broadcast::Receiver<Wake>,
    fresh: bool,
}

impl Listener {
    /// Starts listening to the database of this pool, and starts again whenever the connection is lost.
    pub fn start(db: &Db) -> Result<Self, DbError> {
        let mut options = db.options().clone();
        // A connection that only listens is idle by nature.
        options.idle_in_transaction_timeout = Duration::ZERO;
        let connector = Connector::new(&options)?;
        let (sender, _) = broadcast::channel(BACKLOG);
        let task = tokio::spawn(keep_listening(connector, sender.clone()));
        Ok(Self { sender, task })
    }

    /// A new reader. The first thing it hears is [`Wake::Rescan`].
    pub fn subscribe(&self) -> Wakes {
        Wakes { receiver: self.sender.subscribe(), fresh: true }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wakes {
    /// The next wake-up. None once the [`Listener`] is gone. Safe to drop while waiting.
    pub async fn next(&mut self) -> Option<Wake> {
        if std::mem::take(&mut self.fresh) {
            return Some(Wake::Rescan);
        }
        match self.receiver.recv().await {
            Ok(wake) => Some(wake),
            Err(broadcast::error::RecvError::Lagged(_)) => {
                // What is still in the queue is covered by the scan.
                self.receiver = self.receiver.resubscribe();
                Some(Wake::Rescan)
            }
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// Tells every listener; in a transaction they hear it when it commits. A payload is at most 7999 bytes.
pub async fn notify(client: &impl Session, channel: &str, payload: &str) -> Result<(), DbError> {
    client.execute(include_str!("../queries/notify/send.sql"), &[&channel, &payload]).await.map(drop)
}

/// Several of [`notify`] at once, as (channel, payload).
pub async fn notify_all(client: &impl Session, all: &[(&str, String)]) -> Result<(), DbError> {
    let (channels, payloads): (Vec<&str>, Vec<&str>) =
        all.iter().map(|(channel, payload)| (*channel, payload.as_str())).unzip();
    client.execute(include_str!("../queries/notify/send_all.sql"), &[&channels, &payloads]).await.map(drop)
}

async fn keep_listening(connector: Connector, sender: broadcast::Sender<Wake>) {
    let mut pause = RETRY_FIRST;
    loop {
        match connector.connect().await {
            Ok((client, wires)) => {
                let why = listen(&client, wires, &sender, &mut pause).await;
                tracing::warn!(why, "stopped listening to the database; connecting again");
            }
            Err(error) => tracing::warn!(why = %error, "cannot listen to the database; trying again"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(RETRY_LAST);
    }
}

/// Forwards until the connection ends; returns why it did.
async fn listen(
    client: &tokio_postgres::Client,
    mut wires: Wires,
    sender: &broadcast::Sender<Wake>,
    pause: &mut Duration,
) -> String {
    let asked = async {
        client.batch_execute(&format!("LISTEN {WORK}; LISTEN {CHANGE}")).await?;
        // From here on nothing is missed; what was before is found by looking.
        let _ = sender.send(Wake::Rescan);
        Ok::<_, tokio_postgres::Error>(())
    };
    let mut asked = std::pin::pin!(asked);
    let mut ready = false;
    loop {
        tokio::select! {
            outcome = &mut asked, if !ready => match outcome {
                Ok(()) => { ready = true; *pause = RETRY_FIRST; }
                Err(error) => return chain(&error),
            },
            message = poll_fn(|cx| wires.poll_message(cx)) => match message {
                Some(Ok(AsyncMessage::Notification(said))) => {
                    let (channel, payload) = (said.channel().to_owned(), said.payload().to_owned());
                    // No receiver is no fault: nobody reads at the moment.
                    let _ = sender.send(Wake::Notified { channel, payload });
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return chain(&error),
                None => return "the connection ended".to_owned(),
            },
        }
    }
}
