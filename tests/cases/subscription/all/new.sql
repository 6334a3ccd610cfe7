CREATE SUBSCRIPTION changed CONNECTION 'host=elsewhere password=''0ther''' PUBLICATION b, a WITH (connect = false, slot_name = other, binary = true, streaming = true, synchronous_commit = local);
CREATE SUBSCRIPTION added CONNECTION 'dbname=nowhere' PUBLICATION "B" WITH (connect = false, slot_name = NONE);
COMMENT ON SUBSCRIPTION changed IS 'received';
