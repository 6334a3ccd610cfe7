SELECT setval('public.s', (SELECT COALESCE(max(id), 0) + 1 FROM public.t), false);
