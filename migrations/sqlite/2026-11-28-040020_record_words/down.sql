DROP TABLE record_words_index;
DROP TABLE record_words;
