DROP TABLE record_mentions;
DROP TABLE partner_words;
DROP TABLE partner_names;
DROP TABLE partners;
