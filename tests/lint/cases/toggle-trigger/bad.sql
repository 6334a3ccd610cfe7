SET lock_timeout = 0;
ALTER TABLE public.t DISABLE TRIGGER t_g;
