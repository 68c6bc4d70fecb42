/** Types of grassroots unions by their employer. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

export const EMPLOYER_TYPES: Record<string, MessageDescriptor> = {
  state_agency: msg`Cơ quan nhà nước`,
  party_agency: msg`Cơ quan Đảng, đoàn thể`,
  public_service_unit: msg`Đơn vị sự nghiệp công lập`,
  school: msg`Trường học`,
  state_enterprise: msg`Doanh nghiệp nhà nước`,
  nonstate_enterprise: msg`Doanh nghiệp ngoài nhà nước`,
  fdi_enterprise: msg`Doanh nghiệp có vốn đầu tư nước ngoài`,
  occupational_union: msg`Nghiệp đoàn`,
};
