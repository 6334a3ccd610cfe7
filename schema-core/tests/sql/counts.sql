-- How many of each kind.
SELECT type AS kind, count(*)::numeric AS number FROM auth.users GROUP BY type;
