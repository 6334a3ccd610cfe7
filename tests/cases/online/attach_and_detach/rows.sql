INSERT INTO events VALUES (1, '2023-05-05'), (2, '2024-05-05');
INSERT INTO events_2025 VALUES (3, '2025-05-05');
INSERT INTO parts VALUES ('x', 1), ('w', 1);
INSERT INTO parts_y VALUES ('y', 1);
INSERT INTO old_prices VALUES ('a', 1);
INSERT INTO pairs VALUES (2, 2);
