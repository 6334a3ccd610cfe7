-- schema:section no-transaction
CREATE UNIQUE INDEX CONCURRENTLY t_a_key ON public.t (a);
-- schema:section
ALTER TABLE public.t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a_key;
