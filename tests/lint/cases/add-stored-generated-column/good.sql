CREATE VIEW public.t_full AS SELECT id, a + b AS d FROM public.t;
