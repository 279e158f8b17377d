//! One open stream: what its account may be told of goes out, until its session ends.

use std::{convert::Infallible, time::Duration};

use axum::response::sse::Event;
use tokio::sync::{
    broadcast::{self, error::RecvError},
    mpsc,
};

use super::{Item, sight::Sight};
use crate::{Actor, AppState, RpcError};

/// How often it is looked whether its session goes on. What is told meanwhile was allowed at the last look.
const LOOK: Duration = Duration::from_secs(2);
/// Most changes that are judged at once.
const PART: usize = 500;
/// Events that may wait for a slow reader.
const WAITING: usize = 64;

/// What goes out.
pub(super) type Events = mpsc::Receiver<Result<Event, Infallible>>;

/// A stream that somebody holds.
#[derive(Debug)]
pub(super) struct Teller {
    state: AppState,
    sight: Sight,
    live: broadcast::Receiver<Item>,
    out: mpsc::Sender<Result<Event, Infallible>>,
}

impl Teller {
    /// Begins to tell: what came before, then what comes.
    pub(super) fn start(
        state: AppState,
        actor: Actor,
        (first, live): (Vec<Item>, broadcast::Receiver<Item>),
    ) -> Events {
        let (out, events) = mpsc::channel(WAITING);
        let teller = Self { state, sight: Sight::of(actor), live, out };
        tokio::spawn(teller.tell(first));
        events
    }

    /// Until the reader is gone, or its session has ended.
    async fn tell(mut self, first: Vec<Item>) {
        for part in first.chunks(PART) {
            if !self.send(part.to_vec()).await {
                return;
            }
        }
        let mut look = tokio::time::interval(LOOK);
        loop {
            let goes_on = tokio::select! {
                biased;
                () = self.out.closed() => false,
                _ = look.tick() => self.look().await,
                item = self.live.recv() => self.take(item).await,
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Looks at the account again. What the database cannot say now it is asked the next time; without it, nothing comes.
    async fn look(&mut self) -> bool {
        match self.sight.again(&self.state).await {
            Ok(()) | Err(RpcError::Unavailable(_)) => true,
            Err(error) => {
                tracing::debug!(cause = %error, "a stream ends");
                false
            }
        }
    }

    /// Takes what came, and what else is there already. What was missed is a reason to look at everything again.
    async fn take(&mut self, item: Result<Item, RecvError>) -> bool {
        let mut items = match item {
            Ok(item) => vec![item],
            Err(RecvError::Lagged(_)) => vec![Item::Snapshot(0)],
            Err(RecvError::Closed) => return false,
        };
        while items.len() < PART
            && let Ok(item) = self.live.try_recv()
        {
            items.push(item);
        }
        self.send(items).await
    }

    /// Sends what the account may be told of. When that cannot be said, it is told to look: its calls are judged, too.
    async fn send(&mut self, items: Vec<Item>) -> bool {
        let items = self.sight.leave(&self.state, items).await;
        for item in items.unwrap_or_else(|_| vec![Item::Snapshot(0)]) {
            if self.out.send(Ok(self.state.stream.event(&item))).await.is_err() {
                return false;
            }
        }
        true
    }
}
