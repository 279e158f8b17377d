//! The private PostgreSQL: made once, adopted after a crash, recovered or explained, never silently replaced.
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use raas_db::private::{PrivateError, PrivateOptions, PrivatePostgres};
use raas_db::{Db, DbOptions, Session as _};

use crate::support::{folder, until};

fn options(data_dir: &Path) -> PrivateOptions {
    let mut options = PrivateOptions::new(data_dir, "first-password");
    options.throwaway = true;
    options.search_path = std::env::var_os("PATH");
    options.start_timeout = Duration::from_secs(60);
    options
}

async fn run(server: &PrivatePostgres, sql: &str) {
    let db = Db::open(DbOptions::new(server.url())).await.unwrap();
    db.client().await.unwrap().batch(sql).await.unwrap();
    db.close();
}

fn is_alive(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(") ").next().unwrap_or("Z").starts_with('Z'))
}

#[tokio::test]
async fn it_is_made_once_keeps_its_data_and_ends_with_its_server() {
    let home = folder();
    let server = PrivatePostgres::start(options(home.path())).await.unwrap();
    assert!(!server.is_adopted());
    run(&server, "CREATE TABLE kept (n int)").await;
    let second = PrivatePostgres::start(options(home.path())).await.unwrap_err();
    assert!(matches!(second, PrivateError::InUse { .. }), "{second}");
    let pid = server.pid();
    server.stop().await;
    assert!(!is_alive(pid));

    let mut other_password = options(home.path());
    other_password.fresh_password = "another".to_owned();
    let again = PrivatePostgres::start(other_password).await.unwrap();
    run(&again, "INSERT INTO kept VALUES (1)").await;
    let password = home.path().join("postgres/password");
    assert_eq!(fs::metadata(&password).unwrap().permissions().mode() & 0o777, 0o600);
    again.stop().await;
}

#[tokio::test]
async fn a_stale_lock_file_after_a_crash_is_recovered() {
    let home = folder();
    let mut durable = options(home.path());
    durable.throwaway = false;
    let server = PrivatePostgres::start(durable).await.unwrap();
    run(&server, "CREATE TABLE kept (n int)").await;
    let pid = server.pid();
    let raw = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(raw, rustix::process::Signal::KILL).unwrap();
    let mut server = server;
    server.ended().await;
    drop(server);
    assert!(home.path().join("postgres/data/postmaster.pid").exists(), "a crash leaves its lock file");
    let mut again = Err(String::new());
    // Its orphaned workers may take a moment to go; PostgreSQL itself refuses until they have.
    until("it starts again", async || {
        again = PrivatePostgres::start(options(home.path())).await.map_err(|error| error.to_string());
        if let Err(error) = &again {
            eprintln!("{error}");
        }
        again.is_ok()
    })
    .await;
    let again = again.unwrap();
    run(&again, "INSERT INTO kept VALUES (1)").await;
    again.stop().await;
}

#[tokio::test]
async fn what_an_interrupted_first_start_left_is_moved_aside() {
    let home = folder();
    let data = home.path().join("postgres/data");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("PG_VERSION"), "15\n").unwrap();
    let server = PrivatePostgres::start(options(home.path())).await.unwrap();
    assert!(home.path().join("postgres/data-incomplete-1/PG_VERSION").exists(), "moved, not removed");
    server.stop().await;
}

#[tokio::test]
async fn data_of_somebody_else_and_of_another_version_are_explained_and_left_alone() {
    let home = folder();
    let data = home.path().join("postgres/data");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("PG_VERSION"), "15\n").unwrap();
    fs::write(data.join("postmaster.opts"), "postgres\n").unwrap();
    let strange = PrivatePostgres::start(options(home.path())).await.unwrap_err().to_string();
    assert!(strange.contains("raas did not make"), "{strange}");

    fs::write(data.join("raas.made"), "").unwrap();
    fs::write(data.join("PG_VERSION"), "8\n").unwrap();
    let old = PrivatePostgres::start(options(home.path())).await.unwrap_err().to_string();
    assert!(old.contains("PostgreSQL 8") && old.contains("pg_upgrade"), "{old}");

    fs::write(data.join("PG_VERSION"), "").unwrap();
    let damaged = PrivatePostgres::start(options(home.path())).await.unwrap_err().to_string();
    assert!(damaged.contains("Restore"), "{damaged}");
    assert!(data.join("postmaster.opts").exists(), "nothing was touched");
}
