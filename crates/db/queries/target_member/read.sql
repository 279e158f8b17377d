-- Whom a group means now, in one look: no row at all when it is not resolved, else one per minion (one of nulls when there
-- is none). Where `sure` is null it is to be decided anew from the grains: the minion changed since it was worked in, or
-- it has no grains and the group looks at more than ids. Only accepted minions count.
-- $1 group, $2 its version, $3 it looks at more than ids, $4 masters that count, where it matters where the minions are: of one that
-- was not seen last by any of them, all that accepted it are read, too
WITH of AS MATERIALIZED (
    SELECT number FROM target_group WHERE tgt_uuid = $1 AND version = $2 AND resolved = version
), todo AS MATERIALIZED (
    SELECT DISTINCT cluster_id, minion_id FROM target_todo WHERE minion_id IS NOT NULL
), open AS MATERIALIZED (
    SELECT cluster_id, minion_id FROM todo
    UNION
    SELECT m.cluster_id, m.minion_id FROM minion m
    WHERE $3::boolean AND m.grains IS NULL
      AND NOT EXISTS (SELECT FROM of JOIN target_member t ON t.group_no = of.number
                      WHERE t.cluster_id = m.cluster_id AND t.minion_id = m.minion_id)
), found AS (
    SELECT t.cluster_id, t.minion_id, t.sure, NULL::text AS grains
    FROM of JOIN target_member t ON t.group_no = of.number
    WHERE NOT EXISTS (SELECT FROM open o WHERE o.cluster_id = t.cluster_id AND o.minion_id = t.minion_id)
    UNION ALL
    SELECT m.cluster_id, m.minion_id, NULL, m.grains::text
    FROM open o JOIN minion m ON m.cluster_id = o.cluster_id AND m.minion_id = o.minion_id
), accepted AS (
    SELECT f.*, m.seen_by,
           CASE WHEN $4::uuid[] IS NOT NULL AND (m.seen_by = ANY($4)) IS NOT TRUE
                THEN ARRAY(SELECT l.master_uuid FROM link l
                           WHERE l.cluster_id = m.cluster_id AND l.minion_id = m.minion_id AND l.key_state = 'accepted') END AS holders
    FROM found f JOIN minion m ON m.cluster_id = f.cluster_id AND m.minion_id = f.minion_id
    WHERE m.accepted > 0
)
SELECT a.* FROM of LEFT JOIN accepted a ON true ORDER BY a.cluster_id, a.minion_id
