ALTER TABLE public.t ALTER COLUMN at TYPE timestamp;
ALTER TABLE public.t ALTER COLUMN n TYPE integer;
