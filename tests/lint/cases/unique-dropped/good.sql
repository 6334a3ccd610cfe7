ALTER TABLE public.t DROP CONSTRAINT t_b_check;
