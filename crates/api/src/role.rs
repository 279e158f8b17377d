//! The roles that every server has, with what they allow. Roles of one's own are rows of the database.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Permission, Permission as P, state::words};

words! {
    /// A role that is always there. It cannot be changed or deleted.
    BuiltInRole {
        /// Looks, and runs saved jobs. Every new account has it unless another role is given.
        User = "User",
        /// Runs anything on minions and masters, decides about keys of minions, keeps jobs, targets, files and pillars.
        Administrator = "Administrator",
        /// Everything.
        Superuser = "Superuser",
        /// For programs that act for a master.
        SaltMaster = "Salt Master",
    }
}

const USER: &[Permission] = &[
    P::CmdRead,
    P::ReturnerRead,
    P::JobRead,
    P::JobRun,
    P::TargetRead,
    P::MasterRead,
    P::MasterConfigRead,
    P::MinionRead,
    P::MasterFsRead,
    P::FsRead,
    P::MetadataAuthRead,
    P::CloudRead,
    P::LicenseRead,
];

const ADMINISTRATOR: &[Permission] = &[
    P::CmdRead,
    P::CmdRun,
    P::CmdRunMaster,
    P::ReturnerRead,
    P::JobRead,
    P::JobRun,
    P::JobWrite,
    P::JobDelete,
    P::ScheduleRead,
    P::ScheduleWrite,
    P::ScheduleDelete,
    P::TargetRead,
    P::TargetWrite,
    P::TargetDelete,
    P::TargetAllminionsRun,
    P::MasterRead,
    P::MasterConfigRead,
    P::MinionRead,
    P::MinionKeyWrite,
    P::MasterFsRead,
    P::FsRead,
    P::FsWrite,
    P::FsDelete,
    P::PillarRead,
    P::PillarWrite,
    P::PillarDelete,
    P::MetadataAuthRead,
    P::AuditRead,
    P::StatsRead,
    P::SettingsRead,
    P::CloudRead,
    P::LicenseRead,
    P::BackgroundJobsRead,
    P::SecPolicyRead,
];

const SALT_MASTER: &[Permission] =
    &[P::CmdRead, P::MasterRead, P::MasterConfigRead, P::MinionRead, P::FsRead, P::PillarRead];

impl BuiltInRole {
    /// What it allows.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::User => USER,
            Self::Administrator => ADMINISTRATOR,
            Self::Superuser => &[P::Superuser],
            Self::SaltMaster => SALT_MASTER,
        }
    }
}
