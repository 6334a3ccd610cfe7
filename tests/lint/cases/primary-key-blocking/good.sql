-- schema:section no-transaction
CREATE UNIQUE INDEX CONCURRENTLY keyless_pkey ON public.keyless (id);
-- schema:section
ALTER TABLE public.keyless ADD CONSTRAINT keyless_pkey PRIMARY KEY USING INDEX keyless_pkey;
