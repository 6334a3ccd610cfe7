CREATE OR REPLACE VIEW public.w AS SELECT id, c, a FROM public.t;
