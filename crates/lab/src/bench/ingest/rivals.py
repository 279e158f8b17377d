"""What `bench ingest` compares with: COPY of the same rows, and Salt's own pgjsonb returner with the schema of its documentation.

Usage: rivals.py HOST DATABASE USER copy bytea|jsonb FILE
       rivals.py HOST DATABASE USER pgjsonb FILE WORKERS SECONDS
The password is in PGPASSWORD. Prints one JSON object.
"""

import json
import multiprocessing
import os
import sys
import time

import psycopg2

COLUMNS = "jid text, minion_id text, fun text, fun_args {0}, success boolean, retcode bigint, stamp timestamptz, ret {0}"


def connect(where, database):
    return psycopg2.connect(host=where[0], user=where[2], dbname=database, password=os.environ["PGPASSWORD"])


def fresh_database(where, name):
    connection = connect(where, where[1])
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {name}")
    connection.close()


def drop_database(where, name):
    connection = connect(where, where[1])
    connection.autocommit = True
    connection.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    connection.close()


def copy(where, kind, path):
    """One COPY in binary format into a table without any index, and its commit."""
    fresh_database(where, "rival_copy")
    connection = connect(where, "rival_copy")
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE plain ({COLUMNS.format(kind)})")
    connection.commit()
    pid = connection.get_backend_pid()
    with open(path, "rb") as rows:
        cpu, start = backend_seconds(pid), time.perf_counter()
        cursor.copy_expert("COPY plain FROM STDIN (FORMAT binary)", rows, size=1 << 18)
        connection.commit()
        seconds, cpu = time.perf_counter() - start, backend_seconds(pid) - cpu
    cursor.execute("SELECT count(*) FROM plain")
    (count,) = cursor.fetchone()
    connection.close()
    drop_database(where, "rival_copy")
    return {"rows": count, "seconds": seconds, "cpu_seconds": cpu}


def backend_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def returner(where):
    """Salt's own module, as its loader would make it."""
    from salt.returners import pgjsonb

    pgjsonb.__salt__ = {}
    pgjsonb.__opts__ = {
        "returner.pgjsonb.host": where[0],
        "returner.pgjsonb.user": where[2],
        "returner.pgjsonb.pass": os.environ["PGPASSWORD"],
        "returner.pgjsonb.db": "rival_pgjsonb",
        "returner.pgjsonb.port": 5432,
    }
    return pgjsonb


def schema_of(module):
    """The tables and indexes that its documentation tells users to make."""
    lines, taken, on = module.__doc__.splitlines(), [], False
    for line in lines:
        text = line.strip()
        if text.upper().startswith(("CREATE TABLE", "CREATE INDEX", "CREATE UNIQUE INDEX", "CREATE SEQUENCE")):
            on = True
        if on and not text.startswith("--"):
            taken.append(text)
        if on and text.endswith(";"):
            on = False
    return "\n".join(taken)


def work(where, rows, place, workers, end, counts):
    module = returner(where)
    done = 0
    while time.time() < end.value:
        module.returner(rows[(place + done * workers) % len(rows)])
        done += 1
    counts.put(done)


def pgjsonb(where, path, workers, seconds):
    """So many workers as a master has, each calling the returner for one return after the other."""
    with open(path) as lines:
        rows = [json.loads(line) for line in lines]
    module = returner(where)
    fresh_database(where, "rival_pgjsonb")
    connection = connect(where, "rival_pgjsonb")
    connection.cursor().execute(schema_of(module))
    connection.commit()
    start = time.time()
    end, counts = multiprocessing.Value("d", start + seconds), multiprocessing.Queue()
    started = [
        multiprocessing.Process(target=work, args=(where, rows, place, workers, end, counts))
        for place in range(workers)
    ]
    for process in started:
        process.start()
    sent = sum(counts.get() for _ in started)
    seconds = time.time() - start
    for process in started:
        process.join()
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM salt_returns")
    (stored,) = cursor.fetchone()
    connection.close()
    drop_database(where, "rival_pgjsonb")
    if stored != sent:
        sys.exit(f"pgjsonb stored {stored} of {sent} returns")
    return {"rows": stored, "seconds": seconds}


def main():
    where, what, rest = sys.argv[1:4], sys.argv[4], sys.argv[5:]
    if what == "copy":
        answer = copy(where, rest[0], rest[1])
    else:
        answer = pgjsonb(where, rest[0], int(rest[1]), float(rest[2]))
    print(json.dumps(answer))


main()
