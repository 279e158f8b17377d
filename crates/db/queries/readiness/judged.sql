UPDATE readiness_check SET open = false, judged_at = $2, findings = $3::text::json WHERE cluster_id = $1
