INSERT INTO t VALUES (1, ROW(5, 'USD'), ROW('x', ROW(6, 'CHF')), NULL); INSERT INTO uses_rowtype VALUES (ROW(1, 'b'), NULL);
