UPDATE public.t SET a = 0 WHERE a IS NULL;
