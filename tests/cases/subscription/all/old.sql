CREATE SUBSCRIPTION changed CONNECTION 'host=nowhere password=''s3cret''' PUBLICATION a WITH (connect = false);
CREATE SUBSCRIPTION gone CONNECTION 'dbname=nowhere' PUBLICATION b WITH (connect = false);
COMMENT ON SUBSCRIPTION changed IS 'received';
