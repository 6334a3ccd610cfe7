CREATE TABLE people (id int PRIMARY KEY);
CREATE TABLE m (a int, person int, CONSTRAINT m_person FOREIGN KEY (person) REFERENCES people) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE TABLE n (a int, person int, CONSTRAINT n_person FOREIGN KEY (person) REFERENCES people) PARTITION BY RANGE (a);
CREATE TABLE n_1 PARTITION OF n FOR VALUES FROM (0) TO (10);
-- Those of the partitions keep their names; the first is made again besides.
ALTER TABLE m RENAME CONSTRAINT m_person TO m_of_person;
ALTER TABLE n RENAME CONSTRAINT n_person TO n_of_person;
