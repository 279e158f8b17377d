//! Every statement is valid against the migrated schema, and every file is used.
use std::fs;
use std::path::{Path, PathBuf};

use raas_db::testing::TestDb;

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test]
async fn every_statement_is_valid_against_the_schema() {
    let db = TestDb::new().await.unwrap();
    let (client, connection) = tokio_postgres::connect(db.url(), tokio_postgres::NoTls).await.unwrap();
    let task = tokio::spawn(connection);
    let mut wrong = Vec::new();
    for path in files(&here().join("queries"), "sql") {
        let sql = fs::read_to_string(&path).unwrap();
        if let Err(error) = client.prepare(&sql).await {
            let said =
                error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned());
            wrong.push(format!("{}: {said}", path.strip_prefix(here()).unwrap().display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    drop(client);
    task.await.unwrap().unwrap();
}

#[test]
fn every_statement_is_used() {
    let code: String =
        files(&here().join("src"), "rs").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let unused: Vec<_> = files(&here().join("queries"), "sql")
        .into_iter()
        .map(|path| path.strip_prefix(here()).unwrap().display().to_string())
        .filter(|path| !code.contains(&format!("{path}\"")))
        .collect();
    assert!(unused.is_empty(), "no module includes {unused:?}");
}
