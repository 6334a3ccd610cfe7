INSERT INTO t VALUES (1, 1, '{"a": 1}', '2020-01-01', 'x');
