ALTER TABLE public.t ADD COLUMN short integer;
