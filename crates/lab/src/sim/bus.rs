//! The event bus of a simulated master: bare frames over a unix socket. Whoever reads too slowly is cut off, as by 3008.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use raas_salt::{Value, msgpack};
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixListener;
use tokio::sync::mpsc;

/// Events that wait for one reader (`pub_server_write_queue_size` of 3008).
const WAITING: usize = 10_000;

/// The bus. A cheap clone of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Bus(Arc<Mutex<Vec<Reader>>>);

/// Whoever listens: frames on their way to it.
type Reader = mpsc::Sender<Arc<[u8]>>;

impl Bus {
    /// Listens on a socket; readers get all events from then on.
    pub(super) fn listen(path: &Path) -> Result<Self> {
        let _ = std::fs::remove_file(path);
        let listener =
            UnixListener::bind(path).with_context(|| format!("cannot listen on {}", path.display()))?;
        let bus = Self::default();
        let readers = bus.clone();
        tokio::spawn(async move {
            while let Ok((mut reader, _)) = listener.accept().await {
                let (to, mut events) = mpsc::channel::<Arc<[u8]>>(WAITING);
                readers.readers().push(to);
                tokio::spawn(async move {
                    while let Some(event) = events.recv().await {
                        if reader.write_all(&event).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        Ok(bus)
    }

    /// Puts an event on the bus.
    pub(super) fn fire(&self, tag: &str, data: Vec<(&'static str, Value)>) {
        self.fire_map(tag, data.into_iter().map(|(key, value)| (Value::from(key), value)).collect());
    }

    /// The same with the map itself.
    pub(super) fn fire_map(&self, tag: &str, data: Vec<(Value, Value)>) {
        let mut body = format!("{tag}\n\n").into_bytes();
        body.extend(msgpack::write(&Value::Map(data)));
        let head = (Value::from("head"), Value::Map(Vec::new()));
        let frame: Arc<[u8]> =
            msgpack::write(&Value::Map(vec![head, (Value::from("body"), Value::Binary(body))])).into();
        self.readers().retain(|reader| reader.try_send(Arc::clone(&frame)).is_ok());
    }

    /// Closes it for everybody; it can be connected to again.
    pub(super) fn hang_up(&self) {
        self.readers().clear();
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
