CREATE TABLE bulk (bulk_id serial PRIMARY KEY, note text);
CREATE TABLE item (bulk_id integer REFERENCES bulk, id serial);
