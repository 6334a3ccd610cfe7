ALTER TABLE public.t DROP COLUMN n;
ALTER TABLE public.t ADD COLUMN n bigint;
DROP TABLE public.k1;
CREATE TABLE public.k1 (id uuid PRIMARY KEY);
