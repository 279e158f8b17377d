-- Accounts that can sign in and may do everything.
SELECT count(*) FROM account a
WHERE a.password_hash IS NOT NULL
  AND ('superuser' = ANY(a.perms)
       OR EXISTS (SELECT FROM held_role h JOIN role r USING (role_uuid)
                  WHERE h.account_uuid = a.account_uuid AND 'superuser' = ANY(r.perms)))
