//! What the stories of commands share: a cluster with minions, and masters that fetch and answer.

use std::{collections::BTreeSet, sync::Mutex};

use raas_api::Jid;
use raas_wire::{
    Ask, Asked, ClusterKind, Evidence, HandBack, HandedBack, KeyLists, KeyOfMinion, Publish, Published, Ran,
    Report, Return, ReturnSource, Run, RunStarted, Seen, Work,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::watch::wake;
use crate::support::{Plugin, Server, until};

/// A master: its plugin, and the work that it was given and did not look at yet. The same work is taken once.
pub(crate) struct Master {
    pub(crate) plugin: Plugin,
    inbox: Mutex<Vec<Work>>,
    known: Mutex<BTreeSet<Uuid>>,
}

/// A cluster whose masters all hold the keys of these minions; each minion was just seen on the named masters.
pub(crate) async fn cluster<const N: usize>(
    server: &Server,
    kind: ClusterKind,
    masters: [&str; N],
    minions: &[(&str, &[&str])],
) -> [Master; N] {
    let name = if kind == ClusterKind::Hot { "hot" } else { "eu-web" };
    let plugins = server.cluster(name, kind, masters).await;
    let masters = plugins.map(|plugin| Master { plugin, inbox: Mutex::default(), known: Mutex::default() });
    let ids: Vec<&str> = minions.iter().map(|(id, _)| *id).collect();
    for master in &masters {
        master.has_keys(&ids).await;
        let here = minions.iter().filter(|(_, on)| on.contains(&master.id()));
        master.sees(&here.map(|(id, _)| *id).collect::<Vec<_>>()).await;
    }
    masters
}

impl Master {
    pub(crate) fn id(&self) -> &str {
        &self.plugin.master_id
    }

    /// Reports accepted keys.
    pub(crate) async fn has_keys(&self, ids: &[&str]) {
        let key = |id: &&str| KeyOfMinion {
            minion_id: (*id).to_owned(),
            fingerprint: format!("f-{id}"),
            public_key: format!("pem-{id}"),
        };
        let lists = KeyLists { accepted: ids.iter().map(key).collect(), ..KeyLists::default() };
        self.plugin.report([Report::Keys(lists)]).await;
    }

    /// Reports that these minions started here just now.
    pub(crate) async fn sees(&self, ids: &[&str]) {
        let at = self.plugin.now();
        let seen = |id: &&str| Seen { minion_id: (*id).to_owned(), evidence: Evidence::Start, at };
        if !ids.is_empty() {
            self.plugin.report([Report::Seen(ids.iter().map(seen).collect())]).await;
        }
    }

    /// Calls, and keeps what it is given.
    pub(crate) async fn beat(&self) {
        for work in self.plugin.beat().await.unwrap() {
            if self.known.lock().unwrap().insert(work.delivery_id()) {
                self.inbox.lock().unwrap().push(work);
            }
        }
    }

    /// The next work that `pick` takes.
    async fn next<T>(&self, server: &Server, what: &str, pick: impl Fn(&Work) -> Option<T>) -> T {
        until(&format!("{} is given {what}", self.id()), async || {
            wake(server).await;
            self.beat().await;
            let mut inbox = self.inbox.lock().unwrap();
            match inbox.iter().position(|work| pick(work).is_some()) {
                Some(at) => Ok(pick(&inbox.remove(at)).unwrap()),
                None => Err(format!("{inbox:?}")),
            }
        })
        .await
    }

    pub(crate) async fn publish(&self, server: &Server) -> Publish {
        let pick = |work: &Work| if let Work::Publish(one) = work { Some(one.clone()) } else { None };
        self.next(server, "a publish", pick).await
    }

    pub(crate) async fn run(&self, server: &Server) -> Run {
        let pick = |work: &Work| if let Work::Run(one) = work { Some(one.clone()) } else { None };
        self.next(server, "a run", pick).await
    }

    pub(crate) async fn ask(&self, server: &Server) -> Ask {
        let pick = |work: &Work| if let Work::Ask(one) = work { Some(one.clone()) } else { None };
        self.next(server, "a question", pick).await
    }

    pub(crate) async fn ping(&self, server: &Server) {
        let pick = |work: &Work| if let Work::Ping(one) = work { Some(one.clone()) } else { None };
        self.next(server, "a ping", pick).await;
    }

    /// What it was given and has not looked at, after one more call.
    pub(crate) async fn waiting(&self) -> Vec<Work> {
        self.beat().await;
        self.inbox.lock().unwrap().clone()
    }

    /// Calls, and takes all that it was given.
    pub(crate) async fn take(&self) -> Vec<Work> {
        self.beat().await;
        std::mem::take(&mut *self.inbox.lock().unwrap())
    }

    /// Salt took the publish and named these.
    pub(crate) async fn published(&self, publish: &Publish, minions: &[&str]) {
        self.plugin.report([Report::Published(publication(publish, minions))]).await;
    }

    /// Fetches a publish and says that Salt took it for these.
    pub(crate) async fn publishes(&self, server: &Server, minions: &[&str]) -> Publish {
        let publish = self.publish(server).await;
        self.published(&publish, minions).await;
        publish
    }

    pub(crate) async fn hands_back(&self, delivery_id: Uuid, why: HandBack) {
        let detail = format!("{why:?}");
        self.plugin.report([Report::HandedBack(HandedBack { delivery_id, why, detail })]).await;
    }

    /// A minion's return comes over this master's bus.
    pub(crate) async fn returns(&self, jid: &Jid, minion: &str, value: Value) {
        self.plugin.report([a_return(jid, minion, value, ReturnSource::Bus)]).await;
    }

    /// What minions said when they were asked.
    pub(crate) async fn answers(&self, ask: &Ask, change: impl FnOnce(&mut Asked)) {
        self.plugin.report([answer(ask, change)]).await;
    }

    pub(crate) async fn starts(&self, run: &Run) {
        let salt_jid = "20260101000000000001".to_owned();
        self.plugin.report([Report::RunStarted(RunStarted { delivery_id: run.delivery_id, salt_jid })]).await;
    }

    pub(crate) async fn ran(&self, run: &Run, value: Value) {
        let ran = Ran {
            delivery_id: run.delivery_id,
            jid: run.jid.clone(),
            salt_jid: Some("20260101000000000001".to_owned()),
            success: Some(true),
            fun: run.fun.clone(),
            ret: value.into(),
            original: None,
        };
        self.plugin.report([Report::Ran(ran)]).await;
    }
}

pub(crate) fn publication(publish: &Publish, minions: &[&str]) -> Published {
    Published {
        delivery_id: publish.delivery_id,
        jid: publish.jid.clone(),
        minions: minions.iter().map(|&id| id.to_owned()).collect(),
        matched_none: minions.is_empty(),
    }
}

pub(crate) fn answer(ask: &Ask, change: impl FnOnce(&mut Asked)) -> Report {
    let mut asked = Asked {
        delivery_id: ask.delivery_id,
        jid: ask.jid.clone(),
        running: Vec::new(),
        found: Vec::new(),
        not_found: Vec::new(),
        silent: Vec::new(),
        not_here: Vec::new(),
    };
    change(&mut asked);
    Report::Asked(asked)
}

pub(crate) fn a_return(jid: &Jid, minion: &str, value: Value, source: ReturnSource) -> Report {
    Report::Return(Return {
        jid: jid.to_string(),
        minion_id: minion.to_owned(),
        fun: "test.ping".to_owned(),
        fun_args: json!([]).into(),
        success: true,
        retcode: 0,
        ret: value.into(),
        original: None,
        extra: None,
        source,
        trimmed: false,
    })
}
