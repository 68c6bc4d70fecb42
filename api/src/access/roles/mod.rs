//! Roles: named sets of permissions. Some are built in; federations add their own beside them.

pub mod handlers;
pub mod model;
pub mod queries;

liendoan_core::id! {
    /// A role that is not built in.
    RoleId
}

/// What roles are locked and told of by.
pub const TOPIC: &str = "role";

use crate::http::grant::{
    ApproveActivities, ApproveAgreements, ApproveAwards, ApproveCampaigns, ApproveInspections,
    ApproveReturns, AssignTargets, EditClusters, EditDocuments, EditPartners, EditRoles, EditUnits,
    LockPeriods, ManageAccounts, ManageServiceAccounts, PERMISSIONS, Permission, PublishRecords,
    ReadAccounts, ReadAudit, ReadEvents, ReadMetrics, ReadPersonalData, ReadRecords,
    RecordActivities, RecordAgreements, RecordAwards, RecordCampaigns, RecordInspections,
    RecordReturns, ReorganiseUnits, ScoreEvaluations,
};

/// A role that comes with the program.
pub struct BuiltIn {
    pub code: &'static str,
    pub name_vi: &'static str,
    pub name_en: &'static str,
    /// Beside what everybody may who holds any role.
    pub permissions: &'static [&'static str],
}

/// Holds every permission: the first account, and those that it makes its equals.
pub const ADMINISTRATOR: &str = "administrator";

const EVERY_PERMISSION: &[&str] = &{
    let mut names = [""; PERMISSIONS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = PERMISSIONS[index].name;
        index += 1;
    }
    names
};

pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        code: ADMINISTRATOR,
        name_vi: "Quản trị hệ thống",
        name_en: "Administrator",
        permissions: EVERY_PERMISSION,
    },
    BuiltIn {
        code: "viewer",
        name_vi: "Người xem",
        name_en: "Viewer",
        permissions: &[ReadRecords::NAME],
    },
    BuiltIn {
        code: "recorder",
        name_vi: "Người ghi nhận",
        name_en: "Recorder",
        permissions: &[
            ReadRecords::NAME,
            EditDocuments::NAME,
            EditPartners::NAME,
            RecordActivities::NAME,
            RecordAwards::NAME,
            RecordAgreements::NAME,
            RecordInspections::NAME,
            RecordReturns::NAME,
        ],
    },
    BuiltIn {
        code: "approver",
        name_vi: "Người duyệt",
        name_en: "Approver",
        permissions: &[
            ReadRecords::NAME,
            ReadPersonalData::NAME,
            ApproveActivities::NAME,
            ApproveAwards::NAME,
            ApproveAgreements::NAME,
            ApproveInspections::NAME,
            ApproveReturns::NAME,
            ApproveCampaigns::NAME,
            LockPeriods::NAME,
        ],
    },
    BuiltIn {
        code: "organiser",
        name_vi: "Cán bộ tổ chức",
        name_en: "Organiser",
        permissions: &[
            ReadRecords::NAME,
            EditDocuments::NAME,
            EditUnits::NAME,
            ReorganiseUnits::NAME,
            EditClusters::NAME,
        ],
    },
    BuiltIn {
        code: "evaluator",
        name_vi: "Cán bộ thi đua, đánh giá",
        name_en: "Evaluator",
        permissions: &[
            ReadRecords::NAME,
            EditClusters::NAME,
            EditPartners::NAME,
            RecordCampaigns::NAME,
            AssignTargets::NAME,
            ScoreEvaluations::NAME,
        ],
    },
    BuiltIn {
        code: "publisher",
        name_vi: "Cán bộ công khai thông tin",
        name_en: "Publisher",
        permissions: &[ReadRecords::NAME, PublishRecords::NAME],
    },
    BuiltIn {
        code: "account_administrator",
        name_vi: "Quản trị tài khoản",
        name_en: "Account administrator",
        permissions: &[ReadAccounts::NAME, ManageAccounts::NAME, EditRoles::NAME],
    },
    BuiltIn {
        code: "auditor",
        name_vi: "Kiểm toán viên",
        name_en: "Auditor",
        permissions: &[ReadRecords::NAME, ReadAccounts::NAME, ReadAudit::NAME],
    },
    BuiltIn {
        code: "integrator",
        name_vi: "Cán bộ tích hợp hệ thống",
        name_en: "Integrator",
        permissions: &[
            ReadRecords::NAME,
            ReadEvents::NAME,
            ReadMetrics::NAME,
            ManageServiceAccounts::NAME,
        ],
    },
];

pub fn built_in(code: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|role| role.code == code)
}

/// The permission of this name as the program knows it.
pub fn permission(name: &str) -> Option<&'static str> {
    let known = PERMISSIONS
        .iter()
        .find(|permission| permission.name == name);
    known.map(|permission| permission.name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_permissions_known() {
        let codes: BTreeSet<_> = BUILT_IN.iter().map(|role| role.code).collect();
        assert_eq!(codes.len(), BUILT_IN.len());
        for role in BUILT_IN {
            for name in role.permissions {
                assert_eq!(permission(name), Some(*name), "{}", role.code);
            }
        }
    }

    #[test]
    fn an_administrator_holds_everything_that_anybody_can_be_given() {
        let everything = built_in(ADMINISTRATOR).unwrap().permissions;
        assert_eq!(everything.len(), PERMISSIONS.len());
        for role in BUILT_IN {
            assert!(
                role.permissions
                    .iter()
                    .all(|name| everything.contains(name))
            );
        }
    }
}
