CREATE TABLE public.new (a integer);
ALTER TABLE public.new ADD COLUMN d integer;
