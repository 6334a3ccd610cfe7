ALTER TABLE public.t ADD COLUMN d integer;
UPDATE public.t SET d = 0 WHERE d IS NULL;
