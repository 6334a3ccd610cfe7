-- loose
BEGIN;
CREATE TABLE public.new (id bigint);
