//! The event bus: frames bare or with a length, in any pieces; what is no event does not stop it.

use raas_salt::{Arrival, BusError, Event, EventBus, msgpack};
use rmpv::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{UnixListener, UnixStream};

use super::master;

/// A frame as 3006.30 sent it, without its length: `salt/auth`-like, with a naive stamp and a date of type 78.
fn frame(tag: &str, data: &Value) -> Vec<u8> {
    let mut body = format!("{tag}\n\n").into_bytes();
    body.extend(msgpack::write(data));
    body_frame(body)
}

fn body_frame(body: Vec<u8>) -> Vec<u8> {
    msgpack::write(&Value::Map(vec![
        (Value::from("head"), Value::Map(Vec::new())),
        (Value::from("body"), Value::Binary(body)),
    ]))
}

fn data(stamp: &str) -> Value {
    Value::Map(vec![
        (Value::from("id"), Value::from("web1")),
        (Value::from("text"), Value::from("a\n\nb")),
        (Value::from("when"), Value::Ext(78, b"20260102T03:04:05.000678".to_vec())),
        (Value::from("_stamp"), Value::from(stamp)),
    ])
}

fn with_length(frame: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(frame.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend_from_slice(frame);
    bytes
}

async fn bus() -> (EventBus, UnixStream, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), "");
    let listener = UnixListener::bind(dir.path().join("run/master_event_pub.ipc")).unwrap();
    let (bus, salt) = tokio::join!(EventBus::connect(&config), listener.accept());
    (bus.unwrap(), salt.unwrap().0, dir)
}

async fn events(bus: &mut EventBus, count: usize) -> Vec<Event> {
    let mut events = Vec::new();
    while events.len() < count {
        for arrival in bus.next(100).await.unwrap() {
            let Arrival::Event(event) = arrival else { panic!("{arrival:?}") };
            events.push(event);
        }
    }
    events
}

#[tokio::test]
async fn bare_frames_come_whole_in_whatever_pieces() {
    let (mut bus, mut salt, _dir) = bus().await;
    let naive = frame("salt/one", &data("2026-11-23T05:31:23.057944"));
    let aware = frame("salt/two", &data("2026-11-23T05:31:23.057944+00:00"));
    for byte in naive.iter().chain(&aware) {
        salt.write_all(&[*byte]).await.unwrap();
    }
    let events = events(&mut bus, 2).await;
    assert_eq!((events[0].tag.as_str(), events[1].tag.as_str()), ("salt/one", "salt/two"));
    assert_eq!(events[0].text("text"), Some("a\n\nb"), "only the first empty line ends the tag");
    assert_eq!(events[0].stamp, Some("2026-11-23T05:31:23.057944Z".parse().unwrap()));
    assert_eq!(events[0].stamp, events[1].stamp);
    assert!(!events[0].is_from_peer());
}

#[tokio::test]
async fn frames_with_a_length_are_told_by_their_first_byte() {
    let (mut bus, mut salt, _dir) = bus().await;
    let large = Value::Map(vec![(Value::from("return"), Value::from("x".repeat(1 << 20)))]);
    let mut bytes = with_length(&frame("salt/one", &data("")));
    bytes.extend(with_length(&frame("salt/large", &large)));
    bytes.extend(with_length(&frame("salt/two", &data(""))));
    let writing = tokio::spawn(async move { salt.write_all(&bytes).await.map(|()| salt) });
    let events = events(&mut bus, 3).await;
    assert_eq!(events[1].text("return").map(str::len), Some(1 << 20));
    assert_eq!(events[2].tag, "salt/two");
    writing.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_no_event_is_told_and_the_next_one_comes() {
    let (mut bus, mut salt, _dir) = bus().await;
    let mut deep = b"x\n\n".to_vec();
    deep.extend(vec![0x91; 5000]);
    for body in [
        b"no empty line".to_vec(),
        b"x\n\n\xc1".to_vec(),
        b"\xff\xfe\n\n\x80".to_vec(),
        b"x\n\n\x01".to_vec(),
        deep,
    ] {
        salt.write_all(&body_frame(body)).await.unwrap();
    }
    salt.write_all(&frame("salt/fine", &data(""))).await.unwrap();
    let mut unreadable = 0;
    loop {
        for arrival in bus.next(1).await.unwrap() {
            match arrival {
                Arrival::Unreadable(_) => unreadable += 1,
                Arrival::Event(event) => {
                    assert_eq!((event.tag.as_str(), unreadable), ("salt/fine", 5));
                    return;
                }
                Arrival::Dropped(count) => panic!("{count} dropped"),
            }
        }
    }
}

#[tokio::test]
async fn the_end_comes_after_what_came_before_it() {
    let (mut bus, mut salt, _dir) = bus().await;
    salt.write_all(&frame("salt/last", &data(""))).await.unwrap();
    drop(salt);
    assert_eq!(events(&mut bus, 1).await[0].tag, "salt/last");
    assert!(matches!(bus.next(10).await, Err(BusError::Closed)));
}

#[tokio::test]
async fn bytes_that_are_no_frame_end_the_bus() {
    let (mut bus, mut salt, _dir) = bus().await;
    salt.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    assert!(matches!(bus.next(10).await, Err(BusError::Frame(_))));
}

#[tokio::test]
async fn no_bus_is_said_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let error = EventBus::connect(&master(dir.path(), "")).await.unwrap_err();
    assert!(error.to_string().contains("run/master_event_pub.ipc"), "{error}");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_reading_an_event_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = Event::parse(&bytes);
        let _ = Event::parse(&[b"x\n\n".as_slice(), &bytes].concat());
    }
}
