/** Words of the pages through which clerks and officers come in. This file is the source of the keys. */
export const vi = {
  "role.applicant": "Người nộp hồ sơ",
  "role.clerk": "Nhân viên điểm tiếp nhận",
  "role.officer": "Cán bộ xét duyệt",
  "role.admin": "Quản trị",

  "signin.clerk": "Máy của nhân viên",
  "signin.officer": "Bàn làm việc của cán bộ",
  "signin.admin": "Quản trị",
  "signin.text":
    "Đăng nhập bằng vân tay, khuôn mặt, khóa màn hình hoặc khóa bảo mật. Không có mật khẩu.",
  "signin.button": "Đăng nhập",
  "signin.invited": "Chưa có tài khoản: mở liên kết mời do quản trị gửi.",
  "signin.out": "Đăng xuất",

  "invitation.title": "Lời mời vào làm việc",
  "invitation.looking": "Đang xem lời mời…",
  "invitation.role": "Vai trò",
  "invitation.point": "Điểm tiếp nhận",
  "invitation.until": "Dùng được đến",
  "invitation.name": "Họ và tên",
  "invitation.name_hint": "Tên này hiện với người nộp hồ sơ khi được giúp.",
  "invitation.name_needed": "Chưa có họ và tên. Xin điền vào.",
  "invitation.text":
    "Bấm nút dưới, máy sẽ tạo khóa đăng nhập bằng vân tay, khuôn mặt hoặc khóa màn hình. Lời mời dùng một lần.",
  "invitation.button": "Tạo khóa và vào làm việc",
  "invitation.none": "Liên kết mời thiếu mã. Xin mở lại đúng liên kết đã nhận.",

  "demo.title": "Dùng thử",
  "demo.text":
    "Liên kết này mở một phiên dùng thử, không cần thẻ và không cần khóa. Mọi hồ sơ trong bản này là mẫu.",
  "demo.button": "Bắt đầu dùng thử",
  "demo.none": "Liên kết dùng thử thiếu mã. Xin chép lại cả dòng máy chủ in ra.",
} as const satisfies Record<string, string>;
