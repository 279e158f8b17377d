//! The pool when the database goes away: a clear sentence, no hanging, and work goes on once it is back.
use std::time::Duration;

use raas_db::private::{PrivateOptions, PrivatePostgres};
use raas_db::testing::TestDb;
use raas_db::{Db, DbError, DbOptions, Session as _};
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::Instant;

use crate::support::{folder, until};

#[tokio::test]
async fn a_cut_connection_is_said_to_be_unavailable_and_does_not_come_back() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.query_one("SELECT 1", &[]).await.unwrap();
    db.cut_connections().await.unwrap();
    let mut error = None;
    until("the cut is noticed", async || {
        error = client.query_one("SELECT 1", &[]).await.err();
        error.is_some()
    })
    .await;
    assert!(error.as_ref().is_some_and(DbError::is_unavailable), "{error:?}");
    drop(client);
    until("a new connection works", async || db.db().ping().await.is_ok()).await;
}

#[tokio::test]
async fn each_host_of_the_url_is_tried_and_named() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = nobody.local_addr().unwrap().port(); // takes connections and never answers
    let closed = {
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        gone.local_addr().unwrap().port()
    };
    let url = format!("postgresql://u:p@127.0.0.1:{silent},127.0.0.1:{closed}/db");
    let mut options = DbOptions::new(url);
    options.connect_timeout = Duration::from_millis(300);
    let error = Db::open(options).await.unwrap_err();
    let said = error.to_string();
    assert!(error.is_unavailable(), "{said}");
    assert!(
        said.contains(&silent.to_string()) && said.contains(&closed.to_string()),
        "both are named: {said}"
    );
    assert!(!said.contains("u:p"), "no password: {said}");
}

#[tokio::test]
async fn a_busy_pool_says_so_instead_of_hanging() {
    let db = TestDb::new().await.unwrap();
    let mut options = DbOptions::new(db.url());
    options.max_connections = 1;
    options.wait_timeout = Duration::from_millis(100);
    let small = Db::lazy(options).unwrap();
    let held = small.client().await.unwrap();
    let said = small.client().await.unwrap_err().to_string();
    assert!(said.contains("busy"), "{said}");
    drop(held);
    small.ping().await.unwrap();
}

#[tokio::test]
async fn a_commit_waits_for_the_disk_whatever_postgresql_conf_says() {
    let home = folder();
    let mut private = PrivateOptions::new(home.path(), "for-one-test");
    private.throwaway = true;
    private.search_path = std::env::var_os("PATH");
    private.settings = vec![("synchronous_commit".to_owned(), "off".to_owned())];
    let postgres = PrivatePostgres::start(private).await.unwrap();
    let is = async |url: String| {
        let db = Db::open(DbOptions::new(url)).await.unwrap();
        let row = db.client().await.unwrap().query_one("SHOW synchronous_commit", &[]).await.unwrap();
        db.close();
        row.get::<_, String>(0)
    };
    assert_eq!(is(postgres.url().to_owned()).await, "on");
    let separator = if postgres.url().contains('?') { '&' } else { '?' };
    let said = format!("{}{separator}options=-c%20synchronous_commit%3Dremote_apply", postgres.url());
    assert_eq!(is(said).await, "remote_apply");
    postgres.stop().await;
}

#[tokio::test]
async fn a_database_that_stands_still_holds_nobody() {
    let home = folder();
    let mut private = PrivateOptions::new(home.path(), "for-one-test");
    private.throwaway = true;
    private.search_path = std::env::var_os("PATH");
    let postgres = PrivatePostgres::start(private).await.unwrap();
    let mut options = DbOptions::new(postgres.url());
    options.answer_timeout = Duration::from_millis(300);
    options.connect_timeout = Duration::from_millis(300);
    let db = Db::open(options).await.unwrap();
    let (mut client, mut other) = (db.client().await.unwrap(), db.client().await.unwrap());
    let mut stopped = vec![postgres.pid()];
    for one in [&client, &other] {
        stopped.push(one.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0));
    }
    let all = |signal: Signal| {
        for pid in &stopped {
            kill_process(Pid::from_raw(*pid).unwrap(), signal).unwrap();
        }
    };
    let txn = other.transaction().await.unwrap();
    all(Signal::STOP);
    let began = Instant::now();
    let refused = [
        client.query_one("SELECT 1", &[]).await.map(drop),
        client.batch("SELECT 1").await,
        client.transaction().await.map(drop),
        txn.commit().await,
        db.ping().await,
    ];
    let took = began.elapsed();
    all(Signal::CONT);
    for error in refused.map(Result::unwrap_err) {
        assert!(error.is_unavailable(), "{error}");
        assert!(error.to_string().contains("within 0.3 s"), "{error}");
    }
    assert!(took < Duration::from_secs(5), "{took:?}");
    drop((client, other));
    until("it works again, on a new connection", async || db.ping().await.is_ok()).await;
    let fresh = db.client().await.unwrap().query_one("SELECT pg_backend_pid()", &[]).await.unwrap();
    assert!(!stopped.contains(&fresh.get(0)), "the silent connections were not kept");
    db.close();
    postgres.stop().await;
}

#[tokio::test]
async fn a_statement_survives_a_change_of_its_table() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").await.unwrap();
    assert_eq!(client.query_one("SELECT * FROM t", &[]).await.unwrap().len(), 1);
    client.batch("ALTER TABLE t ADD COLUMN b int").await.unwrap();
    assert_eq!(client.query_one("SELECT * FROM t", &[]).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_copy_with_a_short_row_is_an_error_and_no_panic() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch("CREATE TABLE t (a int4, b int4)").await.unwrap();
    let types = [tokio_postgres::types::Type::INT4, tokio_postgres::types::Type::INT4];
    let row: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = vec![&1_i32];
    let error = client.copy_rows("COPY t FROM STDIN BINARY", &types, &[row]).await.unwrap_err();
    assert!(matches!(error, DbError::Query { .. }), "{error}");
}
