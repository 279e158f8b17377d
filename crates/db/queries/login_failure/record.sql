-- Failures older than the window no longer count.
INSERT INTO login_failure (config_name, username, failures, last_at)
VALUES ($1, $2, 1, $3)
ON CONFLICT (config_name, username) DO UPDATE
SET failures = CASE WHEN login_failure.last_at < $4 THEN 1 ELSE login_failure.failures + 1 END,
    last_at = greatest(login_failure.last_at, excluded.last_at)
RETURNING failures, last_at
