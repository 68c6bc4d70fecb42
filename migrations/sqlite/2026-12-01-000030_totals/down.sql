DROP TABLE totals;
DROP TABLE lines;
