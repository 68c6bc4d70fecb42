//! Secrets that are planted like canaries, and looked for in all that others read: the log and the audit log (S-23).

use reqwest::Method;
use serde_json::json;

use crate::service_accounts::{ask_for_secret, service_account};
use crate::sessions::{accept, cookie, invite, refresh, sign_in};

const PASSWORD: &str = "chim hoang yen hot trong vuon som 1";
const NEXT_PASSWORD: &str = "chim hoang yen hot trong vuon trua 2";
const WRONG_PASSWORD: &str = "chim hoang yen hot trong vuon chieu 3";
const IN_THE_WRONG_FIELD: &str = "chim.hoang.yen.lac.vuon.4";
const IN_A_BROKEN_BODY: &str = "chim hoang yen gay canh 5";

on_both_engines! {
    async fn no_secret_is_in_any_log(program: Program) {
        let process = program.start(program.command("serve").with("log.level", "debug"));
        let (admin, nobody) = (&process.remote, process.remote.anonymous());
        let mut canaries: Vec<String> =
            [PASSWORD, NEXT_PASSWORD, WRONG_PASSWORD, IN_THE_WRONG_FIELD, IN_A_BROKEN_BODY].map(str::to_owned).into();

        let account = admin.post("/accounts", &json!({"name": "an.binh"})).await.created();
        let grant = json!({"account_id": account["id"], "role": "viewer", "unit": null});
        admin.post("/grants", &grant).await.created();
        let invitation = invite(admin, account["id"].as_i64().unwrap()).await;
        accept(&nobody, &invitation, PASSWORD).await.is(204);
        sign_in(&nobody, "an.binh", WRONG_PASSWORD).await.problem(401, "sign_in_refused");
        sign_in(&nobody, IN_THE_WRONG_FIELD, WRONG_PASSWORD).await.problem(401, "sign_in_refused");
        let broken = format!("{{\"name\": \"an.binh\", \"password\": \"{IN_A_BROKEN_BODY}\", \"passwort\": 1}}");
        nobody.call(Method::POST, "/sessions").header("content-type", "application/json").body(broken).await.refuses(&[("/passwort", "unknown_field")]);

        let signed_in = sign_in(&nobody, "an.binh", PASSWORD).await;
        let first_cookie = cookie(&signed_in);
        let renewed = refresh(&nobody, &first_cookie).await;
        let token = renewed.ok()["access_token"].as_str().unwrap().to_owned();
        let bearer = format!("Bearer {token}");
        let own = |method: Method, path: &str| nobody.call(method, path).header("authorization", &bearer);
        let offer = own(Method::POST, "/account/second_factor").await.ok();
        own(Method::POST, "/account/second_factor:confirm").json(&json!({"code": "000000"})).await.refuses(&[("/code", "code_wrong")]);
        let change = json!({"current": PASSWORD, "new": NEXT_PASSWORD});
        own(Method::PUT, "/account/password").json(&change).await.is(204);
        canaries.extend([invitation, first_cookie, cookie(&renewed), token]);
        canaries.push(offer["secret"].as_str().unwrap().to_owned());

        let system = admin.post("/service_accounts", &service_account(None, &["units:read"])).await.created();
        let secret = ask_for_secret(admin, &system, 1).await.created();
        let secret = secret["secret"].as_str().unwrap();
        let asked = nobody.call_root(Method::POST, "/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!(
                "grant_type=client_credentials&client_id={}&client_secret={secret}",
                system["client_id"].as_str().unwrap(),
            ));
        let given = asked.await.ok();
        canaries.extend([secret.to_owned(), given["access_token"].as_str().unwrap().to_owned()]);

        let entries = crate::audit::until(admin, "action=service_account.token_issued", 1).await;
        assert_eq!(entries.len(), 1);
        let audited = serde_json::to_string(&admin.all("/audit_entries").await).unwrap();
        assert!(audited.contains("account.password_changed"), "the audit log is not read to its end");
        let ended = process.stop();
        assert!(ended.stderr.contains("/api/v1/sessions"), "nothing was logged: {}", ended.stderr);
        for canary in canaries {
            let bare = canary.split_once('=').map_or(canary.as_str(), |(_, value)| value);
            for (place, text) in [("the log", &ended.stderr), ("standard output", &ended.stdout), ("the audit log", &audited)] {
                assert!(!text.contains(bare), "{bare} is in {place}");
            }
        }
    }
}
