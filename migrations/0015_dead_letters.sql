-- Dead letters can be tried again, and have limits; what a limit drops is a gap.
ALTER TABLE dead_letter ADD COLUMN kind text NOT NULL DEFAULT '';            -- of the report: return, seen, …
ALTER TABLE dead_letter ADD COLUMN clock_skew_ms bigint NOT NULL DEFAULT 0;  -- of its master when it came
ALTER TABLE dead_letter ADD COLUMN tries integer NOT NULL DEFAULT 1;
ALTER TABLE dead_letter ADD COLUMN tried_at timestamptz;                     -- the last try, when there was a second one
CREATE INDEX dead_letter_by_time ON dead_letter (at);

-- Who dropped what is missing: the plugin, or the limits of the dead letters.
ALTER TABLE gap ADD COLUMN cause text NOT NULL DEFAULT 'plugin' CHECK (cause IN ('plugin', 'dead_letters'));

-- Retention goes by days.
CREATE INDEX command_by_day ON command (day, jid);
