//! Wake-ups: heard when the transaction commits; after any gap everything is looked at again.
use raas_db::Session as _;
use raas_db::listen::{self, Listener, Wake, Wakes};
use raas_db::testing::TestDb;
use tokio::time::{Duration, timeout};

async fn next(wakes: &mut Wakes) -> Wake {
    timeout(Duration::from_secs(20), wakes.next()).await.expect("a wake-up within 20 s").unwrap()
}

/// Reads on until this payload is heard.
async fn hears(wakes: &mut Wakes, wanted: &str) {
    while !matches!(next(wakes).await, Wake::Notified { payload, .. } if payload == wanted) {}
}

async fn tell(db: &TestDb, payload: &str) {
    let client = db.db().client().await.unwrap();
    listen::notify(&client, listen::WORK, payload).await.unwrap();
}

#[tokio::test]
async fn a_wake_up_comes_with_the_commit_and_not_before() {
    let db = TestDb::new().await.unwrap();
    let listener = Listener::start(db.db()).unwrap();
    let mut wakes = listener.subscribe();
    assert_eq!(next(&mut wakes).await, Wake::Rescan, "a new reader looks first");
    assert_eq!(next(&mut wakes).await, Wake::Rescan, "now it listens");
    let mut client = db.db().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    listen::notify(&tx, listen::WORK, "undone").await.unwrap();
    tx.rollback().await.unwrap();
    let tx = client.transaction().await.unwrap();
    listen::notify(&tx, listen::WORK, "m1").await.unwrap();
    tx.commit().await.unwrap();
    let heard = Wake::Notified { channel: listen::WORK.to_owned(), payload: "m1".to_owned() };
    assert_eq!(next(&mut wakes).await, heard);
}

#[tokio::test]
async fn after_a_cut_connection_everything_is_looked_at_again() {
    let db = TestDb::new().await.unwrap();
    let listener = Listener::start(db.db()).unwrap();
    let mut wakes = listener.subscribe();
    assert_eq!((next(&mut wakes).await, next(&mut wakes).await), (Wake::Rescan, Wake::Rescan));
    db.cut_connections().await.unwrap();
    assert_eq!(
        next(&mut wakes).await,
        Wake::Rescan,
        "it listens again, and says that it may have missed some"
    );
    tell(&db, "m2").await;
    hears(&mut wakes, "m2").await;
}

#[tokio::test]
async fn a_slow_reader_is_told_to_look_instead_of_holding_up_the_others() {
    let db = TestDb::new().await.unwrap();
    let listener = Listener::start(db.db()).unwrap();
    let (mut slow, mut quick) = (listener.subscribe(), listener.subscribe());
    assert_eq!((next(&mut slow).await, next(&mut slow).await), (Wake::Rescan, Wake::Rescan));
    let reader = tokio::spawn(async move { hears(&mut quick, "last").await });
    let client = db.db().client().await.unwrap();
    client.batch("SELECT pg_notify('raas_change', n::text) FROM generate_series(1, 2000) n").await.unwrap();
    // The slow one has missed so many that it is told to look; the quick one is told too if it fell behind, and reads on.
    tell(&db, "last").await;
    timeout(Duration::from_secs(20), reader).await.expect("the quick reader hears the last").unwrap();
    assert_eq!(next(&mut slow).await, Wake::Rescan);
}
