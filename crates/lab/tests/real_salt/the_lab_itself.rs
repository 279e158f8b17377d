//! The lab keeps its own promises: what later stories stand on. No server and no plugin here.

use std::time::Duration;

use raas_lab::{ClusterSpec, SaltLab, tree, wait};

use super::salt;

#[tokio::test]
async fn minions_move_when_their_master_dies_and_the_end_of_the_lab_leaves_no_process() {
    let mut lab = SaltLab::new(salt()).unwrap();
    let cluster = lab.add(ClusterSpec::failover("lab", 2, 1).lean()).unwrap();
    cluster.start_masters().await.unwrap();
    cluster.start_minions().await.unwrap();
    cluster.minions_answer().await.unwrap();
    assert_eq!(cluster.master(1).connected(), 1);

    let first = cluster.master(1).tree();
    assert!(first.len() > 3, "a master is several processes: {first:?}");
    cluster.master(1).kill_tree();
    assert!(first.iter().all(|pid| !tree::alive(*pid)));
    wait::until_true("the minion on the second master", Duration::from_secs(30), || {
        cluster.master(2).connected() == 1
    })
    .await
    .unwrap();

    cluster.master(2).kill_main_only().unwrap();
    assert!(!cluster.master(2).tree().is_empty(), "workers live on as orphans");
    let mark = lab.dir().to_string_lossy().into_owned();
    drop(lab);
    assert_eq!(tree::marked(raas_lab::process::MARK, &mark), Vec::<u32>::new());
}
