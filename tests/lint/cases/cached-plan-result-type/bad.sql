ALTER TABLE public.t ALTER COLUMN v TYPE text;
ALTER TABLE public.t ADD COLUMN d integer;
