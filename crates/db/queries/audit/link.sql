UPDATE audit a SET number = l.number, hash = l.hash
FROM unnest($1::date[], $2::bigint[], $3::bigint[], $4::bytea[]) AS l(day, audit_id, number, hash)
WHERE a.day = l.day AND a.audit_id = l.audit_id
