-- A master that moves to another cluster takes nothing along.
WITH unlinked AS (
    DELETE FROM link WHERE master_uuid = $1 AND cluster_id <> $2
), unasked AS (
    DELETE FROM key_change WHERE master_uuid = $1 AND cluster_id <> $2
)
UPDATE minion SET seen_by = NULL WHERE seen_by = $1 AND cluster_id <> $2
