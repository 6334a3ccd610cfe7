INSERT INTO t VALUES ('a', 1, '2', 3.14, now(), 'f', '{}', '{}', 'i', 5, NULL);
