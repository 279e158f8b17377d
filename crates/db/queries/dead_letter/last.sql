SELECT COALESCE(max(dead_letter_id), 0) AS last FROM dead_letter
