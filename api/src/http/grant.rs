//! Who asks, and proof that they may.
//!
//! The middleware of the module `access` finds out who asks and leaves a [`Caller`] with the request.
//! A handler's signature then says what it takes to be let in: [`Grant`] of a permission, or [`SignedIn`].

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use liendoan_core::{Actor, Code, Error, Scope};

use super::Problem;

/// A verb on a kind of thing, such as `activities:approve`.
pub trait Permission: 'static {
    const NAME: &'static str;
}

/// A permission as people read of it.
pub struct PermissionText {
    pub name: &'static str,
    pub en: &'static str,
    pub vi: &'static str,
}

macro_rules! permissions {
    ($($permission:ident = $name:literal, $en:literal, $vi:literal;)*) => {
        $(
            #[doc = $en]
            pub enum $permission {}
            impl Permission for $permission { const NAME: &'static str = $name; }
        )*

        /// Every permission there is.
        pub const PERMISSIONS: &[PermissionText] = &[
            $(PermissionText { name: $name, en: $en, vi: $vi }),*
        ];
    };
}

permissions! {
    ReadReferenceData = "reference_data:read", "Read kinds, titles, scales and forms", "Xem danh mục dùng chung";
    EditReferenceData = "reference_data:edit", "Edit kinds, titles, scales and forms", "Sửa danh mục dùng chung";
    ReadDocuments = "documents:read", "Read decisions, laws and other papers", "Xem văn bản";
    EditDocuments = "documents:edit", "Enter and edit decisions, laws and other papers", "Nhập và sửa văn bản";
    ReadUnits = "units:read", "Read units, names, places and decisions of every day", "Xem đơn vị và các quyết định tổ chức qua thời gian";
    EditUnits = "units:edit", "Edit a unit's address, telephone, employer and keys", "Sửa địa chỉ, điện thoại, đơn vị sử dụng lao động và mã liên kết của đơn vị";
    ReorganiseUnits = "units:reorganise", "Record, correct and annul decisions about the organisation", "Ghi nhận, đính chính và hủy bỏ quyết định tổ chức";
    ReadClusters = "clusters:read", "Read emulation clusters and blocks", "Xem cụm, khối thi đua";
    EditClusters = "clusters:edit", "Edit emulation clusters and blocks", "Sửa cụm, khối thi đua";
    ReadPartners = "partners:read", "Read bodies outside the union", "Xem đối tác ngoài hệ thống công đoàn";
    EditPartners = "partners:edit", "Enter and edit bodies outside the union", "Nhập và sửa đối tác ngoài hệ thống công đoàn";
    ReadEvents = "events:read", "Follow the change feed", "Theo dõi dòng sự kiện thay đổi";
    ReadAccounts = "accounts:read", "Read accounts, their grants and sessions", "Xem tài khoản, phân quyền và phiên đăng nhập";
    ManageAccounts = "accounts:manage", "Invite, lock, reset and disable accounts, and grant roles", "Mời, khóa, đặt lại, vô hiệu hóa tài khoản và phân quyền";
    EditRoles = "roles:edit", "Edit roles", "Sửa vai trò";
    ManageServiceAccounts = "service_accounts:manage", "Manage accounts of other systems and their secrets", "Quản lý tài khoản của hệ thống khác và khóa bí mật";
    ReadAudit = "audit:read", "Search the audit log", "Tra cứu nhật ký kiểm toán";
    ReadMetrics = "metrics:read", "Read the measurements of the service", "Xem số đo vận hành";
    // Of what is to come: named now, so that roles need not change then.
    ReadRecords = "records:read", "Read activities, awards, agreements and inspections", "Xem hoạt động, khen thưởng, thỏa ước và kiểm tra";
    RecordActivities = "activities:record", "Record activities and send them up", "Ghi nhận hoạt động và gửi cấp trên";
    ApproveActivities = "activities:approve", "Approve or return activities", "Duyệt hoặc trả lại hoạt động";
    LockPeriods = "periods:lock", "Close and reopen periods, and let units in for a time", "Khóa, mở lại kỳ và cho phép đơn vị bổ sung có thời hạn";
    RecordAwards = "awards:record", "Propose and record awards", "Đề nghị và ghi nhận khen thưởng";
    ApproveAwards = "awards:approve", "Review and decide on awards", "Thẩm định và quyết định khen thưởng";
    RecordAgreements = "agreements:record", "Record agreements", "Ghi nhận thỏa ước và thỏa thuận";
    ApproveAgreements = "agreements:approve", "Approve or return agreements", "Duyệt hoặc trả lại thỏa ước và thỏa thuận";
    RecordInspections = "inspections:record", "Record inspections and follow up their tasks", "Ghi nhận kiểm tra và theo dõi kết luận";
    ApproveInspections = "inspections:approve", "Approve or return inspections", "Duyệt hoặc trả lại kết quả kiểm tra";
    RecordReturns = "returns:record", "Fill in report forms", "Lập báo cáo theo biểu mẫu";
    ApproveReturns = "returns:approve", "Approve or return report forms", "Duyệt hoặc trả lại báo cáo";
    RecordCampaigns = "campaigns:record", "Record campaigns, themes and programmes and send them up", "Ghi nhận phong trào, chủ đề, chương trình và gửi cấp trên";
    ApproveCampaigns = "campaigns:approve", "Approve or return campaigns, themes and programmes", "Duyệt hoặc trả lại phong trào, chủ đề, chương trình";
    AssignTargets = "targets:assign", "Assign targets", "Giao chỉ tiêu";
    ScoreEvaluations = "evaluations:score", "Score and rank units", "Chấm điểm và xếp loại đơn vị";
    ReadPersonalData = "personal_data:read", "Read the data of office holders and award recipients", "Xem dữ liệu cá nhân của cán bộ và người được khen thưởng";
    PublishRecords = "records:publish", "Make approved records public", "Công khai nội dung đã duyệt";
}

/// What everybody may who holds any role at all today: the organisation chart is no secret among staff.
pub const EVERYBODYS: &[&str] = &[
    ReadReferenceData::NAME,
    ReadDocuments::NAME,
    ReadUnits::NAME,
    ReadClusters::NAME,
    ReadPartners::NAME,
];

/// Whoever may be signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Principal {
    /// A person.
    Account(i64),
    /// Another system.
    ServiceAccount(i64),
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "account:{id}"),
            Self::ServiceAccount(id) => write!(f, "service_account:{id}"),
        }
    }
}

/// What somebody may do today, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights(Vec<(&'static str, Scope)>);

impl Rights {
    /// From pairs of a permission and where it is held; several of one permission add up.
    pub fn new(held: impl IntoIterator<Item = (&'static str, Scope)>) -> Self {
        let mut rights = Self::default();
        for (permission, scope) in held {
            match rights.0.iter_mut().find(|(name, _)| *name == permission) {
                None => rights.0.push((permission, scope)),
                Some((_, known)) => *known = known.with(&scope),
            }
        }
        rights
    }

    /// Where a permission is held; None where it is not.
    pub fn scope(&self, permission: &str) -> Option<&Scope> {
        let mut held = self.0.iter();
        held.find(|(name, _)| *name == permission)
            .map(|(_, scope)| scope)
    }

    /// Only those of these permissions.
    #[must_use]
    pub fn narrowed(&self, keeps: impl Fn(&str) -> bool) -> Self {
        let kept = self.0.iter().filter(|(name, _)| keeps(name));
        Self(kept.cloned().collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Scope)> {
        self.0.iter().map(|(name, scope)| (*name, scope))
    }
}

/// Whoever sent the request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub principal: Principal,
    /// The session that the request belongs to; a person's only.
    pub session: Option<i64>,
    /// Whether a second factor is asked of them that they have not set up yet: until then they may
    /// do nothing else.
    pub lacks_second_factor: bool,
    pub actor: Actor,
    pub rights: Arc<Rights>,
}

impl Caller {
    pub fn may<P: Permission>(&self) -> bool {
        self.rights.scope(P::NAME).is_some()
    }

    /// Where they hold a permission that the request does not hang on; nowhere, where they don't.
    pub fn scope<P: Permission>(&self) -> Scope {
        let held = self.rights.scope(P::NAME).cloned();
        held.unwrap_or_else(Scope::nothing)
    }
}

/// What the middleware leaves with a request: who asks, or why that is not known.
pub type Authentication = Result<Arc<Caller>, Code>;

/// Who sent `request`.
pub fn caller(request: &HttpRequest) -> Result<Arc<Caller>, Code> {
    let known = request.extensions().get::<Authentication>().cloned();
    known.unwrap_or(Err(Code::Unauthenticated))
}

/// Proof, in a handler's signature, that the caller holds permission `P`; carries where.
pub struct Grant<P> {
    pub caller: Arc<Caller>,
    scope: Scope,
    _permission: PhantomData<P>,
}

impl<P> Grant<P> {
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

impl<P: Permission> FromRequest for Grant<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(granted(request).map_err(Into::into))
    }
}

fn granted<P: Permission>(request: &HttpRequest) -> Result<Grant<P>, Error> {
    let caller = caller(request)?;
    if caller.lacks_second_factor {
        return Err(Code::SecondFactorRequired.into());
    }
    let forbidden = || Error::new(Code::Forbidden).with("permission", P::NAME);
    let scope = caller.rights.scope(P::NAME).ok_or_else(forbidden)?.clone();
    Ok(Grant {
        caller,
        scope,
        _permission: PhantomData,
    })
}

/// Proof that the caller is a person who is signed in: for what concerns their own account.
pub struct SignedIn {
    pub caller: Arc<Caller>,
    pub account: i64,
    pub session: i64,
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signed_in =
            caller(request).and_then(|caller| match (caller.principal, caller.session) {
                (Principal::Account(account), Some(session)) => Ok(Self {
                    caller,
                    account,
                    session,
                }),
                _ => Err(Code::PeopleOnly),
            });
        ready(signed_in.map_err(Into::into))
    }
}
