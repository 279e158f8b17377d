//! Methods of the RaaS API that this server does not have, each with why and what to do instead. `api.discover` does not
//! list them.

/// What is said of a whole resource.
const RESOURCES: &[(&str, &str)] = &[
    ("license", "this server needs no licence"),
    ("sec", "the compliance library is not part of this server"),
    ("vman", "vulnerability management is not part of this server"),
];

/// What is said of one method.
const METHODS: &[(&str, &str)] = &[
    ("admin.delete_vra_params", "there is no vRA integration"),
    ("admin.get_vra_params", "there is no vRA integration"),
    ("admin.save_vra_params", "there is no vRA integration"),
    (
        "master.authenticate_master",
        "masters join by raas-plugin, which enrols by itself with a key of its own: see `raas-plugin install`",
    ),
    ("master.deploy_master", "this server installs no masters: install Salt, then `raas-plugin install`"),
    (
        "master.update_plugin",
        "this server hands out no programs: update raas-plugin on the master, as master.get_plugin_versions says",
    ),
    (
        "master.update_target_group_from_master",
        "members of target groups are found by the server itself, masters do not tell them",
    ),
    (
        "minions.deploy_minion",
        "this server installs no minions: install Salt, then accept the key (raas keys)",
    ),
];

/// Why a known method is not here.
pub(super) fn why(resource: &str, method: &str) -> Option<String> {
    let name = format!("{resource}.{method}");
    let of_method = METHODS.iter().find(|(one, _)| *one == name);
    let (_, why) = of_method.or_else(|| RESOURCES.iter().find(|(one, _)| *one == resource))?;
    Some(format!("{name} is not here: {why}"))
}
