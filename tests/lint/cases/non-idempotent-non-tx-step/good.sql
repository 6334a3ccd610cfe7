-- schema:section no-transaction
ALTER TYPE public.status ADD VALUE IF NOT EXISTS 'closed' AFTER 'done';
-- schema:section no-transaction
CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a);
-- schema:section no-transaction
INSERT INTO public.u VALUES (1000, 'x') ON CONFLICT DO NOTHING;
