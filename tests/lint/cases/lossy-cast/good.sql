ALTER TABLE public.t ALTER COLUMN a TYPE numeric;
