INSERT INTO people SELECT n, n || '@x', 'n' || n, '2000-01-01' FROM generate_series(1, 50) n;
REFRESH MATERIALIZED VIEW towns;
