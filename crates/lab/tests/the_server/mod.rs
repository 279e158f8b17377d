//! The real `raas serve` as a process, with its private PostgreSQL: start, stop, crash, start again.

mod two_servers;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use raas_lab::{Bins, FaultyProxy, Server, process::MARK, proxy::Fault, tree};
use serde_json::json;

fn left_over(mark: &str) -> Vec<String> {
    let name = |pid: &u32| {
        std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().replace('\0', " ")
    };
    tree::marked(MARK, mark).iter().map(name).filter(|name| !name.is_empty()).collect()
}

#[tokio::test]
async fn a_server_keeps_its_account_through_a_stop_and_a_crash_and_leaves_no_process() {
    let mut server = Server::new(&Bins::find().unwrap().raas).unwrap();
    server.start().await.unwrap();
    let mode = std::fs::metadata(server.password_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner may read root's first password");
    server.api().await.unwrap();

    assert!(server.stop(), "SIGTERM ends the server and its PostgreSQL in time");
    let mark = server.data_dir().parent().unwrap().to_string_lossy().into_owned();
    assert_eq!(left_over(&mark), Vec::<String>::new());

    server.start().await.unwrap();
    server.api().await.unwrap();
    server.kill().unwrap();
    server.start().await.unwrap();
    server.api().await.unwrap();
    drop(server);
    assert_eq!(left_over(&mark), Vec::<String>::new());
}

#[tokio::test]
async fn a_second_server_on_the_same_port_says_so_and_ends() {
    let raas = Bins::find().unwrap().raas;
    let mut first = Server::new(&raas).unwrap();
    first.start().await.unwrap();
    let dir = tempfile::Builder::new().prefix("rsrv").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let address = first.url().replace("http://", "");
    let out = Command::new(&raas)
        .args(["serve", "--listen", &address, "--data-dir"])
        .arg(dir.path().join("data"))
        .env(MARK, dir.path())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains(&address), "the address is named: {said}");
    assert_eq!(left_over(&dir.path().to_string_lossy()), Vec::<String>::new());
}

#[tokio::test]
async fn a_cut_network_is_named_and_a_mended_one_works_again() {
    let mut server = Server::new(&Bins::find().unwrap().raas).unwrap();
    server.start().await.unwrap();
    let password = std::fs::read_to_string(server.password_file()).unwrap();
    let proxy =
        FaultyProxy::start(server.url().trim_start_matches("http://").parse().unwrap()).await.unwrap();
    let api = raas_lab::Api::login(&proxy.url(), "root", password.trim()).await.unwrap();
    proxy.set(Fault::Cut);
    let error = api.raw("test", "echo", json!({})).await.unwrap_err().to_string();
    assert!(error.contains(&proxy.url()), "{error}");
    proxy.set(Fault::Pass);
    api.raw("api", "get_versions", json!({})).await.unwrap();
}
