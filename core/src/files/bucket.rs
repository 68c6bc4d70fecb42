//! Files in an S3-compatible store, such as MinIO, Ceph or Amazon's own.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Key;
use object_store::{BackoffConfig, ClientOptions, ObjectStoreExt, RetryConfig};

use super::Files;
use crate::db::StartError;

/// The smallest part that such a store takes, but for the last.
const PART: usize = 5 << 20;

/// How long it is waited for a connection, and for an answer.
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(10);

/// A bucket, and what opens it. No Debug: it holds a secret.
pub struct Bucket {
    pub name: String,
    /// Address of the store: `https://minio.example:9000`.
    pub endpoint: String,
    pub region: String,
    pub key_id: String,
    pub secret: String,
}

impl Files {
    /// Opens a bucket of an S3-compatible store; it must be there.
    pub async fn open_bucket(bucket: &Bucket) -> Result<Self, StartError> {
        let refused = |why: object_store::Error| {
            let (name, endpoint) = (&bucket.name, &bucket.endpoint);
            StartError::new(format!(
                "files.s3_bucket: cannot use the bucket {name} at {endpoint}: {why}"
            ))
        };
        let is_plain = bucket.endpoint.starts_with("http://");
        let options = ClientOptions::new()
            .with_allow_http(is_plain)
            .with_connect_timeout(CONNECT)
            .with_timeout(ANSWER);
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: 3,
            retry_timeout: 2 * ANSWER,
        };
        let store = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_endpoint(&bucket.endpoint)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.key_id)
            .with_secret_access_key(&bucket.secret)
            .with_client_options(options)
            .with_retry(retry)
            .build()
            .map_err(refused)?;
        // Who may read and not write, or may do nothing, is told now.
        let trial = Key::from(format!("trial-{:x}", rand::random::<u64>()));
        store
            .put(&trial, Vec::new().into())
            .await
            .map_err(refused)?;
        store.delete(&trial).await.map_err(refused)?;
        Ok(Self {
            store: Arc::new(store),
            folder: None,
            part: PART,
        })
    }
}
