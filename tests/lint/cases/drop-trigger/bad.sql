-- loose
DROP TRIGGER t_g ON public.t;
