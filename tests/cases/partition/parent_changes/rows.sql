INSERT INTO p (id, region, amount) VALUES (1, 'eu', 5), (2, 'us', 6);
