-- Since when the masters that were asked about a job hold no accepted key of the minion: it could not be asked, which is
-- not silence. Null once somebody could ask it.
ALTER TABLE outcome ADD COLUMN unheld_since timestamptz;
