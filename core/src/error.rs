//! Everything that can go wrong, by its stable code. One table, in both languages.

use std::fmt;

use serde_json::{Map, Value};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Declares the codes: HTTP status, title in English, title in Vietnamese.
macro_rules! codes {
    ($($name:ident = $code:literal, $status:literal, $en:literal, $vi:literal;)*) => {
        /// A failure's stable name. A code is never renamed or given another meaning; sentences may change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($name),* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// As it stands in the answer.
            pub fn as_str(self) -> &'static str { match self { $(Code::$name => $code),* } }

            /// The HTTP status of an answer that fails with this code. Codes of single fields have 422.
            pub fn status(self) -> u16 { match self { $(Code::$name => $status),* } }

            pub fn title_en(self) -> &'static str { match self { $(Code::$name => $en),* } }

            pub fn title_vi(self) -> &'static str { match self { $(Code::$name => $vi),* } }
        }
    };
}

codes! {
    // Malformed: the request can't be read.
    MalformedRequest = "malformed_request", 400, "The request is not valid HTTP", "Yêu cầu không đúng giao thức HTTP";
    MalformedJson = "malformed_json", 400, "The body is not valid JSON", "Nội dung gửi lên không phải JSON hợp lệ";
    UnpairedSurrogate = "unpaired_surrogate", 400, "A text holds half of a surrogate pair", "Văn bản chứa nửa cặp ký tự thay thế (surrogate)";
    NotUtf8 = "not_utf8", 400, "The request is not UTF-8", "Yêu cầu không được mã hóa UTF-8";
    UnknownParameter = "unknown_parameter", 400, "There is no such query parameter", "Không có tham số truy vấn này";
    RepeatedParameter = "repeated_parameter", 400, "A query parameter is given twice", "Tham số truy vấn bị lặp lại";
    ParameterInvalid = "parameter_invalid", 400, "A query parameter can't be read", "Không đọc được tham số truy vấn";
    IdInvalid = "id_invalid", 400, "The id in the address is not a number", "Mã số trong địa chỉ không phải là số";
    UnitAddressInvalid = "unit_address_invalid", 400, "A unit is named by its number, or by code: and its code, such as code:hn", "Đơn vị được nêu bằng mã số, hoặc bằng code: và mã đơn vị, ví dụ code:hn";
    CursorInvalid = "cursor_invalid", 400, "The cursor was not made by this service, or was changed", "Con trỏ trang không do hệ thống tạo ra hoặc đã bị sửa";
    CursorOfAnotherList = "cursor_of_another_list", 400, "The cursor belongs to another list or to other filters", "Con trỏ trang thuộc danh sách khác hoặc bộ lọc khác";
    IfMatchInvalid = "if_match_invalid", 400, "If-Match must be ETags in quotes, or *", "If-Match phải là các ETag trong dấu ngoặc kép, hoặc *";
    IdempotencyKeyInvalid = "idempotency_key_invalid", 400, "Idempotency-Key must be 1 to 255 visible ASCII characters", "Idempotency-Key phải gồm 1 đến 255 ký tự ASCII nhìn thấy được";
    IdempotencyKeyRequired = "idempotency_key_required", 400, "This operation needs an Idempotency-Key", "Thao tác này cần có Idempotency-Key";
    CredentialsTwice = "credentials_twice", 400, "The client names itself in more than one way", "Hệ thống tự xưng danh theo nhiều cách cùng lúc";
    GrantTypeUnsupported = "grant_type_unsupported", 400, "Tokens are given by grant_type=client_credentials only", "Chỉ cấp mã theo grant_type=client_credentials";
    ScopeTooWide = "scope_too_wide", 400, "The scope names what the client was not given", "Phạm vi yêu cầu vượt quá quyền đã cấp cho hệ thống";
    TokenOfAnother = "token_of_another", 400, "The token was given to somebody else", "Mã này đã được cấp cho bên khác";
    // Who asks is not known.
    Unauthenticated = "unauthenticated", 401, "Sign in first: send Authorization: Bearer with an access token", "Hãy đăng nhập: gửi Authorization: Bearer kèm mã truy cập";
    TokenInvalid = "token_invalid", 401, "The access token was not made by this service, was changed, or is no access token", "Mã truy cập không do hệ thống cấp, đã bị sửa, hoặc không phải mã truy cập";
    TokenExpired = "token_expired", 401, "The access token has run out; get a new one", "Mã truy cập đã hết hạn; hãy lấy mã mới";
    SessionEnded = "session_ended", 401, "The session has ended; sign in again", "Phiên đăng nhập đã kết thúc; hãy đăng nhập lại";
    SignInRefused = "sign_in_refused", 401, "Name or password is wrong, or the account may not sign in", "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản không được phép đăng nhập";
    SecondFactorNeeded = "second_factor_needed", 401, "Send the code of your authenticator app too, or a recovery code", "Hãy gửi kèm mã của ứng dụng xác thực hoặc mã khôi phục";
    ClientRefused = "client_refused", 401, "Client or secret is wrong, or the client may not ask from here", "Mã hệ thống hoặc khóa bí mật không đúng, hoặc hệ thống không được phép gọi từ địa chỉ này";
    // Refused by rights or place.
    SecondFactorRequired = "second_factor_required", 403, "Set up a second factor first; your rights ask for one", "Hãy thiết lập xác thực hai lớp trước; quyền của bạn yêu cầu điều đó";
    PeopleOnly = "people_only", 403, "This is for people who are signed in, not for other systems", "Thao tác này chỉ dành cho người dùng đăng nhập, không dành cho hệ thống khác";
    CrossSite = "cross_site", 403, "The request comes from a page of another site", "Yêu cầu đến từ trang của một địa chỉ khác";
    NotHeld = "not_held", 403, "You can't give what you do not hold there yourself", "Bạn không thể cấp quyền mà chính mình không có tại đơn vị đó";
    OwnGrants = "own_grants", 403, "Nobody changes their own grants or state", "Không ai được tự thay đổi phân quyền hoặc trạng thái của chính mình";
    Forbidden = "forbidden", 403, "You do not have the permission for this", "Bạn không có quyền thực hiện việc này";
    NotFound = "not_found", 404, "There is nothing here", "Không tìm thấy";
    MethodNotAllowed = "method_not_allowed", 405, "This address does not know that method", "Địa chỉ này không hỗ trợ phương thức đó";
    NotAcceptable = "not_acceptable", 406, "The answer can't be had in any form that is accepted", "Không có dạng trả lời nào mà bên gọi chấp nhận";
    OutOfScope = "out_of_scope", 403, "You do not write for this unit", "Bạn không được ghi thay cho đơn vị này";
    NotTheApprover = "not_the_approver", 403, "It waits for the approval of others: the nearest superior unit at which somebody may", "Nội dung này chờ người khác duyệt: đơn vị cấp trên gần nhất có người được duyệt";
    SelfApproval = "self_approval", 403, "Nobody approves what they recorded or submitted", "Không ai được duyệt nội dung do chính mình ghi nhận hoặc gửi";
    // In conflict with the present state.
    AccountNameTaken = "account_name_taken", 409, "Another account has this name", "Tên đăng nhập này đã có người dùng";
    AccountState = "account_state", 409, "The account's state does not allow this", "Trạng thái hiện tại của tài khoản không cho phép thao tác này";
    LastAdministrator = "last_administrator", 409, "The last administrator of the whole federation stays", "Phải còn ít nhất một quản trị viên của toàn hệ thống";
    FilterNameTaken = "filter_name_taken", 409, "You keep another filter of this list under this name", "Bạn đã lưu một bộ lọc khác của danh sách này với cùng tên";
    RoleCodeTaken = "role_code_taken", 409, "Another role has this code", "Mã vai trò này đã được dùng";
    RoleInUse = "role_in_use", 409, "Somebody holds this role", "Đang có người giữ vai trò này";
    RoleBuiltIn = "role_built_in", 409, "A built-in role can't be changed", "Không thể thay đổi vai trò có sẵn";
    TooManySecrets = "too_many_secrets", 409, "Two secrets live already; delete one first", "Đã có hai khóa bí mật đang dùng; hãy xóa bớt một khóa";
    ServiceAccountUsed = "service_account_used", 409, "It has had tokens, and what it did stays told: disable it instead", "Tài khoản này đã từng được cấp mã và dấu vết của nó phải được giữ lại: hãy vô hiệu hóa thay vì xóa";
    SecondFactorOn = "second_factor_on", 409, "A second factor is set up already", "Xác thực hai lớp đã được thiết lập";
    SecondFactorOff = "second_factor_off", 409, "No second factor is being set up", "Chưa bắt đầu thiết lập xác thực hai lớp";
    LinkUsed = "link_used", 410, "The link was used already, has run out, or was replaced by a newer one", "Liên kết đã được dùng, đã hết hạn hoặc đã được thay bằng liên kết mới";
    Conflict = "conflict", 409, "Somebody else changed the same thing at the same time", "Người khác vừa thay đổi cùng nội dung này";
    IdempotencyKeyInUse = "idempotency_key_in_use", 409, "A request with this Idempotency-Key is still being worked on", "Yêu cầu mang Idempotency-Key này đang được xử lý";
    ValidityOverlaps = "validity_overlaps", 409, "Another entry of the same kind holds on some of these days", "Đã có mục khác cùng loại có hiệu lực trong khoảng ngày này";
    KindInUse = "kind_in_use", 409, "Other kinds name this one as standing under them", "Loại đơn vị này đang được loại khác khai là cấp dưới";
    RuleInUse = "rule_in_use", 409, "A recorded decision rests on this rule", "Đã có quyết định được ghi nhận dựa trên quy định này";
    LaterDecisionDepends = "later_decision_depends", 409, "A decision that is recorded already would no longer hold", "Một quyết định đã ghi nhận sẽ không còn đúng nữa";
    ExternalIdTaken = "external_id_taken", 409, "Another unit has this key of that system", "Khóa này của hệ thống đó đã thuộc về đơn vị khác";
    UnitInUse = "unit_in_use", 409, "The unit would vanish, and something hangs on it", "Đơn vị sẽ không còn tồn tại trong khi vẫn có dữ liệu gắn với nó";
    RecordsOutsideLife = "records_outside_life", 409, "Records would be left without a day on which their unit lived", "Sẽ có hồ sơ không còn ngày nào mà đơn vị của nó hoạt động";
    ToldAlready = "told_already", 409, "A record that counts tells this already: correct that one", "Đã có hồ sơ được duyệt ghi số liệu này; hãy đính chính hồ sơ đó";
    StateForbids = "state_forbids", 409, "That can't be done to a record in this state", "Không thể thực hiện việc này với hồ sơ ở trạng thái hiện tại";
    PeriodLocked = "period_locked", 409, "The period is closed; who closed it and until when stands in the params", "Kỳ này đã khóa; đơn vị khóa và thời hạn được nêu trong params";
    PeriodReopened = "period_reopened", 409, "The period was reopened; close it again by another lock", "Kỳ này đã được mở lại; muốn khóa nữa hãy tạo khóa mới";
    AlreadyAnnulled = "already_annulled", 409, "The reorganisation is annulled", "Quyết định sắp xếp này đã bị hủy bỏ";
    AlreadyLinked = "already_linked", 409, "These two records are linked so already, this way or the other", "Hai hồ sơ này đã được liên kết như vậy, theo chiều này hoặc chiều kia";
    AlreadyAttached = "already_attached", 409, "This very file is attached already", "Chính tệp này đã được đính kèm";
    DocumentInUse = "document_in_use", 409, "A reorganisation or a record rests on this document", "Văn bản này đang là căn cứ của một quyết định sắp xếp tổ chức";
    PartnerInUse = "partner_in_use", 409, "A record names this partner", "Đã có hồ sơ nêu đối tác này";
    EntryInUse = "entry_in_use", 409, "A record or another entry names this entry; give it a last day instead", "Đã có hồ sơ hoặc mục khác dùng mục này; hãy đặt ngày hết hiệu lực thay vì xóa";
    ClusterCodeTaken = "cluster_code_taken", 409, "Another cluster or block has this code", "Mã này đã thuộc về cụm, khối thi đua khác";
    AlreadyInCluster = "already_in_cluster", 409, "On some of these days the unit is in another cluster of the same owner and kind", "Trong khoảng ngày này đơn vị đã thuộc cụm, khối thi đua khác cùng loại của cùng đơn vị quản lý";
    PositionAheadOfFeed = "position_ahead_of_feed", 409, "The feed ends before this position: the service stands on another or an older database; read from 0", "Dòng sự kiện kết thúc trước vị trí này: hệ thống đang dùng cơ sở dữ liệu khác hoặc bản cũ hơn; hãy đọc lại từ 0";
    VersionOutdated = "version_outdated", 412, "It was changed since you read it", "Nội dung đã thay đổi kể từ khi bạn đọc";
    PreviewOutdated = "preview_outdated", 412, "The same request would now change other rows than in the preview you saw", "Cùng yêu cầu này nay sẽ thay đổi khác với bản xem trước bạn đã thấy";
    BodyTooLarge = "body_too_large", 413, "The body is larger than allowed", "Nội dung gửi lên lớn hơn mức cho phép";
    UriTooLong = "uri_too_long", 414, "The address is longer than allowed", "Địa chỉ dài hơn mức cho phép";
    UnsupportedMediaType = "unsupported_media_type", 415, "The body is of a type this operation does not read", "Thao tác này không đọc loại nội dung đó";
    RangeNotSatisfiable = "range_not_satisfiable", 416, "The file ends before this range of bytes", "Tệp kết thúc trước khoảng byte được yêu cầu";
    // Read well, but refused.
    Invalid = "invalid", 422, "Some fields were refused", "Một số trường không được chấp nhận";
    UnknownField = "unknown_field", 422, "There is no such field", "Không có trường này";
    NotApplicable = "not_applicable", 422, "The field has no place with this action", "Trường này không dùng cho thao tác đã chọn";
    RepeatedField = "repeated_field", 422, "A field is given twice", "Trường bị lặp lại";
    Required = "required", 422, "The field is missing", "Thiếu trường bắt buộc";
    WrongType = "wrong_type", 422, "The value is of the wrong type", "Giá trị sai kiểu dữ liệu";
    DateInvalid = "date_invalid", 422, "There is no such day; write days as 2020-11-18", "Ngày không tồn tại; hãy viết dạng 2020-11-18";
    InstantInvalid = "instant_invalid", 422, "There is no such instant; write it as 2026-11-21T02:00:00Z", "Thời điểm không tồn tại; hãy viết dạng 2026-11-21T02:00:00Z";
    DateOutOfRange = "date_out_of_range", 422, "Days go from 1900-01-01 to 2999-12-31", "Ngày phải nằm trong khoảng 1900-01-01 đến 2999-12-31";
    PeriodInvalid = "period_invalid", 422, "There is no such period; write 2020-11-18, 2020-11, 2020-Q3, 2020-H1, 2020, SY2019, R2020, 2016/2020 or T2017-2022", "Không có kỳ này; hãy viết 2020-11-18, 2020-11, 2020-Q3, 2020-H1, 2020, SY2019, R2020, 2016/2020 hoặc T2017-2022";
    PeriodNotSimplest = "period_not_simplest", 422, "The period has a simpler name, such as 2020-Q1 for 2020-01/2020-03", "Kỳ này có cách viết gọn hơn, ví dụ 2020-Q1 thay cho 2020-01/2020-03";
    ValidityEmpty = "validity_empty", 422, "The end must lie after the start", "Ngày kết thúc phải sau ngày bắt đầu";
    Blank = "blank", 422, "The text is empty", "Văn bản để trống";
    TooLong = "too_long", 422, "The text is too long", "Văn bản quá dài";
    TooMany = "too_many", 422, "There are too many entries", "Có quá nhiều mục";
    TooFew = "too_few", 422, "There are too few entries", "Có quá ít mục";
    ControlCharacter = "control_character", 422, "The text holds characters that cannot be seen", "Văn bản chứa ký tự không nhìn thấy được";
    CodeInvalid = "code_invalid", 422, "A code is lower-case letters and digits in words joined by one sign", "Mã chỉ gồm chữ thường và chữ số, các từ nối bằng một dấu";
    OutOfRange = "out_of_range", 422, "The number is out of range", "Số nằm ngoài khoảng cho phép";
    ValueOutOfRange = "value_out_of_range", 422, "A figure goes from 0 to 9007199254740991; nearly, at most and about from 1", "Số liệu phải từ 0 đến 9007199254740991; gần, tối đa và khoảng phải từ 1";
    RangeEmpty = "range_empty", 422, "A range goes from a lower to a higher number", "Khoảng phải đi từ số nhỏ đến số lớn hơn";
    MagnitudeInvalid = "magnitude_invalid", 422, "An order of magnitude goes from 10, 100, 1000 and so on to ten times as much", "Hàng (chục, trăm, nghìn...) phải từ 10, 100, 1000... đến gấp mười lần";
    NumberNotReadable = "number_not_readable", 422, "The number can't be read for sure; write 1.011 or 8,5 triệu", "Không đọc được chắc chắn con số; hãy viết 1.011 hoặc 8,5 triệu";
    TooManyDecimals = "too_many_decimals", 422, "The number has more decimals than its measure", "Số có nhiều chữ số thập phân hơn mức cho phép của loại số liệu";
    PartOverWhole = "part_over_whole", 422, "The part is more than the whole", "Phần không thể lớn hơn tổng thể";
    TargetBelowZero = "target_below_zero", 422, "A superior's target would fall below zero; params name the unit", "Chỉ tiêu của đơn vị cấp trên sẽ nhỏ hơn không; đơn vị được nêu trong params";
    UnknownValue = "unknown_value", 422, "The value is none of those that are known", "Giá trị không nằm trong danh mục";
    KindUnknown = "kind_unknown", 422, "There is no unit kind of this code", "Không có loại đơn vị mang mã này";
    Repeated = "repeated", 422, "The value stands in the list twice", "Giá trị bị lặp trong danh sách";
    DocumentUnnamed = "document_unnamed", 422, "A document needs a number or a title", "Văn bản phải có số hiệu hoặc trích yếu";
    FileNameInvalid = "file_name_invalid", 422, "A file's name holds no / or \\", "Tên tệp không được chứa / hoặc \\";
    FileEndingMismatch = "file_ending_mismatch", 422, "The ending of the file's name is none of the type that Content-Type names", "Phần mở rộng của tên tệp không phù hợp với loại nêu trong Content-Type";
    ContentMismatch = "content_mismatch", 422, "What the file holds is not of the type that Content-Type names", "Nội dung tệp không đúng với loại nêu trong Content-Type";
    ArchiveHarmful = "archive_harmful", 422, "What is packed in the file would harm whoever opens it", "Nội dung nén trong tệp có thể gây hại cho người mở";
    ImageTooLarge = "image_too_large", 422, "The image has more pixels than allowed", "Ảnh có nhiều điểm ảnh hơn mức cho phép";
    ImageTellsPlace = "image_tells_place", 422, "The image tells where it was taken; save it as JPEG, from which that is removed", "Ảnh có chứa vị trí chụp; hãy lưu dưới dạng JPEG để hệ thống tự xóa thông tin này";
    FileInfected = "file_infected", 422, "The virus scanner found something in the file", "Phần mềm quét vi-rút phát hiện mã độc trong tệp";
    ReadOnly = "read_only", 422, "The field can't be changed", "Không được thay đổi trường này";
    NoLines = "no_lines", 422, "A reorganisation has at least one line", "Quyết định sắp xếp phải có ít nhất một dòng";
    TooManyLines = "too_many_lines", 422, "A reorganisation has at most 10,000 lines", "Quyết định sắp xếp có tối đa 10.000 dòng";
    OpeningOnlyEstablishes = "opening_only_establishes", 422, "An opening, which has no day, holds foundings only", "Sổ mở đầu (không có ngày) chỉ được gồm các dòng thành lập";
    UnitSetTwice = "unit_set_twice", 422, "The same part of a unit is set twice in one decision", "Cùng một nội dung của đơn vị bị đặt hai lần trong một quyết định";
    CodeTaken = "code_taken", 422, "Another unit has this code", "Mã này đã thuộc về đơn vị khác";
    NameInvalid = "name_invalid", 422, "A name has 1 to 300 characters that can be seen", "Tên gồm 1 đến 300 ký tự nhìn thấy được";
    UnitUnknown = "unit_unknown", 422, "There is no unit of this code at this point", "Tại thời điểm này chưa có đơn vị mang mã này";
    UnitNotAlive = "unit_not_alive", 404, "The unit does not live at that time", "Đơn vị không hoạt động vào thời điểm đó";
    RootExists = "root_exists", 422, "There is a root already; name a parent", "Đã có đơn vị gốc; hãy nêu đơn vị cấp trên";
    RootIsFixed = "root_is_fixed", 422, "The root can only be renamed", "Đơn vị gốc chỉ có thể đổi tên";
    KindNotAllowed = "kind_not_allowed", 422, "A unit of this kind may not stand there on that day", "Loại đơn vị này không được đặt ở vị trí đó vào ngày hiệu lực";
    EmployerTypeUnknown = "employer_type_unknown", 422, "There is no such type of employer", "Không có loại hình đơn vị sử dụng lao động này";
    EmployerTypeNotAllowed = "employer_type_not_allowed", 422, "Only grassroots unions have a type of employer", "Chỉ công đoàn cơ sở mới có loại hình đơn vị sử dụng lao động";
    EmptyLife = "empty_life", 422, "The unit would end on the day on which its life began", "Đơn vị sẽ kết thúc đúng ngày bắt đầu hoạt động";
    HasChildren = "has_children", 422, "Units stand below it; say where they go, or end them too", "Vẫn còn đơn vị trực thuộc; hãy nêu nơi chuyển đến hoặc kết thúc cả chúng";
    ChildrenLeft = "children_left", 422, "Some children go to no part; say where they go", "Còn đơn vị trực thuộc chưa được chia về phần nào; hãy nêu nơi chuyển đến";
    NotAChild = "not_a_child", 422, "It is no direct child of the unit that is split", "Không phải đơn vị trực thuộc trực tiếp của đơn vị được chia tách";
    TooFewUnits = "too_few_units", 422, "There are too few units for this", "Không đủ số đơn vị cho thao tác này";
    ConflictingOptions = "conflicting_options", 422, "These two options exclude each other", "Hai lựa chọn này loại trừ nhau";
    AlreadyAlive = "already_alive", 422, "The unit lives", "Đơn vị đang hoạt động";
    ParentMismatch = "parent_mismatch", 422, "The unit stands under another one at this point", "Tại thời điểm này đơn vị trực thuộc đơn vị khác";
    NoChange = "no_change", 422, "Nothing would change", "Không có gì thay đổi";
    Cycle = "cycle", 422, "The target is the unit itself or stands below it", "Đơn vị đích chính là đơn vị đó hoặc nằm dưới nó";
    ReversalTooEarly = "reversal_too_early", 422, "A reversal lies after the day of what it reverses; annul it instead", "Ngày đảo lại phải sau ngày hiệu lực của quyết định; nếu không hãy hủy bỏ quyết định đó";
    PasswordWrong = "password_wrong", 422, "That is not your present password", "Mật khẩu hiện tại không đúng";
    PasswordTooShort = "password_too_short", 422, "The password is too short", "Mật khẩu quá ngắn";
    PasswordTooCommon = "password_too_common", 422, "The password is too easy to guess; take several words that do not belong together", "Mật khẩu quá dễ đoán; hãy ghép vài từ không liên quan với nhau";
    CodeWrong = "code_wrong", 422, "The code is wrong, has run out, or was used already", "Mã không đúng, đã hết hạn hoặc đã được dùng";
    AccountNameInvalid = "account_name_invalid", 422, "A name to sign in with has 3 to 64 small letters, digits, dots, hyphens, underscores or @", "Tên đăng nhập gồm 3 đến 64 chữ thường không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới hoặc @";
    PermissionUnknown = "permission_unknown", 422, "There is no such permission", "Không có quyền này";
    RoleUnknown = "role_unknown", 422, "There is no role of this code", "Không có vai trò mang mã này";
    AddressInvalid = "address_invalid", 422, "Write an IP address or a network such as 10.1.0.0/16", "Hãy viết địa chỉ IP hoặc dải mạng, ví dụ 10.1.0.0/16";
    UnitRequired = "unit_required", 422, "You write for several units: name the one", "Bạn ghi thay cho nhiều đơn vị: hãy nêu một đơn vị";
    DocumentUnknown = "document_unknown", 422, "There is no document of this id", "Không có văn bản mang mã số này";
    UnitNotBelowOwner = "unit_not_below_owner", 422, "On its first day as a member the unit does not stand below the owner", "Vào ngày đầu tham gia, đơn vị không thuộc phạm vi của đơn vị quản lý cụm, khối thi đua";
    OutsidePeriod = "outside_period", 422, "The day lies outside the period of the cluster", "Ngày nằm ngoài thời gian hoạt động của cụm, khối thi đua";
    MembershipsOverlap = "memberships_overlap", 422, "The unit is a member on some of these days already", "Trong khoảng ngày này đơn vị đã là thành viên";
    HeadsOverlap = "heads_overlap", 422, "Another unit is the head on some of these days; there is one at a time", "Mỗi thời điểm chỉ có một cụm trưởng hoặc khối trưởng";
    HeadNotMember = "head_not_member", 422, "The head must be a member on each of these days", "Cụm trưởng hoặc khối trưởng phải là thành viên trong suốt khoảng ngày này";
    OutsideLife = "outside_life", 422, "The unit lived on no day of this period", "Đơn vị không hoạt động vào ngày nào trong kỳ này";
    PeriodInFuture = "period_in_future", 422, "That time has not come yet: what lies ahead is planned and has no figures", "Chưa đến thời điểm này: việc sắp tới chỉ ghi là dự kiến và chưa có số liệu";
    ActivityKindUnknown = "activity_kind_unknown", 422, "There is no kind of activity of this code", "Không có loại hoạt động mang mã này";
    ActivityKindNotThen = "activity_kind_not_then", 422, "There was no such kind of activity on that day", "Vào ngày đó chưa có hoặc không còn loại hoạt động này";
    MeasureNotThen = "measure_not_then", 422, "There was no such measure on that day", "Vào ngày đó chưa có hoặc không còn loại số liệu này";
    MeasureNotCollectedHere = "measure_not_collected_here", 422, "A unit's own figure of this measure is told in another kind of record", "Số liệu riêng của đơn vị thuộc loại này phải ghi ở loại hồ sơ khác";
    ConsolidatedNotAllowed = "consolidated_not_allowed", 422, "A total is declared in a return, of a measure that allows it, by a unit that others may stand under", "Số tổng hợp chỉ ghi trong báo cáo, với loại số liệu cho phép, bởi đơn vị có thể có cấp dưới";
    ReturnFormUnknown = "return_form_unknown", 422, "There is no form of returns of this code", "Không có biểu mẫu báo cáo mang mã này";
    FormNotThen = "form_not_then", 422, "It is a form of another time: it did not hold on that day", "Biểu mẫu của thời kỳ khác: vào ngày đó chưa có hoặc không còn hiệu lực";
    PeriodNotOfForm = "period_not_of_form", 422, "The form is not filled in for such a period", "Biểu mẫu này không lập cho kỳ như vậy";
    FormNotForUnit = "form_not_for_unit", 422, "The form is for units of another level", "Biểu mẫu này dành cho đơn vị ở cấp khác";
    MeasureNotInForm = "measure_not_in_form", 422, "The form has no such item", "Biểu mẫu này không có chỉ tiêu đó";
    MeasureUnknown = "measure_unknown", 422, "There is no measure of this code", "Không có loại số liệu mang mã này";
    MoreWomenThanParticipants = "more_women_than_participants", 422, "There are more women than participants", "Số nữ nhiều hơn số người tham gia";
    RecordUnknown = "record_unknown", 422, "There is no record of this id that you read", "Không có hồ sơ mang mã số này trong phạm vi bạn được xem";
    LinkedToItself = "linked_to_itself", 422, "A record is linked to another one, not to itself", "Hồ sơ chỉ liên kết với hồ sơ khác, không liên kết với chính nó";
    PartnerUnknown = "partner_unknown", 422, "There is no partner of this id", "Không có đối tác mang mã số này";
    TaxCodeInvalid = "tax_code_invalid", 422, "A tax code has ten digits, and those of a branch three more behind a hyphen", "Mã số thuế gồm mười chữ số; của đơn vị phụ thuộc thêm gạch nối và ba chữ số";
    CampaignUnknown = "campaign_unknown", 422, "There is no campaign of this id that counts", "Không có phong trào, chương trình nào đã duyệt mang mã số này";
    CampaignNotAbove = "campaign_not_above", 422, "The campaign is not of the unit, nor of one above it", "Phong trào, chương trình không do đơn vị hoặc cấp trên của đơn vị phát động";
    CampaignNotThen = "campaign_not_then", 422, "The campaign does not run in this period", "Phong trào, chương trình không diễn ra trong kỳ này";
    AwardTitleUnknown = "award_title_unknown", 422, "There is no award title of this code", "Không có danh hiệu, hình thức khen thưởng mang mã này";
    AwardTitleNotThen = "award_title_not_then", 422, "There was no such award title on that day", "Vào ngày đó chưa có hoặc không còn danh hiệu, hình thức khen thưởng này";
    AwardRecipientNotAllowed = "award_recipient_not_allowed", 422, "This title is not given to such recipients", "Danh hiệu, hình thức khen thưởng này không dành cho đối tượng đó";
    AwardIssuerNotAllowed = "award_issuer_not_allowed", 422, "A unit of this kind does not issue this title", "Loại đơn vị này không có thẩm quyền tặng danh hiệu, hình thức khen thưởng này";
    PersonNamed = "person_named", 422, "Name the person in person alone; everybody reads this text", "Chỉ nêu tên người tại mục person; nội dung này ai cũng đọc được";
    PresentedBeforeDecided = "presented_before_decided", 422, "It was presented before it was decided on", "Ngày trao tặng trước ngày quyết định";
    DayInFuture = "day_in_future", 422, "What was done lies not in the future", "Việc đã làm không thể có ngày trong tương lai";
    SignedInFuture = "signed_in_future", 422, "What was signed lies not in the future", "Nội dung đã ký không thể có ngày ký trong tương lai";
    AgreementUnknown = "agreement_unknown", 422, "There is no agreement of this id that you read", "Không có thỏa ước, thỏa thuận mang mã số này mà bạn được xem";
    PointerInvalid = "pointer_invalid", 422, "Name a place in the content by a JSON Pointer such as /participants", "Hãy chỉ vị trí trong nội dung bằng JSON Pointer, ví dụ /participants";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key was used for another request", "Idempotency-Key này đã dùng cho yêu cầu khác";
    PreviewRequired = "preview_required", 428, "Ask for a preview with dry_run=true, look at it, and send its fingerprint", "Hãy xem trước với dry_run=true rồi gửi kèm mã fingerprint của bản xem trước";
    PreconditionRequired = "precondition_required", 428, "Send If-Match with the ETag you have read", "Hãy gửi If-Match kèm ETag bạn đã đọc";
    HeadersTooLarge = "headers_too_large", 431, "The headers are larger than allowed", "Phần đầu yêu cầu lớn hơn mức cho phép";
    TooManyRequests = "too_many_requests", 429, "Too many requests; wait as long as Retry-After says", "Quá nhiều yêu cầu; hãy chờ theo thời gian nêu trong Retry-After";
    TooManyAttempts = "too_many_attempts", 429, "Too many failed sign-ins; wait as long as Retry-After says", "Đăng nhập sai quá nhiều lần; hãy chờ theo thời gian nêu trong Retry-After";
    UploadQuotaSpent = "upload_quota_spent", 429, "You have sent as much today as is allowed; go on tomorrow", "Hôm nay bạn đã gửi hết dung lượng tệp cho phép; hãy tiếp tục vào ngày mai";
    // Ours.
    Internal = "internal", 500, "Something went wrong on our side", "Hệ thống gặp lỗi";
    Overloaded = "overloaded", 503, "The service is busy; try again shortly", "Hệ thống đang bận, hãy thử lại sau ít giây";
    DatabaseUnavailable = "database_unavailable", 503, "The database cannot be reached; try again shortly", "Không kết nối được cơ sở dữ liệu, hãy thử lại sau ít giây";
    FilesUnavailable = "files_unavailable", 503, "The store of files cannot be reached; try again shortly", "Không kết nối được kho lưu tệp, hãy thử lại sau ít giây";
    ScannerUnavailable = "scanner_unavailable", 503, "The virus scanner does not answer; try again shortly", "Phần mềm quét vi-rút không trả lời, hãy thử lại sau ít giây";
    TimedOut = "timed_out", 503, "The answer took too long and was given up", "Xử lý quá lâu nên đã dừng lại";
    ShuttingDown = "shutting_down", 503, "The service is being stopped", "Hệ thống đang dừng";
    StorageFull = "storage_full", 507, "The disk is full; nothing was written", "Ổ đĩa đã đầy; chưa ghi gì cả";
}

/// What the words of a serde error begin with when a type of ours refuses what it reads; a code follows.
const NAMED: &str = "refused as ";

/// The code that a serde error names, if it is one of ours.
pub fn code_named(words: &str) -> Option<Code> {
    let name = words.strip_prefix(NAMED)?.split(' ').next()?;
    Code::ALL.iter().copied().find(|code| code.as_str() == name)
}

/// A serde error that names a code.
pub fn refused_as<E: serde::de::Error>(code: Code) -> E {
    E::custom(format_args!("{NAMED}{}", code.as_str()))
}

/// Where in the request a refusal points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A JSON Pointer (RFC 6901) into the body.
    Pointer(String),
    /// A query parameter's name.
    Parameter(String),
    /// A header's name.
    Header(&'static str),
}

/// One place in the request and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub place: Place,
    pub code: Code,
    /// What the sentence of the code needs: `{"max": 300}`.
    pub params: Map<String, Value>,
}

impl FieldError {
    pub fn at(pointer: impl Into<String>, code: Code) -> Self {
        Self {
            place: Place::Pointer(pointer.into()),
            code,
            params: Map::new(),
        }
    }

    pub fn parameter(name: impl Into<String>, code: Code) -> Self {
        Self {
            place: Place::Parameter(name.into()),
            code,
            params: Map::new(),
        }
    }

    pub fn header(name: &'static str, code: Code) -> Self {
        Self {
            place: Place::Header(name),
            code,
            params: Map::new(),
        }
    }

    pub fn with(mut self, param: &str, value: impl Into<Value>) -> Self {
        self.params.insert(param.to_owned(), value.into());
        self
    }
}

/// A failure on its way to the caller. What the caller gets is the code, the places and the params;
/// the cause goes into the log alone.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    fields: Vec<FieldError>,
    params: Map<String, Value>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner {
            code,
            fields: Vec::new(),
            params: Map::new(),
            cause: None,
        }))
    }

    /// Our own fault, with what the log should say of it.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal).because(cause)
    }

    /// Refused fields under one 422.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self::new(Code::Invalid).at_all(fields)
    }

    /// One thing wrong with one place. A field's code has no status of its own: of the body it is a
    /// 422, of the address a 400.
    pub fn at(field: FieldError) -> Self {
        let code = match (&field.place, field.code.status()) {
            (Place::Parameter(_), 422) => Code::ParameterInvalid,
            (_, 422) => Code::Invalid,
            _ => field.code,
        };
        Self::new(code).at_all(vec![field])
    }

    fn at_all(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields = fields;
        self
    }

    pub fn with(mut self, param: &str, value: impl Into<Value>) -> Self {
        self.0.params.insert(param.to_owned(), value.into());
        self
    }

    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Puts `prefix` before every pointer: the item of a batch that failed.
    pub fn under(mut self, prefix: &str) -> Self {
        for field in &mut self.0.fields {
            if let Place::Pointer(pointer) = &mut field.place {
                pointer.insert_str(0, prefix);
            }
        }
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What lies behind it, for the log and for whoever decides to try again.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }

    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    pub fn params(&self) -> &Map<String, Value> {
        &self.0.params
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Error {
    /// One line for the log and the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Some(cause) => write!(f, "{}: {cause}", self.0.code.as_str()),
            None => f.write_str(self.0.code.as_str()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_unique_and_speaks_both_languages() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(
                (400..600).contains(&code.status()),
                "{} has no status of a failure",
                code.as_str()
            );
            assert_ne!(code.title_en(), code.title_vi(), "{}", code.as_str());
        }
    }

    #[test]
    fn a_refused_field_makes_a_422_and_a_malformed_parameter_keeps_its_400() {
        assert_eq!(
            Error::at(FieldError::at("/from", Code::DateInvalid)).code(),
            Code::Invalid
        );
        let error = Error::at(FieldError::parameter("as_of", Code::DateInvalid));
        assert_eq!(error.code(), Code::ParameterInvalid);
        assert_eq!(error.field_errors()[0].code, Code::DateInvalid);
    }
}
