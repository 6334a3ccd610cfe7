INSERT INTO people VALUES (1, 'a', 'b', '2000-01-01');
INSERT INTO below VALUES (1, 2, 3);
