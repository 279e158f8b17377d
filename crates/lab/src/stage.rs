//! The whole product on real Salt: a server, clusters whose masters run the plugin and are accepted, minions that are present.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::{Api, Bins, ClusterSpec, Mode, SaltLab, Server, Venv};

/// How long minions may take to be seen by the server after their start.
const PRESENT_LIMIT: Duration = Duration::from_mins(5);

/// Between two questions about a job that still runs: stories wait for the second one.
const ASK_AGAIN_S: &str = "5";

/// A server and its clusters. Dropping it ends all of it.
#[derive(Debug)]
pub struct Stage {
    /// Signed in as `root`.
    pub api: Api,
    /// The clusters.
    pub salt: SaltLab,
    /// The server.
    pub server: Server,
}

impl Stage {
    /// Sets all of it up; `say` hears each step.
    pub async fn set(
        bins: &Bins,
        venv: Venv,
        specs: Vec<ClusterSpec>,
        say: &mut dyn FnMut(&str),
    ) -> Result<Self> {
        let mut server = Server::new(&bins.raas)?.setting("RAAS__JOBS__ASK_AGAIN_S", ASK_AGAIN_S);
        let mut salt = SaltLab::new(venv)?;
        say("starting the server with a private PostgreSQL");
        server.start().await?;
        let api = server.api().await?;
        for spec in specs {
            say(&format!("cluster {}: masters with the plugin", spec.id));
            let cluster = salt.add(spec)?;
            cluster.install_plugin(&bins.plugin, &server.url())?;
            cluster.start_masters().await?;
        }
        let mut stage = Self { api, salt, server };
        stage.accept_masters(say).await.with_context(|| stage.clues())?;
        stage.start_minions(say).await.with_context(|| stage.clues())?;
        Ok(stage)
    }

    async fn accept_masters(&mut self, say: &mut dyn FnMut(&str)) -> Result<()> {
        for cluster in self.salt.clusters() {
            say(&format!("cluster {}: accepting its masters", cluster.id()));
            let ids: Vec<String> = cluster.masters().iter().map(|master| master.id().to_owned()).collect();
            let keys = self.api.pending_masters(&ids).await?;
            self.api.accept(&keys).await?;
        }
        Ok(())
    }

    async fn start_minions(&mut self, say: &mut dyn FnMut(&str)) -> Result<()> {
        for cluster in self.salt.clusters() {
            say(&format!("cluster {}: minions", cluster.id()));
            cluster.start_minions().await?;
        }
        for cluster in self.salt.clusters() {
            let (masters, minions) = (cluster.masters().len(), cluster.minions().len());
            self.api.wait_present(cluster.id(), masters, i64::try_from(minions)?, PRESENT_LIMIT).await?;
            if cluster.mode() == Mode::Failover && masters > 1 && minions > 0 {
                say(&format!("cluster {}: the minions' keys on every master", cluster.id()));
                self.api.accept_minions(cluster.id(), &cluster.minion_ids(), PRESENT_LIMIT).await?;
            }
        }
        Ok(())
    }

    /// The last words of all that takes part, for a person who looks into a failure.
    pub fn clues(&mut self) -> String {
        format!("The server said last:\n{}\n{}", self.server.last_words(), self.salt.last_words())
    }
}
