UPDATE role SET perms = $2 WHERE name = $1 AND built_in AND perms <> $2
