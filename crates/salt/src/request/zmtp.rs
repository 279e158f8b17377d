//! ZMTP 3.0 with the NULL mechanism, as far as a REQ socket needs it: greeting, READY, one request, one reply.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::connection::{MAX_REPLY, bad};

const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;
/// Parts of one reply; Salt sends two.
const MAX_PARTS: usize = 8;

/// Greeting and READY, both ways.
pub(super) async fn shake_hands(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(&greeting()).await?;
    let mut theirs = [0; 64];
    stream.read_exact(&mut theirs).await?;
    let [first, .., _] = theirs;
    if first != 0xff || theirs.get(9) != Some(&0x7f) || theirs.get(10).is_none_or(|version| *version < 3) {
        return Err(bad("what answers there is no ZeroMQ socket of version 3"));
    }
    if theirs.get(12..17) != Some(b"NULL\0") {
        return Err(bad("the ZeroMQ socket there asks for another security mechanism than NULL"));
    }
    write_frame(stream, COMMAND, &ready()).await?;
    let (flags, body) = read_frame(stream).await?;
    if flags & COMMAND == 0 || !body.starts_with(b"\x05READY") {
        return Err(bad("the ZeroMQ socket there did not get ready"));
    }
    Ok(())
}

/// One request: an empty part, then the payload.
pub(super) async fn send(stream: &mut TcpStream, payload: &[u8]) -> io::Result<()> {
    let mut bytes = vec![MORE, 0];
    bytes.extend(frame(0, payload));
    stream.write_all(&bytes).await
}

/// One reply: what follows its empty part.
pub(super) async fn receive(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut parts = Vec::new();
    loop {
        let (flags, body) = read_frame(stream).await?;
        if flags & COMMAND != 0 {
            answer_ping(stream, &body).await?;
            continue;
        }
        parts.push(body);
        if flags & MORE == 0 {
            break;
        }
        if parts.len() >= MAX_PARTS {
            return Err(bad("a reply of too many parts"));
        }
    }
    match <[Vec<u8>; 2]>::try_from(parts) {
        Ok([empty, body]) if empty.is_empty() => Ok(body),
        _ => Err(bad("a reply that is not an empty part and one more")),
    }
}

fn greeting() -> Vec<u8> {
    let mut bytes = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0];
    bytes.extend_from_slice(b"NULL");
    bytes.resize(64, 0);
    bytes
}

fn ready() -> Vec<u8> {
    b"\x05READY\x0bSocket-Type\0\0\0\x03REQ\x08Identity\0\0\0\0".to_vec()
}

/// ZMTP 3.1 peers may ask whether we are there.
async fn answer_ping(stream: &mut TcpStream, body: &[u8]) -> io::Result<()> {
    let Some(context) = body.strip_prefix(b"\x04PING").and_then(|rest| rest.get(2..)) else { return Ok(()) };
    let mut pong = b"\x04PONG".to_vec();
    pong.extend_from_slice(context);
    write_frame(stream, COMMAND, &pong).await
}

async fn write_frame(stream: &mut TcpStream, flags: u8, body: &[u8]) -> io::Result<()> {
    stream.write_all(&frame(flags, body)).await
}

fn frame(flags: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = if let Ok(length) = u8::try_from(body.len()) {
        vec![flags, length]
    } else {
        let mut long = vec![flags | LONG];
        long.extend((body.len() as u64).to_be_bytes());
        long
    };
    bytes.extend_from_slice(body);
    bytes
}

async fn read_frame(stream: &mut TcpStream) -> io::Result<(u8, Vec<u8>)> {
    let flags = stream.read_u8().await?;
    let length =
        if flags & LONG == 0 { u64::from(stream.read_u8().await?) } else { stream.read_u64().await? };
    let length = usize::try_from(length).ok().filter(|length| *length <= MAX_REPLY);
    let length = length.ok_or_else(|| bad("a reply that is too large"))?;
    let mut body = Vec::new();
    let read = stream.take(length as u64).read_to_end(&mut body).await?;
    if read == length { Ok((flags, body)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
