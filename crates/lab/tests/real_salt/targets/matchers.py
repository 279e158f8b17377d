"""Salt's own matchers as a service: a line of JSON asks, a line answers. Started with the Python of a Salt environment.

Asks: {"minions": [{"id", "grains", "pillar"}]} sets the fleet; {"cases": [{"tgt", "tgt_type"}], "side": "minion" or
"master"} answers for each case which minions match, as a list of places. What raises is no match: the minion does not
run the job then.
"""

import importlib
import json
import logging
import os
import sys
import tempfile

import salt.utils.minions

logging.disable(logging.CRITICAL)
NAMES = (
    "glob pcre list grain grain_pcre pillar pillar_exact pillar_pcre ipcidr range nodegroup compound".split()
)
MODULES = {name: importlib.import_module(f"salt.matchers.{name}_match") for name in NAMES}
CONTEXT = {"matchers": {f"{name}_match.match": module.match for name, module in MODULES.items()}}
for module in MODULES.values():
    module.__context__ = CONTEXT


class Cache:
    """The master's cache of minion data, as 3006 and 3007 (one bank a minion) and 3008 (one bank a kind) ask it."""

    def __init__(self, minions):
        self.minions = {minion["id"]: minion for minion in minions}

    def list(self, bank):
        return list(self.minions)

    def fetch(self, bank, key):
        if bank in ("grains", "pillar"):
            return self.minions[key][bank]
        return self.minions[bank.split("/", 1)[1]]


class Master(salt.utils.minions.CkMinions):
    """CkMinions with a cache and keys in memory."""

    def __init__(self, minions):
        self.pki_dir = tempfile.mkdtemp()
        self.acc = "minions"
        self.key = None
        self.opts = {"pki_dir": self.pki_dir, "minion_data_cache": True, "nodegroups": {}, "key_cache": ""}
        self.cache = Cache(minions)
        os.mkdir(os.path.join(self.pki_dir, self.acc))
        for minion in minions:
            open(os.path.join(self.pki_dir, self.acc, minion["id"]), "w").close()

    def _pki_minions(self):
        return list(self.cache.minions)


def by_minions(case, minions):
    found = []
    for place, opts in enumerate(minions):
        try:
            if MODULES[case["tgt_type"]].match(case["tgt"], opts=opts):
                found.append(place)
        except Exception:  # the minion logs it and does not run the job
            pass
    return found


def by_master(case, master, places):
    answer = master.check_minions(case["tgt"], case["tgt_type"])
    return sorted(places[minion] for minion in set(answer["minions"]) if minion in places)


def main():
    minions, master, places = [], None, {}
    for line in sys.stdin:
        ask = json.loads(line)
        if "minions" in ask:
            minions = [dict(minion, nodegroups={}) for minion in ask["minions"]]
            places = {minion["id"]: place for place, minion in enumerate(minions)}
            master = None
            answer = True
        elif ask["side"] == "master":
            master = master or Master(minions)
            answer = [by_master(case, master, places) for case in ask["cases"]]
        else:
            answer = [by_minions(case, minions) for case in ask["cases"]]
        print(json.dumps(answer), flush=True)


main()
