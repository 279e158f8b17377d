-- The server has worked in what was filled: every group is resolved, every change and every run of states counted, keys are compared.
SELECT NOT EXISTS (SELECT FROM target_todo) AND NOT EXISTS (SELECT FROM target_group WHERE resolved <> version)
   AND NOT EXISTS (SELECT FROM highstate_todo) AND NOT EXISTS (SELECT FROM cluster WHERE keys_look_at <= now()) AS current
