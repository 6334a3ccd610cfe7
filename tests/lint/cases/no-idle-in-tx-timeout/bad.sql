-- loose
ALTER TABLE public.t ADD COLUMN d integer;
