-- schema:section no-transaction
ALTER TABLE public.p DETACH PARTITION public.p_1 CONCURRENTLY;
