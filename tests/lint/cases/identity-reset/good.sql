SELECT setval(pg_get_serial_sequence('public.counter', 'id'), (SELECT max(id) + 1 FROM public.counter), false);
