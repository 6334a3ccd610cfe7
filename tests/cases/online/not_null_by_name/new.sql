-- min: 18
CREATE TABLE people (id bigint CONSTRAINT id_is_there NOT NULL, email text CONSTRAINT email_is_there NOT NULL,
    nick text CONSTRAINT nick_is_there NOT NULL);
