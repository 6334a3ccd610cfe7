CREATE TABLE public.new (id bigint, c text);
ALTER TABLE public.new DROP COLUMN c;
