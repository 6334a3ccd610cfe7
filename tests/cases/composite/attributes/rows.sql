INSERT INTO t VALUES (1, ROW('s', '1', 2), ROW('n', ROW('x', 'y', 3)), NULL);
