//! What a tag of the bus says. Tags are text that others choose: only well-formed ones mean something.

use raas_salt::is_minion_id;

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// `salt/job/<jid>/new`
    JobNew { jid: &'a str },
    /// `salt/job/<jid>/ret/<id>`
    JobReturn { jid: &'a str, minion_id: &'a str },
    /// Anything else of a job, also the bare jid that 3006 and 3007 send.
    OfJob { jid: &'a str },
    /// `salt/minion/<id>/start`
    Start { minion_id: &'a str },
    /// `minion/refresh/<id>`: its grains changed.
    Refresh { minion_id: &'a str },
    /// `salt/auth`
    Auth,
    /// `salt/key`
    Key,
    /// Not ours to understand.
    Other,
}

impl<'a> Tag<'a> {
    pub(super) fn of(tag: &'a str) -> Self {
        match tag {
            "salt/auth" => return Self::Auth,
            "salt/key" => return Self::Key,
            jid if is_jid(jid) => return Self::OfJob { jid },
            _ => {}
        }
        if let Some((jid, rest)) = tag.strip_prefix("salt/job/").and_then(|rest| rest.split_once('/')) {
            return Self::of_job(jid, rest);
        }
        let started = tag.strip_prefix("salt/minion/").and_then(|rest| rest.strip_suffix("/start"));
        if let Some(minion_id) = started.filter(|id| is_minion_id(id)) {
            return Self::Start { minion_id };
        }
        match tag.strip_prefix("minion/refresh/").filter(|id| is_minion_id(id)) {
            Some(minion_id) => Self::Refresh { minion_id },
            None => Self::Other,
        }
    }

    fn of_job(jid: &'a str, rest: &'a str) -> Self {
        let returned = rest.strip_prefix("ret/").filter(|id| is_minion_id(id));
        match (rest, returned) {
            ("new", _) if is_jid(jid) => Self::JobNew { jid },
            (_, Some(minion_id)) if is_jid(jid) => Self::JobReturn { jid, minion_id },
            _ => Self::OfJob { jid },
        }
    }

    /// The jid in it.
    pub(super) fn jid(self) -> Option<&'a str> {
        match self {
            Self::JobNew { jid } | Self::JobReturn { jid, .. } | Self::OfJob { jid } => Some(jid),
            _ => None,
        }
    }
}

/// The 20 digits of Salt's own jids. Others can be published by hand, but cannot be told in time and are not reported.
pub(super) fn is_jid(jid: &str) -> bool {
    jid.len() == 20 && jid.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JID: &str = "20260102030405000678";

    #[test]
    fn tags_of_jobs_minions_and_keys_are_told_apart() {
        let new = format!("salt/job/{JID}/new");
        assert_eq!(Tag::of(&new), Tag::JobNew { jid: JID });
        let returned = format!("salt/job/{JID}/ret/web 1.eu");
        assert_eq!(Tag::of(&returned), Tag::JobReturn { jid: JID, minion_id: "web 1.eu" });
        let progress = format!("salt/job/{JID}/prog/web1/0");
        assert_eq!(Tag::of(&progress), Tag::OfJob { jid: JID });
        assert_eq!(Tag::of(JID).jid(), Some(JID));
        assert_eq!(Tag::of("salt/minion/web1/start"), Tag::Start { minion_id: "web1" });
        assert_eq!(Tag::of("minion/refresh/web1"), Tag::Refresh { minion_id: "web1" });
        assert_eq!((Tag::of("salt/auth"), Tag::of("salt/key")), (Tag::Auth, Tag::Key));
    }

    #[test]
    fn what_is_no_id_or_jid_means_nothing() {
        let climbing = format!("salt/job/{JID}/ret/../x");
        assert_eq!(Tag::of(&climbing), Tag::OfJob { jid: JID });
        assert_eq!(Tag::of("salt/job/raas-1/ret/web1"), Tag::OfJob { jid: "raas-1" });
        for tag in ["", "salt/job/", "salt/minion//start", "salt/minion/../start", "minion/refresh/", "x"] {
            assert_eq!(Tag::of(tag), Tag::Other, "{tag:?}");
        }
    }
}
