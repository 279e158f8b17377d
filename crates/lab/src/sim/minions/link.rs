//! The connection of a cluster's minions to one of its masters: there while the master's process lives.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::Event;
use crate::sim::line;

const RETRY: Duration = Duration::from_millis(50);

/// Connects again and again, and tells what is heard.
pub(super) async fn keep(master: usize, socket: PathBuf, events: UnboundedSender<Event>) {
    loop {
        let Ok(stream) = UnixStream::connect(&socket).await else {
            tokio::time::sleep(RETRY).await;
            continue;
        };
        let (from, mut to) = stream.into_split();
        let (lines, mut outbox) = unbounded_channel::<Vec<u8>>();
        let writing = tokio::spawn(async move {
            while let Some(line) = outbox.recv().await {
                if to.write_all(&line).await.is_err() {
                    break;
                }
            }
        });
        if events.send(Event::Up(master, lines)).is_err() {
            return;
        }
        let (mut from, mut text) = (BufReader::new(from), Vec::new());
        while let Some(said) = line::next(&mut from, &mut text).await {
            if events.send(Event::Heard(master, said)).is_err() {
                return;
            }
        }
        writing.abort();
        if events.send(Event::Down(master)).is_err() {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}
