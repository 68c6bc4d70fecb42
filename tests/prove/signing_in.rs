//! Signing in: what its time tells, and what becomes of a session whichever way its tokens are used.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;

use crate::sessions::{PASSWORD, cookie, later, opened, own, refresh, sign_in};
use crate::support::{App, seed, tell};

const ACCOUNTS: usize = 20;
/// Tries by each account: so few at a time that none is locked out.
const ROUNDS: usize = 50;
/// What the time of a refusal may tell at most about whether there is such an account.
const TOLD: Duration = Duration::from_millis(2);
/// Below it a difference is noise: on a busy machine the means of equal things differ too.
const NOISE: f64 = 4.5;

const INTERLEAVINGS: usize = 1_000;
const STEPS: usize = 8;

/// How long a token may be sent again by the client that did not get the answer.
const SECOND_USE: i64 = 10;

fn mean_and_variance(times: &[f64]) -> (f64, f64) {
    let count = times.len() as f64;
    let mean = times.iter().sum::<f64>() / count;
    let squares = times.iter().map(|time| (time - mean).powi(2));
    (mean, squares.sum::<f64>() / (count - 1.0))
}

async fn refused_after(app: &App, name: &str) -> f64 {
    let begun = Instant::now();
    let refused = sign_in(app, name, "wrong").await;
    let took = begun.elapsed().as_secs_f64();
    refused.problem(401, "sign_in_refused");
    took
}

on_both_engines! {
    #[ignore = "takes long: make prove"]
    async fn the_time_of_a_refusal_does_not_tell_who_has_an_account(app: App) {
        for number in 0..ACCOUNTS {
            opened(&app, &format!("known.{number}")).await;
        }
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            for number in 0..ACCOUNTS {
                known.push(refused_after(&app, &format!("known.{number}")).await);
                unknown.push(refused_after(&app, &format!("nobody.{number}")).await);
            }
            later(&app, TimeDelta::minutes(20));
        }
        let ((a, var_a), (b, var_b)) = (mean_and_variance(&known), mean_and_variance(&unknown));
        let error = (var_a / known.len() as f64 + var_b / unknown.len() as f64).sqrt();
        let t = (a - b) / error;
        tell(&format!(
            "refusals, {:?}: {} tries of known names take {:.2} ms, {} of unknown ones {:.2} ms; Welch's t is {t:.1}",
            app.store.engine(), known.len(), a * 1e3, unknown.len(), b * 1e3,
        ));
        assert!((a - b).abs() < TOLD.as_secs_f64() || t.abs() < NOISE, "{a} and {b}");
    }

    #[ignore = "takes long: make prove"]
    async fn a_session_outlives_lost_answers_and_no_token_used_late(app: App) {
        let mut random = StdRng::seed_from_u64(seed());
        opened(&app, "an.binh").await;
        let mut other_device = cookie(&sign_in(&app, "an.binh", PASSWORD).await);
        let (mut renewed, mut ended) = (0, 0);
        for round in 0..INTERLEAVINGS {
            let answer = sign_in(&app, "an.binh", PASSWORD).await;
            let mut last = answer.created();
            // Each token that was given, and when it was first used, in seconds.
            let mut tokens: Vec<(String, Option<i64>)> = vec![(cookie(&answer), None)];
            let mut now = 0;
            for step in 0..STEPS {
                let pause = random.random_range(0..8);
                later(&app, TimeDelta::seconds(pause));
                now += pause;
                let newest = tokens.len() - 1;
                let which = if random.random_bool(0.6) { newest } else { random.random_range(0..=newest) };
                let (token, used_at) = tokens[which].clone();
                let holds = used_at.is_none_or(|used_at| now - used_at <= SECOND_USE);
                let about = format!("round {round}, step {step}: token {which} of {newest}, used at {used_at:?}, now {now}");
                // Two tabs at once, or one.
                let mut answers = vec![refresh(&app, &token).await];
                if random.random_bool(0.3) {
                    let (one, two) = tokio::join!(
                        refresh(&app, &token).into_future(), refresh(&app, &token).into_future());
                    answers = vec![one, two];
                }
                if !holds {
                    for answer in &answers {
                        answer.problem(401, "session_ended");
                    }
                    own(&app, &last, Method::GET, "/account").await.problem(401, "session_ended");
                    ended += 1;
                    break;
                }
                tokens[which].1 = used_at.or(Some(now));
                for answer in answers {
                    assert_eq!(answer.status.as_u16(), 200, "{about}: {}", answer.text);
                    last = answer.ok();
                    tokens.push((cookie(&answer), None));
                    renewed += 1;
                }
            }
        }
        other_device = cookie(&refresh(&app, &other_device).await);
        refresh(&app, &other_device).await.ok();
        assert!(ended > INTERLEAVINGS / 20 && renewed > INTERLEAVINGS, "{ended} ended, {renewed} renewed");
        tell(&format!(
            "sessions, {:?}: {INTERLEAVINGS} interleavings, {renewed} renewals, {ended} ended by a token used late",
            app.store.engine(),
        ));
    }
}
