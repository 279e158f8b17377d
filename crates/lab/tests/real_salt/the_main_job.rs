//! The main job, in its order: two clusters, jobs, runners, refusals, then masters that die.

use std::time::Instant;

use raas_lab::{Bins, ClusterSpec, Stage};

use super::{
    DB, MINIONS, WEB, after_a_kill, answers, clusters, frozen, in_flight, keys, other_masters, plugin_killed,
    refusals, runners, salt, spool,
};

/// `RAAS_LAB_STORY` names what is told, as `frozen` or `runners a_wheel`: parts of the names of stories. All without it.
#[allow(
    clippy::disallowed_methods,
    reason = "a test binary's main is libtest's; its environment is read here"
)]
fn is_wanted(story: &str) -> bool {
    std::env::var("RAAS_LAB_STORY").map_or(true, |names| names.split(' ').any(|name| story.contains(name)))
}

/// Tells stories one after the other on one stage, each with its name and time.
macro_rules! tell {
    ($stage:ident: $($story:path),+ $(,)?) => {
        $(if is_wanted(stringify!($story)) {
            let start = Instant::now();
            eprintln!("  story: {}", stringify!($story).replace('_', " "));
            $story(&mut $stage).await;
            eprintln!("         {:.1} s", start.elapsed().as_secs_f64());
        })+
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clusters_of_real_masters_work_as_two_groups_also_while_masters_die() {
    let minions = u8::try_from(MINIONS).unwrap();
    let large = "max_event_size: 20971520\n".to_owned();
    let db = ClusterSpec { minion_extra: large, ..ClusterSpec::hot_hot(DB, 2, minions) };
    let cast = vec![ClusterSpec::failover(WEB, 2, minions), db];
    let mut say = |step: &str| eprintln!("  stage: {step}");
    let mut stage = Stage::set(&Bins::find().unwrap(), salt(), cast, &mut say).await.unwrap();
    tell!(stage:
        clusters::each_cluster_is_one_group,
        answers::a_job_gets_one_answer_per_minion,
        answers::a_state_run_is_stored_whole,
        answers::a_job_runs_once_on_each_minion,
        answers::grain_list_and_compound_targets_reach_whom_they_name,
        answers::a_failing_state_is_failed_not_lost,
        answers::an_unknown_function_fails_in_salts_own_words,
        answers::a_target_that_matches_nothing_ends_at_once,
        runners::a_runner_runs_once_per_cluster,
        runners::a_runner_runs_on_every_master_when_asked_to,
        runners::a_wheel_answers,
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
        refusals::a_master_with_the_wrong_kind_is_refused,
        other_masters::a_master_with_transport_tcp_and_a_user_of_its_own_works_as_any,
        answers::a_minion_that_never_answers_ends_as_no_answer,
        after_a_kill::hot_hot_cluster_misses_nobody_whom_only_one_master_holds,
        after_a_kill::hot_hot_cluster_answers_after_one_of_its_masters_is_killed,
        after_a_kill::failover_cluster_answers_after_its_first_master_is_killed,
        after_a_kill::a_master_that_comes_back_is_present_without_a_new_acceptance,
        after_a_kill::the_plugin_goes_when_only_the_main_process_of_its_master_was_killed,
        after_a_kill::returns_of_the_time_without_a_server_arrive_afterwards,
    );
}
