//! Changes by chance: what is kept, and what is shown in every moment, is what working it out anew says.

use std::collections::BTreeMap;

use raas_target::{Match, Target, TargetInput};
use raas_wire::{ClusterKind::Failover, Grains, KeyLists, KeyOfMinion, Report};
use serde_json::{Value, json};

use super::super::{call, group};
use super::{current, ids, kept};
use crate::{
    commands::hands::{Master, cluster},
    support::Server,
};

/// Numbers by chance, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// As the story knows it.
struct World {
    dice: Dice,
    master: Master,
    minions: BTreeMap<String, Option<Value>>,
    groups: BTreeMap<String, (Value, String, String)>,
}

impl World {
    fn target(&mut self) -> (String, String) {
        let d = &mut self.dice;
        let (kind, text) = match d.below(6) {
            0 => ("glob", d.of(&["a*", "*1", "*", "b?"]).to_owned()),
            1 => ("list", format!("a{},b{}", d.below(5), d.below(5))),
            2 => ("grain", format!("os:{}", d.of(&["Debian", "Red*", "*"]))),
            3 => ("grain_pcre", format!("os:{}", d.of(&["^D", "(Red|Deb)"]))),
            4 => (
                "compound",
                format!("{} and not G@os:{}", d.of(&["a*", "b*", "*"]), d.of(&["Debian", "RedHat"])),
            ),
            _ => ("compound", format!("E@{} or I@role:web", d.of(&["a[12]", "b.*"]))),
        };
        (kind.to_owned(), text)
    }

    async fn keys(&self) {
        let key = |id: &String| KeyOfMinion {
            minion_id: id.clone(),
            fingerprint: format!("f-{id}"),
            public_key: format!("pem-{id}"),
        };
        let lists = KeyLists { accepted: self.minions.keys().map(key).collect(), ..KeyLists::default() };
        self.master.plugin.report([Report::Keys(lists)]).await;
    }

    /// One change of some kind.
    async fn change(&mut self, server: &Server) {
        let minion = format!("{}{}", self.dice.of(&["a", "b"]), self.dice.below(5));
        match self.dice.below(8) {
            0 => {
                if self.minions.remove(&minion).is_some() {
                    self.keys().await;
                }
            }
            1 | 2 => {
                self.minions.entry(minion).or_default();
                self.keys().await;
            }
            3..=5 => {
                let Some(known) = self.minions.get_mut(&minion) else { return };
                let grains = json!({"os": self.dice.of(&["Debian", "RedHat", "SUSE"]), "id": minion});
                *known = Some(grains.clone());
                let report = Report::Grains(Grains { minion_id: minion, grains: grains.into() });
                self.master.plugin.report([report]).await;
            }
            6 => self.regroup(server).await,
            _ => {
                if let Some((uuid, ..)) = self.groups.pop_first().map(|(_, group)| group) {
                    call(server, "tgt.delete_target_group", json!({"tgt_uuid": uuid, "force": true})).await;
                }
            }
        }
    }

    async fn regroup(&mut self, server: &Server) {
        let name = format!("g{}", self.dice.below(6));
        let (kind, text) = self.target();
        let tgt = json!({"eu-web": {"tgt_type": kind, "tgt": text}});
        let uuid = match self.groups.get(&name) {
            Some((uuid, ..)) => {
                call(server, "tgt.save_target_group", json!({"tgt_uuid": uuid, "tgt": tgt})).await
            }
            None => group(server, &name, tgt).await,
        };
        self.groups.insert(name, (uuid, kind, text));
    }

    /// Whom a group means; a question mark where only a master can tell of a minion whose grains are known.
    fn meant(&self, kind: &str, text: &str) -> Vec<String> {
        let target = Target::parse(TargetInput::Text(text), kind).unwrap();
        let mut meant = Vec::new();
        for (id, grains) in &self.minions {
            match target.matches_grains(id, grains.as_ref()) {
                Match::Yes => meant.push(id.clone()),
                Match::Unknown if grains.is_some() => meant.push(format!("{id}?")),
                _ => {}
            }
        }
        meant
    }

    async fn is_shown(&self, server: &Server, step: usize) {
        for (uuid, kind, text) in self.groups.values() {
            let mut meant = self.meant(kind, text);
            meant.retain(|id| !id.ends_with('?'));
            assert_eq!(
                ids(server, uuid).await,
                meant,
                "{kind} {text} after change {step}: {:?}",
                self.minions
            );
        }
    }

    async fn is_kept(&self, server: &Server, step: usize) {
        let meant = self.groups.iter().map(|(name, (_, kind, text))| (name.clone(), self.meant(kind, text)));
        let meant: BTreeMap<String, Vec<String>> = meant.filter(|(_, ids)| !ids.is_empty()).collect();
        assert_eq!(kept(server).await, meant, "after change {step}: {:?}", self.minions);
    }
}

#[tokio::test]
async fn after_changes_by_chance_members_are_what_working_them_out_anew_says() {
    let server = Server::start().await;
    let [master] = cluster(&server, Failover, ["m1"], &[]).await;
    let seed = 20_260_102;
    let mut world = World { dice: Dice(seed), master, minions: BTreeMap::new(), groups: BTreeMap::new() };
    for _ in 0..4 {
        world.regroup(&server).await;
    }
    for step in 0..120 {
        world.change(&server).await;
        world.is_shown(&server, step).await;
        if step % 12 == 0 {
            current(&server).await;
            world.is_kept(&server, step).await;
            world.is_shown(&server, step).await;
        }
    }
    current(&server).await;
    world.is_kept(&server, 120).await;
    server.stop().await;
}
