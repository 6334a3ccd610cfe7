TRUNCATE public.counter;
