-- loose
SET lock_timeout = '5s';
DROP TRIGGER t_g ON public.t;
