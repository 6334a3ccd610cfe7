CREATE TABLE bulk_new (bulk_id serial, note text);
ALTER TABLE bulk_new RENAME TO bulk;
ALTER SEQUENCE bulk_new_bulk_id_seq OWNED BY bulk.bulk_id;
ALTER TABLE bulk ALTER COLUMN bulk_id TYPE bigint, ADD CONSTRAINT bulk_pkey PRIMARY KEY (bulk_id);
CREATE TABLE item (bulk_id bigint REFERENCES bulk, id serial);
