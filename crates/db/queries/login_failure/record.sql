-- Failures older than the window no longer count.
INSERT INTO login_failure (config_name, username, address, failures, last_at)
VALUES ($1, $2, $3, 1, $4)
ON CONFLICT (config_name, username, address) DO UPDATE
SET failures = CASE WHEN login_failure.last_at < $5 THEN 1 ELSE login_failure.failures + 1 END,
    last_at = greatest(login_failure.last_at, excluded.last_at)
