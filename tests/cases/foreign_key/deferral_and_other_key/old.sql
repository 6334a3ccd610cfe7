CREATE TABLE people (id int, CONSTRAINT people_key PRIMARY KEY (id) WITH (fillfactor = 40));
CREATE TABLE notes (person int, CONSTRAINT notes_person FOREIGN KEY (person) REFERENCES people);
CREATE TABLE pets (id int, CONSTRAINT pets_key PRIMARY KEY (id));
CREATE TABLE visits (pet int, CONSTRAINT visits_pet FOREIGN KEY (pet) REFERENCES pets);
