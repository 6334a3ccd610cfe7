ALTER TABLE public.t ADD COLUMN d uuid DEFAULT gen_random_uuid();
