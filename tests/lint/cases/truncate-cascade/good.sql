TRUNCATE public.u, public.t;
