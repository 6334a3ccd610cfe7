UPDATE public.t SET a = 0;
