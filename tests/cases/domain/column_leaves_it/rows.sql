INSERT INTO t VALUES (7, 'x', '{a}', 'off', ROW(1, 2));
