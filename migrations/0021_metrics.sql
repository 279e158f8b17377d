-- Samples of metrics, taken by the leader; kept for a day. Counters are kept as what they grew by since the sample before.
CREATE TABLE metric_sample (
    at      timestamptz NOT NULL,
    metric  text NOT NULL,
    source  text NOT NULL,
    value   double precision NOT NULL,
    PRIMARY KEY (metric, source, at)
);
CREATE INDEX metric_sample_by_time ON metric_sample (at);

-- The newest of each: what monitors read, and what counters grow from.
CREATE TABLE metric_now (
    metric   text NOT NULL,
    source   text NOT NULL,
    at       timestamptz NOT NULL,
    value    double precision NOT NULL,        -- of a counter its total
    counter  boolean NOT NULL,
    PRIMARY KEY (metric, source)
);

-- "Ended since the last sample".
CREATE INDEX command_by_end ON command (ended_at) WHERE ended_at IS NOT NULL;
