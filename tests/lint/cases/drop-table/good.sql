CREATE TABLE public.scratch (id bigint);
DROP TABLE public.scratch;
