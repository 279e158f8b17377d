SELECT number, hash, root_number, root_hash, (SELECT count(*) FROM audit WHERE audit.number IS NULL) AS unlinked FROM audit_head
