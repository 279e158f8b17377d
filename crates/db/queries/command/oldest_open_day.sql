SELECT min(day) AS day FROM command WHERE ended_at IS NULL
