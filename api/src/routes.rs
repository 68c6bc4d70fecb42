//! Every handler there is. Its address stands above it, in its attribute; `liendoan routes` prints all.
//!
//! What is listed here is served and documented; there is no other way to do either.

use actix_web::App;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, UtoipaApp, scope};

use crate::access::accounts::{actions as account_actions, handlers as accounts, rights};
use crate::access::audit::handlers as audit;
use crate::access::grants::handlers as grants;
use crate::access::oauth::{discovery, introspect, revoke, token};
use crate::access::own::{handlers as own, password, second_factor};
use crate::access::roles::handlers as roles;
use crate::access::service_accounts::{handlers as service_accounts, secrets as service_secrets};
use crate::access::sessions::handlers as sessions;
use crate::exchange::events;
use crate::numbers::{breakdown, summary};
use crate::platform::{docs, health};
use crate::records::catalogues::{activity_kinds, award_titles, measures, return_forms};
use crate::records::lifecycle::{attachments, batch, likeness, links, reading, steps};
use crate::records::locks::handlers as period_locks;
use crate::records::partners::handlers as partners;
use crate::records::saved_filters;
use crate::records::{activities, agreements, awards, campaigns, inspections, returns};
use crate::tree::clusters::handlers as clusters;
use crate::tree::documents::{file, handlers as documents};
use crate::tree::reorganisations::{handlers as reorganisations, reading as decisions};
use crate::tree::search::handlers as search;
use crate::tree::unit_kinds::handlers as unit_kinds;
use crate::tree::units::{around, difference, handlers as units, history, lookup, particulars};

/// All of them. The server serves this, and the document is made of it.
pub fn all() -> UtoipaApp<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .into_utoipa_app()
        .service(scope::scope("/api/v1").configure(api))
        .configure(root)
}

/// Addresses under `/api/v1`. They are tried one after the other, which is felt: what is asked for most stands
/// first.
fn api(services: &mut ServiceConfig<'_>) {
    services
        .service(unit_kinds::list)
        .service(unit_kinds::create)
        .service(unit_kinds::batch)
        .service(unit_kinds::read)
        .service(unit_kinds::update)
        .service(unit_kinds::delete)
        .service(activity_kinds::list)
        .service(activity_kinds::create)
        .service(activity_kinds::read)
        .service(activity_kinds::update)
        .service(activity_kinds::delete)
        .service(award_titles::list)
        .service(award_titles::create)
        .service(award_titles::read)
        .service(award_titles::update)
        .service(award_titles::delete)
        .service(clusters::list)
        .service(clusters::create)
        .service(clusters::read)
        .service(clusters::update)
        .service(clusters::delete)
        .service(partners::list)
        .service(partners::create)
        .service(partners::read)
        .service(partners::update)
        .service(partners::delete)
        .service(documents::list)
        .service(documents::create)
        .service(documents::read)
        .service(documents::update)
        .service(documents::delete)
        .service(file::put)
        .service(file::read)
        .service(file::delete)
        .service(decisions::list)
        .service(reorganisations::record)
        // Before the address of one: an id would match them too.
        .service(reorganisations::annul)
        .service(decisions::draft_reversal)
        .service(decisions::read)
        .service(reorganisations::correct)
        .service(decisions::versions)
        .service(units::list)
        .service(search::search)
        .service(units::read)
        .service(particulars::update)
        .service(around::children)
        .service(around::path)
        .service(around::subtree)
        .service(history::list)
        .service(difference::list)
        .service(lookup::find_all)
        .service(activities::list)
        .service(activities::create)
        .service(activities::read)
        .service(activities::update)
        .service(activities::delete)
        .service(campaigns::list)
        .service(campaigns::create)
        .service(campaigns::read)
        .service(campaigns::update)
        .service(campaigns::delete)
        .service(awards::list)
        .service(awards::create)
        .service(awards::read)
        .service(awards::update)
        .service(awards::delete)
        .service(agreements::list)
        .service(agreements::create)
        .service(agreements::read)
        .service(agreements::update)
        .service(agreements::delete)
        .service(inspections::list)
        .service(inspections::create)
        .service(inspections::read)
        .service(inspections::update)
        .service(inspections::delete)
        .service(returns::list)
        .service(returns::create)
        .service(returns::read)
        .service(returns::update)
        .service(returns::delete)
        .service(batch::batch)
        .service(steps::submit)
        .service(steps::recall)
        .service(steps::approve)
        .service(steps::return_)
        .service(steps::correct)
        .service(steps::withdraw)
        .service(reading::list_steps)
        .service(reading::list_versions)
        .service(likeness::list)
        .service(reading::list_inbox)
        .service(period_locks::list)
        .service(period_locks::create)
        // Before the address of one: an id would match it too.
        .service(period_locks::reopen)
        .service(period_locks::read)
        .service(period_locks::update)
        .service(links::list)
        .service(links::create)
        .service(links::delete)
        .service(attachments::create)
        .service(attachments::read)
        .service(attachments::delete)
        .service(summary::read)
        .service(breakdown::read)
        .service(events::list)
        .service(saved_filters::list)
        .service(saved_filters::create)
        .service(saved_filters::update)
        .service(saved_filters::delete)
        .service(sessions::sign_in)
        .service(sessions::refresh)
        .service(sessions::sign_out)
        .service(own::read)
        .service(password::change_password)
        .service(own::list_sessions)
        .service(own::end_sessions)
        .service(own::end_session)
        .service(password::accept_invitation)
        .service(second_factor::offer)
        .service(second_factor::confirm)
        .service(second_factor::remove)
        .service(accounts::list)
        .service(accounts::create)
        .service(accounts::read)
        .service(accounts::update)
        .service(account_actions::invite)
        .service(account_actions::reset)
        .service(account_actions::lock)
        .service(account_actions::unlock)
        .service(account_actions::disable)
        .service(account_actions::list_sessions)
        .service(account_actions::end_sessions)
        .service(rights::read)
        .service(measures::list)
        .service(measures::create)
        .service(measures::read)
        .service(measures::update)
        .service(measures::delete)
        .service(return_forms::list)
        .service(return_forms::create)
        .service(return_forms::read)
        .service(return_forms::update)
        .service(return_forms::delete)
        .service(grants::list)
        .service(grants::create)
        .service(grants::read)
        .service(grants::update)
        .service(grants::delete)
        .service(roles::list_permissions)
        .service(roles::list)
        .service(roles::create)
        .service(roles::read)
        .service(roles::update)
        .service(roles::delete)
        .service(service_accounts::list)
        .service(service_accounts::create)
        .service(service_accounts::read)
        .service(service_accounts::update)
        .service(service_accounts::delete)
        .service(service_secrets::list)
        .service(service_secrets::create)
        .service(service_secrets::delete)
        .service(audit::list);
}

/// Addresses at the root.
fn root(services: &mut ServiceConfig<'_>) {
    services
        .service(token::create)
        .service(revoke::revoke)
        .service(introspect::introspect)
        .service(discovery::metadata)
        .service(discovery::keys)
        .service(health::live)
        .service(health::ready)
        .service(health::metrics)
        .service(docs::openapi)
        .service(docs::errors);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use actix_web::introspection::IntrospectionTree;
    use actix_web::{test, web};
    use serde_json::Value;

    use super::*;

    async fn report(tree: web::Data<IntrospectionTree>) -> String {
        tree.report_as_json()
    }

    /// What the router itself says it serves, apart from the report.
    async fn served() -> BTreeSet<String> {
        let app = all().into_app().route("/report", web::get().to(report));
        let app = test::init_service(app).await;
        let request = test::TestRequest::get().uri("/report").to_request();
        let items: Vec<Value> = test::call_and_read_body_json(&app, request).await;
        let routes = items.iter().flat_map(|item| {
            let path = item["full_path"].as_str().unwrap().to_owned();
            let methods = item["methods"].as_array().unwrap().clone();
            methods
                .into_iter()
                .map(move |method| format!("{} {path}", method.as_str().unwrap()))
        });
        routes.filter(|route| route != "GET /report").collect()
    }

    #[actix_web::test]
    async fn what_is_served_is_what_is_documented() {
        let documented: BTreeSet<String> = crate::openapi::routes()
            .into_iter()
            .flat_map(|(path, methods)| methods.into_iter().map(move |m| format!("{m} {path}")))
            .collect();
        assert!(documented.contains("PATCH /api/v1/unit_kinds/{id}"));
        assert_eq!(served().await, documented);
    }
}
