//! The event bus: connect and read, nothing is ever written to it. One task only reads, so that Salt never waits for us;
//! whoever listens takes from a queue of limited bytes. Where frames end is in `framing`.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

use crate::config::BusAddress;
use crate::{Event, EventError, MasterConfig};

mod framing;

use framing::Framing;

/// How long a connection to a local socket may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Bytes that wait for the listener; beyond them new events are dropped and counted.
const MAX_WAITING: usize = 128 << 20;

/// Bytes of events taken together: read, they take many times as much.
const TOGETHER: usize = 64 << 10;

/// Why there is no bus (any more).
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// Nothing to connect to.
    #[error("cannot connect to the event bus at {at}: {source}")]
    Connect {
        /// Where.
        at: String,
        /// What the system said.
        source: io::Error,
    },
    /// Salt closed it: the master stops, or we were too slow for it.
    #[error("the event bus was closed by Salt")]
    Closed,
    /// Reading failed.
    #[error("the event bus cannot be read: {0}")]
    Read(#[from] io::Error),
    /// Bytes that are no frame.
    #[error("the event bus sent something that is no event frame: {0}")]
    Frame(String),
}

/// What comes from the bus.
#[derive(Debug)]
pub enum Arrival {
    /// An event.
    Event(Event),
    /// Something that cannot be read as one.
    Unreadable(EventError),
    /// So many events were dropped, because they came faster than they were taken.
    Dropped(u64),
}

enum Queued {
    Body(Vec<u8>),
    Dropped(u64),
    End(BusError),
}

/// A connection to the event bus of a master.
#[derive(Debug)]
pub struct EventBus {
    queue: UnboundedReceiver<Queued>,
    waiting: Arc<AtomicUsize>,
    reader: AbortHandle,
    /// Why it ended, when that was seen already.
    end: Option<BusError>,
}

impl EventBus {
    /// Connects; from then on nothing is missed until the bus ends.
    pub async fn connect(config: &MasterConfig) -> Result<Self, BusError> {
        match &config.bus {
            BusAddress::Socket(path) => {
                let at = path.display().to_string();
                Ok(Self::read_from(connected(at, UnixStream::connect(path)).await?))
            }
            BusAddress::Port(port) => {
                let at = format!("127.0.0.1:{port}");
                Ok(Self::read_from(connected(at, TcpStream::connect(("127.0.0.1", *port))).await?))
            }
        }
    }

    /// What comes next, in Salt's order: waits for one, then takes what else is there, at most `most` and no more than are
    /// read at little cost of memory. An error ends the bus, and comes only after everything before it was taken.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Arrival>, BusError> {
        let (mut arrivals, mut bytes) = (Vec::new(), 0);
        while arrivals.len() < most && bytes < TOGETHER && self.end.is_none() {
            let next = if arrivals.is_empty() { self.queue.recv().await } else { self.queue.try_recv().ok() };
            match next {
                Some(Queued::Body(body)) => {
                    self.waiting.fetch_sub(body.len(), Ordering::Relaxed);
                    bytes += body.len();
                    arrivals.push(Event::parse(&body).map_or_else(Arrival::Unreadable, Arrival::Event));
                }
                Some(Queued::Dropped(count)) => arrivals.push(Arrival::Dropped(count)),
                Some(Queued::End(error)) => self.end = Some(error),
                None if arrivals.is_empty() => self.end = Some(BusError::Closed),
                None => break,
            }
        }
        if arrivals.is_empty() { Err(self.end.take().unwrap_or(BusError::Closed)) } else { Ok(arrivals) }
    }

    fn read_from(stream: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let (to, queue) = unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut reader = Reader { to, waiting: Arc::clone(&waiting), dropped: 0 };
        let task = tokio::spawn(async move {
            let error = match reader.read(stream).await {
                Ok(()) => BusError::Closed,
                Err(error) => error,
            };
            reader.tell_dropped();
            let _ = reader.to.send(Queued::End(error));
        });
        Self { queue, waiting, reader: task.abort_handle(), end: None }
    }
}

impl Drop for EventBus {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn connected<T>(at: String, connecting: impl Future<Output = io::Result<T>>) -> Result<T, BusError> {
    match tokio::time::timeout(CONNECT_LIMIT, connecting).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(source)) => Err(BusError::Connect { at, source }),
        Err(_) => Err(BusError::Connect { at, source: io::ErrorKind::TimedOut.into() }),
    }
}

struct Reader {
    to: UnboundedSender<Queued>,
    waiting: Arc<AtomicUsize>,
    dropped: u64,
}

impl Reader {
    async fn read(&mut self, mut stream: impl AsyncRead + Unpin) -> Result<(), BusError> {
        let mut framing = Framing::default();
        loop {
            if stream.read_buf(framing.buffer()).await? == 0 {
                return Ok(());
            }
            while let Some(body) = framing.next_body()? {
                self.queue(body);
            }
        }
    }

    fn queue(&mut self, body: Vec<u8>) {
        if self.waiting.load(Ordering::Relaxed) > MAX_WAITING {
            self.dropped += 1;
            return;
        }
        self.tell_dropped();
        self.waiting.fetch_add(body.len(), Ordering::Relaxed);
        let _ = self.to.send(Queued::Body(body));
    }

    fn tell_dropped(&mut self) {
        if self.dropped > 0 {
            let _ = self.to.send(Queued::Dropped(std::mem::take(&mut self.dropped)));
        }
    }
}
