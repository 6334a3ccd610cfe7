ALTER TABLE public.t ADD COLUMN d integer;
ALTER TABLE public.t ADD COLUMN e integer;
