//! The addresses of a kind of record: list, read, create, update, delete. A macro, since actix and utoipa want
//! each to stand by itself; what they do is in [`answers`](super::answers).

/// Declares what callers meet of a kind of record: the form in which they see one, what its list is narrowed
/// to, and its addresses.
macro_rules! addresses {
    (
        $(#[$view_meta:meta])*
        $View:ident of $Content:ident, recorded by $Record:ident;
        $(#[$filter_meta:meta])*
        filter $Filter:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }
        narrows $narrow:expr;
        address $many:literal, $one:literal;
        words $name:literal, $a_name:literal, $names:literal;
        update like $patch:expr;
    ) => {
        $(#[$view_meta])*
        #[derive(Clone, Debug, Serialize, ToSchema)]
        pub struct $View {
            #[serde(flatten)]
            pub head: Head,
            pub content: $Content,
        }

        impl From<(Head, $Content)> for $View {
            fn from((head, content): (Head, $Content)) -> Self {
                Self { head, content }
            }
        }

        $(#[$filter_meta])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub struct $Filter {
            /// Only those under this unit, itself included: its id, or `code:` and its code.
            pub unit: Option<String>,
            /// Under the unit as it was organised on the record's day (`then`), or as it is today (`now`).
            #[param(inline)]
            pub tree: Option<Tree>,
            /// Only those in this state.
            #[param(inline)]
            pub state: Option<State>,
            /// Only those of whose title and text each of these words begins a word, however they are typed.
            #[param(min_length = 1, max_length = 200, example = "hoi nghi nguoi lao dong")]
            pub q: Option<String>,
            /// `by_state` counts, of all that the list is narrowed to but `state`, how many are in each state.
            #[param(inline)]
            pub counts: Option<RecordCounts>,
            /// Only those whose record day is this day or later.
            pub from: Option<Day>,
            /// Only those whose record day is earlier than this day.
            pub to: Option<Day>,
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $Filter {
            fn asked(&self) -> Asked {
                let mut asked = Asked {
                    unit: self.unit.clone(),
                    tree: self.tree,
                    words: self.q.clone(),
                    counts: self.counts.is_some(),
                    open_to: None,
                    wanted: Wanted {
                        state: self.state,
                        from: self.from.map(|day| day.0),
                        to: self.to.map(|day| day.0),
                        ..Wanted::default()
                    },
                };
                let narrow: fn(&Self, &mut Asked) = $narrow;
                narrow(self, &mut asked);
                asked
            }
        }

        #[utoipa::path(
            operation_id = concat!("list_", $names),
            summary = concat!("List ", $names),
            description = "Those that the caller reads, newest first by record day: what was under their units then, \
                and what is under them now. With `unit` what is under one unit, in the tree of then or of now; \
                with `q` what has these words.",
            tag = $names,
            params($Filter, Walk),
            responses(
                (status = 200, description = "A page of them", body = RecordPage<$View>),
                (status = 404, description = "There is no such unit"),
            ),
        )]
        #[get($many)]
        pub async fn list(
            grant: Grant<ReadRecords>,
            list: List<$Filter>,
            state: web::Data<Service>,
        ) -> Result<HttpResponse, Problem> {
            let asked = list.filter.asked();
            answers::list::<$Content, _>(grant, list, asked, &state).await
        }

        #[utoipa::path(
            operation_id = concat!("read_", $name),
            summary = concat!("Read ", $a_name),
            description = "With its newest content: of one that is being corrected, what it will say. What counts \
                meanwhile is under `/records/{id}/versions`.",
            tag = $names,
            params(("id" = i64, Path, description = "The record's id", example = 12)),
            responses((status = 200, description = "What was asked for", body = $View)),
        )]
        #[get($one)]
        pub async fn read(
            grant: Grant<ReadRecords>,
            id: Id<RecordId>,
            _: NoQuery,
            state: web::Data<Service>,
        ) -> Result<HttpResponse, Problem> {
            answers::read::<$Content>(grant, id.0, &state).await
        }

        #[utoipa::path(
            operation_id = concat!("create_", $name),
            summary = concat!("Record ", $a_name),
            description = "As a draft, for a unit that the caller records for today. It counts nowhere until it is \
                approved.",
            tag = $names,
            request_body(content = $Content, description = "What is told of it"),
            responses((status = 201, description = "The draft", body = $View,
                headers(("Location" = String, description = "Its address")))),
        )]
        #[post($many)]
        pub async fn create(
            grant: Grant<$Record>,
            _: NoQuery,
            post: Post,
            content: Json<$Content>,
            state: web::Data<Service>,
        ) -> Result<HttpResponse, Problem> {
            answers::create(grant, $many, post, content, &state).await
        }

        #[utoipa::path(
            operation_id = concat!("update_", $name),
            summary = concat!("Update ", $a_name),
            description = "A merge patch (RFC 7396) of a draft, or of what was returned. What was approved is opened \
                for a correction first; its unit stays.",
            tag = $names,
            params(("id" = i64, Path, description = "The record's id", example = 12)),
            request_body(
                content = Patch<$Content>,
                content_type = "application/merge-patch+json",
                description = "What changes",
                example = $patch,
            ),
            responses((status = 200, description = "As it is after the change", body = $View)),
        )]
        #[patch($one)]
        pub async fn update(
            grant: Grant<$Record>,
            _: NoQuery,
            id: Id<RecordId>,
            if_match: IfMatch,
            patch: Patch<$Content>,
            state: web::Data<Service>,
        ) -> Result<HttpResponse, Problem> {
            answers::update(grant, id.0, if_match, patch, &state).await
        }

        #[utoipa::path(
            operation_id = concat!("delete_", $name),
            summary = concat!("Delete ", $a_name),
            description = "A draft, or what was returned: it is gone, and the feed says so. Of a correction the new \
                content alone is thrown away; what was approved goes on counting.",
            tag = $names,
            params(("id" = i64, Path, description = "The record's id", example = 12)),
            responses((status = 204, description = "It is gone")),
        )]
        #[delete($one)]
        pub async fn delete(
            grant: Grant<$Record>,
            _: NoQuery,
            id: Id<RecordId>,
            if_match: IfMatch,
            state: web::Data<Service>,
        ) -> Result<HttpResponse, Problem> {
            answers::delete::<$Content, _>(grant, id.0, if_match, &state).await
        }
    };
}

pub(crate) use addresses;

/// What the macro's text names.
pub(crate) mod prelude {
    pub use actix_web::{HttpResponse, delete, get, patch, post, web};
    pub use liendoan_core::day::Day;
    pub use serde::{Deserialize, Serialize};
    pub use utoipa::{IntoParams, ToSchema};

    pub use crate::http::grant::ReadRecords;
    pub use crate::http::list::{NoQuery, Walk};
    pub use crate::http::{Grant, Id, IfMatch, Json, List, Patch, Post, Problem, State as Service};
    pub use crate::records::lifecycle::list::{Asked, Tree, Wanted};
    pub use crate::records::lifecycle::model::{RecordCounts, RecordPage};
    pub use crate::records::lifecycle::{Head, RecordId, State, answers};
}
