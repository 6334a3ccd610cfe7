ALTER TABLE public.p_2 ADD CONSTRAINT bound CHECK (at >= '2027-01-01' AND at < '2028-01-01') NOT VALID;
-- schema:section
ALTER TABLE public.p_2 VALIDATE CONSTRAINT bound;
-- schema:section
ALTER TABLE public.p ATTACH PARTITION public.p_2 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
ALTER TABLE public.p_2 DROP CONSTRAINT bound;
