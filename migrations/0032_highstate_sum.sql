-- What all runs that still count made of each minion: sums of highstate_total, so that the list of all minions adds nothing up. A
-- minion that is not there any more is in no list, at once.
CREATE TABLE highstate_sum (
    cluster_id   text NOT NULL,
    minion_id    text NOT NULL,
    test         boolean NOT NULL,
    states       bigint NOT NULL,
    failed       bigint NOT NULL,
    changed      bigint NOT NULL,
    duration     double precision NOT NULL,    -- milliseconds
    PRIMARY KEY (cluster_id, minion_id, test),
    FOREIGN KEY (cluster_id, minion_id) REFERENCES minion ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX highstate_sum_by_id ON highstate_sum (minion_id COLLATE "C", cluster_id COLLATE "C");
INSERT INTO highstate_sum
SELECT h.cluster_id, h.minion_id, h.test, sum(h.states), sum(h.failed), sum(h.changed), sum(h.duration)
FROM highstate_total h JOIN minion m ON m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id
GROUP BY h.cluster_id, h.minion_id, h.test;
