-- schema:allow drop-table until 2026-11-21: gone by then
DROP TABLE public.k1;
-- schema:allow drop-table until soon: gone by then
DROP TABLE public.k2;
