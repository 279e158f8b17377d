-- About a MiB beside the tables, gone with the transaction: is there room on the disk?
CREATE TEMPORARY TABLE raas_room ON COMMIT DROP AS SELECT md5(n::text) AS line FROM generate_series(1, 15000) AS n(n)
