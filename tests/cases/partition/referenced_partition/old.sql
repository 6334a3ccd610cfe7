-- A partition that a foreign key looks at is dropped only without the foreign key.
CREATE TABLE parcel (region text, id int, truck int, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE parcel_eu PARTITION OF parcel FOR VALUES IN ('eu');
CREATE TABLE parcel_us PARTITION OF parcel FOR VALUES IN ('us');
CREATE TABLE truck (region text, id int, last_parcel int, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE truck_us PARTITION OF truck FOR VALUES IN ('us');
ALTER TABLE parcel ADD CONSTRAINT parcel_truck FOREIGN KEY (region, truck) REFERENCES truck;
ALTER TABLE truck ADD CONSTRAINT truck_parcel FOREIGN KEY (region, last_parcel) REFERENCES parcel;
