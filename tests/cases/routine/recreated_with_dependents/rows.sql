INSERT INTO orders VALUES (1, 'a', 5, 0), (2, 'b', 6, 0);
