-- loose
BEGIN;
COMMIT;
CREATE TABLE public.new (id bigint);
DROP TABLE public.k1;
