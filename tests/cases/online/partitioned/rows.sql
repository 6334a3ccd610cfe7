INSERT INTO users VALUES (1);
INSERT INTO events VALUES (1, 1, '2024-05-05', 'eu'), (2, 1, '2025-05-05', 'eu'), (3, 1, '2025-05-05', 'us');
