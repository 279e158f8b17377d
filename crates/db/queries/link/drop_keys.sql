-- Keys that this master has no more: $3 are all that it has. A link that only ever had signs of life stays.
DELETE FROM link
WHERE master_uuid = $2 AND cluster_id = $1 AND key_state IS NOT NULL AND NOT (minion_id = ANY($3::text[]))
RETURNING minion_id
