DROP TABLE record_words;
