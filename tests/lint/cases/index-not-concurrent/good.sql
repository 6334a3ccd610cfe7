-- schema:section no-transaction
CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a);
-- schema:section
CREATE TABLE public.new (id bigint);
CREATE INDEX new_id_idx ON public.new (id);
CREATE INDEX p_id_idx ON ONLY public.p (id);
-- schema:section no-transaction
CREATE INDEX CONCURRENTLY p_1_id_idx ON public.p_1 (id);
-- schema:section
ALTER INDEX public.p_id_idx ATTACH PARTITION public.p_1_id_idx;
