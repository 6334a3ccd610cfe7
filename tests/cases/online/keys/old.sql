CREATE TABLE people (id bigint NOT NULL, token uuid, email text, nick text, a integer, b integer,
    CONSTRAINT people_pkey PRIMARY KEY (id), CONSTRAINT people_nick_key UNIQUE (nick),
    CONSTRAINT people_b_key UNIQUE (b));
CREATE TABLE friends (of bigint REFERENCES people, since date, nick text REFERENCES people (nick));
CREATE TABLE plain (id bigint);
