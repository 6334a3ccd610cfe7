DELETE FROM public.counter;
