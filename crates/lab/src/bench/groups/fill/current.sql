-- Every group is resolved, and every change worked in.
SELECT NOT EXISTS (SELECT FROM target_todo) AND NOT EXISTS (SELECT FROM target_group WHERE resolved <> version) AS current
