-- $1 what, $2 role, $3 its rights as "read,write"; one row each. Roles that do not exist are left out.
INSERT INTO saved_access (resource_uuid, role_uuid, rights)
SELECT $1, r.role_uuid, string_to_array(g.rights, ',') FROM unnest($2::text[], $3::text[]) AS g(name, rights) JOIN role r USING (name)
WHERE g.rights <> ''
