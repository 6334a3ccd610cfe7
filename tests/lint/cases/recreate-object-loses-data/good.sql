ALTER TABLE public.t ADD COLUMN n_new bigint;
