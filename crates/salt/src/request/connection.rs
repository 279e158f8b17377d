//! One connection to the request port: `transport: zeromq` (a REQ socket spoken by hand, see `zmtp`) or `transport: tcp`.

use std::io;

use bytes::BytesMut;
use rmpv::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::zmtp;
use crate::config::Transport;
use crate::msgpack;

/// Largest reply.
pub(super) const MAX_REPLY: usize = 64 << 20;

/// An open connection. After any error it is thrown away.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    transport: Transport,
}

/// Connects.
pub(super) async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Connection {
    /// Shakes hands, where the transport does.
    pub(super) async fn open(mut stream: TcpStream, transport: Transport) -> io::Result<Self> {
        if transport == Transport::Zeromq {
            zmtp::shake_hands(&mut stream).await?;
        }
        Ok(Self { stream, transport })
    }

    /// Whether it still looks open. A closed peer shows as an end, a peer that speaks unasked as bytes.
    pub(super) fn is_open(&self) -> bool {
        let mut byte = [0];
        matches!(self.stream.try_read(&mut byte), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Sends one request and reads its reply. Gives the connection back only when all went well.
    pub(super) async fn ask(mut self, payload: &[u8]) -> io::Result<(Value, Self)> {
        let answer = if self.transport == Transport::Zeromq {
            zmtp::send(&mut self.stream, payload).await?;
            let bytes = zmtp::receive(&mut self.stream).await?;
            msgpack::read(&bytes).map_err(bad)?
        } else {
            self.stream.write_all(&enveloped(payload)).await?;
            self.reply_in_envelope().await?
        };
        Ok((answer, self))
    }

    async fn reply_in_envelope(&mut self) -> io::Result<Value> {
        let mut bytes = BytesMut::with_capacity(4096);
        loop {
            if self.stream.read_buf(&mut bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if bytes.len() > MAX_REPLY {
                return Err(bad("a reply that is too large"));
            }
            if let Some(end) = msgpack::end_of_value(&bytes).map_err(bad)? {
                let envelope = msgpack::read(bytes.get(..end).unwrap_or_default()).map_err(bad)?;
                return msgpack::get(&envelope, "body").cloned().ok_or_else(|| bad("a reply without a body"));
            }
        }
    }
}

pub(super) fn bad(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// `{"head": {"mid": 1}, "body": …}`: one request at a time, so that one number is enough.
fn enveloped(payload: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x82\xa4head\x81\xa3mid\x01\xa4body".to_vec();
    bytes.extend_from_slice(payload);
    bytes
}
