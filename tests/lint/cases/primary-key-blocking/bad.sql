ALTER TABLE public.keyless ADD PRIMARY KEY (id);
