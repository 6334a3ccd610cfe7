ALTER TABLE public.t ADD COLUMN d uuid;
ALTER TABLE public.t ALTER COLUMN d SET DEFAULT gen_random_uuid();
ALTER TABLE public.t ADD COLUMN e timestamptz NOT NULL DEFAULT now();
