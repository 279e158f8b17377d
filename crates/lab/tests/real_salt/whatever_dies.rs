//! Whatever dies, freezes or moves while jobs are under way: masters, plugins, the bus, minions.

use raas_lab::{Bins, ClusterSpec, Stage};

use super::{DB, MINIONS, WEB, frozen, in_flight, keys, other_masters, plugin_killed, runners, salt, spool};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_outcome_ends_with_the_truth_and_nothing_runs_twice() {
    let minions = u8::try_from(MINIONS).unwrap();
    let large = "max_event_size: 20971520\n".to_owned();
    let db = ClusterSpec { minion_extra: large, ..ClusterSpec::hot_hot(DB, 2, minions) };
    let cast = vec![ClusterSpec::failover(WEB, 2, minions), db];
    let mut say = |step: &str| eprintln!("  stage: {step}");
    let mut stage = Stage::set(&Bins::find().unwrap(), salt(), cast, &mut say).await.unwrap();
    tell!(stage:
        runners::an_orchestration_runs_once_and_its_jobs_are_in_the_history,
        keys::what_salt_key_does_is_noticed_within_seconds,
        spool::a_trimmed_return_is_fetched_whole_or_marked,
        spool::returns_of_a_time_without_a_bus_are_found_in_the_job_cache,
        plugin_killed::what_ran_is_known_and_nothing_ran_twice_while_plugins_are_killed,
        plugin_killed::a_run_goes_on_when_its_plugin_is_killed_and_its_result_is_found,
        plugin_killed::a_job_whose_plugin_dies_before_it_is_published_is_not_published_later,
        frozen::a_frozen_master_is_shown_and_does_nothing_late_when_it_wakes,
        in_flight::a_job_whose_master_is_killed_is_collected_through_the_next_one,
        in_flight::a_minion_that_goes_back_to_its_first_master_takes_its_job_along,
        in_flight::a_job_that_kills_its_minion_is_never_run_again,
        in_flight::hot_hot_minions_are_asked_through_the_master_that_is_left,
        other_masters::a_master_with_transport_tcp_and_a_user_of_its_own_works_as_any,
    );
}
