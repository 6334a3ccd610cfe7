-- schema:section no-transaction
CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a);
CREATE INDEX CONCURRENTLY t_b_idx ON public.t (b);
