use super::*;

async fn put(files: &Files, bytes: &[u8]) -> String {
    let mut incoming = files.begin(Timestamp::default()).await.unwrap();
    for chunk in bytes.chunks(100_000) {
        incoming.push(chunk).await.unwrap();
    }
    let arrived = incoming.finish().await.unwrap();
    assert_eq!(arrived.size, bytes.len() as u64);
    files.keep(&arrived).await.unwrap();
    arrived.hash
}

async fn get(files: &Files, hash: &str, range: Option<Range<u64>>) -> Result<Vec<u8>> {
    let mut bytes = files.read(hash, range).await?;
    let mut all = Vec::new();
    while let Some(some) = bytes.try_next().await? {
        all.extend_from_slice(&some);
    }
    Ok(all)
}

#[tokio::test]
async fn what_is_put_is_had_back_under_its_hash() {
    let folder = tempfile::TempDir::new().unwrap();
    let files = Files::open(&folder.path().join("made/when/missing")).unwrap();
    let hash = put(&files, b"abc").await;
    // FIPS 180-2, appendix B.1.
    assert!(hash.starts_with("ba7816bf8f01cfea414140de5dae2223"));
    assert_eq!(put(&files, b"abc").await, hash);
    assert_eq!(get(&files, &hash, None).await.unwrap(), b"abc");
    assert_eq!(get(&files, &hash, Some(1..3)).await.unwrap(), b"bc");
    // In several parts, the last of them short.
    let long: Vec<u8> = (0..PART * 2 + 7).map(|n| (n % 251) as u8).collect();
    let hash = put(&files, &long).await;
    assert_eq!(get(&files, &hash, None).await.unwrap(), long);
    assert_eq!(files.arriving().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn what_is_missing_or_damaged_is_not_given_out() {
    let folder = tempfile::TempDir::new().unwrap();
    let files = Files::open(folder.path()).unwrap();
    let hash = put(&files, b"abc").await;
    let file = folder.path().join(&hash[..2]).join(&hash[2..]);
    std::fs::write(&file, b"abd").unwrap();
    let damaged = get(&files, &hash, None).await.unwrap_err();
    assert!(damaged.to_string().contains("is damaged"), "{damaged}");
    files.remove(&hash).await.unwrap();
    files.remove(&hash).await.unwrap();
    let missing = get(&files, &hash, None).await.unwrap_err();
    assert_eq!(missing.code(), Code::Internal);
    // Sent again, it is whole again.
    put(&files, b"abc").await;
    assert_eq!(get(&files, &hash, None).await.unwrap(), b"abc");
}

#[tokio::test]
async fn what_broke_off_goes_after_its_day_and_not_before() {
    let folder = tempfile::TempDir::new().unwrap();
    let files = Files::open(folder.path()).unwrap();
    let now = Timestamp::default();
    let mut broken_off = files.begin(now).await.unwrap();
    broken_off.push(&[0; PART]).await.unwrap();
    // As if the process had died.
    std::mem::forget(broken_off);
    let whole = files.begin(now).await.unwrap();
    whole.finish().await.unwrap();
    assert_eq!(files.arriving().await.unwrap().len(), 2);
    assert_eq!(files.remove_broken_off(now).await.unwrap(), 0);
    let later = now + chrono::TimeDelta::microseconds(1);
    assert_eq!(files.remove_broken_off(later).await.unwrap(), 2);
    assert_eq!(files.arriving().await.unwrap(), [""; 0]);
}

#[test]
fn a_full_disk_and_a_store_that_is_away_are_told_from_other_failures() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut files = Files::open(folder.path()).unwrap();
    let failed = |files: &Files, kind: ErrorKind| {
        let source = Box::new(io::Error::from(kind));
        let cause = object_store::Error::Generic {
            store: "test",
            source,
        };
        files.failure(cause).code()
    };
    assert_eq!(failed(&files, ErrorKind::StorageFull), Code::StorageFull);
    assert_eq!(failed(&files, ErrorKind::PermissionDenied), Code::Internal);
    files.folder = None;
    let refused = failed(&files, ErrorKind::ConnectionRefused);
    assert_eq!(refused, Code::FilesUnavailable);
}
