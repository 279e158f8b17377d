-- Values of a grain that stands in a column of its own, each once: of each text one minion is read. $1 its name, $2 master or cluster,
-- $3 minion pattern
WITH told AS NOT MATERIALIZED (
    SELECT m.cluster_id, m.minion_id,
           CASE $1::text WHEN 'os' THEN m.os WHEN 'osfullname' THEN m.osfullname WHEN 'saltversion' THEN m.saltversion ELSE m.host_begin END AS text
    FROM known_minion m
    WHERE ($2::text IS NULL OR m.cluster_id = $2 OR m.seen_by = (SELECT by.master_uuid FROM master by WHERE by.master_id = $2))
      AND ($3::text IS NULL OR m.minion_id LIKE $3)
      AND ($4::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($4::text[], $5::text[])))
      AND ($6::integer IS NULL OR
           m.accepted > 0 AND (m.cluster_id, m.minion_id) IN (SELECT t.cluster_id, t.minion_id FROM target_member t WHERE t.group_no = $6))
), one AS (
    SELECT cluster_id, min(minion_id) AS minion_id, text FROM told WHERE text IS NOT NULL GROUP BY text, cluster_id
), each AS (
    SELECT cluster_id, minion_id FROM one
    UNION ALL
    -- Texts of 90 characters may go on, where there are some at all.
    SELECT cluster_id, minion_id FROM told WHERE length(text) = 90 AND (SELECT bool_or(length(text) = 90) FROM one)
)
SELECT DISTINCT m.grains -> $1 AS value, (m.grains -> $1)::text AS text
FROM each
-- One by one: of how many texts there are the planner knows nothing.
CROSS JOIN LATERAL (SELECT m.grains FROM minion m WHERE m.cluster_id = each.cluster_id AND m.minion_id = each.minion_id LIMIT 1) AS m
ORDER BY 1
