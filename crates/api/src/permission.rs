//! What a role may allow, one word each. Which method needs which is said by the server's table of methods.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::state::words;

words! {
    /// What a role may allow. Words that no method of this server needs are kept for scripts that save roles with them.
    Permission {
        /// Everything, and every permission that will come.
        Superuser = "superuser",
        /// See commands and their outcomes.
        CmdRead = "cmd-read",
        /// Run functions on minions.
        CmdRun = "cmd-run",
        /// Run runners and wheels on masters.
        CmdRunMaster = "cmd-run-master",
        /// See what minions returned.
        ReturnerRead = "returner-read",
        /// See saved jobs.
        JobRead = "job-read",
        /// Run saved jobs.
        JobRun = "job-run",
        /// Save jobs.
        JobWrite = "job-write",
        /// Delete saved jobs.
        JobDelete = "job-delete",
        /// See schedules.
        ScheduleRead = "schedule-read",
        /// Save schedules.
        ScheduleWrite = "schedule-write",
        /// Delete schedules.
        ScheduleDelete = "schedule-delete",
        /// See target groups.
        TargetRead = "target-read",
        /// Save target groups.
        TargetWrite = "target-write",
        /// Delete target groups.
        TargetDelete = "target-delete",
        /// Run on all minions at once.
        TargetAllminionsRun = "target-allminions-run",
        /// See masters and clusters.
        MasterRead = "master-read",
        /// Accept, reject, delete and forget masters.
        MasterWrite = "master-write",
        /// See the configuration of masters.
        MasterConfigRead = "master-config-read",
        /// Change the configuration of masters.
        MasterConfigWrite = "master-config-write",
        /// See minions, their grains and keys.
        MinionRead = "minion-read",
        /// Accept, reject and delete keys of minions.
        MinionKeyWrite = "minion-key-write",
        /// See files of the masters' own file systems.
        MasterFsRead = "master-fs-read",
        /// See files of the file server.
        FsRead = "fs-read",
        /// Save files of the file server.
        FsWrite = "fs-write",
        /// Delete files of the file server.
        FsDelete = "fs-delete",
        /// See pillars.
        PillarRead = "pillar-read",
        /// Save pillars.
        PillarWrite = "pillar-write",
        /// Delete pillars.
        PillarDelete = "pillar-delete",
        /// See accounts, groups and roles.
        MetadataAuthRead = "metadata-auth-read",
        /// Save and delete accounts, groups and roles, end sessions of others.
        MetadataAuthWrite = "metadata-auth-write",
        /// See who did what.
        AuditRead = "audit-read",
        /// See statistics and metrics.
        StatsRead = "stats-read",
        /// See the server's settings.
        SettingsRead = "settings-read",
        /// Change the server's settings, and trim its database.
        SettingsWrite = "settings-write",
        /// Nothing needs it.
        CloudRead = "cloud-read",
        /// Nothing needs it.
        LicenseRead = "license-read",
        /// Nothing needs it.
        BackgroundJobsRead = "background_jobs-read",
        /// Nothing needs it.
        SecPolicyRead = "sec-policy-read",
    }
}
