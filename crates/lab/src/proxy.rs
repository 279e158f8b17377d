//! A TCP proxy that can be told to misbehave while it runs: cut, stall, delay. In front of several targets it is a load
//! balancer: each connection goes to the next one that answers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the network does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: bytes pass.
    Pass,
    /// Open connections are closed, new ones are closed at once.
    Cut,
    /// Connections stay open and no byte passes, in either direction.
    Stall,
    /// Every piece waits this long.
    Delay(Duration),
}

/// What is behind a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An address.
    Tcp(SocketAddr),
    /// A unix socket.
    Socket(PathBuf),
}

/// A proxy on a free port of 127.0.0.1. It ends when dropped.
#[derive(Debug)]
pub struct FaultyProxy {
    address: SocketAddr,
    fault: watch::Sender<Fault>,
    accepting: JoinHandle<()>,
}

impl FaultyProxy {
    /// Starts one in front of `target`.
    pub async fn start(target: SocketAddr) -> Result<Self> {
        Self::balance(vec![Target::Tcp(target)]).await
    }

    /// Starts one in front of several targets.
    pub async fn balance(targets: Vec<Target>) -> Result<Self> {
        let (targets, turn) = (Arc::new(targets), AtomicUsize::new(0));
        let listener =
            TcpListener::bind(("127.0.0.1", 0)).await.context("the proxy cannot bind a port on 127.0.0.1")?;
        let address = listener.local_addr().context("the proxy cannot read its port")?;
        let (fault, now) = watch::channel(Fault::Pass);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let first = turn.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(carry(client, Arc::clone(&targets), first, now.clone()));
            }
        });
        Ok(Self { address, fault, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as an HTTP URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on, for open and new connections.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

impl Drop for FaultyProxy {
    fn drop(&mut self) {
        self.fault.send_replace(Fault::Cut);
        self.accepting.abort();
    }
}

async fn carry(client: TcpStream, targets: Arc<Vec<Target>>, first: usize, now: watch::Receiver<Fault>) {
    if *now.borrow() == Fault::Cut {
        return;
    }
    for target in targets.iter().cycle().skip(first % targets.len().max(1)).take(targets.len()) {
        match target {
            Target::Tcp(address) => {
                if let Ok(server) = TcpStream::connect(address).await {
                    return between(client, server, now).await;
                }
            }
            Target::Socket(path) => {
                if let Ok(server) = UnixStream::connect(path).await {
                    return between(client, server, now).await;
                }
            }
        }
    }
}

async fn between(client: TcpStream, server: impl AsyncRead + AsyncWrite, now: watch::Receiver<Fault>) {
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = tokio::io::split(server);
    let mut cut = now.clone();
    tokio::select! {
        _ = pump(client_read, server_write, now.clone()) => {}
        _ = pump(server_read, client_write, now) => {}
        _ = cut.wait_for(|fault| *fault == Fault::Cut) => {}
    }
}

/// Copies until one side ends. The other direction ends with it, as the connection does.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut now: watch::Receiver<Fault>,
) -> Option<()> {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut piece).await.ok().filter(|length| *length > 0)?;
        let fault = *now.wait_for(|fault| *fault != Fault::Stall).await.ok()?;
        if let Fault::Delay(time) = fault {
            tokio::time::sleep(time).await;
        }
        to.write_all(&piece[..length]).await.ok()?;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    async fn echo_server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    let _ = tokio::io::copy(&mut read, &mut write).await;
                });
            }
        });
        address
    }

    async fn say(stream: &mut TcpStream, limit: Duration) -> Option<u8> {
        stream.write_all(b"x").await.ok()?;
        let mut byte = [0];
        tokio::time::timeout(limit, stream.read_exact(&mut byte)).await.ok()?.ok()?;
        Some(byte[0])
    }

    #[tokio::test]
    async fn it_passes_delays_stalls_and_cuts_as_told() {
        let proxy = FaultyProxy::start(echo_server().await).await.unwrap();
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        let (soon, short) = (Duration::from_secs(5), Duration::from_millis(100));
        assert_eq!(say(&mut stream, soon).await, Some(b'x'));

        proxy.set(Fault::Delay(Duration::from_millis(60)));
        let start = Instant::now();
        assert_eq!(say(&mut stream, soon).await, Some(b'x'));
        assert!(start.elapsed() >= Duration::from_millis(120), "both directions wait");

        proxy.set(Fault::Stall);
        assert_eq!(say(&mut stream, short).await, None);
        proxy.set(Fault::Pass);
        let mut byte = [0];
        assert_eq!(stream.read_exact(&mut byte).await.unwrap(), 1, "what was held back comes");

        proxy.set(Fault::Cut);
        assert_eq!(say(&mut stream, soon).await, None);
        let mut fresh = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(say(&mut fresh, soon).await, None);
    }
}
