CREATE TABLE people (id int, CONSTRAINT people_pkey PRIMARY KEY (id) WITH (fillfactor = 50));
CREATE TABLE notes (person int, CONSTRAINT notes_person FOREIGN KEY (person) REFERENCES people DEFERRABLE);
CREATE TABLE pets (id int, CONSTRAINT pets_pkey PRIMARY KEY (id));
CREATE TABLE visits (pet int, CONSTRAINT visits_pet FOREIGN KEY (pet) REFERENCES pets DEFERRABLE);
