CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a);
VACUUM public.t;
