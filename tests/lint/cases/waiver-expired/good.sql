-- schema:allow drop-table until 2026-11-22: gone by then
DROP TABLE public.k1;
