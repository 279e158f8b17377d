-- Returns that decide their outcomes: none of them is there, as the caller holds the rows of their commands and has looked.
COPY ret (day, cluster_id, jid, minion_id, master_uuid, fun, fun_args, success, retcode, stamp, alter_time,
          body_hash, extra, source, trimmed, json)
FROM STDIN (FORMAT binary)
