-- How many returns a search finds that asks nothing of their commands, up to a bound: they are read as they stand.
SELECT count(*) FROM (
    SELECT FROM ret r
    WHERE ($1::uuid IS NULL OR r.master_uuid = $1)
      AND ($2::text IS NULL OR position($2 IN r.fun_args::text) > 0)
      AND ($3::text IS NULL OR r.cluster_id = $3)
      AND ($4::text[] IS NULL OR (r.cluster_id, r.minion_id) IN (SELECT * FROM unnest($4::text[], $5::text[])))
      -- Of days that go, the commands go first, and returns are listed with their commands.
      AND r.day >= (SELECT min(c.day) FROM command c)
    LIMIT $6::bigint
) r
