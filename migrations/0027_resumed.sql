-- When a run of states was resumed. Salt keeps an empty pause of it then: it can neither pause it again nor end it softly.
ALTER TABLE command ADD COLUMN resumed_at timestamptz;
