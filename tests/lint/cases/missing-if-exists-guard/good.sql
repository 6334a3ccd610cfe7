-- loose
BEGIN;
COMMIT;
CREATE TABLE IF NOT EXISTS public.new (id bigint);
DROP TABLE IF EXISTS public.k1;
