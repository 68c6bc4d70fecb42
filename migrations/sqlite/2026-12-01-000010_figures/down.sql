DROP TABLE figure_changes;
DROP TABLE figure_twins;
DROP TABLE figures;
