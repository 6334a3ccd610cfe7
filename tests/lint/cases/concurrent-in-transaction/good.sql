-- schema:section no-transaction
CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a);
-- schema:section no-transaction
VACUUM public.t;
