-- When a minion last attached itself to this master (start or accepted auth): whoever attached anew somewhere may have
-- left the other masters, so what they saw of it before that proves nothing (hot-hot).
ALTER TABLE link ADD COLUMN attached_at timestamptz;
