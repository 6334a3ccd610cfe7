CREATE TABLE parcel (region text, id int, truck int, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE parcel_eu PARTITION OF parcel FOR VALUES IN ('eu');
CREATE TABLE truck (region text, id int, last_parcel int, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
ALTER TABLE parcel ADD CONSTRAINT parcel_truck FOREIGN KEY (region, truck) REFERENCES truck;
ALTER TABLE truck ADD CONSTRAINT truck_parcel FOREIGN KEY (region, last_parcel) REFERENCES parcel;
