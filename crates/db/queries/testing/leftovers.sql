-- What killed test runs left, and templates of other schemas.
SELECT datname::text, datistemplate FROM pg_database
WHERE datname LIKE 'raas\_test\_%' OR (datname LIKE 'raas\_template\_%' AND datname <> $1)
