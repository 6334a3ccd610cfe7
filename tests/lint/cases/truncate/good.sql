CREATE TABLE public.new (id bigint);
TRUNCATE public.new;
