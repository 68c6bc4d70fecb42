use std::time::{Duration, Instant};

use argon2::PasswordHasher;

use super::*;

const SECRET: &[u8] = b"mXq7vJ2pZ9tKc4LwRb8NyGd3HsFe6UaT";

fn hashing() -> Hashing {
    Hashing::with_threads(&Vault::new(SECRET).unwrap(), 2).unwrap()
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

const RIGHT: Verdict = Verdict::Right { is_outdated: false };

#[tokio::test]
async fn a_password_is_known_by_its_hash_and_no_other_is() {
    let hashing = hashing();
    let hash = hashing.hash(secret("mật khẩu của tôi")).await.unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    let verify = async |text: &str| {
        let verdict = hashing.verify(secret(text), Some(hash.clone())).await;
        verdict.unwrap()
    };
    assert_eq!(verify("mật khẩu của tôi").await, RIGHT);
    for wrong in [
        "",
        "mật khẩu của tôi ",
        "Mật khẩu của tôi",
        "mat khau cua toi",
    ] {
        assert_eq!(verify(wrong).await, Verdict::Wrong, "{wrong}");
    }
}

#[tokio::test]
async fn two_hashes_of_one_password_differ() {
    let hashing = hashing();
    let first = hashing.hash(secret("one")).await.unwrap();
    assert_ne!(first, hashing.hash(secret("one")).await.unwrap());
}

#[tokio::test]
async fn a_hash_says_nothing_under_another_secret() {
    let hash = hashing().hash(secret("one")).await.unwrap();
    let vault = Vault::new(b"another mXq7vJ2pZ9tKc4LwRb8NyGd3Hs").unwrap();
    let other = Hashing::with_threads(&vault, 1).unwrap();
    let verdict = other.verify(secret("one"), Some(hash)).await.unwrap();
    assert_eq!(verdict, Verdict::Wrong);
}

#[tokio::test]
async fn long_passwords_count_to_their_last_character() {
    let hashing = hashing();
    let long = "x".repeat(128);
    let hash = hashing.hash(secret(&long)).await.unwrap();
    let shorter = hashing.verify(secret(&long[1..]), Some(hash.clone()));
    assert_eq!(shorter.await.unwrap(), Verdict::Wrong);
    assert_eq!(
        hashing.verify(secret(&long), Some(hash)).await.unwrap(),
        RIGHT
    );
}

fn made_with(algorithm: Algorithm, memory: u32, passes: u32) -> String {
    let params = Params::new(memory, passes, 1, Some(32)).unwrap();
    let argon2 = Argon2::new(algorithm, Version::V0x13, params);
    let peppered = Vault::new(SECRET).unwrap().pepper(b"one");
    let hash = argon2.hash_password_with_salt(&peppered, &[7; 16]);
    hash.unwrap().to_string()
}

#[tokio::test]
async fn a_weaker_hash_still_opens_and_is_outdated() {
    let hashing = hashing();
    for weaker in [
        made_with(Algorithm::Argon2id, MEMORY_KIB / 2, PASSES),
        made_with(Algorithm::Argon2id, MEMORY_KIB, PASSES - 1),
        made_with(Algorithm::Argon2i, MEMORY_KIB, PASSES),
    ] {
        let verdict = hashing.verify(secret("one"), Some(weaker)).await;
        assert_eq!(verdict.unwrap(), Verdict::Right { is_outdated: true });
    }
    let stronger = made_with(Algorithm::Argon2id, MEMORY_KIB, PASSES + 1);
    assert!(!is_outdated(&stronger));
    assert!(is_outdated("not a hash"));
}

#[tokio::test]
async fn a_damaged_hash_is_our_failure_and_opens_nothing() {
    let hashing = hashing();
    let hash = hashing.hash(secret("one")).await.unwrap();
    let without_hash = hash.rsplit_once('$').unwrap().0;
    for damaged in ["", "one", without_hash] {
        let outcome = hashing.verify(secret("one"), Some(damaged.to_owned()));
        let outcome = outcome.await;
        assert!(
            matches!(&outcome, Err(error) if error.code() == Code::Internal),
            "{damaged}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn an_unknown_account_costs_the_same_and_is_always_wrong() {
    let hashing = hashing();
    let hash = hashing.hash(secret("one")).await.unwrap();
    let quickest = async |hash: Option<String>| {
        let mut quickest = Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            let verdict = hashing.verify(secret("two"), hash.clone()).await;
            assert_eq!(verdict.unwrap(), Verdict::Wrong);
            quickest = quickest.min(start.elapsed());
        }
        quickest
    };
    let known = quickest(Some(hash)).await.as_secs_f64();
    let unknown = quickest(None).await.as_secs_f64();
    // Coarse: the machine may be busy. Not hashing at all would be a thousandth.
    assert!((0.5..2.0).contains(&(known / unknown)), "{known} {unknown}");
}

#[tokio::test]
async fn past_a_short_queue_more_is_refused_at_once() {
    let hashing = Hashing::with_threads(&Vault::new(SECRET).unwrap(), 1).unwrap();
    let (go, gate) = crossbeam_channel::bounded::<()>(0);
    let hold = || {
        let gate = gate.clone();
        hashing.run(move |_, _| {
            let _ = gate.recv();
            Ok(())
        })
    };
    let mut held = Vec::new();
    // One is worked on; it has left the queue when the next ones find room.
    held.push(Box::pin(hold()));
    poll_once(&mut held[0]).await;
    while !lock(&hashing.0.jobs).as_ref().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    for _ in 0..WAITING_A_THREAD {
        held.push(Box::pin(hold()));
        assert!(poll_once(held.last_mut().unwrap()).await.is_none());
    }
    let refused = hashing.verify(secret("one"), None).await.unwrap_err();
    assert_eq!(refused.code(), Code::Overloaded);
    assert_eq!(hashing.check_room().unwrap_err().code(), Code::Overloaded);
    drop(go);
    for job in held {
        job.await.unwrap();
    }
    let verdict = hashing.verify(secret("one"), None).await.unwrap();
    assert_eq!(verdict, Verdict::Wrong);
    assert!(hashing.check_room().is_ok());
}

async fn poll_once<F: Future + Unpin>(job: &mut F) -> Option<F::Output> {
    tokio::time::timeout(Duration::ZERO, job).await.ok()
}

#[tokio::test]
async fn a_panic_costs_one_answer_and_no_thread() {
    let hashing = Hashing::with_threads(&Vault::new(SECRET).unwrap(), 1).unwrap();
    let outcome: Result<()> = hashing.run(|_, _| panic!("on purpose")).await;
    assert_eq!(outcome.unwrap_err().code(), Code::Internal);
    assert!(hashing.hash(secret("one")).await.is_ok());
}

#[tokio::test]
async fn closing_finishes_what_waits_and_ends_the_threads() {
    let hashing = hashing();
    let other = hashing.clone();
    let mut waiting = Box::pin(other.hash(secret("one")));
    assert!(poll_once(&mut waiting).await.is_none());
    hashing.close();
    assert!(waiting.await.is_ok());
    assert!(lock(&hashing.0.threads).is_empty());
    let refused = other.hash(secret("one")).await.unwrap_err();
    assert_eq!(refused.code(), Code::ShuttingDown);
    hashing.close();
}

#[tokio::test]
async fn the_last_clone_takes_the_threads_along() {
    let hashing = hashing();
    let (alive, ended) = crossbeam_channel::bounded::<()>(0);
    let work = hashing.run(move |_, _| {
        std::thread::sleep(Duration::from_millis(20));
        drop(alive);
        Ok(())
    });
    let mut work = Box::pin(work);
    assert!(poll_once(&mut work).await.is_none());
    drop(work);
    drop(hashing);
    assert_eq!(
        ended.try_recv(),
        Err(crossbeam_channel::TryRecvError::Disconnected)
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_threads_work_when_nobody_else_does() {
    let stat = hashing()
        .run(|_, _| std::fs::read_to_string("/proc/thread-self/stat").map_err(Error::internal))
        .await
        .unwrap();
    // proc_pid_stat(5): the second field is a name in brackets, the 41st the policy; 5 is SCHED_IDLE.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    assert_eq!(fields.split_whitespace().nth(41 - 3), Some("5"), "{stat}");
}
