ALTER SEQUENCE public.s RESTART WITH 1;
SELECT setval('public.s', 100);
