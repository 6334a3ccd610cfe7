CREATE POLICY open ON public.secured FOR UPDATE USING (true);
