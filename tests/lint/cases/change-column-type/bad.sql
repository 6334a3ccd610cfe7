ALTER TABLE public.t ALTER COLUMN a TYPE text;
ALTER TABLE public.keyless ALTER COLUMN id TYPE numeric;
