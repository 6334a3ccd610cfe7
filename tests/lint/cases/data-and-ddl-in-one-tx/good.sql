ALTER TABLE public.t ADD COLUMN d integer;
-- schema:section
UPDATE public.t SET d = 0 WHERE id BETWEEN 1 AND 100 AND d IS NULL;
-- schema:section
UPDATE public.t SET d = 0 WHERE id BETWEEN 101 AND 200 AND d IS NULL;
