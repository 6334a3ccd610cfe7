-- min: 15
CREATE VIEW public.all_of_them WITH (security_invoker = true) AS SELECT id FROM public.secured;
