//! The main job, in its order: two clusters, jobs, runners, refusals, then masters that die.

use raas_lab::{Bins, ClusterSpec, Stage};

use super::{
    DB, MINIONS, WEB, after_a_kill, answers, clusters, control, keys, readiness, refusals, runners, salt,
    saved, schedules,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clusters_of_real_masters_work_as_two_groups_also_while_masters_die() {
    let minions = u8::try_from(MINIONS).unwrap();
    let cast = vec![ClusterSpec::failover(WEB, 2, minions), ClusterSpec::hot_hot(DB, 2, minions)];
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
        saved::a_saved_job_runs_once_on_each_minion_of_its_target_group,
        schedules::each_planned_time_runs_once_also_when_no_server_was_there_for_it,
        control::what_salt_cannot_end_or_pause_is_refused_with_why,
        control::a_stopped_job_is_dead_on_every_minion,
        control::a_run_of_states_waits_goes_on_and_ends_before_its_next_state,
        keys::a_key_deleted_with_salt_key_is_noticed_and_an_operator_decides,
        readiness::minions_say_how_they_are_configured_and_what_is_wrong_is_told,
        refusals::a_master_with_the_wrong_kind_is_refused,
        answers::a_minion_that_never_answers_ends_as_no_answer,
        after_a_kill::hot_hot_cluster_misses_nobody_whom_only_one_master_holds,
        after_a_kill::hot_hot_cluster_answers_after_one_of_its_masters_is_killed,
        after_a_kill::failover_cluster_answers_after_its_first_master_is_killed,
        after_a_kill::a_master_that_comes_back_is_present_without_a_new_acceptance,
        after_a_kill::the_plugin_goes_when_only_the_main_process_of_its_master_was_killed,
        after_a_kill::returns_of_the_time_without_a_server_arrive_afterwards,
    );
}
