CREATE POLICY open ON public.secured FOR SELECT USING (true);
