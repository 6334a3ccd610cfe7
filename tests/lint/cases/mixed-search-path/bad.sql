SET search_path = public;
ALTER TABLE t ADD COLUMN d integer;
ALTER TABLE public.t ADD COLUMN e integer;
