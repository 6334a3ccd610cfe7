ALTER TABLE public.t ADD COLUMN a_new bigint;
