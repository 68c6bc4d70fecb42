//! The forms in which callers send and see an entry: what all have and what each catalogue adds, side by
//! side. A macro, since serde names the place of what it refuses only where nothing is flattened.

/// Declares a catalogue: the type of what its entries have of their own, and the two forms of an entry
/// that callers meet, in which this stands beside what all have.
macro_rules! catalogue {
    (
        $(#[$own_meta:meta])*
        $Own:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty,)*
        }
        $(#[$content_meta:meta])*
        sent $Content:ident
        $(#[$view_meta:meta])*
        seen $View:ident
    ) => {
        $(#[$own_meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $Own {
            $(pub $field: $type,)*
        }

        #[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$content_meta])*
        pub struct $Content {
            /// The code that records name, the same in all entries of one thing. Never changes.
            #[schema(pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", max_length = 64)]
            pub code: String,
            /// Place in the order of the catalogue.
            #[schema(minimum = 0, maximum = 1000000)]
            pub rank: i32,
            #[schema(min_length = 1, max_length = 300)]
            pub name_vi: String,
            #[schema(min_length = 1, max_length = 300)]
            pub name_en: String,
            $($(#[$field_meta])* pub $field: $type,)*
            /// The first day on which the entry holds; null: it always has, as far as is known.
            pub from: Option<Day>,
            /// The first day on which it no longer holds; null: no end is known.
            pub to: Option<Day>,
            /// Number of the law or decision that set it; null where that is not known.
            #[schema(min_length = 1, max_length = 300)]
            pub document: Option<String>,
        }

        impl From<$Content> for Fields<$Own> {
            fn from(content: $Content) -> Self {
                Self {
                    common: Common {
                        code: content.code,
                        rank: content.rank,
                        name_vi: content.name_vi,
                        name_en: content.name_en,
                        from: content.from,
                        to: content.to,
                        document: content.document,
                    },
                    own: $Own { $($field: content.$field,)* },
                }
            }
        }

        impl From<Fields<$Own>> for $Content {
            fn from(Fields { common, own }: Fields<$Own>) -> Self {
                Self {
                    code: common.code,
                    rank: common.rank,
                    name_vi: common.name_vi,
                    name_en: common.name_en,
                    from: common.from,
                    to: common.to,
                    document: common.document,
                    $($field: own.$field,)*
                }
            }
        }

        #[derive(Clone, Debug, Serialize, ToSchema)]
        $(#[$view_meta])*
        pub struct $View {
            pub id: i64,
            /// Grows by one with each change; it is the ETag.
            pub version: i32,
            /// The code that records name, the same in all entries of one thing.
            pub code: String,
            /// Place in the order of the catalogue.
            pub rank: i32,
            pub name_vi: String,
            pub name_en: String,
            $($(#[$field_meta])* #[schema(required)] pub $field: $type,)*
            /// The first day on which the entry holds; null: it always has, as far as is known.
            #[schema(required)]
            pub from: Option<Day>,
            /// The first day on which it no longer holds; null: no end is known.
            #[schema(required)]
            pub to: Option<Day>,
            /// Number of the law or decision that set it; null where that is not known.
            #[schema(required)]
            pub document: Option<String>,
            /// RFC 3339, UTC.
            #[schema(format = DateTime)]
            pub created_at: String,
            /// RFC 3339, UTC.
            #[schema(format = DateTime)]
            pub updated_at: String,
            /// What the caller may do with this entry.
            pub allowed_actions: Vec<CatalogueAction>,
        }

        impl From<(Entry<$Own>, Vec<CatalogueAction>)> for $View {
            fn from((entry, allowed_actions): (Entry<$Own>, Vec<CatalogueAction>)) -> Self {
                let Fields { common, own } = entry.fields;
                Self {
                    id: entry.id.0,
                    version: entry.version,
                    code: common.code,
                    rank: common.rank,
                    name_vi: common.name_vi,
                    name_en: common.name_en,
                    $($field: own.$field,)*
                    from: common.from,
                    to: common.to,
                    document: common.document,
                    created_at: rfc3339(entry.created_at),
                    updated_at: rfc3339(entry.updated_at),
                    allowed_actions,
                }
            }
        }
    };
}
pub(super) use catalogue;
