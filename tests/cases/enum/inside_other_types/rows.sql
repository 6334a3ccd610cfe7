INSERT INTO t VALUES (1, 'high', ROW('x', 'low'), ARRAY[ROW('y', 'mid')::rated], '[high,high]', 'mid', '{mid}');
