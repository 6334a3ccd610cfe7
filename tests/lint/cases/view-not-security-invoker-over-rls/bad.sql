CREATE VIEW public.all_of_them AS SELECT id FROM public.secured;
