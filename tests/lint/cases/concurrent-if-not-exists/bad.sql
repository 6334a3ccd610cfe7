-- schema:section no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a_idx ON public.t (a);
