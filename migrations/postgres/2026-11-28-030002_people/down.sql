DROP TABLE record_people;
