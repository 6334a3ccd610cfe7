-- loose
SET lock_timeout = '5s';
CREATE TRIGGER t_h BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.g();
