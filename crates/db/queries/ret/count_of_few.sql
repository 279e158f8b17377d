-- How many returns a few minions have, where nothing else is asked, up to a bound. $1, $2 the minions, $3 bound
SELECT count(*) FROM (
    SELECT FROM ret r
    WHERE r.minion_id = ANY($2::text[]) AND (r.cluster_id, r.minion_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
      -- Of days that go, the commands go first, and returns are listed with their commands.
      AND r.day >= (SELECT min(c.day) FROM command c)
    LIMIT $3::bigint
) r
