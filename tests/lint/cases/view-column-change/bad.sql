DROP VIEW public.w;
CREATE VIEW public.w AS SELECT id FROM public.t;
