//! Migrations: once each, in order, by one server at a time, and never a changed one.
use raas_db::migrate::{self, MigrateError, Migration};
use raas_db::testing::TestDb;
use raas_db::{DbError, Session as _};

fn file(name: &str, sql: &str) -> Migration {
    Migration::new(name, sql).unwrap()
}

#[tokio::test]
async fn servers_that_start_together_apply_each_file_once() {
    let db = TestDb::empty().await.unwrap();
    assert_eq!(migrate::pending(db.db()).await.unwrap(), Migration::embedded().unwrap());
    let (one, two) = tokio::join!(migrate::run(db.db()), migrate::run(db.db()));
    let applied = one.unwrap().len() + two.unwrap().len();
    assert_eq!(applied, Migration::embedded().unwrap().len());
    assert_eq!(migrate::pending(db.db()).await.unwrap(), []);
}

#[tokio::test]
async fn a_failing_file_leaves_nothing_of_itself_and_keeps_those_before_it() {
    let db = TestDb::empty().await.unwrap();
    let good = file("0001_a.sql", "CREATE TABLE a (n int)");
    let bad = file("0002_b.sql", "CREATE TABLE b (n int); SELECT 1/0");
    let error = migrate::run_files(db.db(), &[good.clone(), bad]).await.unwrap_err();
    assert!(
        matches!(&error, DbError::Migrate(MigrateError::Failed { name, .. }) if name == "0002_b.sql"),
        "{error}"
    );
    let mended = file("0002_b.sql", "CREATE TABLE b (n int)");
    let applied = migrate::run_files(db.db(), &[good, mended.clone()]).await.unwrap();
    assert_eq!(applied, [mended]);
}

#[tokio::test]
async fn a_changed_file_and_a_newer_database_are_refused() {
    let db = TestDb::empty().await.unwrap();
    let first = file("0001_a.sql", "CREATE TABLE a (n int)");
    let second = file("0002_b.sql", "CREATE TABLE b (n int)");
    migrate::run_files(db.db(), &[first.clone(), second]).await.unwrap();
    let older = migrate::run_files(db.db(), std::slice::from_ref(&first)).await.unwrap_err();
    assert!(matches!(older, DbError::Migrate(MigrateError::Unknown { known: 1, .. })), "{older}");
    let changed = [file("0001_a.sql", "CREATE TABLE a (n bigint)")];
    let error = migrate::run_files(db.db(), &changed).await.unwrap_err();
    assert!(
        matches!(&error, DbError::Migrate(MigrateError::Unknown { .. } | MigrateError::Changed { .. })),
        "{error}"
    );
    // Nothing was touched by the refusals.
    db.db()
        .client()
        .await
        .unwrap()
        .batch("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)")
        .await
        .unwrap();
}

#[tokio::test]
async fn public_keys_of_an_older_database_stand_beside_their_links_afterwards() {
    let db = TestDb::empty().await.unwrap();
    let files = Migration::embedded().unwrap();
    let older: Vec<Migration> = files.iter().filter(|one| one.version < 35).cloned().collect();
    migrate::run_files(db.db(), &older).await.unwrap();
    let client = db.db().client().await.unwrap();
    client
        .batch(
            "INSERT INTO cluster VALUES ('c', 'failover', now());
             INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at) VALUES (md5('m')::uuid, 'm', 'c', 'f', now());
             INSERT INTO minion (cluster_id, minion_id, created_at) VALUES ('c', 'web1', now()), ('c', 'web2', now());
             INSERT INTO link (cluster_id, minion_id, master_uuid, key_state, fingerprint, public_key, denied_fingerprint, denied_public_key)
             VALUES ('c', 'web1', md5('m')::uuid, 'accepted', 'aa', 'pem of aa', 'bb', 'pem of bb'),
                    ('c', 'web2', md5('m')::uuid, NULL, NULL, NULL, NULL, NULL)",
        )
        .await
        .unwrap();
    migrate::run(db.db()).await.unwrap();
    let rows = raas_db::link::of_minions(&client, &[("c", "web1"), ("c", "web2")]).await.unwrap();
    assert_eq!(rows.len(), 1, "only one of them has a key");
    assert_eq!(rows[0].public_key.as_deref(), Some("pem of aa"));
    assert_eq!(rows[0].denied, Some(("bb".to_owned(), "pem of bb".to_owned())));
    assert_eq!(count(&client, "SELECT count(*) FROM link").await, 2);
    // With the link the text goes.
    client.batch("DELETE FROM link").await.unwrap();
    assert_eq!(count(&client, "SELECT count(*) FROM link_key").await, 0);
}

async fn count(client: &raas_db::Client, sql: &'static str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().try_get(0).unwrap()
}
