//! Who asks, and proof that they may.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use liendoan_core::Scope;

use super::Problem;

/// A verb on a kind of thing, such as `activities:approve`.
pub trait Permission: 'static {
    const NAME: &'static str;
}

macro_rules! permissions {
    ($($(#[$meta:meta])* $permission:ident = $name:literal;)*) => {
        $($(#[$meta])* pub enum $permission {}
        impl Permission for $permission { const NAME: &'static str = $name; })*
    };
}

permissions! {
    /// Reading kinds, titles, scales and forms: everybody signed in.
    ReadReferenceData = "reference_data:read";
    EditReferenceData = "reference_data:edit";
    /// Reading the papers that the organisation rests on: everybody signed in.
    ReadDocuments = "documents:read";
    EditDocuments = "documents:edit";
    /// The tree and its decisions: everybody signed in.
    ReadUnits = "units:read";
    /// Particulars, which no decision sets.
    EditUnits = "units:edit";
    ReorganiseUnits = "units:reorganise";
    /// Reading clusters and blocks: everybody signed in.
    ReadClusters = "clusters:read";
    EditClusters = "clusters:edit";
    /// Following the change feed: other systems.
    ReadEvents = "events:read";
}

/// Whoever sent the request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Tells callers apart where something belongs to one of them.
    pub principal: String,
    pub scope: Scope,
}

impl Caller {
    /// Until accounts exist the service listens on loopback alone, and whoever can reach it there is
    /// trusted with everything.
    fn of(_: &HttpRequest) -> Self {
        Self {
            principal: "local".to_owned(),
            scope: Scope::All,
        }
    }

    pub fn may<P: Permission>(&self) -> bool {
        match self.scope {
            Scope::All => true,
        }
    }
}

/// Proof, in a handler's signature, that the caller holds permission `P`; carries their scope.
pub struct Grant<P> {
    pub caller: Caller,
    _permission: PhantomData<P>,
}

impl<P> Grant<P> {
    pub fn scope(&self) -> &Scope {
        &self.caller.scope
    }
}

impl<P: Permission> FromRequest for Grant<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = Caller::of(request);
        ready(if caller.may::<P>() {
            Ok(Self {
                caller,
                _permission: PhantomData,
            })
        } else {
            Err(liendoan_core::Code::Forbidden.into())
        })
    }
}
